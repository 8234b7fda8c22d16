//! The right edge of a tree: all that is needed to append, in logarithmic space.

use crate::hash::Hash;
use crate::merkle::{HashReader, TreeError};

/// Roots of the complete subtrees a tree consists of, largest first.
///
/// Gives the root at every size while leaves stream by, as `fsck` needs it.
/// Invariant: one root for each set bit of `size`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// Reads the edge of a stored tree of `size` leaves.
    pub fn load(size: u64, reader: &(impl HashReader + ?Sized)) -> Result<Self, TreeError> {
        let mut peaks = Vec::new();
        for (level, index) in peaks_of(0, size)? {
            peaks.push(reader.node(level, index)?);
        }
        Ok(Self { size, peaks })
    }

    /// Number of leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn append(&mut self, leaf: Hash) -> Result<(), TreeError> {
        let size = self.size.checked_add(1).ok_or(TreeError::Full)?;
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else {
                return Err(TreeError::CorruptTile);
            };
            hash = Hash::node(&left, &hash);
        }
        self.peaks.push(hash);
        self.size = size;
        Ok(())
    }

    /// Root of the tree as it is now (RFC 6962 section 2.1).
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(Hash::empty_root)
    }
}

/// Level and index of the complete subtrees that cover leaves `start` to `end`, largest first.
///
/// `start` must be aligned to the power of two that is not less than the length.
pub(crate) fn peaks_of(start: u64, end: u64) -> Result<Vec<(u32, u64)>, TreeError> {
    let mut rest = end.checked_sub(start).ok_or(TreeError::OutOfRange)?;
    let mut at = start;
    let mut peaks = Vec::new();
    while let Some(level) = rest.checked_ilog2() {
        let width = 1_u64.checked_shl(level).ok_or(TreeError::OutOfRange)?;
        peaks.push((level, at.checked_shr(level).ok_or(TreeError::OutOfRange)?));
        at = at.checked_add(width).ok_or(TreeError::OutOfRange)?;
        rest = rest.checked_sub(width).ok_or(TreeError::OutOfRange)?;
    }
    Ok(peaks)
}

/// Joins subtree roots, largest first, to the root of all of them.
pub(crate) fn fold(peaks: &[Hash]) -> Option<Hash> {
    let (last, others) = peaks.split_last()?;
    Some(
        others
            .iter()
            .rev()
            .fold(*last, |right, left| Hash::node(left, &right)),
    )
}
