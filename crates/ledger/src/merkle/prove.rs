//! Making proofs from stored hashes (RFC 6962 sections 2.1.1 and 2.1.2).

use crate::hash::Hash;
use crate::merkle::frontier::{fold, peaks_of};
use crate::merkle::{HashReader, TreeError};

/// Root of the tree that the first `size` leaves form.
pub fn root_at(size: u64, reader: &(impl HashReader + ?Sized)) -> Result<Hash, TreeError> {
    if size == 0 {
        return Ok(Hash::empty_root());
    }
    range_root(0, size, reader)
}

/// Proof that leaf `index` is in the tree of the first `size` leaves (RFC 6962 section 2.1.1).
pub fn inclusion_path(
    index: u64,
    size: u64,
    reader: &(impl HashReader + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    if size <= index {
        return Err(TreeError::OutOfRange);
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while let Some(middle) = split(start, end) {
        if index < middle {
            path.push(range_root(middle, end, reader)?);
            end = middle;
        } else {
            path.push(range_root(start, middle, reader)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Proof that the tree of the first `old` leaves begins the tree of the first `new` leaves
/// (RFC 6962 section 2.1.2). Empty when `old` is zero or equals `new`.
pub fn consistency_path(
    old: u64,
    new: u64,
    reader: &(impl HashReader + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    if new < old {
        return Err(TreeError::OutOfRange);
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    let mut known = true; // the subtree that ends at `old` is still the whole old tree
    while end != old {
        let Some(middle) = split(start, end) else {
            return Err(TreeError::OutOfRange);
        };
        if old <= middle {
            path.push(range_root(middle, end, reader)?);
            end = middle;
        } else {
            path.push(range_root(start, middle, reader)?);
            start = middle;
            known = false;
        }
    }
    if !known {
        path.push(range_root(start, end, reader)?);
    }
    path.reverse();
    Ok(path)
}

/// Where RFC 6962 splits a tree: at the largest power of two below its size. `None` for one leaf.
fn split(start: u64, end: u64) -> Option<u64> {
    let last = end.checked_sub(start)?.checked_sub(1)?;
    let width = 1_u64.checked_shl(last.checked_ilog2()?)?;
    start.checked_add(width)
}

fn range_root(
    start: u64,
    end: u64,
    reader: &(impl HashReader + ?Sized),
) -> Result<Hash, TreeError> {
    let mut roots = Vec::new();
    for (level, index) in peaks_of(start, end)? {
        roots.push(reader.node(level, index)?);
    }
    fold(&roots).ok_or(TreeError::OutOfRange)
}
