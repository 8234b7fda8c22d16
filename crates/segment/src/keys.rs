//! Wrapping of keys to a public key: HPKE (RFC 9180), base mode.

use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use warrant::PublicKey;
use zeroize::Zeroizing;

use crate::error::SegmentError;

type Kem = X25519HkdfSha256;

/// The suite, as key files name it.
pub(crate) const SUITE: &str = "x25519-hkdf-sha256, hkdf-sha256, chacha20poly1305";
const PREFIX: &str = "x25519-private:";

/// A random key of 32 bytes, wiped when dropped and never shown.
pub(crate) type Key32 = Zeroizing<[u8; 32]>;

pub(crate) fn random_key() -> Result<Key32, SegmentError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| SegmentError::Random)?;
    Ok(key)
}

/// A key that only the holder of a private key can unwrap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// The encapsulated key.
    pub(crate) encapsulated: Vec<u8>,
    /// The key under the derived secret, with its tag.
    pub(crate) sealed: Vec<u8>,
}

/// Wraps `key`; `purpose` separates uses, `bound` is what the wrapping vouches for.
pub(crate) fn wrap(
    key: &Key32,
    to: &PublicKey,
    purpose: &[u8],
    bound: &[u8],
) -> Result<Wrapped, SegmentError> {
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(to.as_bytes());
    let public = public.map_err(|_| SegmentError::PublicKey)?;
    let (encapsulated, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &public,
        purpose,
        key.as_slice(),
        bound,
    )
    .map_err(|_| SegmentError::PublicKey)?;
    Ok(Wrapped {
        encapsulated: encapsulated.to_bytes().to_vec(),
        sealed,
    })
}

/// The private key of the analysis office, or of the committee for re-identification.
///
/// Text form: `x25519-private:` and 64 hexadecimal digits. Wiped when dropped, never shown.
pub struct PrivateKey(Key32);

impl PrivateKey {
    /// Makes a new key.
    pub fn generate() -> Result<Self, SegmentError> {
        random_key().map(Self)
    }

    /// Reads the text form; white space around it is left out.
    pub fn parse(text: &str) -> Result<Self, SegmentError> {
        let digits = text.trim().strip_prefix(PREFIX);
        let digits = digits.ok_or(SegmentError::PrivateKey)?;
        let mut key = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(digits, key.as_mut_slice()).map_err(|_| SegmentError::PrivateKey)?;
        Ok(Self(key))
    }

    /// Writes the text form, wiped when dropped. Keep it in a file only its owner can read.
    pub fn to_text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::encode(self.0.as_slice()));
        Zeroizing::new(format!("{PREFIX}{}\n", *digits))
    }

    /// The public key, as a warrant names it.
    pub fn public(&self) -> Result<PublicKey, SegmentError> {
        let public = Kem::sk_to_pk(&self.secret()?).to_bytes();
        let bytes: [u8; 32] = public
            .as_slice()
            .try_into()
            .map_err(|_| SegmentError::PrivateKey)?;
        PublicKey::from_bytes(bytes).map_err(|_| SegmentError::PrivateKey)
    }

    pub(crate) fn unwrap(
        &self,
        wrapped: &Wrapped,
        purpose: &[u8],
        bound: &[u8],
    ) -> Result<Key32, SegmentError> {
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(&wrapped.encapsulated);
        let encapsulated = encapsulated.map_err(|_| SegmentError::KeyFile)?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.secret()?,
            &encapsulated,
            purpose,
            &wrapped.sealed,
            bound,
        );
        let opened = Zeroizing::new(opened.map_err(|_| SegmentError::OtherKey)?);
        let mut key = Zeroizing::new([0_u8; 32]);
        if opened.len() != key.len() {
            return Err(SegmentError::KeyFile);
        }
        key.copy_from_slice(&opened);
        Ok(key)
    }

    fn secret(&self) -> Result<<Kem as hpke::Kem>::PrivateKey, SegmentError> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(self.0.as_slice())
            .map_err(|_| SegmentError::PrivateKey)
    }
}

/// Hides the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(***)")
    }
}
