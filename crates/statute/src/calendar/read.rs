//! Dates as people type and paste them: 西暦 and 和暦, full-width or not.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use super::era::{EraError, day_in_era};
use crate::entry::Entry;
use crate::pack::RuleBook;
use crate::rule::Rule;

/// No date anyone types is longer.
const MAX_CHARS: usize = 40;

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateTextError {
    /// Nothing was typed.
    #[error("no date was given")]
    Empty,
    /// The text does not look like a date.
    #[error("the text is not a date such as 2026-11-20, 令和8年11月20日 or R8.11.20")]
    NotADate,
    /// The text looks like a date, but there is no such day.
    #[error("there is no such day")]
    NoSuchDay,
    /// The day is not in the era that was named.
    #[error("the day is not in that era")]
    OutsideEra,
    /// The day and the weekday do not fit.
    #[error("the weekday does not fit the date")]
    WrongWeekday,
}

impl DateTextError {
    /// The stable code of the message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "date.empty",
            Self::NotADate => "date.not_a_date",
            Self::NoSuchDay => "date.no_such_day",
            Self::OutsideEra => "date.outside_era",
            Self::WrongWeekday => "date.wrong_weekday",
        }
    }
}

/// Reads a date: `2026-11-20`, `2026/11/20`, `2026年11月20日（金）`, `20261120`, `R8.11.20`,
/// `令和8年11月20日`, `令和元年5月1日`; digits and signs may be full-width, spaces are ignored.
pub fn parse_date(book: &RuleBook, raw: &str) -> Result<Date, DateTextError> {
    let text: String = raw.nfkc().filter(|each| !each.is_whitespace()).collect();
    if text.is_empty() {
        return Err(DateTextError::Empty);
    }
    if MAX_CHARS < text.chars().count() {
        return Err(DateTextError::NotADate);
    }
    let (text, weekday) = split_weekday(&text)?;
    let (era, rest) = split_era(book, text);
    let numbers = three_numbers(rest, era.is_some())?;
    let day = match era {
        Some(entry) => era_day(entry, numbers)?,
        None => western_day(numbers)?,
    };
    if let Some(weekday) = weekday
        && !super::weekday_ja(day.weekday()).starts_with(weekday)
    {
        return Err(DateTextError::WrongWeekday);
    }
    Ok(day)
}

fn western_day((year, month, day): (u32, u32, u32)) -> Result<Date, DateTextError> {
    if year < 1000 {
        return Err(DateTextError::NotADate);
    }
    let (year, month, day) = small(year, month, day)?;
    Date::new(year, month, day).map_err(|_| DateTextError::NoSuchDay)
}

fn era_day(entry: &Entry, (year, month, day): (u32, u32, u32)) -> Result<Date, DateTextError> {
    if year == 0 {
        return Err(DateTextError::NoSuchDay);
    }
    let (year, month, day) = small(year, month, day)?;
    match day_in_era(entry, year, month, day) {
        Ok(Some(date)) => Ok(date),
        Ok(None) => Err(DateTextError::NoSuchDay),
        Err(EraError::OutsideEra | EraError::NoEra) => Err(DateTextError::OutsideEra),
    }
}

fn small(year: u32, month: u32, day: u32) -> Result<(i16, i8, i8), DateTextError> {
    let (Ok(year), Ok(month), Ok(day)) =
        (i16::try_from(year), i8::try_from(month), i8::try_from(day))
    else {
        return Err(DateTextError::NoSuchDay);
    };
    Ok((year, month, day))
}

/// Takes 「(金)」 or 「(金曜日)」 off the end.
fn split_weekday(text: &str) -> Result<(&str, Option<char>), DateTextError> {
    let Some((date, weekday)) = text.split_once('(') else {
        return Ok((text, None));
    };
    let Some(weekday) = weekday.strip_suffix(')') else {
        return Err(DateTextError::NotADate);
    };
    let weekday = weekday.strip_suffix("曜日").unwrap_or(weekday);
    let mut letters = weekday.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if "月火水木金土日".contains(letter) => {
            Ok((date, Some(letter)))
        }
        _ => Err(DateTextError::NotADate),
    }
}

fn split_era<'book, 'text>(
    book: &'book RuleBook,
    text: &'text str,
) -> (Option<&'book Entry>, &'text str) {
    for entry in book.entries() {
        let Rule::Era(era) = &entry.rule else {
            continue;
        };
        let lower = era.letter.to_lowercase();
        for name in [era.name.as_str(), era.letter.as_str(), lower.as_str()] {
            if let Some(rest) = text.strip_prefix(name) {
                return (Some(entry), rest);
            }
        }
    }
    (None, text)
}

/// Year, month and day; 元 is year 1 of an era.
fn three_numbers(text: &str, in_era: bool) -> Result<(u32, u32, u32), DateTextError> {
    if !in_era && text.len() == 8 && text.bytes().all(|each| each.is_ascii_digit()) {
        return eight_digits(text);
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['年', '月', '-', '/', '.', '‐', '−', 'ー']);
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateTextError::NotADate);
    };
    let year = if in_era && year == "元" { "1" } else { year };
    Ok((number(year)?, number(month)?, number(day)?))
}

fn eight_digits(text: &str) -> Result<(u32, u32, u32), DateTextError> {
    let (Some(year), Some(month), Some(day)) = (text.get(..4), text.get(4..6), text.get(6..))
    else {
        return Err(DateTextError::NotADate);
    };
    Ok((number(year)?, number(month)?, number(day)?))
}

fn number(text: &str) -> Result<u32, DateTextError> {
    let plain = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if !plain {
        return Err(DateTextError::NotADate);
    }
    text.parse().map_err(|_| DateTextError::NotADate)
}
