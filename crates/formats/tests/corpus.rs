//! Replays the corpora of the fuzz targets (`fuzz/README.md`) on what this crate reads.
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a property fails by panicking, and the input is named before"
)]

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/properties/dates.rs"]
mod dates;
#[path = "../../../fuzz/properties/filing.rs"]
mod filing;
#[path = "../../../fuzz/properties/input.rs"]
mod input;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut count = 0;
    for entry in fs::read_dir(folder.join(target)).expect("the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        println!("{}", path.display());
        check(&fs::read(path).expect("a file of the corpus"));
        count += 1;
    }
    assert!(10 <= count, "{target}: the corpus has {count} files only");
}

#[test]
fn the_corpus_of_filings_holds() {
    replay("filing", filing::check);
}

#[test]
fn the_corpus_of_form_input_holds() {
    replay("input", input::check);
}

#[test]
fn the_corpus_of_dates_holds() {
    replay("dates", dates::check);
}

/// A corpus that is refused as a whole would show little.
#[test]
fn the_corpus_of_filings_has_bodies_of_every_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/filing");
    let mut kinds: Vec<&str> = fs::read_dir(folder)
        .expect("the corpus")
        .filter_map(|entry| fs::read(entry.ok()?.path()).ok())
        .filter_map(|octets| formats::filing::parse(&octets).ok())
        .map(|body| body.head().kind.code())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), ids::FilingKind::ALL.len(), "{kinds:?}");
}
