use ids::{ComputerId, Digest, OrganisationId, OrganisationKind};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::official;
use store::rows::jobs::Job;
use store::rows::rules::{KeptLimit, LimitChange};
use store::{StoreError, Tx};

use crate::act::{ActDraft, Subject};
use crate::assets::facility::computer_problem;
use crate::error::{AppError, report_failure};
use crate::instance::App;
use crate::logs::LogCode;

/// Kind of the job that works out the limits of one operator again.
pub(crate) const RECOMPUTE_LIMITS: &str = "limits.recompute";

/// Where the digest of the rule book of the limits is kept among the facts of the instance.
const FACT: &str = "rules.limits";

/// Computers looked at in one transaction.
const BATCH: u32 = 500;

/// How long a job waits that could not be done.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// What came of working out limits again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Computers looked at.
    pub seen: u64,
    /// Limits that moved.
    pub moved: u64,
}

/// The work of one job.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    owner: OrganisationId,
    before: Digest,
    after: Digest,
}

impl App {
    /// Notices when the worker starts that the rule book is another one, and puts the work into the job table: one job for each
    /// operator, once, whoever starts first.
    pub async fn notice_rule_book(&self) -> Result<(), AppError> {
        let now = self.rules_digest();
        let mut tx = self.store().begin_read("limits.rule_book").await?;
        if tx.instance_fact(FACT).await? == Some(now.to_string()) {
            return Ok(());
        }
        drop(tx);
        let at = self.now();
        let mut tx = self.store().begin("limits.notice_rule_book").await?;
        let known = tx.instance_fact(FACT).await?;
        if known == Some(now.to_string()) {
            return Ok(());
        }
        tx.set_instance_fact(FACT, &now.to_string()).await?;
        if let Some(known) = known {
            let before = known
                .parse()
                .map_err(|_| AppError::Bug("a digest that cannot be read"))?;
            for organisation in tx.organisations().await? {
                if organisation.kind != OrganisationKind::Operator {
                    continue;
                }
                let payload = serde_json::to_string(&Payload {
                    owner: organisation.id,
                    before,
                    after: now,
                })
                .map_err(|_| AppError::Bug("a job without its text"))?;
                tx.enqueue(self.ids().next(), RECOMPUTE_LIMITS, &payload, at, at)
                    .await?;
            }
        }
        tx.commit().await?;
        self.wake_workers();
        Ok(())
    }

    /// Does one job, or puts it back.
    pub(crate) async fn settle_recompute(&self, job: &Job, now: Timestamp) -> Result<(), AppError> {
        let outcome = self.recompute_of(job).await;
        let mut tx = self.store().begin("limits.settle").await?;
        match outcome {
            Ok(true) => tx.finish_job(job.id, now).await?,
            Ok(false) => {
                let again = now.checked_add(AGAIN).unwrap_or(now);
                tx.retry_job(job.id, again, "other_rule_book").await?;
            }
            Err(error) => {
                report_failure("limits could not be worked out again", &error);
                let again = now.checked_add(AGAIN).unwrap_or(now);
                tx.retry_job(job.id, again, error.code()).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whether the job is done. One for a rule book that this program does not have waits for the program that has it,
    /// and is done when no limits are of that rule book any more.
    async fn recompute_of(&self, job: &Job) -> Result<bool, AppError> {
        let payload: Payload = serde_json::from_str(&job.payload)
            .map_err(|_| AppError::Bug("a job that cannot be read"))?;
        if payload.after != self.rules_digest() {
            let mut tx = self.store().begin_read("limits.rule_book").await?;
            let wanted = tx.instance_fact(FACT).await?;
            return Ok(wanted != Some(payload.after.to_string()));
        }
        self.recompute_limits(payload.owner, payload.before).await?;
        Ok(true)
    }

    /// Works out the limits of an operator's computers again, after the rule book changed from the one with the digest
    /// `before`. What moved is kept beside what it was, in one act for each batch.
    pub async fn recompute_limits(
        &self,
        owner: OrganisationId,
        before: Digest,
    ) -> Result<Recomputed, AppError> {
        let mut after: Option<ComputerId> = None;
        let mut done = Recomputed::default();
        loop {
            let at = self.now();
            let mut tx = self.store().begin("limits.recompute").await?;
            let batch = tx.limits_of_owner(owner, after, BATCH).await?;
            let Some(last) = batch.last() else {
                return Ok(done);
            };
            after = Some(last.computer);
            let mut rows = Vec::new();
            for kept in batch {
                done.seen = done.seen.saturating_add(1);
                let due_on = self.limit_again(&mut tx, &kept).await?;
                if due_on == kept.due_on {
                    continue;
                }
                let change = LimitChange {
                    id: self.ids().next(),
                    computer: kept.computer,
                    before: kept.due_on,
                    after: due_on,
                    before_rules: before,
                    after_rules: self.rules_digest(),
                    recorded_at: at,
                };
                tx.move_limit(&change, kept.version).await?;
                rows.extend(
                    tx.official_rows(&official::LIMIT_CHANGE, change.id.uuid())
                        .await?,
                );
                done.moved = done.moved.saturating_add(1);
            }
            if !rows.is_empty() {
                let act = ActDraft {
                    act: "limits.recomputed",
                    subject: Subject::new("organisation", owner),
                    details: json!({
                        "moved": rows.len(),
                        "rules_before_sha256": before.to_string(),
                        "rules_sha256": self.rules_digest().to_string(),
                    }),
                    rows,
                    logs: vec![LogCode::instance()],
                };
                self.record_of_program(&mut tx, &act, at).await?;
                tx.commit().await?;
            }
        }
    }

    async fn limit_again(&self, tx: &mut Tx, kept: &KeptLimit) -> Result<Option<Date>, AppError> {
        let computer = tx
            .computer(kept.computer)
            .await?
            .ok_or(AppError::Bug("a computer that went away"))?;
        // Someone else changed it since the batch was read: its limit is new already, or the job is done again.
        if computer.parts().version != kept.version {
            return Err(StoreError::Stale { table: "computer" }.into());
        }
        let revision = computer.current().map_err(computer_problem)?;
        let facility = tx
            .facility(revision.facility)
            .await?
            .ok_or(AppError::Bug("a computer without a facility"))?;
        self.limit_of(tx, &computer, &facility).await
    }
}

/// The change that moved a limit to where it is now; later changes of the computer itself make it history.
pub(crate) fn moved_to(changes: &[LimitChange], limit: Option<Date>) -> Option<LimitChange> {
    changes
        .first()
        .filter(|change| change.after == limit)
        .copied()
}
