//! The basis and the deadline of asset notifications.

use jiff::civil::{Date, date};
use statute::{
    BasisFinding, ComputerDates, Confidence, Entrance, Mode, NotificationBasis, change_basis,
    notification_basis,
};

use crate::book;

fn find(dates: &ComputerDates) -> BasisFinding {
    notification_basis(book(), dates, Mode::Real).expect("a basis")
}

fn check(dates: &ComputerDates, basis: NotificationBasis, unrolled: Date) {
    let found = find(dates);
    assert_eq!(found.basis, basis);
    assert_eq!(found.due.unrolled, Some(unrolled));
    assert_eq!(found.due.key, basis.key());
}

#[test]
fn a_new_introduction_has_four_months() {
    check(
        &ComputerDates::introduced(date(2026, 12, 1)),
        NotificationBasis::New,
        date(2027, 4, 1),
    );
}

#[test]
fn what_was_introduced_before_enforcement_has_until_the_end_of_march_2027() {
    let dates = ComputerDates {
        operator_designated_on: Some(date(2024, 5, 1)),
        ..ComputerDates::introduced(date(2019, 4, 1))
    };
    check(&dates, NotificationBasis::Existing, date(2027, 3, 31));
}

#[test]
fn a_newly_designated_operator_has_six_months_from_designation() {
    let dates = ComputerDates {
        operator_designated_on: Some(date(2027, 1, 15)),
        ..ComputerDates::introduced(date(2027, 3, 15))
    };
    check(&dates, NotificationBasis::Designated, date(2027, 7, 15));
    let late = ComputerDates {
        introduced_on: date(2027, 3, 16),
        ..dates
    };
    check(&late, NotificationBasis::New, date(2027, 7, 16));
}

#[test]
fn a_successor_under_espa_53_has_no_relief_after_designation() {
    let dates = ComputerDates {
        operator_designated_on: Some(date(2027, 1, 15)),
        entrance: Entrance::Espa53,
        ..ComputerDates::introduced(date(2027, 2, 1))
    };
    check(&dates, NotificationBasis::New, date(2027, 6, 1));
    assert!(has(&find(&dates), "espa53_no_relief"));
}

#[test]
fn a_successor_designated_before_the_amendment_keeps_the_relief() {
    let dates = ComputerDates {
        operator_designated_on: Some(date(2026, 9, 17)),
        entrance: Entrance::Espa53,
        ..ComputerDates::introduced(date(2026, 10, 20))
    };
    check(&dates, NotificationBasis::Designated, date(2027, 3, 17));
    let after = ComputerDates {
        operator_designated_on: Some(date(2026, 9, 18)),
        ..dates
    };
    assert_eq!(find(&after).basis, NotificationBasis::New);
}

#[test]
fn a_computer_that_became_specified_by_a_rule_change_has_six_months_from_then() {
    let dates = ComputerDates {
        became_specified_on: Some(date(2027, 4, 1)),
        ..ComputerDates::introduced(date(2027, 5, 1))
    };
    check(&dates, NotificationBasis::RuleChange, date(2027, 10, 1));
}

#[test]
fn an_existing_facility_gives_six_months_from_enforcement_for_two_months() {
    let dates = ComputerDates {
        facility_installed_on: Some(date(2020, 1, 1)),
        ..ComputerDates::introduced(date(2026, 11, 30))
    };
    check(&dates, NotificationBasis::EarlyWindow, date(2027, 3, 31));
    let late = ComputerDates {
        introduced_on: date(2026, 12, 1),
        ..dates
    };
    check(&late, NotificationBasis::New, date(2027, 4, 1));
    let new_facility = ComputerDates {
        facility_installed_on: Some(date(2026, 10, 2)),
        ..dates
    };
    assert_eq!(find(&new_facility).basis, NotificationBasis::New);
}

#[test]
fn a_change_has_four_months() {
    let found = change_basis(book(), date(2026, 10, 31), Mode::Real).expect("a basis");
    assert_eq!(found.basis, NotificationBasis::Change);
    assert_eq!(found.due.legal_limit, Some(date(2027, 3, 1)));
}

#[test]
fn a_computer_older_than_the_duty_is_counted_from_the_duty_and_marked_assumed() {
    let dates = ComputerDates {
        operator_designated_on: Some(date(2027, 1, 15)),
        ..ComputerDates::introduced(date(2020, 1, 1))
    };
    check(&dates, NotificationBasis::Designated, date(2027, 7, 15));
    let found = find(&dates);
    assert_eq!(found.due.confidence, Confidence::Assumed);
    assert!(has(&found, "introduced_before_duty"));
}

#[test]
fn the_first_reason_names_the_basis() {
    let found = find(&ComputerDates::introduced(date(2026, 12, 1)));
    assert_eq!(found.due.reasons[0].code, "new_4m");
}

fn has(found: &BasisFinding, code: &str) -> bool {
    found.due.reasons.iter().any(|reason| reason.code == code)
}
