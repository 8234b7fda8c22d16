//! Letters of submissions on their way: tried until they leave, given up where that is no use, tried again by a person.

use ids::SubmissionId;
use jiff::{SignedDuration, Timestamp};
use model::reminders::MailAddress;
use model::submissions::{
    SubmissionChannel, SubmissionEvent, SubmissionEventKind, SubmissionFile, SubmissionState,
};
use policy::{Action, Actor};
use serde_json::json;
use store::Tx;
use store::official::{self, RowRef};
use store::rows::jobs::Job;

use super::mail::LETTER;
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, report_failure};
use crate::instance::App;
use crate::logs::LogCode;
use crate::mail::{Letter, MailFailure, Posted};
use crate::outbox::retry_at;

pub(crate) const SEND_MAIL: &str = "submission.mail";

/// Attempts before a person must look: about a day and a half.
const MAX_ATTEMPTS: u32 = 40;
/// Why a letter lies somewhere: it was put into the folder of outgoing mail.
const IN_FOLDER: &str = "in_folder";

/// A letter that has not left yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// How often it was tried.
    pub attempts: u32,
    /// When it will be tried next.
    pub next_attempt_at: Timestamp,
    /// Code of the last failure.
    pub last_error: Option<String>,
}

/// What became of a job.
enum Outcome {
    Left(Posted),
    Later(&'static str),
    GivenUp(&'static str),
    /// Somebody recorded meanwhile that it went another way.
    Settled,
}

impl App {
    /// How the letter of a submission fares that waits to be sent; nothing where none waits.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that the submission exists.
    pub async fn submission_posting(
        &self,
        actor: &Actor,
        id: SubmissionId,
    ) -> Result<Option<Posting>, AppError> {
        drop(self.view_submission(actor, id).await?);
        let mut tx = self.store().begin_read("submission.posting").await?;
        let job = tx.waiting_job(SEND_MAIL, &payload(id)).await?;
        Ok(job.map(|job| Posting {
            attempts: job.attempts,
            next_attempt_at: job.run_at,
            last_error: job.last_error,
        }))
    }

    /// Puts the very letter that did not get through into the outbox again, to the same address and with the same password.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is not known to have failed; [`AppError::StepUpRequired`].
    pub async fn resend_submission(&self, actor: &Actor, id: SubmissionId) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("submission.resend").await?;
        let file = tx.submission(id).await?.ok_or(AppError::NotFound)?;
        let case = file.submission.case;
        let permit = self
            .submission_permit(&mut tx, actor, case, Action::SendSubmission)
            .await?;
        if file.submission.channel != SubmissionChannel::Mail
            || file.state() != SubmissionState::Failed
        {
            return Err(AppError::Conflict("submission_not_failed"));
        }
        let event = SubmissionEvent {
            recorded_by: Some(actor.person),
            ..self.event_of(id, SubmissionEventKind::Queued, "", now)
        };
        tx.insert_submission_event(&event).await?;
        self.enqueue_letter(&mut tx, id, now).await?;
        let rows = rows_of(&mut tx, &event).await?;
        self.record(&mut tx, permit, &happened(&event, rows), now)
            .await?;
        tx.commit().await?;
        self.wake_workers();
        Ok(())
    }

    /// Puts the letter of a submission into the outbox; it commits with the act.
    pub(super) async fn enqueue_letter(
        &self,
        tx: &mut Tx,
        id: SubmissionId,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let payload = payload(id);
        tx.enqueue(self.ids().next(), SEND_MAIL, &payload, now, now)
            .await?;
        Ok(())
    }

    /// Sends letters one by one; one that cannot be settled does not keep the others. What is not begun long before other
    /// workers may take it is left to them.
    pub(crate) async fn post_submissions(&self, jobs: &[Job], locked_until: Timestamp) {
        let patience = SignedDuration::from_secs(
            i64::try_from(self.config().mail.timeout_secs).unwrap_or(i64::MAX),
        );
        for job in jobs {
            let now = self.now();
            if locked_until
                .checked_sub(patience)
                .is_ok_and(|last| last < now)
            {
                return;
            }
            if let Err(error) = self.post_submission(job, now).await {
                report_failure("a letter of a submission could not be settled", &error);
            }
        }
    }

    async fn post_submission(&self, job: &Job, now: Timestamp) -> Result<(), AppError> {
        let mut tx = self.store().begin_read("submission.letter").await?;
        let file = match submission_id(&job.payload) {
            Some(id) => tx.submission(id).await?,
            None => None,
        };
        drop(tx);
        let Some(file) = file else {
            let mut tx = self.store().begin("submission.bury").await?;
            tx.bury_job(job.id, now, "no_submission").await?;
            tx.commit().await?;
            return Ok(());
        };
        // The mail server is asked outside of any transaction.
        let outcome = self.try_letter(&file, job.attempts).await?;
        let mut tx = self.store().begin("submission.posted").await?;
        let happens = match outcome {
            Outcome::Settled => {
                tx.finish_job(job.id, now).await?;
                None
            }
            Outcome::Left(Posted::Server) => {
                tx.finish_job(job.id, now).await?;
                Some((SubmissionEventKind::Sent, ""))
            }
            Outcome::Left(Posted::Folder) => {
                tx.finish_job(job.id, now).await?;
                Some((SubmissionEventKind::Queued, IN_FOLDER))
            }
            Outcome::Later(why) => {
                tx.retry_job(job.id, retry_at(now, job.attempts), why)
                    .await?;
                None
            }
            Outcome::GivenUp(why) => {
                tx.bury_job(job.id, now, why).await?;
                Some((SubmissionEventKind::Failed, why))
            }
        };
        if let Some((kind, why)) = happens {
            let event = self.event_of(file.submission.id, kind, why, now);
            tx.insert_submission_event(&event).await?;
            let rows = rows_of(&mut tx, &event).await?;
            self.record_of_program(&mut tx, &happened(&event, rows), now)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn try_letter(&self, file: &SubmissionFile, attempts: u32) -> Result<Outcome, AppError> {
        if file.state() != SubmissionState::Waiting {
            return Ok(Outcome::Settled);
        }
        let letter = file.files.iter().find(|file| file.media_type == LETTER);
        let (Some(letter), Ok(to)) = (letter, MailAddress::parse(&file.submission.address)) else {
            return Ok(Outcome::GivenUp("no_letter"));
        };
        let Some(mailer) = self.mailer() else {
            return Ok(later_or_never("mail_not_available", attempts));
        };
        let letter = Letter {
            id: file.submission.id.uuid(),
            to,
            octets: self.objects().get(letter.digest).await?,
        };
        let posted = tokio::task::spawn_blocking(move || mailer.post(&letter))
            .await
            .map_err(|_| AppError::Bug("a mailer that fell over"))?;
        Ok(match posted {
            Ok(posted) => Outcome::Left(posted),
            Err(MailFailure::Refused) => Outcome::GivenUp(MailFailure::Refused.code()),
            Err(failure) => later_or_never(failure.code(), attempts),
        })
    }

    fn event_of(
        &self,
        submission: SubmissionId,
        kind: SubmissionEventKind,
        note: &str,
        now: Timestamp,
    ) -> SubmissionEvent {
        SubmissionEvent {
            id: self.ids().next(),
            submission,
            kind,
            happened_at: now,
            number: String::new(),
            note: note.to_owned(),
            recorded_by: None,
            recorded_at: now,
        }
    }
}

const fn later_or_never(why: &'static str, attempts: u32) -> Outcome {
    if attempts < MAX_ATTEMPTS {
        Outcome::Later(why)
    } else {
        Outcome::GivenUp(why)
    }
}

async fn rows_of(tx: &mut Tx, event: &SubmissionEvent) -> Result<Vec<RowRef>, AppError> {
    Ok(tx
        .official_rows(&official::SUBMISSION_EVENT, event.id.uuid())
        .await?)
}

fn happened(event: &SubmissionEvent, rows: Vec<RowRef>) -> ActDraft {
    ActDraft {
        act: "submission.happened",
        subject: Subject::new("submission", event.submission),
        details: json!({ "kind": event.kind.code(), "reason": event.note }),
        rows,
        logs: vec![LogCode::instance()],
    }
}

/// What a job says of its submission; also how the job of a submission is found.
fn payload(id: SubmissionId) -> String {
    json!({ "submission": id.to_string() }).to_string()
}

fn submission_id(payload: &str) -> Option<SubmissionId> {
    let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
    payload.get("submission")?.as_str()?.parse().ok()
}
