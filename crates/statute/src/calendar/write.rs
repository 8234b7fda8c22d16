//! Dates as people in Japan read them.

use jiff::civil::{Date, Weekday};

use super::era::{EraError, era_of};
use crate::pack::RuleBook;

/// 「2026年11月22日（日）」.
pub fn format_western_date(day: Date) -> String {
    format!(
        "{}年{}月{}日（{}）",
        day.year(),
        day.month(),
        day.day(),
        weekday_ja(day.weekday())
    )
}

/// "Sunday 2026-11-22".
pub fn format_western_day(day: Date) -> String {
    format!("{} {day}", weekday_en(day.weekday()))
}

/// 「令和8年11月22日」; the first year of an era is 元年.
pub fn format_era_date(book: &RuleBook, day: Date) -> Result<String, EraError> {
    let (era, year) = era_of(book, day)?;
    let year = if year == 1 {
        "元".to_owned()
    } else {
        year.to_string()
    };
    Ok(format!(
        "{}{year}年{}月{}日",
        era.name,
        day.month(),
        day.day()
    ))
}

/// One kanji for a weekday.
pub const fn weekday_ja(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

const fn weekday_en(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
