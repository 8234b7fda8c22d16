//! What a log keeps of an act: a commitment that reveals nothing.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::canonical::{CanonicalError, canonical_json};
use crate::encoding::{base64_32, base64_text};
use crate::hash::Hash;

/// Domain tag of a commitment, final newline included.
const DOMAIN: &[u8] = b"noroshi-commitment/v1\n";

/// Why a leaf entry was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LeafError {
    #[error("salt is not 32 bytes of standard Base 64")]
    Salt,
    #[error(
        "public act code is not 1 to {} of a-z, 0-9, dot, dash and underscore",
        ActCode::MAX_CHARS
    )]
    Code,
    #[error("entry has an unknown version or a wrong length")]
    Form,
    #[error("record does not carry the public act code as its member `act`")]
    CodeMismatch,
    #[error("record has no canonical form")]
    Record(#[source] CanonicalError),
}

/// 32 random bytes that keep a commitment from being guessed.
///
/// Whoever has the record and the salt can open the commitment, so `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Takes over 32 bytes from a cryptographic random source.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn from_base64(text: &str) -> Result<Self, LeafError> {
        base64_32(text).map(Self).ok_or(LeafError::Salt)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn to_base64(self) -> String {
        base64_text(&self.0)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(***)")
    }
}

/// SHA-256 over domain tag, salt and the canonical JSON of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// Commits to `canonical`, the output of [`canonical_json`].
    pub fn new(salt: &Salt, canonical: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(salt.0)
            .chain_update(canonical)
            .finalize();
        Self(digest.into())
    }

    /// Commits to a record.
    pub fn of_record(salt: &Salt, record: &Value) -> Result<Self, LeafError> {
        let canonical = canonical_json(record).map_err(LeafError::Record)?;
        Ok(Self::new(salt, &canonical))
    }

    /// Takes over 32 bytes that are already a commitment, for example from the database.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Public code of an act in a measures log, for the counts of the report to the Diet.
///
/// Invariant: 1 to 64 characters of `a-z 0-9 . - _`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActCode(String);

impl ActCode {
    pub const MAX_CHARS: usize = 64;

    pub fn parse(raw: &str) -> Result<Self, LeafError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
        if raw.is_empty() || Self::MAX_CHARS < raw.len() || !raw.bytes().all(allowed) {
            return Err(LeafError::Code);
        }
        Ok(Self(raw.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The bytes a leaf holds and an entry bundle publishes.
///
/// Version 1: `0x01 || commitment`. Version 2: `0x02 || commitment || public act code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    commitment: Commitment,
    code: Option<ActCode>,
}

impl Entry {
    const SEALED: u8 = 1;
    const CODED: u8 = 2;

    /// An entry that reveals nothing (version 1).
    pub const fn sealed(commitment: Commitment) -> Self {
        Self {
            commitment,
            code: None,
        }
    }

    /// An entry of a measures log, with its public act code (version 2).
    pub const fn coded(commitment: Commitment, code: ActCode) -> Self {
        Self {
            commitment,
            code: Some(code),
        }
    }

    /// The entry of `record`. With a `code`, the record must carry it as its member `act`, so that the
    /// public code cannot say something else than the sealed act.
    pub fn of_record(
        salt: &Salt,
        record: &Value,
        code: Option<&ActCode>,
    ) -> Result<Self, LeafError> {
        if let Some(code) = code {
            let named = record.get("act").and_then(Value::as_str);
            if named != Some(code.as_str()) {
                return Err(LeafError::CodeMismatch);
            }
        }
        let commitment = Commitment::of_record(salt, record)?;
        Ok(Self {
            commitment,
            code: code.cloned(),
        })
    }

    /// Reads the bytes of an entry bundle.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        let (version, rest) = bytes.split_first().ok_or(LeafError::Form)?;
        let (commitment, code) = rest.split_first_chunk::<32>().ok_or(LeafError::Form)?;
        let commitment = Commitment::from_bytes(*commitment);
        match (*version, code) {
            (Self::SEALED, []) => Ok(Self::sealed(commitment)),
            (Self::CODED, code) => {
                let text = str::from_utf8(code).map_err(|_| LeafError::Code)?;
                Ok(Self::coded(commitment, ActCode::parse(text)?))
            }
            _ => Err(LeafError::Form),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.code {
            None => [&[Self::SEALED][..], &self.commitment.0].concat(),
            Some(code) => [
                &[Self::CODED][..],
                &self.commitment.0,
                code.as_str().as_bytes(),
            ]
            .concat(),
        }
    }

    pub const fn commitment(&self) -> &Commitment {
        &self.commitment
    }

    pub const fn code(&self) -> Option<&ActCode> {
        self.code.as_ref()
    }

    /// Hash of the leaf that holds this entry.
    pub fn leaf_hash(&self) -> Hash {
        Hash::leaf(&self.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_commitment_changes_with_salt_and_record() {
        let (one, two) = (Salt::from_bytes([1; 32]), Salt::from_bytes([2; 32]));
        let record = json!({"act": "incident.file_prompt", "n": 1});
        let base = Commitment::of_record(&one, &record).unwrap();
        assert_ne!(base, Commitment::of_record(&two, &record).unwrap());
        assert_ne!(
            base,
            Commitment::of_record(&one, &json!({"act": "x", "n": 1})).unwrap()
        );
        assert_eq!(
            base,
            Commitment::of_record(&one, &json!({"n": 1, "act": "incident.file_prompt"})).unwrap()
        );
    }

    #[test]
    fn a_commitment_follows_the_published_formula() {
        let digest = Sha256::digest([&b"noroshi-commitment/v1\n"[..], &[7; 32], b"{}"].concat());
        let want: [u8; 32] = digest.into();
        assert_eq!(
            Commitment::new(&Salt::from_bytes([7; 32]), "{}").as_bytes(),
            &want
        );
    }

    #[test]
    fn entries_round_trip_and_other_bytes_are_refused() {
        let commitment = Commitment::from_bytes([9; 32]);
        let sealed = Entry::sealed(commitment);
        let coded = Entry::coded(commitment, ActCode::parse("measure.approve").unwrap());
        for entry in [&sealed, &coded] {
            assert_eq!(Entry::parse(&entry.to_bytes()).as_ref(), Ok(entry));
        }
        assert_ne!(sealed.leaf_hash(), coded.leaf_hash());
        for bytes in [&[][..], &[1; 32], &[1; 34], &[3; 33], &[2; 33]] {
            assert!(Entry::parse(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_public_code_must_be_the_act_of_the_record() {
        let salt = Salt::from_bytes([3; 32]);
        let code = ActCode::parse("measure.approve").unwrap();
        let entry = |record| Entry::of_record(&salt, &record, Some(&code));
        assert!(entry(json!({"act": "measure.approve"})).is_ok());
        assert_eq!(
            entry(json!({"act": "measure.refuse"})),
            Err(LeafError::CodeMismatch)
        );
        assert_eq!(entry(json!({})), Err(LeafError::CodeMismatch));
        assert_eq!(entry(json!(["act"])), Err(LeafError::CodeMismatch));
    }

    #[test]
    fn debug_does_not_show_the_salt() {
        assert_eq!(format!("{:?}", Salt::from_bytes([1; 32])), "Salt(***)");
    }
}
