use super::*;
use crate::testing::{at, book, line, request, signed, terms, trust};
use crate::{Purpose, Warrant};

fn watch() -> Watch {
    let bytes = signed(&terms(), Purpose::Real);
    let warrant = Warrant::verify(bytes.as_bytes(), &trust(Purpose::Real)).unwrap();
    let line = line();
    Watch::begin(warrant.admit(&book(), &request(&line)).unwrap())
}

fn seconds(number: i64) -> SignedDuration {
    SignedDuration::from_secs(number)
}

#[test]
fn a_run_goes_on_until_the_last_second_of_the_warrant() {
    let (mut watch, book) = (watch(), book());
    let length = terms()
        .valid_until
        .duration_since(at("2028-02-01T00:00:00Z"));
    let just_before = length.saturating_sub(seconds(1));
    let wall = at("2028-04-09T23:59:59Z");
    assert_eq!(
        watch.check(&book, wall, just_before, RevocationFound::None),
        Ok(())
    );
    let wall = at("2028-04-10T00:00:00Z");
    assert_eq!(
        watch.check(&book, wall, length, RevocationFound::None),
        Err(StopReason::Expired)
    );
    assert_eq!(watch.clock_steps(), 0);
}

#[test]
fn setting_the_clock_back_does_not_extend_a_warrant() {
    let (mut watch, book) = (watch(), book());
    let day = seconds(86_400);
    let wall = at("2028-01-20T00:00:00Z");
    assert_eq!(watch.check(&book, wall, day, RevocationFound::None), Ok(()));
    assert_eq!(watch.clock_steps(), 1, "the step is counted");
    let whole = seconds(86_400 * 69);
    assert_eq!(
        watch.check(&book, wall, whole, RevocationFound::None),
        Err(StopReason::Expired)
    );
}

#[test]
fn setting_the_clock_forward_past_the_end_stops_at_once_and_before_the_begin_too() {
    let book = book();
    for (wall, reason) in [
        ("2028-05-01T00:00:00Z", StopReason::Expired),
        ("2028-01-01T00:00:00Z", StopReason::BeforePeriod),
    ] {
        let verdict = watch().check(&book, at(wall), seconds(1), RevocationFound::None);
        assert_eq!(verdict, Err(reason));
    }
}

#[test]
fn a_revocation_stops_and_so_does_one_that_cannot_be_verified() {
    let (book, wall) = (book(), at("2028-02-01T00:00:01Z"));
    for (found, reason) in [
        (RevocationFound::Revoked, StopReason::Revoked),
        (RevocationFound::Unclear, StopReason::RevocationUnclear),
    ] {
        assert_eq!(watch().check(&book, wall, seconds(1), found), Err(reason));
    }
}
