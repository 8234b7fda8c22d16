//! Verifying proofs with nothing but roots (RFC 9162 sections 2.1.3.2 and 2.1.4.2).

use crate::checkpoint::TreeHead;
use crate::hash::Hash;
use crate::merkle::{MAX_PROOF_HASHES, ProofError};

/// Verifies that `leaf` stands at `index` in the tree of `head`.
pub fn verify_inclusion(
    index: u64,
    leaf: Hash,
    path: &[Hash],
    head: TreeHead,
) -> Result<(), ProofError> {
    if head.size <= index {
        return Err(ProofError::IndexOutOfRange);
    }
    if MAX_PROOF_HASHES < path.len() {
        return Err(ProofError::Length);
    }
    let mut place = Place {
        node: index,
        last: head.size.saturating_sub(1),
    };
    let mut hash = leaf;
    for sibling in path {
        hash = match place.climb()? {
            Side::Left => Hash::node(sibling, &hash),
            Side::Right => Hash::node(&hash, sibling),
        };
    }
    place.finish()?;
    if hash == head.root {
        Ok(())
    } else {
        Err(ProofError::RootMismatch)
    }
}

/// Verifies that the tree of `old` begins the tree of `new`.
///
/// From an empty tree everything follows, with an empty proof; equal sizes need equal roots.
pub fn verify_consistency(old: TreeHead, new: TreeHead, path: &[Hash]) -> Result<(), ProofError> {
    if new.size < old.size {
        return Err(ProofError::SizeOrder);
    }
    if MAX_PROOF_HASHES < path.len() {
        return Err(ProofError::Length);
    }
    if old.size == new.size || old.size == 0 {
        return verify_trivial(old, new, path);
    }
    let mut place = Place {
        node: old.size.saturating_sub(1),
        last: new.size.saturating_sub(1),
    };
    // The complete subtree at the right end of the old tree: it is in the proof, unless it is the whole old tree.
    place.skip_complete();
    let (first, rest) = if old.size.is_power_of_two() {
        (old.root, path)
    } else {
        let (first, rest) = path.split_first().ok_or(ProofError::Length)?;
        (*first, rest)
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        match place.climb()? {
            Side::Left => {
                old_hash = Hash::node(sibling, &old_hash);
                new_hash = Hash::node(sibling, &new_hash);
            }
            Side::Right => new_hash = Hash::node(&new_hash, sibling),
        }
    }
    place.finish()?;
    if old_hash != old.root {
        return Err(ProofError::OldRootMismatch);
    }
    if new_hash == new.root {
        Ok(())
    } else {
        Err(ProofError::RootMismatch)
    }
}

fn verify_trivial(old: TreeHead, new: TreeHead, path: &[Hash]) -> Result<(), ProofError> {
    if !path.is_empty() {
        return Err(ProofError::Length);
    }
    if old.size == 0 && old.root != Hash::empty_root() {
        return Err(ProofError::OldRootMismatch);
    }
    if old.size == new.size && old.root != new.root {
        return Err(ProofError::RootMismatch);
    }
    Ok(())
}

/// On which side of a node its sibling stands.
enum Side {
    Left,
    Right,
}

/// A node and the last node of its level (`fn` and `sn` of RFC 9162).
struct Place {
    node: u64,
    last: u64,
}

impl Place {
    /// Goes one level up past the next sibling of the proof.
    fn climb(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Length);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // Levels at which the last node has no sibling are skipped.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    fn skip_complete(&mut self) {
        while self.node & 1 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn finish(&self) -> Result<(), ProofError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(ProofError::Length)
        }
    }
}
