//! C2SP signed-note: text with signature lines.

mod key;
#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

pub use self::key::{Algorithm, KeyError, KeyId, KeyName, SignerKey, VerifierKey};
use crate::encoding::{base64_bytes, base64_text};

const DASH: &str = "\u{2014} ";

/// Why a note was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    #[error("note is larger than {} bytes", Note::MAX_BYTES)]
    TooLarge,
    #[error("note is not valid UTF-8 or holds a control character")]
    Characters,
    #[error("note has no blank line between text and signatures")]
    NoSignatures,
    #[error("note has more than {} signatures", Note::MAX_SIGNATURES)]
    TooManySignatures,
    #[error("note has a malformed signature line")]
    SignatureLine,
    #[error("note text is empty or does not end in a newline")]
    Text,
    #[error("a signature of a known key does not fit the text")]
    BadSignature,
    #[error("note has fewer than {required} signatures of trusted keys: {found}")]
    TooFewSignatures { found: usize, required: usize },
}

/// One signature line: key name, key id, and the bytes the algorithm defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: KeyName,
    id: KeyId,
    bytes: Vec<u8>,
}

impl Signature {
    /// Longest signature accepted, in bytes; post-quantum signatures stay below it.
    pub const MAX_BYTES: usize = 8192;

    pub(crate) const fn new(name: KeyName, id: KeyId, bytes: Vec<u8>) -> Self {
        Self { name, id, bytes }
    }

    /// Reads one line, without its newline.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix(DASH).ok_or(NoteError::SignatureLine)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::SignatureLine)?;
        let name = KeyName::parse(name).map_err(|_| NoteError::SignatureLine)?;
        let decoded = base64_bytes(encoded).ok_or(NoteError::SignatureLine)?;
        let (id, bytes) = decoded
            .split_first_chunk::<4>()
            .ok_or(NoteError::SignatureLine)?;
        if bytes.is_empty() || Self::MAX_BYTES < bytes.len() {
            return Err(NoteError::SignatureLine);
        }
        Ok(Self {
            name,
            id: KeyId(*id),
            bytes: bytes.to_vec(),
        })
    }

    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    pub const fn id(&self) -> KeyId {
        self.id
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The signature line, ending in a newline.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamped = [&self.id.0[..], &self.bytes].concat();
        writeln!(f, "{DASH}{} {}", self.name, base64_text(&stamped))
    }
}

/// A signature that was verified against a trusted key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Position of the key in the list the note was verified against.
    pub key_index: usize,
    /// Name of the key.
    pub name: KeyName,
    /// Id of the key.
    pub id: KeyId,
    /// Time of a cosignature in seconds since 1970; `None` for plain Ed25519.
    pub time: Option<u64>,
}

/// Text and its signature lines (C2SP signed-note).
///
/// Invariant: the text is valid, not empty, ends in a newline, and holds no control characters but newlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// Largest note accepted, in bytes.
    pub const MAX_BYTES: usize = 1_000_000;
    /// Most signatures accepted; the specification asks for at least 16.
    pub const MAX_SIGNATURES: usize = 64;

    /// Makes a note of `text`, which must end in a newline, without signatures so far.
    pub fn unsigned(text: &str) -> Result<Self, NoteError> {
        if Self::MAX_BYTES < text.len() {
            return Err(NoteError::TooLarge);
        }
        check_characters(text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        Ok(Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        })
    }

    /// Reads a signed note; at least one signature line is required. Verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(NoteError::TooLarge);
        }
        let all = str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        check_characters(all)?;
        // The last blank line separates; the text keeps its own final newline.
        let (head, tail) = all.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        let lines = tail.strip_suffix('\n').ok_or(NoteError::SignatureLine)?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == Self::MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(Signature::parse(line)?);
        }
        if head.is_empty() {
            return Err(NoteError::Text);
        }
        Ok(Self {
            text: format!("{head}\n"),
            signatures,
        })
    }

    /// The signed text, final newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line. A line of the same key replaces the earlier one.
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        self.signatures
            .retain(|old| old.name != signature.name || old.id != signature.id);
        if self.signatures.len() == Self::MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Verifies every line that claims to be of one of `keys`; lines of other keys are ignored.
    ///
    /// Fails when a line of a known key does not fit the text. Each key is returned at most once,
    /// in the order of `keys`; an empty result is not an error here, see [`Self::require`].
    pub fn confirm(&self, keys: &[VerifierKey]) -> Result<Vec<Confirmed>, NoteError> {
        let mut confirmed = Vec::new();
        for (key_index, key) in keys.iter().enumerate() {
            let mut seen = None;
            for signature in self.signatures.iter().filter(|line| key.claims(line)) {
                let time = key.check(&self.text, signature)?;
                seen = seen.or(Some(time));
            }
            if let Some(time) = seen {
                confirmed.push(Confirmed {
                    key_index,
                    name: key.name().clone(),
                    id: key.id(),
                    time,
                });
            }
        }
        Ok(confirmed)
    }

    /// Requires valid signatures of at least `required` different names among `keys` (k of n).
    ///
    /// `required` of zero is read as one: an unsigned note is never trusted.
    pub fn require(
        &self,
        keys: &[VerifierKey],
        required: usize,
    ) -> Result<Vec<Confirmed>, NoteError> {
        let required = required.max(1);
        let confirmed = self.confirm(keys)?;
        let found = distinct_signers(keys, &confirmed);
        if found < required {
            return Err(NoteError::TooFewSignatures { found, required });
        }
        Ok(confirmed)
    }
}

/// The whole note: text, blank line, signature lines.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            write!(f, "{signature}")?;
        }
        Ok(())
    }
}

/// Counts signers: two keys of one name, or one key under two names, are one signer.
pub(crate) fn distinct_signers(keys: &[VerifierKey], confirmed: &[Confirmed]) -> usize {
    let mut counted: Vec<&VerifierKey> = Vec::new();
    for key in confirmed.iter().filter_map(|one| keys.get(one.key_index)) {
        let same = |old: &&VerifierKey| {
            old.name() == key.name() || old.public_bytes() == key.public_bytes()
        };
        if !counted.iter().any(same) {
            counted.push(key);
        }
    }
    counted.len()
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Characters);
    }
    Ok(())
}
