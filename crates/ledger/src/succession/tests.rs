//! Rotations and links, told as they happen.

use serde_json::{Value, json};

use super::{Link, LinkError, Resume, Rotation, RotationError, decide_resume};
use crate::checkpoint::{Checkpoint, Origin, SignedCheckpoint, TreeHead};
use crate::hash::Hash;
use crate::leaf::{Entry, Salt};
use crate::merkle::{inclusion_path, root_at};
use crate::note::{Algorithm, KeyName, SignerKey};
use crate::receipt::{Receipt, ReceiptError};
use crate::trust::{Exercise, LogKey, Trust};

const OLD: &str = "cao.example/filings";
const NEW: &str = "cao.example/filings/2";

fn key(origin: &str, seed: u8) -> SignerKey {
    let name = KeyName::parse(origin).unwrap();
    SignerKey::from_seed(name, Algorithm::Ed25519, &[seed; 32]).unwrap()
}

fn trust(keys: &[&SignerKey]) -> Trust {
    let pinned = |key: &&SignerKey| LogKey {
        origin: Origin::parse(key.verifier().name().as_str()).unwrap(),
        key: key.verifier().clone(),
        first_size: 0,
        last_size: None,
    };
    let logs = keys.iter().map(pinned).collect();
    Trust::new(logs, Vec::new(), 1, Exercise::Accept).unwrap()
}

/// A log of records, all with the same salt.
struct Log {
    origin: Origin,
    records: Vec<Value>,
}

impl Log {
    fn new(origin: &str, records: Vec<Value>) -> Self {
        Self {
            origin: Origin::parse(origin).unwrap(),
            records,
        }
    }

    fn filled(origin: &str, count: u64) -> Self {
        Self::new(
            origin,
            (0..count).map(|n| json!({"act": "test", "n": n})).collect(),
        )
    }

    fn leaves(&self) -> Vec<Hash> {
        let salt = Salt::from_bytes([5; 32]);
        self.records
            .iter()
            .map(|record| Entry::of_record(&salt, record, None).unwrap().leaf_hash())
            .collect()
    }

    fn head(&self) -> TreeHead {
        let size = u64::try_from(self.records.len()).unwrap();
        TreeHead {
            size,
            root: root_at(size, self.leaves().as_slice()).unwrap(),
        }
    }

    fn checkpoint(&self, signers: &[&SignerKey]) -> SignedCheckpoint {
        Checkpoint::new(self.origin.clone(), self.head())
            .sign(signers)
            .unwrap()
    }

    fn receipt(&self, index: usize, signers: &[&SignerKey]) -> Receipt {
        let record = self.records[index].clone();
        let index = u64::try_from(index).unwrap();
        let proof = inclusion_path(index, self.head().size, self.leaves().as_slice()).unwrap();
        let salt = Salt::from_bytes([5; 32]);
        Receipt::new(index, salt, record, None, proof, self.checkpoint(signers)).unwrap()
    }
}

#[test]
fn a_rotated_key_counts_from_its_announcement_and_the_old_one_until_it_is_retired() {
    let (old, new) = (key(OLD, 1), key(OLD, 2));
    let rotation = Rotation::new(old.verifier().clone(), new.verifier().clone()).unwrap();
    let mut log = Log::filled(OLD, 3);
    log.records.push(rotation.to_record());
    let announcement = log.receipt(3, &[&old]);
    let before = trust(&[&old]);
    let overlap = log.checkpoint(&[&old, &new]);
    let during = Rotation::accept(&announcement, &overlap, &before).unwrap();
    assert!(log.receipt(0, &[&new]).verify(&before).is_err());
    assert!(log.receipt(0, &[&new]).verify(&during).is_ok());
    assert!(log.receipt(0, &[&old]).verify(&during).is_ok());
    let early = Log::filled(OLD, 3);
    assert!(
        early.receipt(0, &[&new]).verify(&during).is_err(),
        "before the announcement"
    );

    let after = rotation.retire(&during, 4).unwrap();
    assert!(
        log.receipt(0, &[&old]).verify(&after).is_ok(),
        "old receipts stay valid"
    );
    log.records.push(json!({"act": "test", "n": 9}));
    assert!(
        log.receipt(0, &[&old]).verify(&after).is_err(),
        "a stolen old key is useless"
    );
    assert!(log.receipt(0, &[&new]).verify(&after).is_ok());
    assert_eq!(Trust::parse(after.to_string().as_bytes()), Ok(after));
}

#[test]
fn a_rotation_needs_both_keys_and_the_right_log() {
    let (old, new, thief) = (key(OLD, 1), key(OLD, 2), key(OLD, 3));
    let rotation = Rotation::new(old.verifier().clone(), new.verifier().clone()).unwrap();
    let log = Log::new(OLD, vec![rotation.to_record()]);
    let before = trust(&[&old]);
    let announcement = log.receipt(0, &[&old]);
    let check = |overlap: &SignedCheckpoint, want: fn(&RotationError) -> bool| {
        let refused = Rotation::accept(&announcement, overlap, &before).unwrap_err();
        assert!(want(&refused), "{refused:?}");
    };
    check(&log.checkpoint(&[&old]), |refused| {
        matches!(refused, RotationError::NotBoth(_))
    });
    check(&log.checkpoint(&[&new]), |refused| {
        matches!(refused, RotationError::NotBoth(_))
    });
    let empty = Log::new(OLD, Vec::new()).checkpoint(&[&old, &new]);
    check(&empty, |refused| matches!(refused, RotationError::TooEarly));

    let stolen = Rotation::new(thief.verifier().clone(), new.verifier().clone()).unwrap();
    let log = Log::new(OLD, vec![stolen.to_record()]);
    let refused = Rotation::verify(&log.receipt(0, &[&old]), &before);
    assert_eq!(refused.unwrap_err(), RotationError::NotUnderOldKey);
    let other = Log::new(NEW, vec![rotation.to_record()]);
    let refused = Rotation::verify(&other.receipt(0, &[&key(NEW, 4)]), &before);
    assert_eq!(refused.unwrap_err(), RotationError::Keys);
    let other_name = key(NEW, 2).verifier().clone();
    assert_eq!(
        Rotation::new(old.verifier().clone(), other_name),
        Err(RotationError::Keys)
    );
}

#[test]
fn a_restore_continues_only_when_nothing_cosigned_is_missing_or_altered() {
    let log = Log::filled(OLD, 9);
    let leaves = log.leaves();
    let last = TreeHead {
        size: 6,
        root: root_at(6, leaves.as_slice()).unwrap(),
    };
    let decide = |leaves: &[Hash]| {
        decide_resume(leaves, u64::try_from(leaves.len()).unwrap(), last).unwrap()
    };
    assert_eq!(decide(&leaves), Resume::Continue);
    assert_eq!(decide(&leaves[..6]), Resume::Continue);
    assert_eq!(decide(&leaves[..4]), Resume::NewOrigin { lost: 2 });
    let mut altered = leaves.clone();
    altered[2] = Hash::empty_root();
    assert_eq!(decide(&altered), Resume::Fork);
}

#[test]
fn a_link_carries_the_old_log_into_the_new_one() {
    let (old_key, new_key) = (key(OLD, 1), key(NEW, 2));
    let old = Log::filled(OLD, 9);
    let restored = Log::filled(OLD, 7).head();
    let link = Link::new(old.checkpoint(&[&old_key]), restored).unwrap();
    assert_eq!(link.lost(), 2);
    let new = Log::new(NEW, vec![link.to_record(), json!({"act": "test"})]);
    let trust = trust(&[&old_key, &new_key]);
    let (read, verified) = Link::verify(&new.receipt(0, &[&new_key]), &trust).unwrap();
    assert_eq!((read, verified.index), (link, 0));
    assert!(
        old.receipt(8, &[&old_key]).verify(&trust).is_ok(),
        "receipts of lost acts stay valid"
    );
}

#[test]
fn a_link_that_hides_or_invents_history_is_refused() {
    let (old_key, new_key, thief) = (key(OLD, 1), key(NEW, 2), key(OLD, 3));
    let trust = trust(&[&old_key, &new_key]);
    let old = Log::filled(OLD, 9);
    let check = |origin: &str, records: Vec<Value>, index, signer: &SignerKey, reason| {
        let receipt = Log::new(origin, records).receipt(index, &[signer]);
        assert_eq!(Link::verify(&receipt, &trust).unwrap_err(), reason);
    };
    let good = Link::new(old.checkpoint(&[&old_key]), old.head())
        .unwrap()
        .to_record();
    check(
        NEW,
        vec![json!({}), good.clone()],
        1,
        &new_key,
        LinkError::NotFirst,
    );
    check(OLD, vec![good.clone()], 0, &old_key, LinkError::SameLog);
    let exercise = "exercise/cao.example";
    check(
        exercise,
        vec![good.clone()],
        0,
        &key(exercise, 4),
        LinkError::ExerciseMixed,
    );
    let mut more = good.clone();
    more["note"] = json!("x");
    check(NEW, vec![more], 0, &new_key, LinkError::Form);
    let mut larger = good.clone();
    larger["restored_size"] = json!("10");
    check(NEW, vec![larger], 0, &new_key, LinkError::Restored);
    let mut other_root = good;
    other_root["restored_root"] = json!(Hash::empty_root().to_base64());
    check(NEW, vec![other_root], 0, &new_key, LinkError::Restored);
    let forged = Link::new(old.checkpoint(&[&thief]), old.head())
        .unwrap()
        .to_record();
    let receipt = Log::new(NEW, vec![forged]).receipt(0, &[&new_key]);
    assert!(matches!(
        Link::verify(&receipt, &trust),
        Err(LinkError::OldSignature(_))
    ));
    let stranger = key("other.example", 7);
    let link = Link::new(old.checkpoint(&[&old_key]), old.head())
        .unwrap()
        .to_record();
    let receipt = Log::new("other.example", vec![link]).receipt(0, &[&stranger]);
    let unknown = LinkError::Receipt(ReceiptError::UnknownLog);
    assert_eq!(Link::verify(&receipt, &trust).unwrap_err(), unknown);
}
