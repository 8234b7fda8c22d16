use ledger::{
    Commitment, Entry, Hash, Link, Resume, SignedCheckpoint, TreeHead, VerifierKey, decide_resume,
    root_at,
};
use store::Tx;

use crate::error::AppError;
use crate::history::{KeySpan, LogHistory};
use crate::instance::App;
use crate::logs::{LogCode, LogError};

/// What a log may do after a restore (`docs/ledger/FORMAT.md` section 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum ResumeDecision {
    /// Nothing co-signed is missing: the log goes on.
    Continue,
    /// The backup is older: this many leaves are missing. Only a new origin may go on.
    NewOrigin {
        /// Leaves that the backup does not hold.
        lost: u64,
    },
    /// The restored leaves contradict what was co-signed. Nobody may go on.
    Fork,
}

impl App {
    /// Compares the leaves of a log with the last checkpoint that anyone outside holds.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the checkpoint belongs to no log of this instance or is not signed by that log.
    pub async fn decide_resume(
        &self,
        last: &SignedCheckpoint,
    ) -> Result<(LogCode, ResumeDecision), AppError> {
        let log = self.log_of_checkpoint(last).await?;
        let mut tx = self.store().begin_read("ledger.decide_resume").await?;
        let leaves = leaf_hashes(&mut tx, &log).await?;
        drop(tx);
        let size = length(&leaves);
        let decision = decide_resume(leaves.as_slice(), size, last.checkpoint().head())
            .map_err(|error| AppError::Log(LogError::Tree(error)))?;
        let decision = match decision {
            Resume::Continue => ResumeDecision::Continue,
            Resume::NewOrigin { lost } => ResumeDecision::NewOrigin { lost },
            Resume::Fork => ResumeDecision::Fork,
        };
        Ok((log, decision))
    }

    /// Ends a log whose backup was too old and begins its successor, whose first leaf links to it.
    ///
    /// The old key may sign nothing larger than `last`. Nothing may run on this database meanwhile.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when nothing is missing, or the leaves contradict `last`.
    pub async fn open_new_origin(&self, last: &SignedCheckpoint) -> Result<LogCode, AppError> {
        let (log, decision) = self.decide_resume(last).await?;
        match decision {
            ResumeDecision::NewOrigin { .. } => {}
            ResumeDecision::Continue => return Err(AppError::Conflict("nothing_lost")),
            ResumeDecision::Fork => return Err(AppError::Conflict("fork")),
        }
        let mut tx = self.store().begin("ledger.new_origin").await?;
        let mut history = LogHistory::load(&mut tx).await?;
        if history.has_ended(&log) {
            return Err(AppError::Conflict("log_ended"));
        }
        let leaves = leaf_hashes(&mut tx, &log).await?;
        let size = length(&leaves);
        let root = root_at(size, leaves.as_slice())
            .map_err(|error| AppError::Log(LogError::Tree(error)))?;
        let link = Link::new(last.clone(), TreeHead { size, root })
            .map_err(|_| AppError::Conflict("fork"))?;
        self.end_log(&mut history, &log, last.checkpoint().size())?;
        let successor = log.in_epoch(log.epoch().saturating_add(1));
        history
            .epochs
            .insert(log.authority().to_owned(), successor.epoch());
        let leaf = self.own_leaf(&successor, Link::ACT, &link.to_record(), self.now())?;
        tx.insert_leaf(&leaf).await?;
        history.save(&mut tx).await?;
        tx.commit().await?;
        self.logs().set_epochs(history.epochs);
        self.wake_integrator();
        Ok(successor)
    }

    /// Holds all logs back while a restore is under way, or lets them go on.
    pub(crate) async fn hold_logs(&self, held: bool) -> Result<(), AppError> {
        let mut tx = self.store().begin("ledger.hold").await?;
        let mut history = LogHistory::load(&mut tx).await?;
        history.held = held;
        history.save(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The log of a checkpoint from outside, which one of the log's keys must have signed.
    pub(crate) async fn log_of_checkpoint(
        &self,
        signed: &SignedCheckpoint,
    ) -> Result<LogCode, AppError> {
        let log = self.logs().code_of(signed.checkpoint().origin());
        let log = log.ok_or_else(|| AppError::field("checkpoint", "log_unknown"))?;
        let mut tx = self.store().begin_read("ledger.log_of_checkpoint").await?;
        let history = LogHistory::load(&mut tx).await?;
        let keys = self.log_keys(&mut tx, &history, &log).await?;
        let keys: Vec<VerifierKey> = keys.into_iter().map(|key| key.key).collect();
        if signed.note().require(&keys, 1).is_err() {
            return Err(AppError::field("checkpoint", "checkpoint_not_signed"));
        }
        Ok(log)
    }

    /// Retires the keys of a log at the last known size, so that they cannot sign on.
    fn end_log(&self, history: &mut LogHistory, log: &LogCode, size: u64) -> Result<(), AppError> {
        let spans = history.keys.entry(log.as_str().to_owned()).or_default();
        if spans.is_empty() {
            let signer = self.logs().stored_signer(log).map_err(AppError::Log)?;
            let signer = signer.ok_or(AppError::Log(LogError::KeyMissing))?;
            spans.push(KeySpan {
                key: signer.verifier().to_string(),
                announced: None,
                last_size: None,
            });
        }
        for span in spans.iter_mut().filter(|span| span.last_size.is_none()) {
            span.last_size = Some(size);
        }
        Ok(())
    }
}

/// All leaf hashes of a log: 32 octets a leaf.
async fn leaf_hashes(tx: &mut Tx, log: &LogCode) -> Result<Vec<Hash>, AppError> {
    const BATCH: u32 = 10_000;
    let mut hashes = Vec::new();
    loop {
        let batch = tx
            .commitments_from(log.as_str(), length(&hashes), BATCH)
            .await?;
        if batch.is_empty() {
            return Ok(hashes);
        }
        hashes.extend(batch.into_iter().map(|commitment| {
            Entry::sealed(Commitment::from_bytes(*commitment.as_bytes())).leaf_hash()
        }));
    }
}

fn length(hashes: &[Hash]) -> u64 {
    u64::try_from(hashes.len()).unwrap_or(u64::MAX)
}
