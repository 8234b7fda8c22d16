//! Closed days and holidays.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use statute::calendar::{CalendarError, jst};
use statute::{Rule, RuleBook};

use crate::book;

const PUBLISHED: &str = include_str!("fixtures/holidays.txt");

#[test]
fn the_holiday_rules_equal_the_published_dates_from_2022_to_2050() {
    let published: BTreeSet<Date> = PUBLISHED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.parse().expect("a date"))
        .collect();
    let computed: BTreeSet<Date> = book().calendar().holidays().map(|(day, _)| day).collect();
    assert_eq!(published.len(), 517);
    let missing: Vec<_> = published.difference(&computed).collect();
    let extra: Vec<_> = computed.difference(&published).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, extra {extra:?}"
    );
}

#[test]
fn a_day_between_two_holidays_is_a_holiday() {
    let name = book()
        .calendar()
        .holiday(date(2026, 9, 22))
        .expect("a known year")
        .expect("a holiday");
    assert_eq!(name.label_ja, "国民の休日");
}

#[test]
fn a_holiday_on_a_sunday_moves_past_the_holidays_after_it() {
    // 2026-05-03 is a Sunday; the 4th and 5th are holidays of their own.
    let name = book()
        .calendar()
        .holiday(date(2026, 5, 6))
        .expect("a known year")
        .expect("a holiday");
    assert_eq!(name.label_ja, "振替休日");
}

#[test]
fn agencies_are_closed_on_weekends_and_at_the_turn_of_the_year() {
    let calendar = book().calendar();
    for closed in [
        date(2026, 11, 21),
        date(2026, 11, 22),
        date(2026, 11, 23),
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2028, 1, 3),
    ] {
        assert_eq!(calendar.is_closed(closed), Ok(true), "{closed}");
    }
    for open in [date(2026, 11, 24), date(2026, 12, 28), date(2027, 1, 4)] {
        assert_eq!(calendar.is_closed(open), Ok(false), "{open}");
    }
    assert_eq!(calendar.next_open(date(2026, 12, 29)), Ok(date(2027, 1, 4)));
}

#[test]
fn a_year_without_known_holidays_is_refused() {
    let day = date(2051, 1, 4);
    assert_eq!(
        book().calendar().is_closed(day),
        Err(CalendarError::OutsideYears { day })
    );
}

#[test]
fn the_override_table_has_the_last_word() {
    let overrides = r#"
[[entry]]
key = "holiday.override.ceremony"
kind = "holiday_override"
day = 2030-01-04
effect = "closed"
label_ja = "式典の日"
label_en = "Ceremony"
basis = "special law"
basis_ja = "特別法"
from = 2030-01-04
confidence = "text"
source = "test"

[[entry]]
key = "holiday.override.moved"
kind = "holiday_override"
day = 2030-07-15
effect = "open"
label_ja = "海の日の移動"
label_en = "Marine Day moved"
basis = "special law"
basis_ja = "特別法"
from = 2030-01-04
confidence = "text"
source = "test"
"#;
    let mut packs = RuleBook::embedded_packs().to_vec();
    packs.push(("special.toml", overrides));
    let changed = RuleBook::test_only(&packs).expect("the packs fit");
    let friday = date(2030, 1, 4);
    let marine_day = date(2030, 7, 15);
    assert_eq!(book().calendar().is_closed(friday), Ok(false));
    assert_eq!(changed.calendar().is_closed(friday), Ok(true));
    assert_eq!(book().calendar().is_closed(marine_day), Ok(true));
    assert_eq!(changed.calendar().is_closed(marine_day), Ok(false));
}

#[test]
fn japan_standard_time_is_the_offset_of_the_rule_book() {
    let entry = book()
        .entry("timezone", date(2026, 11, 22))
        .expect("an entry");
    let Rule::Names(names) = &entry.rule else {
        panic!("the time zone is a list of names");
    };
    assert_eq!(names[0], "Asia/Tokyo");
    let noon = "2026-11-22T12:00:00Z".parse().expect("an instant");
    assert_eq!(jst::in_japan(noon).strftime("%:z").to_string(), names[1],);
}
