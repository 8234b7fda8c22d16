//! Going on after a restore: a new origin whose first leaf names the old log.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::checkpoint::{CheckpointError, SignedCheckpoint, TreeHead};
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::merkle::{HashReader, TreeError, root_at};
use crate::note::NoteError;
use crate::receipt::{Receipt, ReceiptError, Verified};
use crate::trust::Trust;

/// What a log has to do after its database came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Resume {
    /// The restored leaves begin with the last co-signed tree: the log goes on.
    Continue,
    /// The backup is older: so many co-signed leaves are missing, and a new origin with a [`Link`] is needed.
    NewOrigin { lost: u64 },
    /// The restored leaves contradict the last co-signed tree: they were altered. Nobody may go on.
    Fork,
}

/// Compares restored leaves with the last checkpoint co-signed or held outside.
pub fn decide_resume(
    restored: &(impl HashReader + ?Sized),
    restored_size: u64,
    last: TreeHead,
) -> Result<Resume, TreeError> {
    if let Some(lost) = last
        .size
        .checked_sub(restored_size)
        .filter(|lost| *lost != 0)
    {
        return Ok(Resume::NewOrigin { lost });
    }
    let same = root_at(last.size, restored)? == last.root;
    Ok(if same { Resume::Continue } else { Resume::Fork })
}

/// Why a link leaf was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    #[error("record is not a link with exactly the members of the format")]
    Form,
    #[error("old checkpoint in the link is malformed")]
    Checkpoint(#[source] CheckpointError),
    #[error("restored tree is larger than, or another than, the old tree")]
    Restored,
    #[error("a link must be the first leaf of its log")]
    NotFirst,
    #[error("a link must name another log")]
    SameLog,
    #[error("an exercise log and a real log cannot be linked")]
    ExerciseMixed,
    #[error("receipt of the link is not valid")]
    Receipt(#[source] ReceiptError),
    #[error("old checkpoint is not validly signed by the old log")]
    OldSignature(#[source] NoteError),
}

/// First leaf of the log that succeeds another: act `ledger.link`.
///
/// Names the last known checkpoint of the old log, cosignatures included, and the part of the old tree that
/// the backup held. The acts in between are lost from the database, not from the receipts of their filers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    old: SignedCheckpoint,
    restored: TreeHead,
}

impl Link {
    pub const ACT: &'static str = "ledger.link";
    const FORMAT: &'static str = "noroshi-link/v1";
    const MEMBERS: usize = 5;

    /// `restored` is the tree that the backup held, recomputed from its leaves.
    pub fn new(old: SignedCheckpoint, restored: TreeHead) -> Result<Self, LinkError> {
        let head = old.checkpoint().head();
        let empty = restored.size == 0 && restored.root != Hash::empty_root();
        let whole = restored.size == head.size && restored.root != head.root;
        if head.size < restored.size || empty || whole {
            return Err(LinkError::Restored);
        }
        Ok(Self { old, restored })
    }

    /// The record to put into the new log as its first leaf.
    pub fn to_record(&self) -> Value {
        json!({
            "act": Self::ACT,
            "format": Self::FORMAT,
            "old_checkpoint": self.old.to_string(),
            "restored_root": self.restored.root.to_base64(),
            "restored_size": self.restored.size.to_string(),
        })
    }

    /// Reads the record of a link.
    pub fn from_record(record: &Value) -> Result<Self, LinkError> {
        let members = record
            .as_object()
            .filter(|members| members.len() == Self::MEMBERS);
        let members = members.ok_or(LinkError::Form)?;
        if text(members, "act")? != Self::ACT || text(members, "format")? != Self::FORMAT {
            return Err(LinkError::Form);
        }
        let old = SignedCheckpoint::parse(text(members, "old_checkpoint")?.as_bytes())
            .map_err(LinkError::Checkpoint)?;
        let size = decimal(text(members, "restored_size")?).ok_or(LinkError::Form)?;
        let root = Hash::from_base64(text(members, "restored_root")?).ok_or(LinkError::Form)?;
        Self::new(old, TreeHead { size, root })
    }

    /// Verifies that `receipt` is a well-formed link: the first leaf of its log, naming another log whose
    /// checkpoint is signed by a key in `trust` (which lists the keys of both logs).
    pub fn verify(receipt: &Receipt, trust: &Trust) -> Result<(Self, Verified), LinkError> {
        let link = Self::from_record(receipt.record())?;
        let old_origin = link.old.checkpoint().origin();
        if receipt.index() != 0 {
            return Err(LinkError::NotFirst);
        }
        if old_origin == receipt.origin() {
            return Err(LinkError::SameLog);
        }
        if old_origin.is_exercise() != receipt.origin().is_exercise() {
            return Err(LinkError::ExerciseMixed);
        }
        let verified = receipt.verify(trust).map_err(LinkError::Receipt)?;
        trust
            .confirm_log(&link.old)
            .map_err(LinkError::OldSignature)?;
        trust
            .confirm_witnesses(&link.old)
            .map_err(LinkError::OldSignature)?;
        Ok((link, verified))
    }

    /// Last known checkpoint of the old log.
    pub const fn old(&self) -> &SignedCheckpoint {
        &self.old
    }

    /// The part of the old tree that the backup held.
    pub const fn restored(&self) -> TreeHead {
        self.restored
    }

    /// How many leaves of the old log are missing from the backup.
    pub const fn lost(&self) -> u64 {
        self.old
            .checkpoint()
            .size()
            .saturating_sub(self.restored.size)
    }
}

fn text<'r>(members: &'r Map<String, Value>, name: &str) -> Result<&'r str, LinkError> {
    members
        .get(name)
        .and_then(Value::as_str)
        .ok_or(LinkError::Form)
}
