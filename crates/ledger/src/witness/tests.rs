//! A witness signs what continues, and nothing else.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{AddCheckpoint, Refusal, StateError, WitnessDirectory, WitnessError, WitnessState};
use crate::checkpoint::{Checkpoint, Origin, SignedCheckpoint, TreeHead};
use crate::hash::Hash;
use crate::merkle::{ProofError, consistency_path, root_at};
use crate::note::{Algorithm, KeyName, SignerKey};
use crate::trust::{Exercise, LogKey, Trust};

const ORIGIN: &str = "cao.example/filings";

fn signer(name: &str, seed: u8, algorithm: Algorithm) -> SignerKey {
    SignerKey::from_seed(KeyName::parse(name).unwrap(), algorithm, &[seed; 32]).unwrap()
}

fn trust() -> Trust {
    let key = signer(ORIGIN, 1, Algorithm::Ed25519).verifier().clone();
    let origin = Origin::parse(ORIGIN).unwrap();
    let log = LogKey {
        origin,
        key,
        first_size: 0,
        last_size: None,
    };
    Trust::new(vec![log], Vec::new(), 1, Exercise::Refuse).unwrap()
}

fn open(directory: &Path) -> WitnessDirectory {
    let key = signer("committee.example/w1", 9, Algorithm::CosignatureV1);
    WitnessDirectory::open(directory, key, trust()).unwrap()
}

/// Leaf hashes of one of several possible logs.
fn leaves(count: u64, branch: u8) -> Vec<Hash> {
    (0..count)
        .map(|n| Hash::leaf(&[&n.to_be_bytes()[..], &[branch]].concat()))
        .collect()
}

fn checkpoint(origin: &str, size: u64, branch: u8) -> SignedCheckpoint {
    let root = root_at(size, leaves(size, branch).as_slice()).unwrap();
    let checkpoint = Checkpoint::new(Origin::parse(origin).unwrap(), TreeHead { size, root });
    checkpoint
        .sign(&[&signer(origin, 1, Algorithm::Ed25519)])
        .unwrap()
}

fn request(old: u64, size: u64, branch: u8) -> Vec<u8> {
    let proof = consistency_path(old, size, leaves(size, branch).as_slice()).unwrap();
    let request = AddCheckpoint::new(old, proof, checkpoint(ORIGIN, size, branch)).unwrap();
    request.to_string().into_bytes()
}

fn refusal(witness: &mut WitnessDirectory, body: &[u8]) -> Refusal {
    match witness.add_checkpoint(body, 2000) {
        Err(WitnessError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_growing_log_is_cosigned_and_the_line_completes_the_note() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = open(directory.path());
    let keys = [signer("committee.example/w1", 9, Algorithm::CosignatureV1)
        .verifier()
        .clone()];
    for (old, size) in [(0, 3), (3, 3), (3, 8), (8, 21)] {
        let line = witness
            .add_checkpoint(&request(old, size, 0), 1000 + size)
            .unwrap();
        let mut signed = checkpoint(ORIGIN, size, 0);
        signed.add_lines(&line).unwrap();
        let confirmed = signed.note().require(&keys, 1).unwrap();
        assert_eq!(confirmed[0].time, Some(1000 + size));
    }
    assert!(witness.evidence().unwrap().is_empty());
}

#[test]
fn a_fork_is_refused_and_kept_as_evidence() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = open(directory.path());
    witness.add_checkpoint(&request(0, 8, 0), 1000).unwrap();
    assert_eq!(
        refusal(&mut witness, &request(8, 8, 1)),
        Refusal::Fork { size: 8 }
    );
    let inconsistent = refusal(&mut witness, &request(8, 12, 1));
    let reason = ProofError::RootMismatch;
    assert_eq!(
        inconsistent,
        Refusal::Inconsistent {
            recorded: 8,
            reason
        }
    );
    assert!(inconsistent.is_alarm());
    assert_eq!(inconsistent.status(), 422);
    let evidence = witness.evidence().unwrap();
    assert_eq!(evidence.len(), 2);
    let kept: Vec<Vec<u8>> = evidence
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(kept.contains(&request(8, 12, 1)));
    assert!(
        witness.add_checkpoint(&request(8, 12, 0), 1001).is_ok(),
        "the true log goes on"
    );
}

#[test]
fn a_rollback_is_refused_also_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    open(directory.path())
        .add_checkpoint(&request(0, 8, 0), 1000)
        .unwrap();
    let mut witness = open(directory.path());
    let rollback = refusal(&mut witness, &request(5, 6, 0));
    assert_eq!(
        rollback,
        Refusal::Rollback {
            recorded: 8,
            offered: 6
        }
    );
    assert_eq!(
        (rollback.status(), rollback.size_body().as_deref()),
        (409, Some("8\n"))
    );
    assert_eq!(witness.evidence().unwrap().len(), 1);
}

#[test]
fn a_wrong_old_size_is_answered_with_the_right_one() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = open(directory.path());
    witness.add_checkpoint(&request(0, 8, 0), 1000).unwrap();
    let wrong = refusal(&mut witness, &request(0, 12, 0));
    assert_eq!(
        wrong,
        Refusal::OldSize {
            recorded: 8,
            claimed: 0
        }
    );
    assert_eq!(
        (wrong.status(), wrong.size_body().as_deref()),
        (409, Some("8\n"))
    );
    assert!(!wrong.is_alarm() && witness.evidence().unwrap().is_empty());
}

#[test]
fn unknown_unsigned_and_impossible_checkpoints_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = open(directory.path());
    let with = |old, signed| {
        AddCheckpoint::new(old, Vec::new(), signed)
            .unwrap()
            .to_string()
            .into_bytes()
    };
    let other = with(0, checkpoint("other.example", 3, 0));
    assert_eq!(refusal(&mut witness, &other), Refusal::UnknownLog);
    let exercise = with(0, checkpoint("exercise/cao.example/filings", 3, 0));
    assert_eq!(refusal(&mut witness, &exercise), Refusal::UnknownLog);
    let above = with(4, checkpoint(ORIGIN, 3, 0));
    assert_eq!(refusal(&mut witness, &above), Refusal::OldAboveNew);
    let head = checkpoint(ORIGIN, 3, 0).checkpoint().clone();
    let forged = head
        .sign(&[&signer(ORIGIN, 2, Algorithm::Ed25519)])
        .unwrap();
    assert_eq!(refusal(&mut witness, &with(0, forged)).status(), 403);
    assert!(
        witness
            .state()
            .observed(&Origin::parse(ORIGIN).unwrap())
            .is_none()
    );
}

#[test]
fn a_silent_log_is_reported_as_stalled() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = open(directory.path());
    assert_eq!(witness.stalled(1000, 60).len(), 1, "never seen");
    witness.add_checkpoint(&request(0, 8, 0), 1000).unwrap();
    assert!(witness.stalled(1060, 60).is_empty());
    let stalls = witness.stalled(1061, 60);
    assert_eq!(
        stalls[0].last.map(|seen| (seen.head.size, seen.time)),
        Some((8, 1000))
    );
    witness.add_checkpoint(&request(8, 8, 0), 1061).unwrap();
    assert!(
        witness.stalled(1061, 60).is_empty(),
        "the same tree again is a sign of life"
    );
}

#[test]
fn a_damaged_state_stops_the_witness() {
    let directory = tempfile::tempdir().unwrap();
    open(directory.path())
        .add_checkpoint(&request(0, 8, 0), 1000)
        .unwrap();
    let path = directory.path().join("state");
    let text = fs::read_to_string(&path).unwrap();
    let check = |text: &str, reason: StateError| {
        fs::write(&path, text).unwrap();
        let key = signer("committee.example/w1", 9, Algorithm::CosignatureV1);
        let error = WitnessDirectory::open(directory.path(), key, trust()).unwrap_err();
        assert!(
            matches!(error, WitnessError::State(found) if found == reason),
            "{error:?}"
        );
    };
    check("", StateError::Header);
    check(text.trim_end(), StateError::Line { line: 2 });
    check(&text.replace(" 8 ", " 08 "), StateError::Line { line: 2 });
    let (_, line) = text.split_once('\n').unwrap();
    check(&format!("{text}{line}"), StateError::Repeated { line: 3 });
    assert_eq!(
        WitnessState::parse(text.as_bytes()).unwrap().to_string(),
        text
    );
}

#[test]
fn two_processes_cannot_be_the_same_witness() {
    let directory = tempfile::tempdir().unwrap();
    let _first = open(directory.path());
    let key = signer("committee.example/w1", 9, Algorithm::CosignatureV1);
    let second = WitnessDirectory::open(directory.path(), key, trust());
    assert!(matches!(second, Err(WitnessError::Storage(_))));
}

#[test]
fn requests_follow_the_specification() {
    let body = request(3, 8, 0);
    let text = String::from_utf8(body.clone()).unwrap();
    assert!(text.starts_with("old 3\n"));
    assert_eq!(AddCheckpoint::parse(&body).unwrap().to_string(), text);
    let check = |from: &str, to: &str| {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text);
        assert_eq!(
            AddCheckpoint::parse(altered.as_bytes()),
            Err(Refusal::Malformed),
            "{to:?}"
        );
    };
    check("old 3", "old 03");
    check("old 3", "new 3");
    check("old 3\n", "old 3\nnot a hash\n");
    let hash = format!("{}\n", Hash::empty_root());
    check("old 3\n", &format!("old 3\n{}", hash.repeat(64)));
}

proptest! {
    #[test]
    fn any_request_is_refused_or_prints_back(text in "(old [0-9]{1,3}\n)?([A-Z=]{0,44}\n){0,3}\n?.{0,40}") {
        if let Ok(request) = AddCheckpoint::parse(text.as_bytes()) {
            prop_assert_eq!(request.to_string(), text);
        }
    }

    #[test]
    fn any_bytes_are_no_state(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(WitnessState::parse(&bytes).is_err());
    }
}
