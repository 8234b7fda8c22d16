//! Replays the corpora of the fuzz targets (`fuzz/README.md`) on what this crate reads.
#![expect(clippy::expect_used, reason = "a property fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ledger::{Receipt, SignedCheckpoint, Trust};

#[path = "../../../fuzz/properties/checkpoint.rs"]
mod checkpoint;
#[path = "../../../fuzz/properties/receipt.rs"]
mod receipt;

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let entries = fs::read_dir(folder.join(target)).expect("the corpus");
    let files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry of the corpus").path();
            let octets = fs::read(&path).expect("a file of the corpus");
            (path, octets)
        })
        .collect();
    assert!(10 <= files.len(), "{target}: {} files only", files.len());
    files
}

#[test]
fn the_corpus_of_receipts_holds() {
    for (path, octets) in corpus("receipt") {
        println!("{}", path.display());
        receipt::check(&octets);
    }
}

#[test]
fn the_corpus_of_checkpoints_holds() {
    for (path, octets) in corpus("checkpoint") {
        println!("{}", path.display());
        checkpoint::check(&octets);
    }
}

/// A corpus that is refused as a whole would show little.
#[test]
fn the_corpora_hold_what_is_valid_and_what_is_not() {
    let trust = include_bytes!("../../../fuzz/properties/trust.txt");
    let trust = Trust::parse(trust).expect("the trust file");
    let valid = |octets: &Vec<u8>| {
        let receipt = Receipt::parse(octets).ok()?;
        receipt
            .verify(&trust)
            .ok()
            .map(|verified| verified.witnessed)
    };
    let verdicts: Vec<_> = corpus("receipt")
        .iter()
        .map(|(_, octets)| valid(octets))
        .collect();
    for verdict in [Some(true), Some(false), None] {
        assert!(verdicts.contains(&verdict), "{verdict:?}");
    }
    let signed = corpus("checkpoint")
        .iter()
        .filter(|(_, octets)| SignedCheckpoint::parse(octets).is_ok())
        .count();
    assert!(0 < signed);
}
