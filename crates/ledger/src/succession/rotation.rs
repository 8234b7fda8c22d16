//! Changing the key of a log.

use serde_json::{Value, json};
use thiserror::Error;

use crate::checkpoint::SignedCheckpoint;
use crate::note::{Algorithm, NoteError, VerifierKey};
use crate::receipt::{Receipt, ReceiptError};
use crate::trust::{LogKey, Trust, TrustError};

/// Why a key rotation was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RotationError {
    #[error("record is not a rotation with exactly the members of the format")]
    Form,
    #[error("old and new key must be different log keys of the same origin")]
    Keys,
    #[error("receipt of the rotation is not valid")]
    Receipt(#[source] ReceiptError),
    #[error("rotation was not announced under the old key")]
    NotUnderOldKey,
    #[error("checkpoint is not signed by both keys")]
    NotBoth(#[source] NoteError),
    #[error("checkpoint of the overlap does not hold the announcement")]
    TooEarly,
    #[error("trust file does not take the new key")]
    Trust(#[source] TrustError),
}

/// A leaf that announces the next key of its own log: act `ledger.rotate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    old: VerifierKey,
    new: VerifierKey,
}

impl Rotation {
    pub const ACT: &'static str = "ledger.rotate";
    const FORMAT: &'static str = "noroshi-rotation/v1";
    const MEMBERS: usize = 4;

    pub fn new(old: VerifierKey, new: VerifierKey) -> Result<Self, RotationError> {
        let plain = |key: &VerifierKey| key.algorithm() == Algorithm::Ed25519;
        let same_name = old.name() == new.name();
        let same_key = old.public_bytes() == new.public_bytes();
        if !plain(&old) || !plain(&new) || !same_name || same_key {
            return Err(RotationError::Keys);
        }
        Ok(Self { old, new })
    }

    /// The record to put into the log.
    pub fn to_record(&self) -> Value {
        json!({
            "act": Self::ACT,
            "format": Self::FORMAT,
            "new_key": self.new.to_string(),
            "old_key": self.old.to_string(),
        })
    }

    /// Reads the record of a rotation.
    pub fn from_record(record: &Value) -> Result<Self, RotationError> {
        let members = record
            .as_object()
            .filter(|members| members.len() == Self::MEMBERS);
        let members = members.ok_or(RotationError::Form)?;
        let text = |name: &str| {
            members
                .get(name)
                .and_then(Value::as_str)
                .ok_or(RotationError::Form)
        };
        if text("act")? != Self::ACT || text("format")? != Self::FORMAT {
            return Err(RotationError::Form);
        }
        let key = |name: &str| VerifierKey::parse(text(name)?).map_err(|_| RotationError::Form);
        Self::new(key("old_key")?, key("new_key")?)
    }

    /// Verifies that `receipt` announces a rotation under a checkpoint that the old key signed while in force.
    pub fn verify(receipt: &Receipt, trust: &Trust) -> Result<Self, RotationError> {
        let rotation = Self::from_record(receipt.record())?;
        if rotation.old.name().as_str() != receipt.origin().as_str() {
            return Err(RotationError::Keys);
        }
        let verified = receipt.verify(trust).map_err(RotationError::Receipt)?;
        let listed = trust.logs().iter().any(|log| log.key == rotation.old);
        if !listed || !verified.log_keys.contains(&rotation.old.id()) {
            return Err(RotationError::NotUnderOldKey);
        }
        Ok(rotation)
    }

    /// Verifies the announcement and a checkpoint of the overlap that both keys signed; returns the trust in
    /// which the new key counts from the tree that first holds the announcement.
    ///
    /// The old key stays in force. It is retired with [`Self::retire`], by whoever keeps the trust file.
    pub fn accept(
        receipt: &Receipt,
        overlap: &SignedCheckpoint,
        trust: &Trust,
    ) -> Result<Trust, RotationError> {
        let rotation = Self::verify(receipt, trust)?;
        if overlap.checkpoint().origin() != receipt.origin()
            || overlap.checkpoint().size() <= receipt.index()
        {
            return Err(RotationError::TooEarly);
        }
        trust.confirm_log(overlap).map_err(RotationError::NotBoth)?;
        for key in [&rotation.old, &rotation.new] {
            let only = std::slice::from_ref(key);
            overlap
                .note()
                .require(only, 1)
                .map_err(RotationError::NotBoth)?;
        }
        let mut logs = trust.logs().to_vec();
        logs.push(LogKey {
            origin: receipt.origin().clone(),
            key: rotation.new,
            first_size: receipt.index().saturating_add(1),
            last_size: None,
        });
        rebuild(trust, logs)
    }

    /// Retires the old key: its signature counts only for trees of at most `last_size` leaves.
    pub fn retire(&self, trust: &Trust, last_size: u64) -> Result<Trust, RotationError> {
        let mut logs = trust.logs().to_vec();
        let Some(old) = logs.iter_mut().find(|log| log.key == self.old) else {
            return Err(RotationError::Keys);
        };
        old.last_size = Some(last_size);
        rebuild(trust, logs)
    }

    pub const fn old_key(&self) -> &VerifierKey {
        &self.old
    }

    pub const fn new_key(&self) -> &VerifierKey {
        &self.new
    }
}

fn rebuild(trust: &Trust, logs: Vec<LogKey>) -> Result<Trust, RotationError> {
    Trust::new(
        logs,
        trust.witnesses().to_vec(),
        trust.quorum(),
        trust.exercise(),
    )
    .map_err(RotationError::Trust)
}
