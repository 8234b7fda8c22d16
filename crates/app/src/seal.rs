use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ids::IdSource;

/// Seals small secrets (second factors) at rest with the instance key (XChaCha20-Poly1305).
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&Key::from(*key)),
        }
    }

    /// Seals `secret`; the nonce stands in front. `None` only if the cipher refuses the length.
    pub(crate) fn seal(&self, ids: &dyn IdSource, secret: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; 24];
        ids.fill(&mut nonce);
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), secret).ok()?;
        let mut out = nonce.to_vec();
        out.extend_from_slice(&sealed);
        Some(out)
    }

    /// Opens what [`Sealer::seal`] made; `None` when it was altered or sealed with another key.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        self.cipher.decrypt(&XNonce::from(*nonce), sealed).ok()
    }
}

#[cfg(test)]
mod tests {
    use ids::SeededIds;

    use super::Sealer;

    #[test]
    fn a_sealed_secret_opens_with_its_key_only() {
        let ids = SeededIds::new(1);
        let sealed = Sealer::new(&[1; 32]).seal(&ids, b"secret").unwrap();
        assert_eq!(Sealer::new(&[1; 32]).open(&sealed).unwrap(), b"secret");
        assert!(Sealer::new(&[2; 32]).open(&sealed).is_none());
        assert!(Sealer::new(&[1; 32]).open(&sealed[..10]).is_none());
    }
}
