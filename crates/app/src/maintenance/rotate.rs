use ids::Digest;
use jiff::Timestamp;
use ledger::{Commitment, Rotation, Salt, SignedCheckpoint, VerifierKey};
use serde_json::Value;
use store::rows::ledger::Leaf;

use crate::error::AppError;
use crate::history::{KeySpan, LogHistory};
use crate::instance::App;
use crate::logs::{LogCode, LogError};

impl App {
    /// Announces a new key of a log (`docs/ledger/FORMAT.md` section 9). From the next checkpoint on both keys sign.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while an earlier change of this key is not finished, or when the log has ended;
    /// [`AppError::NotFound`] when the log has no checkpoint yet.
    pub async fn announce_log_key(&self, log: &LogCode) -> Result<VerifierKey, AppError> {
        let mut tx = self.store().begin_read("ledger.rotate_check").await?;
        let history = LogHistory::load(&mut tx).await?;
        changeable(&history, log)?;
        if tx.latest_checkpoint(log.as_str()).await?.is_none() {
            return Err(AppError::NotFound);
        }
        drop(tx);
        let first = if history.keys.contains_key(log.as_str()) {
            None
        } else {
            let signer = self.logs().stored_signer(log).map_err(AppError::Log)?;
            Some(signer.ok_or(AppError::Log(LogError::KeyMissing))?)
        };
        let next = self
            .logs()
            .make_next_signer(log, self.ids())
            .map_err(AppError::Log)?;
        let mut tx = self.store().begin("ledger.rotate").await?;
        let mut history = LogHistory::load(&mut tx).await?;
        changeable(&history, log)?;
        let spans = history.keys.entry(log.as_str().to_owned()).or_default();
        if let (true, Some(first)) = (spans.is_empty(), first) {
            spans.push(KeySpan {
                key: first.verifier().to_string(),
                announced: None,
                last_size: None,
            });
        }
        let old = spans.last().map(|span| VerifierKey::parse(&span.key));
        let Some(Ok(old)) = old else {
            return Err(AppError::Log(LogError::History));
        };
        let rotation = Rotation::new(old, next.verifier().clone())
            .map_err(|_| AppError::Bug("keys of another log"))?;
        let leaf = self.own_leaf(log, Rotation::ACT, &rotation.to_record(), self.now())?;
        tx.insert_leaf(&leaf).await?;
        spans.push(KeySpan {
            key: next.verifier().to_string(),
            announced: Some(leaf.id),
            last_size: None,
        });
        history.save(&mut tx).await?;
        tx.commit().await?;
        self.wake_integrator();
        Ok(next.verifier().clone())
    }

    /// Ends the overlap of two keys: the old one signs nothing larger than the newest checkpoint, and its private part
    /// is destroyed. Gives the retired key and that size, for whoever keeps trust files.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when no change is under way, or no checkpoint bears both signatures yet.
    pub async fn retire_log_key(&self, log: &LogCode) -> Result<(VerifierKey, u64), AppError> {
        let mut tx = self.store().begin("ledger.retire_key").await?;
        let mut history = LogHistory::load(&mut tx).await?;
        let keys = self.log_keys(&mut tx, &history, log).await?;
        let in_use: Vec<&VerifierKey> = keys
            .iter()
            .filter(|key| key.last_size.is_none())
            .map(|key| &key.key)
            .collect();
        let [old, new] = in_use.as_slice() else {
            return Err(AppError::Conflict("no_key_change"));
        };
        let latest = tx.latest_checkpoint(log.as_str()).await?;
        let latest = latest.ok_or(AppError::Conflict("no_overlap"))?;
        let signed = SignedCheckpoint::parse(latest.note.as_bytes())
            .map_err(|error| AppError::Log(LogError::Checkpoint(error)))?;
        for key in [*old, *new] {
            let alone = std::slice::from_ref(key);
            if signed.note().require(alone, 1).is_err() {
                return Err(AppError::Conflict("no_overlap"));
            }
        }
        let retired = (*old).clone();
        let spans = history.keys.entry(log.as_str().to_owned()).or_default();
        for span in spans.iter_mut() {
            if span.key == retired.to_string() {
                span.last_size = Some(latest.size);
            }
        }
        history.save(&mut tx).await?;
        tx.commit().await?;
        self.logs()
            .destroy_signer(log, &retired)
            .map_err(AppError::Log)?;
        Ok((retired, latest.size))
    }

    /// A leaf of the log's own, whose record has exactly the members that its format names.
    pub(super) fn own_leaf(
        &self,
        log: &LogCode,
        act: &str,
        record: &Value,
        at: Timestamp,
    ) -> Result<Leaf, AppError> {
        let mut salt = [0; 32];
        self.ids().fill(&mut salt);
        let canonical = ledger::canonical_json(record)
            .map_err(|_| AppError::Bug("act without canonical form"))?;
        let commitment = Commitment::new(&Salt::from_bytes(salt), &canonical);
        Ok(Leaf {
            id: self.ids().next(),
            log: log.as_str().to_owned(),
            act: act.to_owned(),
            subject: None,
            salt: salt.to_vec(),
            record: canonical,
            commitment: Digest::from_bytes(*commitment.as_bytes()),
            recorded_at: at,
            index: None,
        })
    }
}

fn changeable(history: &LogHistory, log: &LogCode) -> Result<(), AppError> {
    if history.has_ended(log) {
        return Err(AppError::Conflict("log_ended"));
    }
    let spans = history.keys.get(log.as_str());
    let open = spans.map_or(1, |spans| {
        spans.iter().filter(|span| span.last_size.is_none()).count()
    });
    if open == 1 {
        Ok(())
    } else {
        Err(AppError::Conflict("key_change_under_way"))
    }
}
