//! What an equipment states of itself: runs, expired segments, restored identifiers.

mod chain;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;

use ids::Digest;
use jiff::Timestamp;
use ledger::{Note, NoteError, SignerKey, canonical_json};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::chain::{ChainError, ChainReport, RunReport, verify_chain};
use crate::counts::{Counts, Tally};
use crate::digest::sha256;
use crate::names::{CriteriaDigest, EquipmentId, LineId, MeasureId, PrefixTableDigest, RunId};
use crate::terms::instant;
use crate::trust::{Purpose, Trust};
use crate::watch::StopReason;

const REAL: &str = "noroshi-statement/v1";
const EXERCISE: &str = "noroshi-exercise-statement/v1";

/// Why a statement cannot be written or believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StatementError {
    #[error("not a signed note")]
    Note(#[source] NoteError),
    #[error("the first line is neither {REAL} nor {EXERCISE}")]
    Header,
    #[error("real statements and those of an exercise do not mix")]
    Purpose,
    #[error("the body is not one line of canonical JSON with the members of a statement")]
    Body,
    #[error("no signature is of an engine in the trust file")]
    UntrustedKey,
    #[error("the signature does not fit the text")]
    BadSignature,
    #[error("the key cannot sign statements")]
    Key,
}

/// One statement, a link of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Place in the chain, from 0.
    pub sequence: u64,
    /// Digest of the text of the statement before.
    pub previous: Option<Digest>,
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// Name and version of the program.
    pub engine: String,
    /// SHA-256 of the trust file in use.
    pub trust: Digest,
    pub says: Says,
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// One hour of a run, or the end of one.
    Run(Box<RunStatement>),
    /// Segments whose time was up were destroyed.
    Expiry(ExpiryStatement),
    /// Identifiers were restored for the committee.
    Restore(RestoreStatement),
}

/// What became of everything that came in during one interval of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunStatement {
    pub run: RunId,
    /// Interval within the run, from 0.
    pub part: u64,
    #[serde(with = "instant")]
    pub from: Timestamp,
    #[serde(with = "instant")]
    pub until: Timestamp,
    /// Why the run ended; `None` while it goes on.
    pub stop: Option<StopReason>,
    pub measure: MeasureId,
    pub warrant: Digest,
    pub equipment: EquipmentId,
    pub line: LineId,
    pub criteria: CriteriaDigest,
    pub prefixes: PrefixTableDigest,
    /// SHA-256 of the rule book.
    pub rules: Digest,
    /// Undecided when the interval began.
    #[serde(with = "wire::tally")]
    pub pending_before: Tally,
    /// Undecided when it ended.
    #[serde(with = "wire::tally")]
    pub pending_after: Tally,
    #[serde(with = "wire::counts")]
    pub counts: Counts,
    /// Segments sealed during the interval.
    pub segments: Vec<SealedSegment>,
    /// How often the wall clock was seen to jump, since the run began.
    pub clock_steps: u64,
}

/// A sealed segment, as the statement of its run names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedSegment {
    pub name: String,
    /// SHA-256 of the encrypted file.
    pub digest: Digest,
    /// SHA-256 of the file with the wrapped key.
    pub key_digest: Digest,
    pub records: u64,
    /// When it has to be destroyed at the latest.
    #[serde(with = "instant")]
    pub expires: Timestamp,
}

/// Evidence that segments were destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryStatement {
    pub destroyed: Vec<DestroyedSegment>,
}

/// A segment that is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DestroyedSegment {
    pub name: String,
    /// SHA-256 of the encrypted file as it was, where it still could be read.
    pub digest: Option<Digest>,
    #[serde(with = "instant")]
    pub expires: Timestamp,
}

/// Evidence that identifiers were restored (復元) on the word of the committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreStatement {
    pub run: RunId,
    /// Digest of the text of the committee's note.
    pub order: Digest,
    /// How many identifiers were restored.
    pub restored: u64,
}

impl Statement {
    /// The text to sign.
    pub fn text(&self, purpose: Purpose) -> Result<String, StatementError> {
        let value = serde_json::to_value(self).map_err(|_| StatementError::Body)?;
        let json = canonical_json(&value).map_err(|_| StatementError::Body)?;
        Ok(format!("{}\n{json}\n", header_of(purpose)))
    }

    /// Signs with the key of the equipment; gives the note and the digest that the next one names.
    pub fn sign(
        &self,
        purpose: Purpose,
        key: &SignerKey,
    ) -> Result<(String, Digest), StatementError> {
        let text = self.text(purpose)?;
        let mut note = Note::unsigned(&text).map_err(StatementError::Note)?;
        let signature = key.sign(&text).map_err(|_| StatementError::Key)?;
        note.add(signature).map_err(StatementError::Note)?;
        Ok((note.to_string(), sha256(text.as_bytes())))
    }

    /// Reads a statement and verifies its signature; gives the digest of its text too.
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<(Self, Digest), StatementError> {
        let note = Note::parse(bytes).map_err(StatementError::Note)?;
        match note.require(trust.engines(), 1) {
            Ok(_) => {}
            Err(NoteError::TooFewSignatures { .. }) => return Err(StatementError::UntrustedKey),
            Err(NoteError::BadSignature) => return Err(StatementError::BadSignature),
            Err(other) => return Err(StatementError::Note(other)),
        }
        let (header, line) = note.text().split_once('\n').ok_or(StatementError::Header)?;
        if ![REAL, EXERCISE].contains(&header) {
            return Err(StatementError::Header);
        }
        if header != header_of(trust.purpose()) {
            return Err(StatementError::Purpose);
        }
        let json = line.strip_suffix('\n').ok_or(StatementError::Body)?;
        let read: Self = serde_json::from_str(json).map_err(|_| StatementError::Body)?;
        if read.text(trust.purpose())? != note.text() {
            return Err(StatementError::Body);
        }
        Ok((read, sha256(note.text().as_bytes())))
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.says {
            Says::Run(run) if run.stop.is_some() => "end of run",
            Says::Run(_) => "hour of run",
            Says::Expiry(_) => "expiry",
            Says::Restore(_) => "restore",
        };
        write!(f, "{} {what}", self.sequence)
    }
}

const fn header_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Real => REAL,
        Purpose::Exercise => EXERCISE,
    }
}
