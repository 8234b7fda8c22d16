//! The committee's word that a warrant ends now.

use ids::Digest;
use jiff::Timestamp;
use ledger::{Note, canonical_json};
use serde::{Deserialize, Serialize};

use crate::signed::{Refusal, Warrant, confirm};
use crate::terms::{TermsError, instant};
use crate::trust::{Purpose, Trust};

const REAL: &str = "noroshi-warrant-revocation/v1";
const EXERCISE: &str = "noroshi-exercise-warrant-revocation/v1";

/// What a revocation note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Digest of the text of the warrant.
    pub warrant: Digest,
    /// When it was decided.
    #[serde(with = "instant")]
    pub at: Timestamp,
}

/// What a file at the place of revocations means for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RevocationFound {
    /// There is nothing, or the note is about another warrant.
    None,
    /// A member revoked this warrant.
    Revoked,
    /// There is something that cannot be verified. Selecting stops: stopping is the safe side.
    Unclear,
}

impl Revocation {
    /// Writes the text, ready to be signed by a member.
    pub fn note(&self, purpose: Purpose) -> Result<Note, Refusal> {
        let text = self.text(purpose);
        let text = text.ok_or(Refusal::Terms(TermsError::Body))?;
        Note::unsigned(&text).map_err(Refusal::Note)
    }

    /// Reads and verifies a note. One member is enough, whatever the threshold: nobody has to wait
    /// for a second signature to stop.
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self, Refusal> {
        let note = Note::parse(bytes).map_err(Refusal::Note)?;
        confirm(&note, trust.members(), 1)?;
        let (header, line) = note.text().split_once('\n').ok_or(Refusal::Header)?;
        if header != header_of(trust.purpose()) {
            return Err(Refusal::Header);
        }
        let json = line.strip_suffix('\n').unwrap_or(line);
        let read: Self =
            serde_json::from_str(json).map_err(|_| Refusal::Terms(TermsError::Body))?;
        if read.text(trust.purpose()).as_deref() != Some(note.text()) {
            return Err(Refusal::Terms(TermsError::Body));
        }
        Ok(read)
    }

    /// Says what the bytes of a file at the place of revocations mean for `warrant`.
    pub fn found(bytes: &[u8], warrant: &Warrant, trust: &Trust) -> RevocationFound {
        match Self::verify(bytes, trust) {
            Ok(read) if read.warrant == *warrant.digest() => RevocationFound::Revoked,
            Ok(_) => RevocationFound::None,
            Err(_) => RevocationFound::Unclear,
        }
    }

    fn text(&self, purpose: Purpose) -> Option<String> {
        let value = serde_json::to_value(self).ok()?;
        let json = canonical_json(&value).ok()?;
        Some(format!("{}\n{json}\n", header_of(purpose)))
    }
}

const fn header_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Real => REAL,
        Purpose::Exercise => EXERCISE,
    }
}
