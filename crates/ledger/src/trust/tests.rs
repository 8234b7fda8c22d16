//! The trust file: what it says, and that nothing in it is ambiguous.

use proptest::prelude::*;

use super::{Exercise, Trust, TrustError};
use crate::note::{Algorithm, KeyName, SignerKey};

fn key(name: &str, seed: u8, algorithm: Algorithm) -> String {
    let name = KeyName::parse(name).unwrap();
    SignerKey::from_seed(name, algorithm, &[seed; 32])
        .unwrap()
        .verifier()
        .to_string()
}

fn log(seed: u8) -> String {
    key("cao.example/filings", seed, Algorithm::Ed25519)
}

fn witness(name: &str, seed: u8) -> String {
    key(name, seed, Algorithm::CosignatureV1)
}

/// A trust file of the given lines after the header.
fn parse(lines: &[&str]) -> Result<Trust, TrustError> {
    let body: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
    Trust::parse(format!("noroshi-trust/v1\n{body}").as_bytes())
}

#[track_caller]
fn check(lines: &[&str], reason: TrustError) {
    assert_eq!(parse(lines).unwrap_err(), reason);
}

#[test]
fn a_trust_file_lists_keys_witnesses_and_a_quorum() {
    let old = format!("log {} last-size=7", log(1));
    let new = format!("log {} first-size=5", log(2));
    let committee = format!("witness {}", witness("committee.example", 3));
    let lines = [
        "# keys",
        "",
        &old,
        &new,
        &committee,
        "quorum 1",
        "exercise accept",
    ];
    let trust = parse(&lines).unwrap();
    let sizes: Vec<_> = trust
        .logs()
        .iter()
        .map(|log| (log.first_size, log.last_size))
        .collect();
    assert_eq!(sizes, [(0, Some(7)), (5, None)]);
    assert_eq!((trust.witnesses().len(), trust.quorum()), (1, 1));
    assert_eq!(trust.exercise(), Exercise::Accept);
    assert_eq!(Trust::parse(trust.to_string().as_bytes()), Ok(trust));
}

#[test]
fn an_exercise_is_refused_unless_the_file_accepts_it() {
    let log = format!("log {}", log(1));
    assert_eq!(
        parse(&[&log, "quorum 1"]).unwrap().exercise(),
        Exercise::Refuse
    );
}

#[test]
fn a_broken_line_is_named() {
    let log = format!("log {}", log(1));
    check(
        &["quorum 1", "nonsense 1"],
        TrustError::Directive { line: 3 },
    );
    check(
        &[&log, "quorum 1", "quorum 1"],
        TrustError::Repeated { line: 4 },
    );
    check(
        &[&log, "exercise accept", "exercise accept"],
        TrustError::Repeated { line: 4 },
    );
    check(&["log x"], TrustError::Key { line: 2 });
    check(
        &[&format!("{log} last-size=1 last-size=1")],
        TrustError::Repeated { line: 2 },
    );
    check(
        &[&format!("{log} first-size=2 last-size=1")],
        TrustError::SizeOrder { line: 2 },
    );
    let capital = format!("log {}", key("CAO", 1, Algorithm::Ed25519));
    check(&[&capital], TrustError::Origin { line: 2 });
}

#[test]
fn a_key_has_one_role_and_one_line() {
    let log_line = format!("log {}", log(1));
    check(&[&log_line, &log_line], TrustError::SameKey { line: 3 });
    let self_witness = format!("witness {}", witness("w.example", 1));
    check(&[&log_line, &self_witness], TrustError::SameKey { line: 3 });
    let log_as_witness = format!("witness {}", log(1));
    check(&[&log_as_witness], TrustError::Key { line: 2 });
    let witness_as_log = format!("log {}", witness("w.example", 1));
    check(&[&witness_as_log], TrustError::Key { line: 2 });
}

#[test]
fn a_quorum_can_be_reached_by_different_witnesses_only() {
    let log = format!("log {}", log(1));
    let first = format!("witness {}", witness("w.example", 2));
    let again = format!("witness {}", witness("w.example", 3));
    let other = format!("witness {}", witness("v.example", 4));
    check(&[&log], TrustError::Quorum);
    check(&[&log, "quorum 0"], TrustError::Quorum);
    check(&[&log, "quorum 2"], TrustError::Quorum);
    check(&[&log, &first, &again, "quorum 2"], TrustError::Quorum);
    assert!(parse(&[&log, &first, &other, "quorum 2"]).is_ok());
    check(&["quorum 1"], TrustError::NoLog);
}

#[test]
fn a_file_of_another_kind_is_refused() {
    assert_eq!(Trust::parse(b""), Err(TrustError::Header));
    assert_eq!(Trust::parse(b"noroshi-trust/v2\n"), Err(TrustError::Header));
    assert_eq!(Trust::parse(b"noroshi-trust/v1\r\n"), Err(TrustError::Text));
    assert_eq!(Trust::parse(b"\xff"), Err(TrustError::Text));
    let long = format!("noroshi-trust/v1\n{}", "#\n".repeat(Trust::MAX_BYTES));
    assert_eq!(Trust::parse(long.as_bytes()), Err(TrustError::Text));
}

proptest! {
    #[test]
    fn what_parses_prints_back_to_the_same_trust(
        options in "( (first|last)-size=[0-9]{1,2}){0,2}", quorum in "[0-9]{1,2}", more in "[ -~]{0,20}",
    ) {
        let log = format!("log {}{options}", log(1));
        let witness = format!("witness {}", witness("w.example", 2));
        if let Ok(trust) = parse(&[&log, &witness, &format!("quorum {quorum}"), &more]) {
            prop_assert_eq!(Trust::parse(trust.to_string().as_bytes()), Ok(trust));
        }
    }
}
