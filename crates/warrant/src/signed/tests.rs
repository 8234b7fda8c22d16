use proptest::prelude::*;

use super::*;
use crate::codes::{Direction, MeasureKind};
use crate::revocation::{Revocation, RevocationFound};
use crate::terms::TimeRule;
use crate::testing::{at, book, criteria, line, member, request, sign, signed, terms, trust};

fn verified(terms: &Terms, purpose: Purpose) -> Warrant {
    Warrant::verify(signed(terms, purpose).as_bytes(), &trust(purpose)).unwrap()
}

/// What a run with the terms changed by `change` is refused for.
fn admitted(change: impl FnOnce(&mut Terms)) -> Result<Admission, Refusal> {
    let mut terms = terms();
    change(&mut terms);
    verified(&terms, Purpose::Real).admit(&book(), &request(&line()))
}

fn refused_code(change: impl FnOnce(&mut Terms)) -> &'static str {
    admitted(change).unwrap_err().code()
}

#[test]
fn a_warrant_of_two_of_three_members_in_time_and_law_is_admitted() {
    let admission = admitted(|_| {}).unwrap();
    assert_eq!(admission.warrant().terms(), &terms());
    assert_eq!(admission.warrant().signers(), ["member-1", "member-2"]);
}

#[test]
fn a_warrant_is_refused_outside_its_time() {
    let warrant = verified(&terms(), Purpose::Real);
    let line = line();
    for (when, code) in [
        ("2028-01-09T23:59:59Z", "warrant.not_yet_valid"),
        ("2028-04-10T00:00:00Z", "warrant.expired"),
        ("2029-01-01T00:00:00Z", "warrant.expired"),
    ] {
        let mut request = request(&line);
        request.at = at(when);
        let refusal = warrant.admit(&book(), &request).unwrap_err();
        assert_eq!(refusal.code(), code, "{when}");
    }
}

#[test]
fn a_warrant_is_refused_for_another_line_equipment_or_criteria() {
    let warrant = verified(&terms(), Purpose::Real);
    let (here, other) = (line(), LineId::parse("line-c").unwrap());
    let refusal = warrant.admit(&book(), &request(&other)).unwrap_err();
    assert_eq!(refusal.code(), "warrant.other_line");
    let equipment = EquipmentId::parse("equipment-2").unwrap();
    let mut elsewhere = request(&here);
    elsewhere.equipment = Some(&equipment);
    let refusal = warrant.admit(&book(), &elsewhere).unwrap_err();
    assert_eq!(refusal.code(), "warrant.other_equipment");
    let mut changed = request(&here);
    changed.criteria = criteria(2);
    let refusal = warrant.admit(&book(), &changed).unwrap_err();
    assert_eq!(refusal.code(), "warrant.other_criteria");
}

#[test]
fn signatures_of_strangers_count_for_nothing() {
    let note = || warrant_text(&terms(), Purpose::Real).unwrap();
    let members: Vec<_> = (1..=4).map(|one| member(Purpose::Real, one)).collect();
    let verdict = |signers: &[&ledger::SignerKey]| {
        Warrant::verify(sign(note(), signers).as_bytes(), &trust(Purpose::Real))
            .map_err(|refusal| refusal.code())
            .map(|warrant| warrant.signers().len())
    };
    assert_eq!(verdict(&[&members[3]]), Err("warrant.untrusted_key"));
    assert_eq!(verdict(&[&members[0]]), Err("warrant.too_few_signatures"));
    assert_eq!(
        verdict(&[&members[0], &members[3]]),
        Err("warrant.too_few_signatures")
    );
    assert_eq!(verdict(&[&members[0], &members[2]]), Ok(2));
    assert_eq!(verdict(&[&members[0], &members[1], &members[2]]), Ok(3));
}

#[test]
fn one_member_signing_twice_is_one_member() {
    let once = sign(
        warrant_text(&terms(), Purpose::Real).unwrap(),
        &[&member(Purpose::Real, 1)],
    );
    let line = once.lines().last().unwrap();
    let twice = format!("{once}{line}\n");
    let refusal = Warrant::verify(twice.as_bytes(), &trust(Purpose::Real)).unwrap_err();
    let (found, required) = (1, 2);
    assert_eq!(refusal, Refusal::TooFewSignatures { found, required });
}

#[test]
fn domestic_traffic_is_refused_whatever_was_signed() {
    let mut terms = terms();
    terms.directions = vec![Direction::Transit, Direction::Domestic];
    let refusal = warrant_text(&terms, Purpose::Real).unwrap_err();
    assert_eq!(refusal.code(), "warrant.domestic");
    // Members who sign it with another program gain nothing.
    let text = body(&terms, Purpose::Real).unwrap();
    let note = Note::unsigned(&text).unwrap();
    let members = [member(Purpose::Real, 1), member(Purpose::Real, 2)];
    let bytes = sign(note, &[&members[0], &members[1]]);
    let refusal = Warrant::verify(bytes.as_bytes(), &trust(Purpose::Real)).unwrap_err();
    assert_eq!(refusal.code(), "warrant.domestic");
}

#[test]
fn a_basis_that_is_not_in_force_is_refused_outside_an_exercise() {
    let mut today = terms();
    today.valid_from = at("2026-11-01T00:00:00Z");
    today.valid_until = at("2027-01-31T00:00:00Z");
    let line = line();
    let mut request = request(&line);
    request.at = at("2026-11-23T00:00:00Z");
    let refusal = verified(&today, Purpose::Real).admit(&book(), &request);
    assert_eq!(refusal.unwrap_err().code(), "basis.not_in_force");
    let rehearsal = verified(&today, Purpose::Exercise).admit(&book(), &request);
    assert!(rehearsal.is_ok(), "{rehearsal:?}");
}

#[test]
fn basis_directions_and_length_follow_the_rule_book() {
    assert_eq!(
        refused_code(|terms| terms.basis = vec!["basis.selection".into()]),
        "warrant.basis_missing"
    );
    assert_eq!(
        refused_code(|terms| terms.basis.insert(0, "basis.analysis".into())),
        "warrant.basis_foreign"
    );
    assert_eq!(
        refused_code(|terms| terms.directions = vec![Direction::Inbound]),
        "warrant.direction"
    );
    assert_eq!(
        refused_code(|terms| terms.kind = MeasureKind::Agreement),
        "warrant.basis_missing"
    );
    assert_eq!(
        refused_code(|terms| terms.valid_until = at("2028-07-12T00:00:00Z")),
        "warrant.too_long"
    );
}

#[test]
fn an_exercise_and_a_real_instance_do_not_mix() {
    for (one, other) in [
        (Purpose::Real, Purpose::Exercise),
        (Purpose::Exercise, Purpose::Real),
    ] {
        let refusal = Warrant::verify(signed(&terms(), one).as_bytes(), &trust(other));
        assert_eq!(refusal.unwrap_err(), Refusal::Purpose);
    }
    let here = line();
    let mut live = request(&here);
    live.source = Source::Live;
    let refusal = verified(&terms(), Purpose::Exercise).admit(&book(), &live);
    assert_eq!(refusal.unwrap_err(), Refusal::LiveInExercise);
    assert!(
        verified(&terms(), Purpose::Real)
            .admit(&book(), &live)
            .is_ok()
    );
}

#[test]
fn recorded_time_is_for_exercises_only() {
    let mut terms = terms();
    terms.conditions.time = TimeRule::Recorded;
    assert_eq!(
        warrant_text(&terms, Purpose::Real).unwrap_err().code(),
        "warrant.recorded_time"
    );
    assert!(warrant_text(&terms, Purpose::Exercise).is_ok());
}

#[test]
fn one_approval_has_one_spelling() {
    let note = warrant_text(&terms(), Purpose::Real).unwrap();
    let spaced = note.text().replacen("\":", "\": ", 1);
    let added = note.text().replacen('{', "{\"a\":1,", 1);
    let doubled = note
        .text()
        .replacen("\"line-a\"", "\"line-a\",\"line-a\"", 1);
    let members = [member(Purpose::Real, 1), member(Purpose::Real, 2)];
    for text in [spaced, added, doubled] {
        let note = Note::unsigned(&text).unwrap();
        let bytes = sign(note, &[&members[0], &members[1]]);
        let refusal = Warrant::verify(bytes.as_bytes(), &trust(Purpose::Real)).unwrap_err();
        assert!(matches!(refusal, Refusal::Terms(_)), "{refusal:?}");
    }
}

#[test]
fn every_altered_byte_of_a_warrant_is_refused() {
    let whole = signed(&terms(), Purpose::Real).into_bytes();
    let trust = trust(Purpose::Real);
    for place in 0..whole.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut altered = whole.clone();
            altered[place] ^= mask;
            assert!(Warrant::verify(&altered, &trust).is_err(), "byte {place}");
        }
        assert!(
            Warrant::verify(&whole[..place], &trust).is_err(),
            "cut at {place}"
        );
    }
}

#[test]
fn a_revocation_of_one_member_ends_this_warrant_and_no_other() {
    let purpose = Purpose::Real;
    let (warrant, trust) = (verified(&terms(), purpose), trust(purpose));
    let revocation = |digest: &Digest, signer: u8| {
        let (warrant, at) = (*digest, at("2028-02-02T00:00:00Z"));
        let note = Revocation { warrant, at }.note(purpose).unwrap();
        sign(note, &[&member(purpose, signer)]).into_bytes()
    };
    let found = |bytes: &[u8]| Revocation::found(bytes, &warrant, &trust);
    let own = revocation(warrant.digest(), 3);
    assert_eq!(found(&own), RevocationFound::Revoked);
    let other = Digest::from_bytes([7; 32]);
    assert_eq!(found(&revocation(&other, 3)), RevocationFound::None);
    assert_eq!(
        found(&revocation(warrant.digest(), 4)),
        RevocationFound::Unclear
    );
    assert_eq!(found(b""), RevocationFound::Unclear);
    for place in 0..own.len() {
        let mut altered = own.clone();
        altered[place] ^= 0x01;
        assert_eq!(found(&altered), RevocationFound::Unclear, "byte {place}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_warrant_or_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Warrant::verify(&bytes, &trust(Purpose::Real)).is_err());
        prop_assert!(Trust::parse(&bytes).is_err());
        prop_assert!(Revocation::verify(&bytes, &trust(Purpose::Real)).is_err());
    }

    #[test]
    fn a_run_is_admitted_exactly_inside_the_period(second in 1_800_000_000_i64..1_860_000_000) {
        let warrant = verified(&terms(), Purpose::Exercise);
        let line = line();
        let mut request = request(&line);
        request.at = Timestamp::from_second(second).unwrap();
        let inside = terms().covers(request.at);
        prop_assert_eq!(warrant.admit(&book(), &request).is_ok(), inside);
    }
}
