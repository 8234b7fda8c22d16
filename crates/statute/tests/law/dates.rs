//! Dates as people type them and read them.

use jiff::civil::date;
use statute::calendar::{DateTextError, era_of, format_era_date, format_western_date, parse_date};

use crate::book;

#[test]
fn dates_are_read_in_every_form_people_paste() {
    for text in [
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "20261120",
        "２０２６年１１月２０日",
        "2026年11月20日（金）",
        "2026 年 11 月 20 日 (金曜日)",
        "R8.11.20",
        "r8.11.20",
        "Ｒ８．１１．２０",
        "R08-11-20",
        "令和8年11月20日",
        "令和８年１１月２０日",
        "㋿8年11月20日",
        " 令和 8 年 11 月 20 日 ",
    ] {
        assert_eq!(parse_date(book(), text), Ok(date(2026, 11, 20)), "{text}");
    }
}

#[test]
fn the_first_year_of_an_era_is_gannen() {
    assert_eq!(parse_date(book(), "令和元年5月1日"), Ok(date(2019, 5, 1)));
    assert_eq!(
        format_era_date(book(), date(2019, 5, 1)).as_deref(),
        Ok("令和元年5月1日")
    );
    assert_eq!(
        format_era_date(book(), date(2019, 4, 30)).as_deref(),
        Ok("平成31年4月30日")
    );
    assert_eq!(parse_date(book(), "S64.1.7"), Ok(date(1989, 1, 7)));
    assert_eq!(parse_date(book(), "平成元年1月8日"), Ok(date(1989, 1, 8)));
}

#[test]
fn a_date_outside_its_era_is_refused() {
    for text in ["平成31年5月1日", "令和元年4月30日", "H32.1.1", "S64.1.8"] {
        assert_eq!(
            parse_date(book(), text),
            Err(DateTextError::OutsideEra),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_date_is_refused_with_the_reason() {
    let cases = [
        ("", DateTextError::Empty),
        ("　", DateTextError::Empty),
        ("明日", DateTextError::NotADate),
        ("11/20", DateTextError::NotADate),
        ("8.11.20", DateTextError::NotADate),
        ("2026-11", DateTextError::NotADate),
        ("2026-11-20T03:17", DateTextError::NotADate),
        ("2026-02-30", DateTextError::NoSuchDay),
        ("令和8年13月1日", DateTextError::NoSuchDay),
        ("令和0年1月1日", DateTextError::NoSuchDay),
        ("2026年11月20日（土）", DateTextError::WrongWeekday),
        ("2026年11月20日（祝）", DateTextError::NotADate),
        ("2026-11-𠮷", DateTextError::NotADate),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_date(book(), text), Err(expected), "{text}");
    }
    assert_eq!(
        parse_date(book(), &"9".repeat(100_000)),
        Err(DateTextError::NotADate)
    );
}

#[test]
fn dates_are_written_western_with_weekday_and_in_the_era() {
    let day = date(2026, 11, 22);
    assert_eq!(format_western_date(day), "2026年11月22日（日）");
    assert_eq!(
        format_era_date(book(), day).as_deref(),
        Ok("令和8年11月22日")
    );
    let (era, year) = era_of(book(), day).expect("an era");
    assert_eq!((era.letter.as_str(), year), ("R", 8));
    assert!(format_era_date(book(), date(1800, 1, 1)).is_err());
}
