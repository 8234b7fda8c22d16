//! Trees against the definitions of RFC 6962 and an independent crate.

use proptest::prelude::*;
use tlog_tiles::tlog as oracle;

use super::{
    Frontier, ProofError, consistency_path, inclusion_path, root_at, verify_consistency,
    verify_inclusion,
};
use crate::checkpoint::TreeHead;
use crate::hash::Hash;

/// Known answers used by Certificate Transparency implementations: leaves, and roots of their prefixes.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| Hash::leaf(&n.to_be_bytes())).collect()
}

fn leaf(index: u64) -> Hash {
    Hash::leaf(&index.to_be_bytes())
}

fn head(all: &[Hash], size: u64) -> TreeHead {
    TreeHead {
        size,
        root: root_at(size, all).unwrap(),
    }
}

fn flip(hash: Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

/// The tree of [`leaves`] as the independent crate stores it.
struct Stored(Vec<oracle::Hash>);

impl oracle::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<oracle::Hash>, oracle::Error> {
        Ok(indexes
            .iter()
            .map(|at| self.0[usize::try_from(*at).unwrap()])
            .collect())
    }
}

impl Stored {
    fn of(count: u64) -> Self {
        let mut stored = Self(Vec::new());
        for n in 0..count {
            let more = oracle::stored_hashes(n, &n.to_be_bytes(), &stored).unwrap();
            stored.0.extend(more);
        }
        stored
    }
}

fn ours(hashes: &[oracle::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash::from_bytes(hash.0)).collect()
}

fn theirs(hashes: &[Hash]) -> Vec<oracle::Hash> {
    hashes
        .iter()
        .map(|hash| oracle::Hash(*hash.as_bytes()))
        .collect()
}

#[test]
fn the_known_answers_of_certificate_transparency_come_out() {
    let mut tree = Frontier::new();
    assert_eq!(tree.root(), Hash::empty_root());
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        tree.append(Hash::leaf(&hex::decode(leaf).unwrap()))
            .unwrap();
        assert_eq!(hex::encode(tree.root().as_bytes()), root);
    }
}

#[test]
fn every_small_proof_verifies_and_equals_the_independent_one() {
    let all = leaves(40);
    let stored = Stored::of(40);
    for size in 1..=40_u64 {
        let after = head(&all, size);
        assert_eq!(
            after.root.as_bytes(),
            &oracle::tree_hash(size, &stored).unwrap().0
        );
        for index in 0..size {
            let path = inclusion_path(index, size, all.as_slice()).unwrap();
            assert_eq!(
                path,
                ours(&oracle::prove_record(size, index, &stored).unwrap())
            );
            assert_eq!(verify_inclusion(index, leaf(index), &path, after), Ok(()));
        }
        for old in 1..=size {
            let path = consistency_path(old, size, all.as_slice()).unwrap();
            assert_eq!(path, ours(&oracle::prove_tree(size, old, &stored).unwrap()));
            assert_eq!(verify_consistency(head(&all, old), after, &path), Ok(()));
        }
    }
}

#[test]
fn everything_follows_from_the_empty_tree_with_an_empty_proof() {
    let after = head(&leaves(3), 3);
    let check = |old, path: &[Hash]| verify_consistency(old, after, path);
    assert_eq!(check(TreeHead::empty(), &[]), Ok(()));
    assert_eq!(
        check(TreeHead::empty(), &[after.root]),
        Err(ProofError::Length)
    );
    let forged = TreeHead {
        size: 0,
        root: after.root,
    };
    assert_eq!(check(forged, &[]), Err(ProofError::OldRootMismatch));
}

#[test]
fn equal_sizes_need_equal_roots() {
    let of = |n| TreeHead {
        size: 5,
        root: leaf(n),
    };
    assert_eq!(verify_consistency(of(1), of(1), &[]), Ok(()));
    assert_eq!(
        verify_consistency(of(1), of(2), &[]),
        Err(ProofError::RootMismatch)
    );
}

#[test]
fn a_tree_cannot_shrink() {
    let all = leaves(9);
    let shrunk = verify_consistency(head(&all, 9), head(&all, 8), &[]);
    assert_eq!(shrunk, Err(ProofError::SizeOrder));
    assert!(consistency_path(9, 8, all.as_slice()).is_err());
    assert!(inclusion_path(9, 9, all.as_slice()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn larger_proofs_are_accepted_by_the_independent_crate(size in 1_u64..600, at: prop::sample::Index) {
        let index = at.index(usize::try_from(size).unwrap()) as u64;
        let all = leaves(size);
        let root = oracle::Hash(*head(&all, size).root.as_bytes());
        let path = theirs(&inclusion_path(index, size, all.as_slice()).unwrap());
        let record = oracle::record_hash(&index.to_be_bytes());
        prop_assert!(oracle::check_record(&path, size, root, index, record).is_ok());
        let old = index + 1;
        let old_root = oracle::Hash(*head(&all, old).root.as_bytes());
        let path = theirs(&consistency_path(old, size, all.as_slice()).unwrap());
        prop_assert!(oracle::check_tree(&path, size, root, old, old_root).is_ok());
    }

    #[test]
    fn an_altered_inclusion_proof_never_verifies(
        size in 2_u64..200, at: prop::sample::Index, place: prop::sample::Index, bit in 0_usize..256,
    ) {
        let index = at.index(usize::try_from(size).unwrap()) as u64;
        let all = leaves(size);
        let after = head(&all, size);
        let good = inclusion_path(index, size, all.as_slice()).unwrap();
        let place = place.index(good.len());
        let holds = |index, leaf, path: &[Hash]| verify_inclusion(index, leaf, path, after).is_ok();
        prop_assert!(holds(index, leaf(index), &good));

        let mut flipped = good.clone();
        flipped[place] = flip(flipped[place], bit);
        prop_assert!(!holds(index, leaf(index), &flipped));
        let mut shorter = good.clone();
        shorter.remove(place);
        prop_assert!(!holds(index, leaf(index), &shorter));
        let mut longer = good.clone();
        longer.insert(place, leaf(index));
        prop_assert!(!holds(index, leaf(index), &longer));
        prop_assert!(!holds(index, flip(leaf(index), bit), &good));
        prop_assert!(!holds((index + 1) % size, leaf(index), &good));
    }

    #[test]
    fn an_altered_consistency_proof_never_verifies(
        size in 3_u64..200, at: prop::sample::Index, place: prop::sample::Index, bit in 0_usize..256,
    ) {
        let old = at.index(usize::try_from(size - 1).unwrap()) as u64 + 1;
        let all = leaves(size);
        let (before, after) = (head(&all, old), head(&all, size));
        let good = consistency_path(old, size, all.as_slice()).unwrap();
        let place = place.index(good.len());
        let holds = |before, after, path: &[Hash]| verify_consistency(before, after, path).is_ok();
        prop_assert!(holds(before, after, &good));

        let mut flipped = good.clone();
        flipped[place] = flip(flipped[place], bit);
        prop_assert!(!holds(before, after, &flipped));
        let mut shorter = good.clone();
        shorter.remove(place);
        prop_assert!(!holds(before, after, &shorter));
        let mut longer = good.clone();
        longer.insert(place, after.root);
        prop_assert!(!holds(before, after, &longer));
        let other = |head: TreeHead| TreeHead { root: flip(head.root, bit), ..head };
        prop_assert!(!holds(other(before), after, &good));
        prop_assert!(!holds(before, other(after), &good));
    }

    #[test]
    fn verification_of_any_input_ends_without_a_panic(
        index: u64, old: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let path: Vec<Hash> = path.into_iter().map(Hash::from_bytes).collect();
        let after = TreeHead { size, root: Hash::empty_root() };
        prop_assert!(verify_inclusion(index, after.root, &path, after).is_err());
        let before = TreeHead { size: old, ..after };
        let follows = verify_consistency(before, after, &path).is_ok();
        prop_assert!(!follows || (path.is_empty() && (old == 0 || old == size)));
    }
}
