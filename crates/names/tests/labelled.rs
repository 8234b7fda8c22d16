//! The labelled spellings are split by the written rule, and the test part stays as it was.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

const TUNING: &str = include_str!("../labelled/tuning.csv");
const TEST: &str = include_str!("../labelled/test.csv");

/// Taken before there was a matcher; see `labelled/README.md`.
const TEST_SHA256: &str = "d51e9c8ddbde971427bfb9998890124ae159ece2d39f6919a4ef0ab6647c53c3";

const COLUMNS: [&str; 6] = ["row", "maker", "product", "maker_id", "product_id", "kind"];

fn rows(part: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(part.as_bytes());
    assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_test_part_is_as_it_was_before_the_matcher() {
    assert_eq!(hex::encode(Sha256::digest(TEST)), TEST_SHA256);
}

#[test]
fn a_row_is_in_the_part_that_its_id_says() {
    let mut ids = BTreeSet::new();
    for (part, even) in [(TUNING, true), (TEST, false)] {
        for row in rows(part) {
            let first = Sha256::digest(row[0].as_bytes())[0];
            assert_eq!(first.is_multiple_of(2), even, "{}", row[0]);
            assert!(ids.insert(row[0].clone()), "{} twice", row[0]);
        }
    }
    assert!(700 <= ids.len(), "{} rows", ids.len());
}

#[test]
fn every_row_says_what_it_holds_against_what() {
    for row in rows(TUNING).iter().chain(&rows(TEST)) {
        let [id, maker, product, maker_id, product_id, kind] = row.as_slice() else {
            panic!("{row:?}");
        };
        assert!(!(maker.is_empty() && product.is_empty()), "{id}");
        assert!(product_id.is_empty() || !maker_id.is_empty(), "{id}");
        assert!(!kind.is_empty(), "{id}");
    }
}

#[test]
fn both_parts_hold_hard_negatives_and_every_greater_kind() {
    for part in [TUNING, TEST] {
        let rows = rows(part);
        let negatives = rows.iter().filter(|row| row[3].is_empty()).count();
        assert!(15 <= negatives, "{negatives} negatives");
        for kind in [
            "plain",
            "model",
            "model_only",
            "version",
            "abbreviation",
            "katakana",
            "halfwidth",
            "fullwidth",
            "former_name",
            "department",
            "typo",
            "long_vowel",
            "whitespace",
            "oem",
            "lookalike",
            "unknown",
        ] {
            assert!(rows.iter().any(|row| row[5] == kind), "{kind}");
        }
    }
}
