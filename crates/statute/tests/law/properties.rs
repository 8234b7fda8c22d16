//! What holds for every day.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use statute::calendar::{format_era_date, format_western_date, parse_date};
use statute::{DueQuestion, FirstDay, Mode, Period, RuleBook, due, due_in_hours};

use crate::book;

/// Filing limits in days and months that take only the day of the event.
const LIMITS: [&str; 5] = [
    "report.full",
    "asset.notify.new",
    "asset.notify.change",
    "report.appi.full.improper_purpose",
    "report.telecom.full",
];

/// A pack with a limit in hours, as a sector rule may have it.
const SECTOR_RULE: &str = r#"
[[entry]]
key = "report.sector.first"
label_ja = "分野の速報"
label_en = "sector first report"
value = 24
unit = "hours"
purpose = "limit"
counts_from = "awareness"
first_day = "excluded"
closed_days = "stay"
basis = "sector rule"
basis_ja = "分野の規則"
from = 2026-10-01
confidence = "assumed"
source = "test"
"#;

fn day_in_force() -> impl Strategy<Value = Date> {
    (0_i64..8_000).prop_map(|days| date(2026, 10, 1).saturating_add(days.days()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_legal_limit_is_an_open_day_not_before_the_unrolled_day(
        trigger in day_in_force(),
        which in 0_usize..LIMITS.len(),
    ) {
        let found = due(book(), &DueQuestion::new(LIMITS[which], trigger), Mode::Real)
            .expect("a deadline");
        let limit = found.legal_limit.expect("a limit");
        let unrolled = found.unrolled.expect("an end");
        prop_assert_eq!(book().calendar().is_closed(limit), Ok(false));
        prop_assert!(unrolled <= limit);
        // Nothing open lies between: the limit moves no further than it must.
        let mut between = unrolled;
        while between < limit {
            prop_assert_eq!(book().calendar().is_closed(between), Ok(true));
            between = between.tomorrow().expect("a day");
        }
    }

    #[test]
    fn the_conservative_limit_is_never_after_the_unrolled_day_and_does_not_roll(
        trigger in day_in_force(),
        which in 0_usize..LIMITS.len(),
    ) {
        let found = due(book(), &DueQuestion::new(LIMITS[which], trigger), Mode::Real)
            .expect("a deadline");
        let conservative = found.conservative_limit.expect("a day");
        prop_assert!(conservative <= found.unrolled.expect("an end"));
        let entry = book().entry(LIMITS[which], trigger).expect("an entry");
        let statute::Rule::Period(rule) = &entry.rule else { panic!("a period") };
        prop_assert_eq!(Ok(conservative), rule.period.last_day(trigger, FirstDay::Counted));
    }

    #[test]
    fn a_period_in_hours_and_a_house_target_never_move(
        seconds in 1_790_780_400_i64..2_400_000_000,
        hours in 1_u32..2_000,
    ) {
        let from = Timestamp::from_second(seconds).expect("an instant");
        let end = Period::Hours(hours).end_instant(from).expect("an end");
        let elapsed = end.duration_since(from).as_hours();
        prop_assert_eq!(elapsed, i64::from(hours));
    }

    #[test]
    fn a_later_event_is_never_due_earlier(
        trigger in day_in_force(),
        which in 0_usize..LIMITS.len(),
    ) {
        let next = trigger.checked_add(Span::new().days(1)).expect("a day");
        let ask = |day| due(book(), &DueQuestion::new(LIMITS[which], day), Mode::Real)
            .expect("a deadline");
        prop_assert!(ask(trigger).legal_limit <= ask(next).legal_limit);
    }

    #[test]
    fn a_written_date_is_read_back(day in day_in_force()) {
        let western = format_western_date(day);
        let era = format_era_date(book(), day).expect("an era");
        prop_assert_eq!(parse_date(book(), &western), Ok(day));
        prop_assert_eq!(parse_date(book(), &era), Ok(day));
        prop_assert_eq!(parse_date(book(), &day.to_string()), Ok(day));
    }

    #[test]
    fn no_text_breaks_the_reader_of_dates(text in any::<String>()) {
        if let Ok(day) = parse_date(book(), &text) {
            prop_assert!(1 <= day.year());
        }
    }

    #[test]
    fn no_name_breaks_the_match_key(name in any::<String>()) {
        let key = statute::match_key(&name);
        prop_assert_eq!(key.trim(), key.as_str());
    }
}

#[test]
fn a_sector_limit_in_hours_ends_on_a_holiday_all_the_same() {
    let book = RuleBook::test_only(&[("sector.toml", SECTOR_RULE)]).expect("the pack fits");
    let from = "2026-11-22T03:17:00+09:00".parse().expect("an instant");
    let holiday = "2026-11-23T03:17:00+09:00".parse().expect("an instant");
    assert_eq!(
        due_in_hours(&book, "report.sector.first", from),
        Ok(holiday)
    );
    let by_day = due(
        &book,
        &DueQuestion::new("report.sector.first", date(2026, 11, 22)),
        Mode::Real,
    )
    .expect_err("hours run from an instant");
    assert_eq!(by_day.code(), "due.runs_in_hours");
}
