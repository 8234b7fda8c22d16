//! The program as people and equipment run it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test fails by panicking; the endings are our own"
)]

mod bench;

use std::fs;
use std::io::Write as _;

use serde_json::Value;
use warrant::{Direction, EquipmentId, LineId, RestoreOrder, Revocation, RunId, Terms, TimeRule};

use crate::bench::{Bench, MARKER, holds, json_exact, now};

#[test]
fn a_newcomer_selects_in_two_commands() {
    let bench = Bench::new();
    let (code, made) = bench.json(&["run"]);
    assert_eq!(
        (code, made["stop"].as_str()),
        (0, Some("end_of_input")),
        "{made}"
    );
    assert_eq!(made["balanced"], "exactly");
    assert_eq!(made["records"], 2);
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(
        (code, &verified["findings"]),
        (0, &Value::Array(Vec::new())),
        "{verified}"
    );
    let run = &verified["runs"][0];
    assert_eq!(run["received"]["packets"], 7);
    assert_eq!(run["kept"]["packets"], 2);
    for reason in [
        "no_criterion",
        "domestic",
        "undetermined",
        "other_direction",
        "not_decoded",
    ] {
        assert_eq!(run["dropped"][reason]["packets"], 1, "{reason}: {run}");
    }
    let opened = bench.records();
    assert_eq!(opened.len(), 2);
    assert_eq!(opened[0]["source"], "203.0.113.66");
    assert_eq!(opened[1]["dns_name"], "update.c2.example");
    for record in &opened {
        let domestic = record["destination"].as_str().unwrap();
        assert!(domestic.starts_with("tag:"), "{domestic}");
    }
    let all = serde_json::to_string(&opened).unwrap();
    assert!(
        !all.contains("content of a message") && !all.contains("192.0.2"),
        "{all}"
    );
}

#[test]
fn every_refusal_says_why_and_reads_nothing() {
    type Change = fn(&mut Terms);
    let changes: [(&str, Change); 7] = [
        ("warrant.expired", |terms| {
            terms.valid_from = now(-200);
            terms.valid_until = now(-100);
        }),
        ("warrant.not_yet_valid", |terms| {
            terms.valid_from = now(100);
            terms.valid_until = now(200);
        }),
        ("warrant.other_line", |terms| {
            terms.lines = vec![LineId::parse("another-line").unwrap()];
        }),
        ("warrant.other_equipment", |terms| {
            terms.equipment = EquipmentId::parse("another-equipment").unwrap();
        }),
        ("warrant.other_criteria", |terms| {
            let digest = ids::Digest::from_bytes([1; 32]);
            terms.criteria = warrant::CriteriaDigest::new(digest);
        }),
        ("warrant.direction", |terms| {
            terms.directions = vec![Direction::Transit];
        }),
        ("warrant.basis_missing", |terms| {
            terms.basis = vec!["basis.selection".to_owned()];
        }),
    ];
    let bench = Bench::new();
    for (reason, change) in changes {
        let mut terms = bench.terms();
        change(&mut terms);
        bench.write_warrant(&terms, &[1, 2]);
        bench.refuses(&["run", "--equipment", "training-equipment"], reason);
    }
    bench.write_warrant(&bench.terms(), &[1]);
    bench.refuses(&["run"], "warrant.too_few_signatures");
    let stranger = Bench::new();
    fs::copy(stranger.path("warrant.note"), bench.path("warrant.note")).unwrap();
    bench.refuses(&["run"], "warrant.untrusted_key");
    assert!(!bench.path("out").join("segments").exists());
}

#[test]
fn real_and_exercise_files_do_not_mix() {
    let bench = Bench::new();
    let trust = fs::read_to_string(bench.path("trust.txt")).unwrap();
    let real = trust.replace("noroshi-exercise-", "noroshi-");
    fs::write(bench.path("trust.txt"), real).unwrap();
    bench.refuses(&["run"], "trust");
}

#[test]
fn a_warrant_is_explained_and_its_state_is_the_exit_code() {
    let bench = Bench::new();
    let (code, told) = bench.json(&["warrant", "verify"]);
    assert_eq!((code, &told["usable"]), (0, &Value::Bool(true)), "{told}");
    let mut terms = bench.terms();
    (terms.valid_from, terms.valid_until) = (now(-200), now(-100));
    bench.write_warrant(&terms, &[1, 3]);
    let (code, told) = bench.json(&["warrant", "verify"]);
    assert_eq!(
        (code, told["refused"].as_str()),
        (1, Some("warrant.expired"))
    );
}

#[test]
fn packets_stamped_outside_the_period_are_dropped() {
    let bench = Bench::new();
    let mut terms = bench.terms();
    terms.conditions.time = TimeRule::Period;
    bench.write_warrant(&terms, &[1, 2]);
    let (code, _) = bench.json(&["run"]);
    assert_eq!(code, 0);
    let (_, verified) = bench.json(&["statement", "verify"]);
    let run = &verified["runs"][0];
    assert_eq!(run["dropped"]["outside_period"]["packets"], 7, "{run}");
}

#[test]
fn a_revocation_in_flight_stops_a_run_whose_input_stays_open() {
    let bench = Bench::new();
    let mut child = bench.start();
    let mut input = child.stdin.take().unwrap();
    input
        .write_all(&fs::read(bench.path("capture.pcap")).unwrap())
        .unwrap();
    input.flush().unwrap();
    bench.wait_for("statements");
    let warrant = bench.warrant_digest();
    let note = Revocation {
        warrant,
        at: now(0),
    }
    .note(warrant::Purpose::Exercise)
    .unwrap();
    bench.write_signed("warrant.note.revoked", note, &[3]);
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(3));
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(
        (code, verified["runs"][0]["stop"].as_str()),
        (0, Some("revoked")),
        "{verified}"
    );
    let (_, again) = bench.json(&["run"]);
    assert_eq!(again["stop"], "revoked", "and no later run reads anything");
    assert!(
        again["received"].as_str().unwrap().starts_with("0 packets"),
        "{again}"
    );
}

#[test]
fn a_note_that_cannot_be_verified_stops_too() {
    let bench = Bench::new();
    fs::write(bench.path("warrant.note.revoked"), "stop\n").unwrap();
    let (code, made) = bench.json(&["run"]);
    assert_eq!(
        (code, made["stop"].as_str()),
        (3, Some("revocation_unclear"))
    );
}

#[test]
fn the_end_of_the_warrant_stops_a_run_whose_input_stays_open() {
    let bench = Bench::new();
    let mut terms = bench.terms();
    terms.valid_until = now(3);
    bench.write_warrant(&terms, &[1, 2]);
    let mut child = bench.start();
    let input = child.stdin.take().unwrap();
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(3));
    let (_, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(verified["runs"][0]["stop"], "expired", "{verified}");
}

#[test]
fn a_signal_seals_what_is_open_and_is_stated() {
    let bench = Bench::new();
    let mut child = bench.start();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&bench::capture(5_000)).unwrap();
    bench.wait_for("statements");
    bench::signal(&child, "-TERM");
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(0));
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(
        (code, verified["runs"][0]["stop"].as_str()),
        (0, Some("requested")),
        "{verified}"
    );
}

#[test]
fn a_kill_leaves_no_readable_segment_and_no_payload() {
    let bench = Bench::new();
    let mut child = bench.start();
    let mut input = child.stdin.take().unwrap();
    // More than a row group, and more than the pipe holds: part of it is on disk when the kill comes.
    input.write_all(&bench::capture(120_000)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(input);
    let left = bench.files();
    assert!(
        left.iter()
            .any(|(name, bytes)| name.ends_with(".tmp") && !bytes.is_empty())
    );
    for (name, bytes) in &left {
        for secret in [MARKER, "PAR1", "192.0.2.10"] {
            assert!(!holds(bytes, secret), "{name} holds {secret}");
        }
        assert!(
            !(name.ends_with(".key") && name.contains("segments")),
            "{name}"
        );
    }
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(code, 1, "{verified}");
    assert!(
        verified["findings"][0]
            .as_str()
            .unwrap()
            .contains("never closed")
    );
    let (code, made) = bench.json(&["run"]);
    assert_eq!((code, made["removed"].as_str()), (0, Some("1")), "{made}");
}

#[test]
fn no_payload_reaches_any_output() {
    let bench = Bench::new();
    fs::write(bench.path("capture.pcap"), bench::capture(300)).unwrap();
    let (code, made) = bench.json(&["run"]);
    assert_eq!((code, made["records"].as_u64()), (0, Some(300)), "{made}");
    assert!(!made.to_string().contains(MARKER));
    assert!(
        !serde_json::to_string(&bench.records())
            .unwrap()
            .contains(MARKER)
    );
    for (name, bytes) in bench.files() {
        assert!(!holds(&bytes, MARKER), "{name}");
    }
}

#[test]
fn altered_missing_and_cut_off_evidence_is_found() {
    let bench = Bench::new();
    bench.json(&["run"]);
    let (_, verified) = bench.json(&["statement", "verify"]);
    let head = verified["head"].as_str().unwrap().to_owned();
    let (code, _) = bench.json(&["statement", "verify", "--known", &head]);
    assert_eq!(code, 0);
    let last = bench.path("out/statements/00000001.note");
    let whole = fs::read(&last).unwrap();
    let mut altered = whole.clone();
    altered[80] ^= 1;
    fs::write(&last, altered).unwrap();
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(code, 1, "{verified}");
    fs::remove_file(&last).unwrap();
    let (code, verified) = bench.json(&["statement", "verify", "--known", &head]);
    assert_eq!(code, 1, "{verified}");
    fs::write(&last, whole).unwrap();
    for (name, _) in bench.files() {
        if name.ends_with(".parquet") {
            fs::write(&name, "nothing").unwrap();
        }
    }
    assert_eq!(bench.json(&["segments", "verify"]).0, 1);
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(code, 1);
    assert!(
        verified["findings"][0]
            .as_str()
            .unwrap()
            .contains("not the one"),
        "{verified}"
    );
}

#[test]
fn what_is_due_is_destroyed_and_stated() {
    let bench = Bench::new();
    bench.json(&["run"]);
    let (code, made) = bench.json(&["segments", "expire"]);
    assert_eq!((code, made["destroyed"].as_array().unwrap().len()), (0, 0));
    bench.seal_long_ago();
    let (code, made) = bench.json(&["segments", "expire"]);
    assert_eq!(
        (code, made["destroyed"][0].as_str()),
        (0, Some("long-ago-000000")),
        "{made}"
    );
    let (_, listed) = bench.json(&["segments", "list"]);
    assert_eq!(listed["segments"].as_array().unwrap().len(), 1);
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(
        (code, verified["destroyed"].as_str()),
        (0, Some("1")),
        "{verified}"
    );
}

#[test]
fn identifiers_are_restored_only_on_an_order_and_stated() {
    let bench = Bench::new();
    let (_, made) = bench.json(&["run"]);
    let tag = bench.records()[0]["destination"]
        .as_str()
        .unwrap()
        .to_owned();
    let order = RestoreOrder {
        run: RunId::parse(made["run"].as_str().unwrap()).unwrap(),
        addresses: vec![tag.strip_prefix("tag:").unwrap().to_owned()],
        mail: Vec::new(),
        reason: "training".to_owned(),
        at: now(0),
    };
    let note = || order.note(warrant::Purpose::Exercise).unwrap();
    bench.write_signed("order.note", note(), &[2]);
    bench.refuses(&["restore"], "warrant.too_few_signatures");
    bench.write_signed("order.note", note(), &[2, 3]);
    let (code, told) = bench.json(&["restore"]);
    assert_eq!(
        (code, told["restored"][0]["original"].as_str()),
        (0, Some("192.0.2.10"))
    );
    let (code, verified) = bench.json(&["statement", "verify"]);
    assert_eq!(
        (code, verified["restored"].as_str()),
        (0, Some("1")),
        "{verified}"
    );
}

#[test]
fn criteria_errors_are_named_by_line_and_compiling_is_repeatable() {
    let bench = Bench::new();
    let list = bench.path("criteria.csv").display().to_string();
    let (code, told) = json_exact(&["criteria", "check", &list]);
    assert_eq!(code, 0, "{told}");
    let compiled = fs::read(bench.path("criteria.compiled")).unwrap();
    let again = bench.path("again").display().to_string();
    let (code, told) = json_exact(&["criteria", "compile", &list, "--out", &again]);
    assert_eq!(code, 0, "{told}");
    assert!(fs::read(&again).unwrap() == compiled);
    let text = fs::read_to_string(&list).unwrap() + "EX-3,address,not-an-address,Training,,\n";
    fs::write(&list, text).unwrap();
    let (code, told) = json_exact(&["criteria", "check", &list]);
    assert_eq!(
        (code, told["problems"][0]["line"].as_u64()),
        (1, Some(4)),
        "{told}"
    );
}

#[test]
fn a_table_says_where_addresses_belong() {
    let bench = Bench::new();
    let table = bench.path("prefixes.txt").display().to_string();
    let asked = [
        "prefixes",
        "lookup",
        &table,
        "192.0.2.1",
        "203.0.113.1",
        "10.0.0.1",
    ];
    let (code, told) = json_exact(&asked);
    let places = ["domestic", "foreign", "undetermined"];
    let found: Vec<_> = told["addresses"].as_array().unwrap().iter().collect();
    assert_eq!(code, 0);
    for (found, place) in found.iter().zip(places) {
        assert_eq!(found["place"], place);
    }
}
