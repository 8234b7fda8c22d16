//! Names and keys of signers: C2SP signed-note verifier and signer keys.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::encoding::{base64_bytes, base64_text};
use crate::note::{NoteError, Signature};

/// Why a key or key name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("key name is empty, too long, or holds a space, a plus sign or a control character")]
    Name,
    #[error("key is not of the form name+hash+base64")]
    Form,
    #[error("key has an algorithm that is not supported")]
    Algorithm,
    #[error("key bytes are not a usable Ed25519 key")]
    Material,
    #[error("key hash does not belong to this name and key")]
    Hash,
    #[error("a time-stamped signature may only be made over a checkpoint with a time")]
    NeedsTime,
    #[error("a log key signs without a time")]
    TakesNoTime,
    #[error("time is outside what a cosignature can hold")]
    Time,
}

/// Name of a key (C2SP signed-note): not empty, without Unicode spaces and plus signs.
///
/// Invariant: 1 to 256 characters, no white space, no `+`, no control character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    pub const MAX_CHARS: usize = 256;

    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if raw.is_empty() || Self::MAX_CHARS < raw.chars().count() || raw.chars().any(refused) {
            return Err(KeyError::Name);
        }
        Ok(Self(raw.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a key signs, and how (C2SP signed-note "Signature types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Type 0x01: Ed25519 over the note text. Logs and the committee sign with it.
    Ed25519,
    /// Type 0x04: time-stamped Ed25519 over a checkpoint (C2SP tlog-cosignature). Witnesses use it.
    CosignatureV1,
}

impl Algorithm {
    /// The signature type identifier byte.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

/// First four bytes of a hash over name, type and public key; with the name it identifies a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) [u8; 4]);

impl KeyId {
    fn of(name: &KeyName, algorithm: Algorithm, public: &[u8; 32]) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(name.as_str())
            .chain_update(b"\n")
            .chain_update([algorithm.code()])
            .chain_update(public)
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        Self([a, b, c, d])
    }

    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A public key with its name: the `name+hash+base64` text of C2SP signed-note ("vkey").
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Longest text that is looked at.
    pub const MAX_CHARS: usize = 512;

    /// Makes a verifier key from raw public key bytes; weak (small order) keys are refused.
    pub fn new(name: KeyName, algorithm: Algorithm, public: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| KeyError::Material)?;
        if key.is_weak() {
            return Err(KeyError::Material);
        }
        let id = KeyId::of(&name, algorithm, public);
        Ok(Self {
            name,
            id,
            algorithm,
            key,
        })
    }

    /// Reads `name+hash+base64(type || public key)`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if Self::MAX_CHARS < text.len() {
            return Err(KeyError::Form);
        }
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        let (hash, material) = rest.split_once('+').ok_or(KeyError::Form)?;
        let (algorithm, public) = split_material(material)?;
        let key = Self::new(KeyName::parse(name)?, algorithm, &public)?;
        if key.id.to_string() != hash {
            return Err(KeyError::Hash);
        }
        Ok(key)
    }

    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    pub const fn id(&self) -> KeyId {
        self.id
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The 32 public key bytes.
    pub fn public_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Says whether `signature` claims to be of this key: same name and same id.
    pub fn claims(&self, signature: &Signature) -> bool {
        self.id == signature.id() && self.name == *signature.name()
    }

    /// Verifies `signature` over `text`; gives the time of a cosignature, in seconds since 1970.
    pub(crate) fn check(
        &self,
        text: &str,
        signature: &Signature,
    ) -> Result<Option<u64>, NoteError> {
        if !self.claims(signature) {
            return Err(NoteError::BadSignature);
        }
        match self.algorithm {
            Algorithm::Ed25519 => {
                self.strict(text.as_bytes(), signature.bytes())?;
                Ok(None)
            }
            Algorithm::CosignatureV1 => {
                let (stamp, raw) = signature
                    .bytes()
                    .split_first_chunk::<8>()
                    .ok_or(NoteError::BadSignature)?;
                let time = u64::from_be_bytes(*stamp);
                let message = cosigned_message(text, time).ok_or(NoteError::BadSignature)?;
                self.strict(message.as_bytes(), raw)?;
                Ok(Some(time))
            }
        }
    }

    fn strict(&self, message: &[u8], raw: &[u8]) -> Result<(), NoteError> {
        let signature = ed25519_dalek::Signature::from_slice(raw);
        let verdict = signature.and_then(|one| self.key.verify_strict(message, &one));
        verdict.map_err(|_| NoteError::BadSignature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[self.algorithm.code()][..], self.public_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, self.id, base64_text(&material))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// A private key with its name; wiped from memory when dropped, never shown by `Debug`.
///
/// Text form: `PRIVATE+KEY+name+hash+base64(type || seed)` (the signer key of the Go note package).
pub struct SignerKey {
    verifier: VerifierKey,
    key: SigningKey,
}

impl SignerKey {
    /// Makes a new key from 32 random bytes that `fill` writes.
    pub fn generate(
        name: KeyName,
        algorithm: Algorithm,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        fill(seed.as_mut_slice());
        if seed.iter().all(|byte| *byte == 0) {
            return Err(KeyError::Material); // `fill` did nothing
        }
        Self::from_seed(name, algorithm, &seed)
    }

    /// Makes the key that belongs to a 32-byte seed (RFC 8032 private key).
    pub fn from_seed(
        name: KeyName,
        algorithm: Algorithm,
        seed: &[u8; 32],
    ) -> Result<Self, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, algorithm, key.verifying_key().as_bytes())?;
        Ok(Self { verifier, key })
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if VerifierKey::MAX_CHARS < text.len() {
            return Err(KeyError::Form);
        }
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(KeyError::Form)?;
        let (name, rest) = rest.split_once('+').ok_or(KeyError::Form)?;
        let (hash, material) = rest.split_once('+').ok_or(KeyError::Form)?;
        let (algorithm, seed) = split_material(material)?;
        let signer = Self::from_seed(KeyName::parse(name)?, algorithm, &seed)?;
        if signer.verifier.id.to_string() != hash {
            return Err(KeyError::Hash);
        }
        Ok(signer)
    }

    /// Writes the text form, wiped when dropped. Keep it in a file only its owner can read.
    pub fn to_text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(self.key.to_bytes());
        let material = Zeroizing::new([&[self.verifier.algorithm.code()][..], &*seed].concat());
        let encoded = Zeroizing::new(base64_text(&material));
        let VerifierKey { name, id, .. } = &self.verifier;
        Zeroizing::new(format!("PRIVATE+KEY+{name}+{id}+{}", *encoded))
    }

    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a note text with a plain Ed25519 key.
    pub fn sign(&self, text: &str) -> Result<Signature, KeyError> {
        match self.verifier.algorithm {
            Algorithm::Ed25519 => {
                let raw = self.key.sign(text.as_bytes()).to_bytes().to_vec();
                Ok(Signature::new(
                    self.verifier.name.clone(),
                    self.verifier.id,
                    raw,
                ))
            }
            Algorithm::CosignatureV1 => Err(KeyError::NeedsTime),
        }
    }

    /// Cosigns a checkpoint text at `time`, seconds since 1970 (C2SP tlog-cosignature).
    pub fn cosign(&self, text: &str, time: u64) -> Result<Signature, KeyError> {
        match self.verifier.algorithm {
            Algorithm::Ed25519 => Err(KeyError::TakesNoTime),
            Algorithm::CosignatureV1 => {
                let message = cosigned_message(text, time).ok_or(KeyError::Time)?;
                let raw = self.key.sign(message.as_bytes()).to_bytes();
                let stamped = [&time.to_be_bytes()[..], &raw[..]].concat();
                Ok(Signature::new(
                    self.verifier.name.clone(),
                    self.verifier.id,
                    stamped,
                ))
            }
        }
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SignerKey({}+{}, ***)",
            self.verifier.name, self.verifier.id
        )
    }
}

/// The signed message of a version 1 cosignature; times above 2^63 - 1 are not allowed.
fn cosigned_message(text: &str, time: u64) -> Option<String> {
    i64::try_from(time).ok()?;
    Some(format!("cosignature/v1\ntime {time}\n{text}"))
}

fn split_material(text: &str) -> Result<(Algorithm, Zeroizing<[u8; 32]>), KeyError> {
    let bytes = Zeroizing::new(base64_bytes(text).ok_or(KeyError::Form)?);
    let (code, rest) = bytes.split_first().ok_or(KeyError::Form)?;
    let algorithm = Algorithm::from_code(*code).ok_or(KeyError::Algorithm)?;
    let key: [u8; 32] = rest.try_into().map_err(|_| KeyError::Material)?;
    Ok((algorithm, Zeroizing::new(key)))
}
