//! Replays the corpora of the fuzz targets (`fuzz/README.md`) on what this crate reads.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a property fails by panicking, and the input is named before"
)]

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/properties/select.rs"]
mod properties;

/// Gives every file of a folder to `check`, as it is and cut at every place.
fn replay(folder: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(folder);
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        let octets = fs::read(&path).expect("a file of the corpus");
        println!("{}", path.display());
        check(&octets);
        for cut in (0..octets.len()).step_by(octets.len().div_ceil(64).max(1)) {
            check(octets.get(..cut).unwrap_or_default());
        }
        files += 1;
    }
    assert_ne!(files, 0, "no inputs in {}", folder.display());
}

#[test]
fn every_capture_of_the_corpus_is_accounted_for() {
    replay("select_capture", properties::capture);
}

#[test]
fn every_frame_of_the_corpus_is_accounted_for() {
    replay("select_frame", properties::frame);
}

#[test]
fn every_conversation_of_the_corpus_is_accounted_for() {
    replay("select_stream", properties::stream);
}

#[test]
fn every_datagram_of_flow_records_of_the_corpus_is_accounted_for() {
    replay("select_flows", properties::flows);
}

#[test]
fn every_list_of_the_corpus_compiles_to_the_same_octets_or_is_refused() {
    replay("select_lists", properties::lists);
}
