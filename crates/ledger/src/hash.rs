//! RFC 6962 section 2.1 hashing.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::encoding::{base64_32, base64_text};

/// A SHA-256 value: a leaf hash, a node of the tree or a root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Root of the tree without leaves: the hash of the empty string (RFC 6962 section 2.1).
    pub fn empty_root() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// Hash of a leaf holding `entry`: SHA-256(0x00 || entry) (RFC 6962 section 2.1).
    pub fn leaf(entry: &[u8]) -> Self {
        Self(
            Sha256::new()
                .chain_update([0x00])
                .chain_update(entry)
                .finalize()
                .into(),
        )
    }

    /// Hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962 section 2.1).
    pub fn node(left: &Self, right: &Self) -> Self {
        let digest = Sha256::new()
            .chain_update([0x01])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize();
        Self(digest.into())
    }

    /// Takes over 32 bytes that are already a hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads strict standard Base 64 (44 characters); `None` for anything else.
    pub fn from_base64(text: &str) -> Option<Self> {
        base64_32(text).map(Self)
    }

    /// Splits a tile body into its hashes; `None` unless the length is a multiple of 32.
    pub fn split_all(bytes: &[u8]) -> Option<Vec<Self>> {
        let (chunks, rest) = bytes.as_chunks::<32>();
        rest.is_empty()
            .then(|| chunks.iter().copied().map(Self).collect())
    }

    /// The bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Standard Base 64, as used in checkpoints and receipts.
    pub fn to_base64(&self) -> String {
        base64_text(&self.0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.to_base64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(hash: Hash) -> String {
        hex::encode(hash.as_bytes())
    }

    #[test]
    fn the_empty_tree_has_the_root_of_the_empty_string() {
        assert_eq!(
            hex(Hash::empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn the_empty_leaf_is_not_the_empty_tree() {
        assert_eq!(
            hex(Hash::leaf(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    #[test]
    fn base64_round_trips_and_other_lengths_are_refused() {
        let hash = Hash::leaf(b"x");
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        assert_eq!(Hash::from_base64("AA=="), None);
        assert_eq!(Hash::split_all(&[0; 33]), None);
        assert_eq!(Hash::split_all(&[0; 64]).map(|all| all.len()), Some(2));
    }
}
