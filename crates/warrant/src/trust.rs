//! Whom an equipment believes: a short text file of pinned keys.

use std::fmt;

use ids::Digest;
use ledger::{Algorithm, VerifierKey};
use thiserror::Error;

use crate::digest::sha256;

const REAL: &str = "noroshi-select-trust/v1";
const EXERCISE: &str = "noroshi-exercise-select-trust/v1";
/// First part of the name of every key of an exercise (演習), and of no other.
const EXERCISE_PREFIX: &str = "exercise/";

/// Why a trust file was refused; `line` counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrustError {
    #[error(
        "trust file is larger than {} bytes or not plain text",
        Trust::MAX_BYTES
    )]
    Text,
    #[error("trust file does not begin with {REAL} or {EXERCISE}")]
    Header,
    #[error("line {line}: unknown or malformed directive")]
    Directive { line: usize },
    #[error("line {line}: not an Ed25519 verifier key")]
    Key { line: usize },
    #[error("line {line}: key names of an exercise, and only those, begin with {EXERCISE_PREFIX}")]
    Exercise { line: usize },
    #[error("line {line}: the same public key or name is listed twice")]
    Twice { line: usize },
    #[error("threshold is missing, zero, or above the number of members")]
    Threshold,
    #[error("trust file lists no engine key")]
    NoEngine,
}

/// Whether something has legal effect or belongs to an exercise (演習).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Real,
    Exercise,
}

impl Purpose {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
        }
    }

    /// How the rule book sees it.
    pub const fn mode(self) -> statute::Mode {
        match self {
            Self::Real => statute::Mode::Real,
            Self::Exercise => statute::Mode::Exercise,
        }
    }
}

/// The committee's members, how many of them a warrant needs, and the keys of equipment.
///
/// ```text
/// noroshi-select-trust/v1
/// member NAME+HASH+BASE64
/// threshold 2
/// engine NAME+HASH+BASE64
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    purpose: Purpose,
    members: Vec<VerifierKey>,
    threshold: usize,
    engines: Vec<VerifierKey>,
    digest: Digest,
}

impl Trust {
    /// Largest trust file accepted, in bytes.
    pub const MAX_BYTES: usize = 65_536;

    /// Reads a trust file.
    pub fn parse(bytes: &[u8]) -> Result<Self, TrustError> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(TrustError::Text);
        }
        let text = str::from_utf8(bytes).map_err(|_| TrustError::Text)?;
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(TrustError::Text);
        }
        let mut lines = text.split('\n').enumerate();
        let purpose = match lines.next() {
            Some((_, REAL)) => Purpose::Real,
            Some((_, EXERCISE)) => Purpose::Exercise,
            Some(_) | None => return Err(TrustError::Header),
        };
        let mut draft = Draft {
            purpose,
            members: Vec::new(),
            engines: Vec::new(),
            threshold: None,
        };
        for (number, line) in lines {
            if !line.is_empty() && !line.starts_with('#') {
                draft.read(line, number.saturating_add(1))?;
            }
        }
        let most = draft.members.len();
        let threshold = draft.threshold.filter(|least| (1..=most).contains(least));
        let threshold = threshold.ok_or(TrustError::Threshold)?;
        if draft.engines.is_empty() {
            return Err(TrustError::NoEngine);
        }
        Ok(Self {
            purpose,
            members: draft.members,
            threshold,
            engines: draft.engines,
            digest: sha256(bytes),
        })
    }

    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    pub fn members(&self) -> &[VerifierKey] {
        &self.members
    }

    /// How many members have to sign a warrant.
    pub const fn threshold(&self) -> usize {
        self.threshold
    }

    /// Keys with which equipment signs statements.
    pub fn engines(&self) -> &[VerifierKey] {
        &self.engines
    }

    /// SHA-256 of the file; stands in every statement.
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }
}

/// The trust file.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", header(self.purpose))?;
        for member in &self.members {
            writeln!(f, "member {member}")?;
        }
        writeln!(f, "threshold {}", self.threshold)?;
        for engine in &self.engines {
            writeln!(f, "engine {engine}")?;
        }
        Ok(())
    }
}

const fn header(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Real => REAL,
        Purpose::Exercise => EXERCISE,
    }
}

struct Draft {
    purpose: Purpose,
    members: Vec<VerifierKey>,
    engines: Vec<VerifierKey>,
    threshold: Option<usize>,
}

impl Draft {
    fn read(&mut self, text: &str, line: usize) -> Result<(), TrustError> {
        match text.split_once(' ') {
            Some(("member", key)) => {
                let key = self.read_key(key, line)?;
                self.members.push(key);
            }
            Some(("engine", key)) => {
                let key = self.read_key(key, line)?;
                self.engines.push(key);
            }
            Some(("threshold", number)) => {
                let digits = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
                let least = number.parse().ok().filter(|_| digits);
                let least: usize = least.ok_or(TrustError::Directive { line })?;
                if self.threshold.replace(least).is_some() {
                    return Err(TrustError::Directive { line });
                }
            }
            Some(_) | None => return Err(TrustError::Directive { line }),
        }
        Ok(())
    }

    /// One public key and one name stand for one signer with one role.
    fn read_key(&self, text: &str, line: usize) -> Result<VerifierKey, TrustError> {
        let key = VerifierKey::parse(text).map_err(|_| TrustError::Key { line })?;
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(TrustError::Key { line });
        }
        let exercise = key.name().as_str().starts_with(EXERCISE_PREFIX);
        if exercise != (self.purpose == Purpose::Exercise) {
            return Err(TrustError::Exercise { line });
        }
        let same = |old: &VerifierKey| {
            old.public_bytes() == key.public_bytes() || old.name() == key.name()
        };
        if self.members.iter().chain(&self.engines).any(same) {
            return Err(TrustError::Twice { line });
        }
        Ok(key)
    }
}
