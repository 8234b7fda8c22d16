//! What is in force, and exercises.

use jiff::civil::date;
use statute::{DueQuestion, Mode, StandingKind, due, phases, standing};

use crate::book;

#[test]
fn an_act_whose_basis_is_not_in_force_is_refused() {
    let refusal =
        standing(book(), "basis.selection", date(2026, 11, 22), Mode::Real).expect_err("phase 4");
    assert_eq!(refusal.code(), "basis.not_in_force");
    assert_eq!(
        refusal.to_string(),
        "basis.selection (Act 21-31) is not in force on 2026-11-22; \
         it comes into force by 2027-11-22 at the latest"
    );
    assert_eq!(
        refusal.text_ja(),
        "サイバー対処能力強化法第21条から第31条までは2026-11-22の時点で施行されていません（遅くとも2027-11-22までに施行）"
    );
}

#[test]
fn an_exercise_may_rehearse_it_and_says_so() {
    let found = standing(
        book(),
        "basis.selection",
        date(2026, 11, 22),
        Mode::Exercise,
    )
    .expect("an exercise");
    assert_eq!(found.standing, StandingKind::ExerciseOnly);
    assert_eq!(found.reasons[0].code, "exercise_not_in_force");
}

#[test]
fn notification_and_report_are_in_force_from_october_2026() {
    for key in ["basis.notification", "basis.report", "basis.orders"] {
        let before = standing(book(), key, date(2026, 9, 30), Mode::Real);
        assert!(before.is_err(), "{key}");
        let from = standing(book(), key, date(2026, 10, 1), Mode::Real).expect("in force");
        assert_eq!(from.standing, StandingKind::InForce, "{key}");
    }
}

#[test]
fn a_basis_that_the_book_lacks_is_refused_in_an_exercise_too() {
    let refusal =
        standing(book(), "basis.magic", date(2026, 11, 22), Mode::Exercise).expect_err("unknown");
    assert_eq!(refusal.code(), "basis.unknown");
}

#[test]
fn the_four_phases_come_in_order() {
    let days: Vec<_> = phases(book()).iter().map(|(entry, _)| entry.from).collect();
    assert_eq!(
        days,
        [
            date(2025, 7, 1),
            date(2026, 4, 1),
            date(2026, 10, 1),
            date(2027, 11, 22)
        ]
    );
}

#[test]
fn a_deadline_may_be_rehearsed_before_enforcement_in_an_exercise_only() {
    let question = DueQuestion::new("report.full", date(2026, 9, 1));
    assert!(due(book(), &question, Mode::Real).is_err());
    let found = due(book(), &question, Mode::Exercise).expect("an exercise");
    assert_eq!(found.standing, StandingKind::ExerciseOnly);
    assert_eq!(found.legal_limit, Some(date(2026, 10, 1)));
}
