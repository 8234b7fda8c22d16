use proptest::prelude::*;

use super::*;
use crate::codes::{CriterionKind, Direction, DropReason, LossReason};
use crate::testing::{at, criteria, engine, member, trust};

const PURPOSE: Purpose = Purpose::Real;

fn digest(byte: u8) -> Digest {
    Digest::from_bytes([byte; 32])
}

fn tally(packets: u64) -> Tally {
    Tally::new(packets, packets.saturating_mul(100))
}

/// What balances with nothing pending before, `kept` packets kept, and `pending` left over.
fn counts(kept: u64, pending: u64) -> Counts {
    let mut counts = Counts::default();
    for part in [kept, pending, 1, 1] {
        counts.receive(tally(part));
    }
    counts.keep(CriterionKind::Address, Direction::Transit, tally(kept));
    counts.hit(CriterionKind::Address, Direction::Transit);
    counts.hit(CriterionKind::Port, Direction::Transit);
    counts.discard(DropReason::NoCriterion, tally(1));
    counts.lose(LossReason::Kernel, tally(1));
    counts
}

fn part(number: u64, before: u64, after: u64, stop: Option<StopReason>) -> RunStatement {
    RunStatement {
        run: RunId::parse("run-1").unwrap(),
        part: number,
        from: at("2028-02-01T00:00:00Z"),
        until: at("2028-02-01T01:00:00.5Z"),
        stop,
        measure: MeasureId::parse("m-2028-001").unwrap(),
        warrant: digest(1),
        equipment: EquipmentId::parse("equipment-1").unwrap(),
        line: LineId::parse("line-a").unwrap(),
        criteria: criteria(1),
        prefixes: PrefixTableDigest::new(digest(2)),
        rules: digest(3),
        pending_before: tally(before),
        pending_after: tally(after),
        counts: counts(7, after),
        segments: Vec::new(),
        clock_steps: 0,
    }
}

/// Two hours of one run, then the end of it, as what they say.
fn run() -> Vec<Says> {
    let mut first = part(0, 0, 3, None);
    first.counts.record();
    first.segments = vec![SealedSegment {
        name: "run-1-000000".into(),
        digest: digest(4),
        key_digest: digest(5),
        records: 1,
        expires: at("2028-03-02T00:00:00Z"),
    }];
    let mut last = part(1, 3, 0, Some(StopReason::EndOfInput));
    last.counts
        .keep(CriterionKind::Port, Direction::Transit, tally(3));
    let expiry = ExpiryStatement {
        destroyed: vec![DestroyedSegment {
            name: "run-1-000000".into(),
            digest: Some(digest(4)),
            expires: at("2028-03-02T00:00:00Z"),
        }],
    };
    vec![
        Says::Run(Box::new(first)),
        Says::Run(Box::new(last)),
        Says::Expiry(expiry),
    ]
}

fn chain(says: Vec<Says>) -> Vec<String> {
    let mut previous = None;
    let mut notes = Vec::new();
    for (sequence, says) in (0..).zip(says) {
        let statement = Statement {
            sequence,
            previous,
            at: at("2028-02-01T02:00:00Z"),
            engine: "noroshi-select 0.1.0".into(),
            trust: *trust(PURPOSE).digest(),
            says,
        };
        let (note, digest) = statement.sign(PURPOSE, &engine(PURPOSE)).unwrap();
        previous = Some(digest);
        notes.push(note);
    }
    notes
}

fn verify(notes: &[String]) -> Result<ChainReport, ChainError> {
    let bytes = notes.iter().map(String::as_bytes);
    verify_chain(bytes, &trust(PURPOSE), None)
}

#[test]
fn a_run_of_two_hours_adds_up_and_its_expired_segment_is_named() {
    let report = verify(&chain(run())).unwrap();
    assert_eq!(report.statements, 3);
    let run = &report.runs[0];
    assert_eq!(run.stop, Some(StopReason::EndOfInput));
    assert_eq!(run.counts.received(), tally(21));
    assert_eq!(run.counts.check(Tally::default(), Tally::default()), Ok(()));
    assert!(report.segments.is_empty());
    assert_eq!(report.destroyed[0].name, "run-1-000000");
}

#[test]
fn a_statement_that_was_left_out_swapped_or_cut_off_is_found() {
    let notes = chain(run());
    let without_first = verify(&notes[1..]).unwrap_err();
    assert!(matches!(
        without_first,
        ChainError::Sequence { at: 0, sequence: 1 }
    ));
    let swapped = [notes[1].clone(), notes[0].clone()];
    assert!(verify(&swapped).is_err());
    let known = Statement::verify(notes[2].as_bytes(), &trust(PURPOSE))
        .unwrap()
        .1;
    let bytes = notes[..2].iter().map(String::as_bytes);
    let cut = verify_chain(bytes, &trust(PURPOSE), Some(&known));
    assert_eq!(cut, Err(ChainError::KnownMissing));
}

#[test]
fn packets_unaccounted_for_are_found_with_their_statement() {
    let mut says = run();
    if let Says::Run(part) = &mut says[1] {
        part.counts.receive(Tally::new(1, 60));
    }
    let refusal = verify(&chain(says)).unwrap_err();
    assert!(
        matches!(refusal, ChainError::Imbalance { at: 1, .. }),
        "{refusal:?}"
    );
}

#[test]
fn records_that_no_segment_holds_are_found() {
    let mut says = run();
    if let Says::Run(part) = &mut says[0] {
        part.counts.record();
    }
    let refusal = verify(&chain(says)).unwrap_err();
    assert_eq!(refusal, ChainError::Records { at: 0 });
}

#[test]
fn a_run_cannot_change_its_warrant_forget_what_is_pending_or_go_on_after_its_end() {
    type Change = fn(&mut RunStatement);
    let changes: [(Change, usize); 4] = [
        (|part| part.warrant = digest(8), 1),
        (|part| part.part = 5, 1),
        (|part| part.stop = Some(StopReason::Expired), 0),
        (
            |part| {
                part.pending_before = Tally::default();
                part.counts = counts(7, 0);
            },
            1,
        ),
    ];
    for (number, (change, place)) in changes.into_iter().enumerate() {
        let mut says = run();
        if let Says::Run(part) = &mut says[place] {
            change(part);
        }
        assert!(verify(&chain(says)).is_err(), "change {number}");
    }
}

#[test]
fn a_segment_is_destroyed_once_and_one_that_no_run_stated_is_counted() {
    let expiry = run().remove(2);
    let report = verify(&chain(vec![expiry.clone()])).unwrap();
    assert_eq!(report.unstated, 1);
    let refusal = verify(&chain(vec![expiry.clone(), expiry])).unwrap_err();
    assert_eq!(refusal, ChainError::DestroyedTwice { at: 1 });
}

#[test]
fn statements_of_another_key_or_another_trust_file_are_not_believed() {
    let says = run().remove(0);
    let statement = Statement {
        sequence: 0,
        previous: None,
        at: at("2028-02-01T02:00:00Z"),
        engine: "noroshi-select 0.1.0".into(),
        trust: digest(9),
        says,
    };
    let (note, _) = statement.sign(PURPOSE, &engine(PURPOSE)).unwrap();
    assert_eq!(verify(&[note]), Err(ChainError::OtherTrust { at: 0 }));
    let (note, _) = statement.sign(PURPOSE, &member(PURPOSE, 1)).unwrap();
    let refusal = Statement::verify(note.as_bytes(), &trust(PURPOSE));
    assert_eq!(
        refusal.unwrap_err(),
        StatementError::UntrustedKey,
        "a member's key"
    );
    let refusal = Statement::verify(note.as_bytes(), &trust(Purpose::Exercise));
    assert_eq!(refusal.unwrap_err(), StatementError::UntrustedKey);
}

#[test]
fn every_altered_byte_of_a_statement_is_refused() {
    let whole = chain(run()).remove(0).into_bytes();
    let trust = trust(PURPOSE);
    for place in 0..whole.len() {
        let mut altered = whole.clone();
        altered[place] ^= 0x01;
        assert!(Statement::verify(&altered, &trust).is_err(), "byte {place}");
    }
}

proptest! {
    #[test]
    fn a_statement_reads_back_what_it_says(
        packets in 1_u64..u64::MAX / 4, kind in 0_usize..8, direction in 0_usize..3, steps in 0_u64..9,
    ) {
        let mut part = part(0, 0, 0, None);
        part.counts = Counts::default();
        part.counts.receive(Tally::new(packets, packets));
        part.counts.keep(
            CriterionKind::ALL[kind],
            Direction::ALL[direction],
            Tally::new(packets, packets),
        );
        part.clock_steps = steps;
        let notes = chain(vec![Says::Run(Box::new(part.clone()))]);
        let (read, _) = Statement::verify(notes[0].as_bytes(), &trust(PURPOSE)).unwrap();
        prop_assert_eq!(read.says, Says::Run(Box::new(part)));
    }
}
