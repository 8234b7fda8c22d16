//! Receipts: what holds, and that nothing altered does.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Receipt, ReceiptError};
use crate::checkpoint::{Checkpoint, Origin, TreeHead};
use crate::hash::Hash;
use crate::leaf::{ActCode, Commitment, Entry, Salt};
use crate::merkle::{ProofError, inclusion_path, root_at};
use crate::note::{Algorithm, KeyName, NoteError, SignerKey};
use crate::trust::{Exercise, LogKey, Trust};

const ORIGIN: &str = "cao.example/filings";

fn signer(name: &str, seed: u8, algorithm: Algorithm) -> SignerKey {
    SignerKey::from_seed(KeyName::parse(name).unwrap(), algorithm, &[seed; 32]).unwrap()
}

fn witness(number: u8) -> SignerKey {
    signer(
        &format!("witness.example/w{number}"),
        100 + number,
        Algorithm::CosignatureV1,
    )
}

fn log_key(origin: &str, seed: u8) -> LogKey {
    let key = signer(origin, seed, Algorithm::Ed25519).verifier().clone();
    LogKey {
        origin: Origin::parse(origin).unwrap(),
        key,
        first_size: 0,
        last_size: None,
    }
}

fn trust(origin: &str, quorum: usize) -> Trust {
    let witnesses = [1, 2, 3].map(|n| witness(n).verifier().clone()).to_vec();
    Trust::new(
        vec![log_key(origin, 1)],
        witnesses,
        quorum,
        Exercise::Refuse,
    )
    .unwrap()
}

fn record() -> Value {
    json!({"act": "incident.file_prompt", "incident": "0198", "by": "試験株式会社", "items": [1, null, true]})
}

/// A log of nine leaves with the record at index 5, cosigned by witnesses 1 and 2.
fn issue(origin: &str, code: Option<&ActCode>) -> Receipt {
    let salt = Salt::from_bytes([42; 32]);
    let entry = Entry::of_record(&salt, &record(), code).unwrap();
    let mut leaves: Vec<Hash> = (0..9)
        .map(|n| Entry::sealed(Commitment::from_bytes([n; 32])).leaf_hash())
        .collect();
    leaves[5] = entry.leaf_hash();
    let head = TreeHead {
        size: 9,
        root: root_at(9, leaves.as_slice()).unwrap(),
    };
    let checkpoint = Checkpoint::new(Origin::parse(origin).unwrap(), head);
    let mut signed = checkpoint
        .sign(&[&signer(origin, 1, Algorithm::Ed25519)])
        .unwrap();
    signed.cosign(&witness(1), 1_800_000_000).unwrap();
    signed.cosign(&witness(2), 1_800_000_001).unwrap();
    let proof = inclusion_path(5, 9, leaves.as_slice()).unwrap();
    Receipt::new(5, salt, record(), code, proof, signed).unwrap()
}

fn good() -> Value {
    serde_json::from_str(&issue(ORIGIN, None).to_json().unwrap()).unwrap()
}

fn parse(value: &Value) -> Result<Receipt, ReceiptError> {
    Receipt::parse(value.to_string().as_bytes())
}

#[track_caller]
fn check(change: impl FnOnce(&mut Value), reason: ReceiptError) {
    let mut value = good();
    change(&mut value);
    let verdict = parse(&value).and_then(|receipt| receipt.verify(&trust(ORIGIN, 2)));
    assert_eq!(verdict.unwrap_err(), reason);
}

#[test]
fn a_good_receipt_is_valid_and_witnessed() {
    let receipt = parse(&good()).unwrap();
    let verified = receipt.verify(&trust(ORIGIN, 2)).unwrap();
    assert!(verified.witnessed && !verified.exercise);
    assert_eq!((verified.index, verified.size), (5, 9));
    let times: Vec<u64> = verified.witnesses.iter().map(|seen| seen.time).collect();
    assert_eq!(times, [1_800_000_000, 1_800_000_001]);
    assert_eq!(
        receipt,
        issue(ORIGIN, None),
        "the file holds all of the receipt"
    );
}

#[test]
fn a_receipt_with_too_few_witnesses_is_valid_but_not_witnessed() {
    let verified = parse(&good()).unwrap().verify(&trust(ORIGIN, 3)).unwrap();
    assert!(!verified.witnessed);
    assert_eq!((verified.witnesses.len(), verified.quorum), (2, 3));
}

#[test]
fn an_exercise_receipt_is_recognised_and_needs_to_be_accepted() {
    let origin = "exercise/cao.example/filings";
    let receipt = issue(origin, None);
    assert_eq!(
        receipt.verify(&trust(origin, 1)).unwrap_err(),
        ReceiptError::Exercise
    );
    let witnesses = vec![witness(1).verifier().clone()];
    let accepting = Trust::new(vec![log_key(origin, 1)], witnesses, 1, Exercise::Accept).unwrap();
    let verified = receipt.verify(&accepting).unwrap();
    assert!(verified.exercise && verified.witnessed);
}

#[test]
fn a_measures_receipt_carries_its_public_code() {
    let code = ActCode::parse("incident.file_prompt").unwrap();
    let receipt = issue(ORIGIN, Some(&code));
    let mut value: Value = serde_json::from_str(&receipt.to_json().unwrap()).unwrap();
    assert_eq!(value["public_code"], "incident.file_prompt");
    assert!(
        parse(&value)
            .unwrap()
            .verify(&trust(ORIGIN, 2))
            .unwrap()
            .witnessed
    );
    value["public_code"] = json!("other");
    assert!(matches!(parse(&value), Err(ReceiptError::Leaf(_))));
    value["public_code"] = Value::Null;
    assert_eq!(parse(&value), Err(ReceiptError::Json));
    value.as_object_mut().unwrap().remove("public_code");
    let verdict = parse(&value).unwrap().verify(&trust(ORIGIN, 2));
    assert_eq!(
        verdict.unwrap_err(),
        ReceiptError::Inclusion(ProofError::RootMismatch)
    );
}

#[test]
fn an_altered_record_salt_index_or_proof_is_refused() {
    let altered = ReceiptError::Inclusion(ProofError::RootMismatch);
    check(
        |value| value["record"]["by"] = json!("別の株式会社"),
        altered,
    );
    check(|value| value["record"]["new"] = Value::Null, altered);
    check(|value| value["record"]["items"] = json!([1, null]), altered);
    check(
        |value| value["salt"] = json!(Salt::from_bytes([43; 32]).to_base64()),
        altered,
    );
    check(|value| value["index"] = json!(4), altered);
    check(
        |value| value["proof"][0] = json!(Hash::empty_root().to_base64()),
        altered,
    );
    let range = ReceiptError::Inclusion(ProofError::IndexOutOfRange);
    check(|value| value["index"] = json!(9), range);
    let length = ReceiptError::Inclusion(ProofError::Length);
    check(|value| value["proof"] = json!([]), length);
}

#[test]
fn an_altered_checkpoint_is_refused() {
    let replace = |from: &'static str, to: &'static str| {
        move |value: &mut Value| {
            let text = value["checkpoint"].as_str().unwrap().replacen(from, to, 1);
            value["checkpoint"] = json!(text);
        }
    };
    let signature = ReceiptError::LogSignature(NoteError::BadSignature);
    check(replace("\n9\n", "\n8\n"), signature);
    check(replace("=\n\n", "=\nextension\n\n"), signature);
    check(replace(ORIGIN, "cao.example/other"), ReceiptError::OtherLog);
    check(
        |value| value["origin"] = json!("cao.example/other"),
        ReceiptError::OtherLog,
    );
}

#[test]
fn a_log_without_a_pinned_key_is_refused() {
    let receipt = issue(ORIGIN, None);
    let verdict = receipt.verify(&trust("cao.example/other", 1));
    assert_eq!(verdict.unwrap_err(), ReceiptError::UnknownLog);
    let other_key = Trust::new(vec![log_key(ORIGIN, 2)], Vec::new(), 1, Exercise::Refuse).unwrap();
    let missing = NoteError::TooFewSignatures {
        found: 0,
        required: 1,
    };
    assert_eq!(
        receipt.verify(&other_key).unwrap_err(),
        ReceiptError::LogSignature(missing)
    );
}

#[test]
fn a_retired_key_counts_only_up_to_its_last_size() {
    let with = |first_size, last_size| {
        let key = LogKey {
            first_size,
            last_size,
            ..log_key(ORIGIN, 1)
        };
        let trust = Trust::new(
            vec![key, log_key(ORIGIN, 2)],
            Vec::new(),
            1,
            Exercise::Refuse,
        );
        issue(ORIGIN, None).verify(&trust.unwrap())
    };
    assert!(with(0, Some(9)).is_ok());
    assert!(with(9, None).is_ok());
    let refused = ReceiptError::LogSignature(NoteError::TooFewSignatures {
        found: 0,
        required: 1,
    });
    assert_eq!(with(0, Some(8)).unwrap_err(), refused);
    assert_eq!(with(10, None).unwrap_err(), refused);
}

#[test]
fn a_receipt_that_could_be_read_in_two_ways_is_refused() {
    let text = good().to_string();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Receipt::parse(text.replacen(from, to, 1).as_bytes())
    };
    assert_eq!(
        with("\"index\":5", "\"index\":5,\"index\":5"),
        Err(ReceiptError::Json)
    );
    assert_eq!(
        with("\"index\":5", "\"index\":5,\"extra\":1"),
        Err(ReceiptError::Json)
    );
    assert_eq!(
        with("\"index\":5", "\"index\":5.0"),
        Err(ReceiptError::Json)
    );
    assert_eq!(with("\"index\":5", "\"index\":-5"), Err(ReceiptError::Json));
    assert_eq!(
        with("\"index\":5", "\"index\":9007199254740992"),
        Err(ReceiptError::Index)
    );
    let twice = "\"incident\":\"0199\",\"incident\":\"0198\"";
    assert_eq!(
        with("\"incident\":\"0198\"", twice),
        Err(ReceiptError::Json)
    );
    assert_eq!(
        with("noroshi-receipt/v1", "noroshi-receipt/v2"),
        Err(ReceiptError::Format)
    );
    assert!(matches!(
        with("[1,null,true]", "[1.5]"),
        Err(ReceiptError::Leaf(_))
    ));
    assert_eq!(
        Receipt::parse(format!("{text}x").as_bytes()),
        Err(ReceiptError::Json)
    );
    assert_eq!(
        Receipt::parse(format!("\u{feff}{text}").as_bytes()),
        Err(ReceiptError::Json)
    );
}

#[test]
fn receipts_beyond_the_limits_are_refused() {
    let padded = format!("{}{}", good(), " ".repeat(Receipt::MAX_BYTES));
    assert_eq!(
        Receipt::parse(padded.as_bytes()),
        Err(ReceiptError::TooLarge)
    );
    let mut value = good();
    value["proof"] = json!(vec![Hash::empty_root().to_base64(); 65]);
    assert_eq!(parse(&value), Err(ReceiptError::Proof));
    let deep = format!("{{\"record\":{}", "[".repeat(100_000));
    assert_eq!(Receipt::parse(deep.as_bytes()), Err(ReceiptError::Json));
}

/// Every single-byte change of the file is refused, or means the same, or costs a witness: a line of a
/// witness whose name was altered is a line of somebody unknown, which has to be ignored.
#[test]
fn no_changed_byte_goes_unnoticed() {
    let text = issue(ORIGIN, None).to_json().unwrap().into_bytes();
    let original = Receipt::parse(&text).unwrap();
    let trust = trust(ORIGIN, 2);
    for at in 0..text.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut altered = text.clone();
            altered[at] ^= mask;
            let Ok(receipt) = Receipt::parse(&altered) else {
                continue;
            };
            if let Ok(verified) = receipt.verify(&trust) {
                assert!(receipt == original || !verified.witnessed, "byte {at}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Receipt::parse(&bytes).is_err());
        prop_assert!(Trust::parse(&bytes).is_err());
    }
}
