use jiff::{SignedDuration, Timestamp};
use ledger::{Confirmed, SignedCheckpoint};
use policy::{Action, Actor};
use store::Tx;

use crate::error::AppError;
use crate::history::LogHistory;
use crate::instance::App;
use crate::logs::{LogCode, LogError};

/// Whether a log is being witnessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WitnessState {
    /// Co-signed within the time that the settings give.
    Witnessed,
    /// No witness co-signed within that time: the log stands still, or the witness does.
    Stalled,
    /// This instance has no witness.
    None,
    /// The log was followed by another origin and takes in nothing more.
    Ended,
}

/// A log at a glance.
#[derive(Clone, Debug)]
pub struct LogOverview {
    /// Code of the log.
    pub log: LogCode,
    /// Its origin.
    pub origin: String,
    /// Name of the authority in Japanese and English; `None` for the log of the instance.
    pub authority: Option<(String, String)>,
    /// Leaves with an index.
    pub size: u64,
    /// The newest checkpoint: size, root and time.
    pub checkpoint: Option<(u64, String, Timestamp)>,
    /// The newest checkpoint that was co-signed: size, witness and time of each.
    pub cosigned: Vec<(u64, String, Timestamp)>,
    /// Whether it is being witnessed.
    pub witness: WitnessState,
    /// Public keys in use.
    pub keys: Vec<String>,
}

impl App {
    /// All logs, for the committee. Looking is an act.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not see logs.
    pub async fn logs_overview(&self, actor: &Actor) -> Result<Vec<LogOverview>, AppError> {
        let mut logs = self.known_logs().await?;
        if logs.is_empty() {
            logs.push(LogCode::instance());
        }
        let mut tx = self.store().begin_read("audit.logs").await?;
        let mut seen = Vec::with_capacity(logs.len());
        let mut last = None;
        for log in logs {
            last = Some(
                self.may_see_log(&mut tx, actor, Action::ViewLog, &log)
                    .await?,
            );
            seen.push(self.overview_of(&mut tx, log).await?);
        }
        drop(tx);
        if let Some((permit, subject)) = last {
            let shown: Vec<String> = seen
                .iter()
                .map(|log| format!("{} {}", log.origin, log.size))
                .collect();
            self.record_look(permit, subject, shown.join("\n").as_bytes())
                .await?;
        }
        Ok(seen)
    }

    pub(super) async fn overview_of(
        &self,
        tx: &mut Tx,
        log: LogCode,
    ) -> Result<LogOverview, AppError> {
        let history = LogHistory::load(tx).await?;
        let newest = tx.latest_checkpoint(log.as_str()).await?;
        let cosigned = self.newest_cosignatures(tx, &log).await?;
        let authority = tx.organisation_by_desk(log.authority()).await?;
        let keys = self.log_keys(tx, &history, &log).await?;
        let witness = if history.has_ended(&log) {
            WitnessState::Ended
        } else {
            self.witness_state(newest.as_ref().map(|one| one.created_at), &cosigned)
        };
        Ok(LogOverview {
            origin: self
                .logs()
                .origin(&log)
                .map_err(AppError::Log)?
                .as_str()
                .to_owned(),
            authority: authority.map(|desk| (desk.name_ja, desk.name_en)),
            size: tx.log_size(log.as_str()).await?,
            checkpoint: newest.map(|newest| {
                let root = ledger::Hash::from_bytes(*newest.root.as_bytes()).to_base64();
                (newest.size, root, newest.created_at)
            }),
            cosigned,
            witness,
            keys: keys
                .into_iter()
                .filter(|key| key.last_size.is_none())
                .map(|key| key.key.to_string())
                .collect(),
            log,
        })
    }

    /// Who co-signed the newest checkpoint that was co-signed at all, and when.
    async fn newest_cosignatures(
        &self,
        tx: &mut Tx,
        log: &LogCode,
    ) -> Result<Vec<(u64, String, Timestamp)>, AppError> {
        let Some(stored) = tx.latest_cosigned_checkpoint(log.as_str()).await? else {
            return Ok(Vec::new());
        };
        let checkpoint = |error| AppError::Log(LogError::Checkpoint(error));
        let mut signed = SignedCheckpoint::parse(stored.note.as_bytes()).map_err(checkpoint)?;
        for line in tx.cosignatures(log.as_str(), stored.size).await? {
            signed.add_lines(&line).map_err(checkpoint)?;
        }
        let witnesses = self.logs().witnesses();
        let confirmed = signed.note().confirm(witnesses).unwrap_or_default();
        Ok(confirmed
            .into_iter()
            .filter_map(|one| Some((stored.size, one.name.to_string(), time_of(&one)?)))
            .collect())
    }

    fn witness_state(
        &self,
        signed_at: Option<Timestamp>,
        cosigned: &[(u64, String, Timestamp)],
    ) -> WitnessState {
        if self.logs().witnesses().is_empty() {
            return WitnessState::None;
        }
        let minutes = i64::from(self.config().ledger.stalled_after_minutes);
        let limit = SignedDuration::from_mins(minutes);
        let newest = cosigned.iter().map(|(_, _, at)| *at).max();
        // A log that was never co-signed gets as long, from its newest checkpoint on.
        match newest.or(signed_at) {
            Some(at) if limit < self.now().duration_since(at) => WitnessState::Stalled,
            Some(_) | None => WitnessState::Witnessed,
        }
    }
}

fn time_of(confirmed: &Confirmed) -> Option<Timestamp> {
    let seconds = i64::try_from(confirmed.time?).ok()?;
    Timestamp::from_second(seconds).ok()
}
