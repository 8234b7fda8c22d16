//! RFC 6962 trees: growing, proving, verifying.

mod frontier;
mod prove;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "small numbers in tests"
)]
mod tests;
mod verify;

use std::io;

use thiserror::Error;

pub use self::frontier::Frontier;
pub use self::prove::{consistency_path, inclusion_path, root_at};
pub use self::verify::{verify_consistency, verify_inclusion};
use crate::hash::Hash;

/// Longest proof between trees of up to 2^64 leaves, in hashes.
pub const MAX_PROOF_HASHES: usize = 64;

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    #[error("leaf index is not below the tree size")]
    IndexOutOfRange,
    #[error("the older tree is larger than the newer tree")]
    SizeOrder,
    #[error("proof has a wrong number of hashes")]
    Length,
    #[error("proof does not lead to the root")]
    RootMismatch,
    #[error("proof does not lead to the older root")]
    OldRootMismatch,
}

/// Why the hashes of a stored tree could not be read.
#[derive(Debug, Error)]
pub enum TreeError {
    #[error("leaf index or tree size is outside the tree")]
    OutOfRange,
    #[error("stored tree lacks node {index} of level {level}")]
    Missing { level: u32, index: u64 },
    #[error("stored tile has a wrong length or content")]
    CorruptTile,
    #[error("stored tiles do not lead to the expected root")]
    RootMismatch,
    #[error("entry is too long for a bundle")]
    EntryTooLong,
    #[error("tree is full")]
    Full,
    #[error("tile storage failed")]
    Storage(#[source] io::Error),
}

/// Source of the hashes of complete subtrees.
pub trait HashReader {
    /// Hash of the complete subtree over leaves `index << level` to `(index + 1) << level`.
    ///
    /// Level 0 are the leaf hashes. Only asked for subtrees that lie wholly inside the tree.
    fn node(&self, level: u32, index: u64) -> Result<Hash, TreeError>;
}

/// A tree held in memory as its leaf hashes; for tests, tools and small trees.
impl HashReader for [Hash] {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TreeError> {
        let missing = TreeError::Missing { level, index };
        let Some(width) = 1_u64.checked_shl(level) else {
            return Err(missing);
        };
        let range = index
            .checked_mul(width)
            .and_then(|start| Some((start, start.checked_add(width)?)))
            .and_then(|(start, end)| {
                Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
            });
        let Some((start, end)) = range else {
            return Err(missing);
        };
        let Some(leaves) = self.get(start..end) else {
            return Err(missing);
        };
        let mut tree = Frontier::new();
        for leaf in leaves {
            tree.append(*leaf)?;
        }
        Ok(tree.root())
    }
}
