//! Whom a verifier believes: a short text file of pinned keys.

#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, Origin, SignedCheckpoint};
use crate::encoding::decimal;
use crate::note::{Algorithm, Confirmed, NoteError, VerifierKey, distinct_signers};

const HEADER: &str = "noroshi-trust/v1";

/// Why a trust file was refused; `line` counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrustError {
    #[error(
        "trust file is larger than {} bytes or not plain text",
        Trust::MAX_BYTES
    )]
    Text,
    #[error("trust file does not begin with {HEADER}")]
    Header,
    #[error("line {line}: unknown or malformed directive")]
    Directive { line: usize },
    #[error("line {line}: directive occurs twice")]
    Repeated { line: usize },
    #[error("line {line}: not a verifier key of the right kind")]
    Key { line: usize },
    #[error("line {line}: log key name is not a valid origin")]
    Origin { line: usize },
    #[error("line {line}: the same public key is listed twice")]
    SameKey { line: usize },
    #[error("line {line}: first-size is above last-size")]
    SizeOrder { line: usize },
    #[error("trust file lists no log key")]
    NoLog,
    #[error("quorum is missing, zero, or above the number of witnesses")]
    Quorum,
}

/// Whether receipts of an exercise (演習) are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exercise {
    Refuse,
    Accept,
}

/// A key of a log and the tree sizes for which its signature counts (key rotation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    pub origin: Origin,
    pub key: VerifierKey,
    /// Smallest tree size the key may sign; 0 unless it came by rotation.
    pub first_size: u64,
    /// Largest tree size the key may sign, when it is retired.
    pub last_size: Option<u64>,
}

impl LogKey {
    fn covers(&self, checkpoint: &Checkpoint) -> bool {
        let size = checkpoint.size();
        self.origin == *checkpoint.origin()
            && self.first_size <= size
            && self.last_size.is_none_or(|last| size <= last)
    }
}

/// Pinned keys of logs and witnesses, and how many witnesses are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    logs: Vec<LogKey>,
    witnesses: Vec<VerifierKey>,
    quorum: usize,
    exercise: Exercise,
}

impl Trust {
    /// Largest trust file accepted, in bytes.
    pub const MAX_BYTES: usize = 65_536;

    /// Builds the trust without a file; the same rules apply.
    pub fn new(
        logs: Vec<LogKey>,
        witnesses: Vec<VerifierKey>,
        quorum: usize,
        exercise: Exercise,
    ) -> Result<Self, TrustError> {
        let trust = Self {
            logs,
            witnesses,
            quorum,
            exercise,
        };
        Self::parse(trust.to_string().as_bytes())
    }

    /// Reads a trust file; its lines are described in `docs/ledger/FORMAT.md`.
    pub fn parse(bytes: &[u8]) -> Result<Self, TrustError> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(TrustError::Text);
        }
        let text = str::from_utf8(bytes).map_err(|_| TrustError::Text)?;
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(TrustError::Text);
        }
        let mut lines = text.split('\n').enumerate();
        if lines.next().map(|(_, first)| first) != Some(HEADER) {
            return Err(TrustError::Header);
        }
        let mut draft = Draft::default();
        for (number, text) in lines {
            if !text.is_empty() && !text.starts_with('#') {
                draft.read(text, number.saturating_add(1))?;
            }
        }
        draft.finish()
    }

    pub fn logs(&self) -> &[LogKey] {
        &self.logs
    }

    pub fn witnesses(&self) -> &[VerifierKey] {
        &self.witnesses
    }

    /// How many different witnesses make a checkpoint witnessed; at least 1.
    pub const fn quorum(&self) -> usize {
        self.quorum
    }

    pub const fn exercise(&self) -> Exercise {
        self.exercise
    }

    /// Says whether any key of this log is listed, in force or not.
    pub fn knows(&self, origin: &Origin) -> bool {
        self.logs.iter().any(|log| log.origin == *origin)
    }

    /// Verifies the log signature; returns the keys that signed and were in force at that tree size.
    ///
    /// A line of a listed key that does not fit the text makes the whole note invalid.
    pub fn confirm_log(&self, signed: &SignedCheckpoint) -> Result<Vec<Confirmed>, NoteError> {
        let checkpoint = signed.checkpoint();
        let listed: Vec<VerifierKey> = self
            .logs
            .iter()
            .filter(|log| log.origin == *checkpoint.origin())
            .map(|log| log.key.clone())
            .collect();
        signed.note().confirm(&listed)?;
        let in_force: Vec<VerifierKey> = self
            .logs
            .iter()
            .filter(|log| log.covers(checkpoint))
            .map(|log| log.key.clone())
            .collect();
        signed.note().require(&in_force, 1)
    }

    /// Verifies the cosignatures; returns those of listed witnesses and how many witnesses they are.
    pub fn confirm_witnesses(
        &self,
        signed: &SignedCheckpoint,
    ) -> Result<(Vec<Confirmed>, usize), NoteError> {
        let confirmed = signed.note().confirm(&self.witnesses)?;
        let distinct = distinct_signers(&self.witnesses, &confirmed);
        Ok((confirmed, distinct))
    }
}

/// The trust file.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for log in &self.logs {
            write!(f, "log {}", log.key)?;
            if log.first_size != 0 {
                write!(f, " first-size={}", log.first_size)?;
            }
            if let Some(last) = log.last_size {
                write!(f, " last-size={last}")?;
            }
            writeln!(f)?;
        }
        for witness in &self.witnesses {
            writeln!(f, "witness {witness}")?;
        }
        writeln!(f, "quorum {}", self.quorum)?;
        match self.exercise {
            Exercise::Refuse => writeln!(f, "exercise refuse"),
            Exercise::Accept => writeln!(f, "exercise accept"),
        }
    }
}

#[derive(Default)]
struct Draft {
    logs: Vec<LogKey>,
    witnesses: Vec<VerifierKey>,
    quorum: Option<u64>,
    exercise: Option<Exercise>,
}

impl Draft {
    fn read(&mut self, text: &str, line: usize) -> Result<(), TrustError> {
        let malformed = TrustError::Directive { line };
        let mut words = text.split(' ');
        let (Some(directive), Some(argument)) = (words.next(), words.next()) else {
            return Err(malformed);
        };
        match directive {
            "log" => return self.read_log(argument, words, line),
            "witness" => {
                let key = self.read_key(argument, Algorithm::CosignatureV1, line)?;
                self.witnesses.push(key);
            }
            "quorum" => {
                let quorum = decimal(argument).ok_or(malformed)?;
                if self.quorum.replace(quorum).is_some() {
                    return Err(TrustError::Repeated { line });
                }
            }
            "exercise" => {
                let exercise = match argument {
                    "accept" => Exercise::Accept,
                    "refuse" => Exercise::Refuse,
                    _ => return Err(malformed),
                };
                if self.exercise.replace(exercise).is_some() {
                    return Err(TrustError::Repeated { line });
                }
            }
            _ => return Err(malformed),
        }
        if words.next().is_some() {
            Err(malformed)
        } else {
            Ok(())
        }
    }

    fn read_log<'t>(
        &mut self,
        key: &str,
        options: impl Iterator<Item = &'t str>,
        line: usize,
    ) -> Result<(), TrustError> {
        let key = self.read_key(key, Algorithm::Ed25519, line)?;
        let origin = Origin::parse(key.name().as_str()).map_err(|_| TrustError::Origin { line })?;
        let (mut first, mut last) = (None, None);
        for option in options {
            let malformed = TrustError::Directive { line };
            let (name, size) = option.split_once('=').ok_or(malformed)?;
            let size = decimal(size).ok_or(malformed)?;
            let slot = match name {
                "first-size" => &mut first,
                "last-size" => &mut last,
                _ => return Err(malformed),
            };
            if slot.replace(size).is_some() {
                return Err(TrustError::Repeated { line });
            }
        }
        let first_size = first.unwrap_or(0);
        if last.is_some_and(|last| last < first_size) {
            return Err(TrustError::SizeOrder { line });
        }
        self.logs.push(LogKey {
            origin,
            key,
            first_size,
            last_size: last,
        });
        Ok(())
    }

    /// One public key has one role: a log cannot witness itself, nor a witness count twice.
    fn read_key(
        &self,
        text: &str,
        algorithm: Algorithm,
        line: usize,
    ) -> Result<VerifierKey, TrustError> {
        let key = VerifierKey::parse(text).map_err(|_| TrustError::Key { line })?;
        if key.algorithm() != algorithm {
            return Err(TrustError::Key { line });
        }
        let mut listed = self.logs.iter().map(|log| &log.key).chain(&self.witnesses);
        if listed.any(|old| old.public_bytes() == key.public_bytes()) {
            return Err(TrustError::SameKey { line });
        }
        Ok(key)
    }

    fn finish(self) -> Result<Trust, TrustError> {
        if self.logs.is_empty() {
            return Err(TrustError::NoLog);
        }
        let mut names: Vec<_> = self.witnesses.iter().map(VerifierKey::name).collect();
        names.sort();
        names.dedup();
        let quorum = self.quorum.and_then(|quorum| usize::try_from(quorum).ok());
        let quorum = quorum
            .filter(|quorum| (1..=names.len().max(1)).contains(quorum))
            .ok_or(TrustError::Quorum)?;
        Ok(Trust {
            logs: self.logs,
            witnesses: self.witnesses,
            quorum,
            exercise: self.exercise.unwrap_or(Exercise::Refuse),
        })
    }
}
