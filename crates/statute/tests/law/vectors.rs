//! Deadlines against worked examples.

use jiff::civil::{Date, date};
use statute::{Confidence, Due, DueQuestion, DueRefusal, Mode, RuleBook, due};

fn book() -> RuleBook {
    RuleBook::embedded().expect("the embedded packs fit")
}

fn ask(key: &str, trigger: Date) -> Due {
    due(&book(), &DueQuestion::new(key, trigger), Mode::Real).expect("a deadline")
}

/// Trigger, unrolled, legal limit, conservative limit.
type Row = (Date, Date, Date, Date);

#[test]
fn thirty_days_from_awareness_roll_past_closed_days() {
    let rows: &[Row] = &[
        (
            date(2026, 10, 1),
            date(2026, 10, 31),
            date(2026, 11, 2),
            date(2026, 10, 30),
        ),
        (
            date(2026, 10, 5),
            date(2026, 11, 4),
            date(2026, 11, 4),
            date(2026, 11, 3),
        ),
        (
            date(2026, 11, 30),
            date(2026, 12, 30),
            date(2027, 1, 4),
            date(2026, 12, 29),
        ),
        (
            date(2027, 1, 29),
            date(2027, 2, 28),
            date(2027, 3, 1),
            date(2027, 2, 27),
        ),
        (
            date(2026, 11, 20),
            date(2026, 12, 20),
            date(2026, 12, 21),
            date(2026, 12, 19),
        ),
        (
            date(2026, 11, 29),
            date(2026, 12, 29),
            date(2027, 1, 4),
            date(2026, 12, 28),
        ),
        (
            date(2026, 12, 1),
            date(2026, 12, 31),
            date(2027, 1, 4),
            date(2026, 12, 30),
        ),
        (
            date(2027, 4, 3),
            date(2027, 5, 3),
            date(2027, 5, 6),
            date(2027, 5, 2),
        ),
    ];
    check_rows("report.full", rows);
}

#[test]
fn four_months_from_introduction_follow_the_civil_code() {
    let rows: &[Row] = &[
        (
            date(2026, 12, 1),
            date(2027, 4, 1),
            date(2027, 4, 1),
            date(2027, 3, 31),
        ),
        (
            date(2026, 10, 31),
            date(2027, 2, 28),
            date(2027, 3, 1),
            date(2027, 2, 28),
        ),
        (
            date(2027, 2, 28),
            date(2027, 6, 30),
            date(2027, 6, 30),
            date(2027, 6, 27),
        ),
    ];
    check_rows("asset.notify.new", rows);
    check_rows("asset.notify.change", rows);
}

#[test]
fn computers_already_introduced_are_notified_by_the_end_of_march_2027() {
    let day = date(2027, 3, 31);
    check_rows(
        "asset.notify.existing",
        &[(date(2026, 10, 1), day, day, day)],
    );
}

fn check_rows(key: &str, rows: &[Row]) {
    for (trigger, unrolled, limit, conservative) in rows {
        let due = ask(key, *trigger);
        assert_eq!(due.unrolled, Some(*unrolled), "{key} {trigger}");
        assert_eq!(due.legal_limit, Some(*limit), "{key} {trigger}");
        assert_eq!(
            due.conservative_limit,
            Some(*conservative),
            "{key} {trigger}"
        );
    }
}

#[test]
fn promptly_has_no_number_and_says_so() {
    let due = ask("report.prompt", date(2026, 11, 20));
    assert_eq!(due.legal_limit, None);
    assert_eq!(due.unrolled, None);
    assert_eq!(due.conservative_limit, None);
    assert_eq!(due.confidence, Confidence::Text);
    assert_eq!(due.reasons[0].code, "no_number_in_law");
}

#[test]
fn an_event_before_the_rule_is_in_force_is_refused() {
    let refusal = due(
        &book(),
        &DueQuestion::new("report.full", date(2026, 9, 30)),
        Mode::Real,
    )
    .expect_err("not in force");
    assert_eq!(refusal.code(), "due.trigger_before_rule");
    assert!(matches!(
        refusal,
        DueRefusal::TriggerBeforeRule { from, .. } if from == date(2026, 10, 1)
    ));
}
