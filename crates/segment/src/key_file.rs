//! The file beside a segment that holds its wrapped key, and the one of a run with the key of pseudonyms.

use ids::Digest;
use jiff::Timestamp;
use ledger::canonical_json;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use warrant::{PublicKey, Purpose};

use crate::error::SegmentError;
use crate::keys::{Key32, PrivateKey, SUITE, Wrapped, wrap};

const SEGMENT: &str = "noroshi-segment-key/v1";
const SEGMENT_EXERCISE: &str = "noroshi-exercise-segment-key/v1";
const PSEUDONYMS: &str = "noroshi-pseudonym-key/v1";
const PSEUDONYMS_EXERCISE: &str = "noroshi-exercise-pseudonym-key/v1";

/// Which of the two keys a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    Segment,
    Pseudonyms,
}

const fn format_of(usage: KeyUse, purpose: Purpose) -> &'static str {
    match (usage, purpose) {
        (KeyUse::Segment, Purpose::Real) => SEGMENT,
        (KeyUse::Segment, Purpose::Exercise) => SEGMENT_EXERCISE,
        (KeyUse::Pseudonyms, Purpose::Real) => PSEUDONYMS,
        (KeyUse::Pseudonyms, Purpose::Exercise) => PSEUDONYMS_EXERCISE,
    }
}

/// What a wrapped key belongs to; changing any of it makes the key impossible to unwrap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTerms {
    format: String,
    suite: String,
    /// Name of the segment, or of the run.
    pub name: String,
    pub warrant: Digest,
    /// The public key it is wrapped to.
    pub to: PublicKey,
    /// SHA-256 of the encrypted segment; `None` for the key of pseudonyms.
    pub digest: Option<Digest>,
    pub records: u64,
    /// When the segment has to be destroyed at the latest, in UTC.
    pub expires: String,
}

/// A key file: JSON, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    pub(crate) terms: KeyTerms,
    encapsulated: String,
    wrapped: String,
}

/// What is new about a key that is about to be wrapped.
pub(crate) struct KeyDraft<'d> {
    pub(crate) usage: KeyUse,
    pub(crate) purpose: Purpose,
    pub(crate) name: &'d str,
    pub(crate) warrant: Digest,
    pub(crate) to: PublicKey,
    pub(crate) digest: Option<Digest>,
    pub(crate) records: u64,
    pub(crate) expires: Timestamp,
}

impl KeyTerms {
    /// When the segment has to be destroyed at the latest.
    pub fn expires_at(&self) -> Result<Timestamp, SegmentError> {
        self.expires.parse().map_err(|_| SegmentError::KeyFile)
    }

    /// Says whether the segment belongs to an exercise (演習).
    pub fn purpose(&self) -> Result<Purpose, SegmentError> {
        match self.format.as_str() {
            SEGMENT | PSEUDONYMS => Ok(Purpose::Real),
            SEGMENT_EXERCISE | PSEUDONYMS_EXERCISE => Ok(Purpose::Exercise),
            _ => Err(SegmentError::KeyFile),
        }
    }

    fn bound(&self) -> Result<String, SegmentError> {
        let value = serde_json::to_value(self).map_err(|_| SegmentError::KeyFile)?;
        canonical_json(&value).map_err(|_| SegmentError::KeyFile)
    }
}

impl KeyFile {
    pub(crate) fn wrap(key: &Key32, draft: &KeyDraft<'_>) -> Result<Self, SegmentError> {
        let terms = KeyTerms {
            format: format_of(draft.usage, draft.purpose).to_owned(),
            suite: SUITE.to_owned(),
            name: draft.name.to_owned(),
            warrant: draft.warrant,
            to: draft.to,
            digest: draft.digest,
            records: draft.records,
            expires: draft.expires.to_string(),
        };
        let bound = terms.bound()?;
        let wrapped = wrap(key, &draft.to, terms.format.as_bytes(), bound.as_bytes())?;
        Ok(Self {
            terms,
            encapsulated: hex::encode(wrapped.encapsulated),
            wrapped: hex::encode(wrapped.sealed),
        })
    }

    pub(crate) fn unwrap(&self, usage: KeyUse, key: &PrivateKey) -> Result<Key32, SegmentError> {
        let purpose = self.terms.purpose()?;
        if self.terms.format != format_of(usage, purpose) || self.terms.suite != SUITE {
            return Err(SegmentError::KeyFile);
        }
        let wrapped = Wrapped {
            encapsulated: hex::decode(&self.encapsulated).map_err(|_| SegmentError::KeyFile)?,
            sealed: hex::decode(&self.wrapped).map_err(|_| SegmentError::KeyFile)?,
        };
        let bound = self.terms.bound()?;
        key.unwrap(&wrapped, self.terms.format.as_bytes(), bound.as_bytes())
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, SegmentError> {
        let read: Self = serde_json::from_slice(bytes).map_err(|_| SegmentError::KeyFile)?;
        if read.to_bytes()? != bytes {
            return Err(SegmentError::KeyFile);
        }
        Ok(read)
    }

    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, SegmentError> {
        let value = serde_json::to_value(self).map_err(|_| SegmentError::KeyFile)?;
        let json = canonical_json(&value).map_err(|_| SegmentError::KeyFile)?;
        Ok(format!("{json}\n").into_bytes())
    }
}

/// SHA-256 of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}
