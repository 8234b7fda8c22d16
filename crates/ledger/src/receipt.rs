//! Receipts: what a filer keeps, and how anyone verifies it offline.

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers in tests")]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::canonical::{MAX_INTEGER, StrictValue};
use crate::checkpoint::{CheckpointError, Origin, SignedCheckpoint};
use crate::hash::Hash;
use crate::leaf::{ActCode, Entry, LeafError, Salt};
use crate::merkle::{MAX_PROOF_HASHES, ProofError, verify_inclusion};
use crate::note::{KeyId, KeyName, NoteError};
use crate::trust::{Exercise, Trust};

const FORMAT: &str = "noroshi-receipt/v1";

/// Why a receipt was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    #[error("receipt is larger than {} bytes", Receipt::MAX_BYTES)]
    TooLarge,
    #[error("receipt is not JSON with exactly the members of the format")]
    Json,
    #[error("receipt has an unknown format")]
    Format,
    #[error("leaf index is beyond 2^53 - 1")]
    Index,
    #[error("inclusion proof is not a list of at most {MAX_PROOF_HASHES} hashes")]
    Proof,
    #[error("origin of the receipt is malformed")]
    Origin(#[source] CheckpointError),
    #[error("salt, record or public code is malformed")]
    Leaf(#[source] LeafError),
    #[error("checkpoint in the receipt is malformed")]
    Checkpoint(#[source] CheckpointError),
    #[error("checkpoint is of another log than the receipt says")]
    OtherLog,
    #[error("no key of this log is in the trust file")]
    UnknownLog,
    #[error("receipt belongs to an exercise, which the trust file does not accept")]
    Exercise,
    #[error("log signature on the checkpoint is invalid")]
    LogSignature(#[source] NoteError),
    #[error("record is not in the log at this index: record, salt, index or proof was altered")]
    Inclusion(#[source] ProofError),
    #[error("cosignature of a trusted witness is invalid")]
    WitnessSignature(#[source] NoteError),
}

impl ReceiptError {
    /// Stable code of the reason, for message keys and machine-readable output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Json => "json",
            Self::Format => "format",
            Self::Index => "index",
            Self::Proof => "proof",
            Self::Origin(_) => "origin",
            Self::Leaf(_) => "leaf",
            Self::Checkpoint(_) => "checkpoint",
            Self::OtherLog => "other_log",
            Self::UnknownLog => "unknown_log",
            Self::Exercise => "exercise",
            Self::LogSignature(_) => "log_signature",
            Self::Inclusion(_) => "inclusion",
            Self::WitnessSignature(_) => "witness_signature",
        }
    }
}

/// Proof, for whoever holds it, that a log took in a record: `noroshi-receipt/v1`.
///
/// Invariant: well-formed and within the limits. Only [`Receipt::verify`] says that it is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    origin: Origin,
    index: u64,
    salt: Salt,
    record: Value,
    entry: Entry,
    proof: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

/// A witness whose cosignature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessSeen {
    pub name: KeyName,
    pub id: KeyId,
    /// When the witness cosigned, in seconds since 1970.
    pub time: u64,
}

/// What a verified receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verified {
    /// Log that holds the record.
    pub origin: Origin,
    /// Position of the record in the log.
    pub index: u64,
    /// Size of the tree at the checkpoint.
    pub size: u64,
    /// Root of the tree at the checkpoint.
    pub root: Hash,
    /// Keys of the log that signed, while in force.
    pub log_keys: Vec<KeyId>,
    /// Trusted witnesses that cosigned.
    pub witnesses: Vec<WitnessSeen>,
    /// How many different witnesses the trust file asks for.
    pub quorum: usize,
    /// Whether enough different witnesses cosigned.
    pub witnessed: bool,
    /// Whether the log belongs to an exercise (演習): the record is then not a real act.
    pub exercise: bool,
}

impl Receipt {
    /// Largest receipt accepted, in bytes.
    pub const MAX_BYTES: usize = 8_000_000;

    /// Puts a receipt together. Fails when the parts could not be read back.
    pub fn new(
        index: u64,
        salt: Salt,
        record: Value,
        code: Option<&ActCode>,
        proof: Vec<Hash>,
        checkpoint: SignedCheckpoint,
    ) -> Result<Self, ReceiptError> {
        if MAX_INTEGER < index {
            return Err(ReceiptError::Index);
        }
        if MAX_PROOF_HASHES < proof.len() {
            return Err(ReceiptError::Proof);
        }
        let entry = Entry::of_record(&salt, &record, code).map_err(ReceiptError::Leaf)?;
        let origin = checkpoint.checkpoint().origin().clone();
        Ok(Self {
            origin,
            index,
            salt,
            record,
            entry,
            proof,
            checkpoint,
        })
    }

    /// Reads a receipt file, strictly: every member once, none unknown, one spelling per value.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(ReceiptError::TooLarge);
        }
        let wire: WireIn = serde_json::from_slice(bytes).map_err(|_| ReceiptError::Json)?;
        if wire.format != FORMAT {
            return Err(ReceiptError::Format);
        }
        let origin = Origin::parse(&wire.origin).map_err(ReceiptError::Origin)?;
        let salt = Salt::from_base64(&wire.salt).map_err(ReceiptError::Leaf)?;
        let code = match &wire.public_code {
            Some(raw) => Some(ActCode::parse(raw).map_err(ReceiptError::Leaf)?),
            None => None,
        };
        if MAX_PROOF_HASHES < wire.proof.len() {
            return Err(ReceiptError::Proof);
        }
        let mut proof = Vec::new();
        for text in &wire.proof {
            proof.push(Hash::from_base64(text).ok_or(ReceiptError::Proof)?);
        }
        let checkpoint = SignedCheckpoint::parse(wire.checkpoint.as_bytes())
            .map_err(ReceiptError::Checkpoint)?;
        if *checkpoint.checkpoint().origin() != origin {
            return Err(ReceiptError::OtherLog);
        }
        Self::new(
            wire.index,
            salt,
            wire.record.0,
            code.as_ref(),
            proof,
            checkpoint,
        )
    }

    /// Writes the receipt file: JSON, members in the order of the format description.
    pub fn to_json(&self) -> Result<String, ReceiptError> {
        let wire = WireOut {
            format: FORMAT,
            origin: self.origin.as_str(),
            index: self.index,
            salt: self.salt.to_base64(),
            record: &self.record,
            public_code: self.entry.code().map(ActCode::as_str),
            proof: self.proof.iter().map(Hash::to_base64).collect(),
            checkpoint: self.checkpoint.to_string(),
        };
        serde_json::to_string_pretty(&wire).map_err(|_| ReceiptError::Json)
    }

    /// Verifies the receipt with pinned keys alone, without any network.
    ///
    /// In this order: the log is known, the exercise mark is accepted, the log signed the checkpoint with
    /// a key in force, the record lies under its root at the index, no cosignature of a trusted witness is false.
    pub fn verify(&self, trust: &Trust) -> Result<Verified, ReceiptError> {
        if !trust.knows(&self.origin) {
            return Err(ReceiptError::UnknownLog);
        }
        let exercise = self.origin.is_exercise();
        if exercise && trust.exercise() == Exercise::Refuse {
            return Err(ReceiptError::Exercise);
        }
        let signers = trust
            .confirm_log(&self.checkpoint)
            .map_err(ReceiptError::LogSignature)?;
        let head = self.checkpoint.checkpoint().head();
        verify_inclusion(self.index, self.entry.leaf_hash(), &self.proof, head)
            .map_err(ReceiptError::Inclusion)?;
        let (confirmed, distinct) = trust
            .confirm_witnesses(&self.checkpoint)
            .map_err(ReceiptError::WitnessSignature)?;
        let witnesses = confirmed
            .into_iter()
            .filter_map(|one| {
                Some(WitnessSeen {
                    time: one.time?,
                    name: one.name,
                    id: one.id,
                })
            })
            .collect();
        Ok(Verified {
            origin: self.origin.clone(),
            index: self.index,
            size: head.size,
            root: head.root,
            log_keys: signers.into_iter().map(|one| one.id).collect(),
            witnesses,
            quorum: trust.quorum(),
            witnessed: trust.quorum() <= distinct,
            exercise,
        })
    }

    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    pub const fn index(&self) -> u64 {
        self.index
    }

    pub const fn record(&self) -> &Value {
        &self.record
    }

    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireIn {
    format: String,
    origin: String,
    index: u64,
    salt: String,
    record: StrictValue,
    #[serde(default, deserialize_with = "present")]
    public_code: Option<String>,
    proof: Vec<String>,
    checkpoint: String,
}

/// The member may be absent but not `null`: one spelling per receipt.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

#[derive(Serialize)]
struct WireOut<'r> {
    format: &'static str,
    origin: &'r str,
    index: u64,
    salt: String,
    record: &'r Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_code: Option<&'r str>,
    proof: Vec<String>,
    checkpoint: String,
}
