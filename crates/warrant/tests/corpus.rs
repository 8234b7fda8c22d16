//! Replays the corpus of the fuzz target for warrants (`fuzz/README.md`).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a property fails by panicking"
)]

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/properties/warrant.rs"]
mod properties;

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/warrant");
    let entries = fs::read_dir(folder).expect("the corpus");
    entries
        .map(|entry| {
            let path = entry.expect("an entry of the corpus").path();
            let octets = fs::read(&path).expect("a file of the corpus");
            (path.display().to_string(), octets)
        })
        .collect()
}

#[test]
fn every_warrant_of_the_corpus_has_one_spelling_or_is_refused() {
    for (name, octets) in corpus() {
        println!("{name}");
        properties::check(&octets);
        for cut in (0..octets.len()).step_by(octets.len().div_ceil(16).max(1)) {
            properties::check(octets.get(..cut).unwrap_or_default());
        }
    }
}

/// A corpus that is refused as a whole would show little.
#[test]
fn the_corpus_of_warrants_holds_what_is_believed_and_what_is_not() {
    let (believed, refused): (Vec<_>, Vec<_>) = corpus()
        .into_iter()
        .partition(|(_, octets)| properties::check(octets));
    assert!(5 <= believed.len(), "{} are believed", believed.len());
    assert!(5 <= refused.len(), "{} are refused", refused.len());
}
