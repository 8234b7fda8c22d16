//! Deadlines against worked examples.

use jiff::civil::{Date, date};
use statute::{Confidence, Due, DueQuestion, DueRefusal, Mode, due};

use crate::book;

fn ask(key: &str, trigger: Date) -> Due {
    due(book(), &DueQuestion::new(key, trigger), Mode::Real).expect("a deadline")
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
        book(),
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

#[test]
fn an_event_under_the_law_of_a_day_before_enforcement_is_refused() {
    let question = DueQuestion::new("report.full", date(2026, 11, 20)).as_of(date(2026, 9, 30));
    let refusal = due(book(), &question, Mode::Real).expect_err("not in force");
    assert_eq!(refusal.code(), "due.not_in_force");
}

#[test]
fn designation_counts_six_months_for_computers_introduced_within_two() {
    let question =
        DueQuestion::new("asset.notify.designated", date(2027, 2, 1)).designated(date(2026, 12, 1));
    let found = due(book(), &question, Mode::Real).expect("inside the window");
    assert_eq!(found.counted_from, Some(date(2026, 12, 1)));
    assert_eq!(found.unrolled, Some(date(2027, 6, 1)));
    assert_eq!(found.legal_limit, Some(date(2027, 6, 1)));
    assert!(
        found
            .reasons
            .iter()
            .any(|reason| reason.code == "inside_window")
    );
}

#[test]
fn an_introduction_outside_the_window_is_refused_with_the_window() {
    let designated = date(2026, 12, 1);
    for introduced in [date(2027, 2, 2), date(2026, 11, 30)] {
        let question =
            DueQuestion::new("asset.notify.designated", introduced).designated(designated);
        let refusal = due(book(), &question, Mode::Real).expect_err("outside");
        assert_eq!(
            refusal,
            DueRefusal::OutsideWindow {
                key: "asset.notify.designated".to_owned(),
                introduced,
                opens: designated,
                closes: date(2027, 2, 1),
            }
        );
    }
}

#[test]
fn a_missing_second_date_is_refused() {
    let ask = |key| {
        due(
            book(),
            &DueQuestion::new(key, date(2026, 11, 20)),
            Mode::Real,
        )
    };
    assert!(matches!(
        ask("asset.notify.designated"),
        Err(DueRefusal::MissingDesignation { .. })
    ));
    assert!(matches!(
        ask("asset.notify.rule_change"),
        Err(DueRefusal::MissingBecameSpecified { .. })
    ));
}

#[test]
fn a_change_of_the_facility_order_counts_from_the_day_it_became_specified() {
    let question = DueQuestion::new("asset.notify.rule_change", date(2027, 1, 15))
        .became_specified(date(2027, 1, 1));
    let found = due(book(), &question, Mode::Real).expect("inside the window");
    assert_eq!(found.unrolled, Some(date(2027, 7, 1)));
}

#[test]
fn the_early_window_is_open_through_november_2026() {
    let last = ask("asset.notify.early_window", date(2026, 11, 30));
    assert_eq!(last.legal_limit, Some(date(2027, 3, 31)));
    assert_eq!(last.key, "asset.notify.early_window");
    let late = due(
        book(),
        &DueQuestion::new("asset.notify.early_window", date(2026, 12, 1)),
        Mode::Real,
    );
    assert!(matches!(late, Err(DueRefusal::OutsideWindow { .. })));
}

#[test]
fn the_period_from_enforcement_takes_no_other_first_day() {
    let refusal = due(
        book(),
        &DueQuestion::new("asset.notify.existing", date(2026, 11, 1)),
        Mode::Real,
    )
    .expect_err("everyone counts from enforcement");
    assert_eq!(refusal.code(), "due.fixed_start");
}

#[test]
fn the_published_last_day_for_existing_computers_is_the_computed_one() {
    let entry = book()
        .entry("asset.notify.existing.last_day", date(2026, 10, 1))
        .expect("an entry");
    let computed = ask("asset.notify.existing", date(2026, 10, 1));
    assert_eq!(
        Some(&entry.rule),
        computed.legal_limit.map(statute::Rule::Date).as_ref()
    );
}

#[test]
fn a_breach_with_improper_purpose_has_sixty_days() {
    let found = ask("report.appi.full.improper_purpose", date(2026, 11, 20));
    assert_eq!(found.unrolled, Some(date(2027, 1, 19)));
    assert_eq!(
        ask("report.appi.full", date(2026, 11, 20)).unrolled,
        Some(date(2026, 12, 20))
    );
    assert_eq!(
        ask("report.telecom.full", date(2026, 11, 20)).legal_limit,
        Some(date(2026, 12, 21))
    );
}

#[test]
fn a_guideline_gives_no_legal_limit() {
    let found = ask("report.appi.prompt", date(2026, 11, 20));
    assert_eq!(found.legal_limit, None);
    assert_eq!(found.confidence, Confidence::Assumed);
    assert_eq!(found.reasons[0].code, "guideline_only");
}

#[test]
fn windows_grace_periods_and_amounts_are_no_deadlines() {
    for key in [
        "asset.notify.designated.window",
        "report.grace.designation",
        "penalty.order_breach",
        "sector.finance",
    ] {
        let refusal = due(
            book(),
            &DueQuestion::new(key, date(2026, 11, 20)),
            Mode::Real,
        )
        .expect_err("no deadline");
        assert_eq!(refusal.code(), "due.not_a_deadline", "{key}");
    }
}

#[test]
fn a_limit_beyond_the_known_holidays_is_refused() {
    let refusal = due(
        book(),
        &DueQuestion::new("report.full", date(2050, 12, 15)),
        Mode::Real,
    )
    .expect_err("no calendar");
    assert_eq!(refusal.code(), "due.calendar");
}

#[test]
fn a_result_takes_the_weakest_confidence_of_what_the_limit_rests_on() {
    let found = ask("report.full", date(2026, 11, 20));
    assert_eq!(found.confidence, Confidence::Derived);
    let roll = found
        .reasons
        .iter()
        .find(|reason| reason.code == "closed_day_moves");
    assert_eq!(
        roll.map(|reason| reason.basis.as_str()),
        Some("Closed Days Act 2")
    );
}

#[test]
fn every_refusal_speaks_japanese_too() {
    let refusal = due(
        book(),
        &DueQuestion::new("report.full", date(2026, 9, 30)),
        Mode::Real,
    )
    .expect_err("not in force");
    assert_eq!(
        refusal.text_ja(),
        "「report.full」は2026-09-30の事由には適用されません（施行日 2026-10-01）"
    );
}
