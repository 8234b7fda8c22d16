//! Days and times as people type them into a form.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use statute::RuleBook;
use statute::calendar::{DateTextError, jst, parse_date};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Why a text is not a day or a time.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DateInputError {
    /// The day cannot be read.
    #[error("not a day")]
    Day(#[source] DateTextError),
    /// No time was entered.
    #[error("no time was entered")]
    TimeEmpty,
    /// The text does not look like a time.
    #[error("not a time such as 3:17, 03:17 or 3時17分")]
    NotATime,
    /// The hour is not 0 to 23.
    #[error("the hour is not 0 to 23")]
    Hour,
    /// The minute or second is not 0 to 59.
    #[error("the minute or second is not 0 to 59")]
    Minute,
}

impl DateInputError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day(error) => error.code(),
            Self::TimeEmpty => "time.empty",
            Self::NotATime => "time.not_a_time",
            Self::Hour => "time.hour",
            Self::Minute => "time.minute",
        }
    }
}

/// A day in Japan with the time, if it is known (時刻不明).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// The day.
    pub date: Date,
    /// The time in Japan, to the second.
    pub time: Option<Time>,
}

impl When {
    /// The earliest instant that it can mean; `None` at the end of all representable time.
    pub fn earliest(self) -> Option<Timestamp> {
        let time = self.time.unwrap_or(Time::midnight());
        jst::OFFSET.to_timestamp(self.date.to_datetime(time)).ok()
    }

    /// The day and second in Japan in which an instant lies.
    pub fn of(instant: Timestamp) -> Self {
        let local = jst::OFFSET.to_datetime(instant);
        let time = Time::new(local.hour(), local.minute(), local.second(), 0).ok();
        Self {
            date: local.date(),
            time,
        }
    }

    /// As written into a body: `2026-11-20T03:17:00+09:00`, or `2026-11-20` without a time.
    pub fn to_text(self) -> String {
        match self.time {
            None => self.date.to_string(),
            Some(time) => format!(
                "{}T{:02}:{:02}:{:02}+09:00",
                self.date,
                time.hour(),
                time.minute(),
                time.second()
            ),
        }
    }

    /// Reads exactly what [`When::to_text`] writes.
    pub fn from_text(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            None => (text, None),
            Some((date, time)) => (date, Some(time.strip_suffix("+09:00")?)),
        };
        let date: Date = date.parse().ok()?;
        let time = match time {
            None => None,
            Some(time) => Some(time.parse::<Time>().ok()?),
        };
        let when = Self { date, time };
        (when.to_text() == text).then_some(when)
    }
}

/// Reads a day: `2026-11-20`, `2026/11/20`, `2026年11月20日`, `令和8年11月20日`, `R8.11.20`;
/// digits and signs may be full-width.
pub fn read_date(book: &RuleBook, raw: &str) -> Result<Date, DateInputError> {
    parse_date(book, raw).map_err(DateInputError::Day)
}

/// Reads a time of day: `3:17`, `03:17:05`, `3時17分`, `3時`, `0317`, `午後3時17分`, `24:00` is refused;
/// digits and signs may be full-width.
pub fn read_time(raw: &str) -> Result<Time, DateInputError> {
    let text: String = raw.nfkc().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Err(DateInputError::TimeEmpty);
    }
    if 20 < text.chars().count() {
        return Err(DateInputError::NotATime);
    }
    let (half, text) = split_half(&text);
    let [hour, minute, second] = numbers(text)?;
    let hour = match half {
        None => hour,
        Some(half) => full_hour(half, hour)?,
    };
    if 23 < hour {
        return Err(DateInputError::Hour);
    }
    if 59 < minute || 59 < second {
        return Err(DateInputError::Minute);
    }
    let small = |number: u8| i8::try_from(number).map_err(|_| DateInputError::NotATime);
    Time::new(small(hour)?, small(minute)?, small(second)?, 0).map_err(|_| DateInputError::NotATime)
}

/// Reads a day and, if one was entered, a time.
pub fn read_when(book: &RuleBook, date: &str, time: &str) -> Result<When, DateInputError> {
    let date = read_date(book, date)?;
    match read_time(time) {
        Ok(time) => Ok(When {
            date,
            time: Some(time),
        }),
        Err(DateInputError::TimeEmpty) => Ok(When { date, time: None }),
        Err(error) => Err(error),
    }
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn split_half(text: &str) -> (Option<Half>, &str) {
    for (mark, half) in [("午前", Half::Morning), ("午後", Half::Afternoon)] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (Some(half), rest);
        }
    }
    (None, text)
}

/// 午前0時 to 午前12時, 午後0時 to 午後12時 (明治5年太政官布告第337号).
fn full_hour(half: Half, hour: u8) -> Result<u8, DateInputError> {
    if 12 < hour {
        return Err(DateInputError::Hour);
    }
    match half {
        Half::Morning => Ok(hour),
        Half::Afternoon => Ok(hour.saturating_add(12)),
    }
}

fn numbers(text: &str) -> Result<[u8; 3], DateInputError> {
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (hour, minute) = text.split_at_checked(2).ok_or(DateInputError::NotATime)?;
        return Ok([number(hour)?, number(minute)?, 0]);
    }
    if let Some((hour, rest)) = text.split_once('時') {
        let (minute, rest) = split_unit(rest, '分')?;
        let (second, rest) = split_unit(rest, '秒')?;
        if !rest.is_empty() {
            return Err(DateInputError::NotATime);
        }
        return Ok([number(hour)?, minute, second]);
    }
    let mut parts = text.split(':');
    let (Some(hour), Some(minute), second, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateInputError::NotATime);
    };
    Ok([
        number(hour)?,
        number(minute)?,
        second.map_or(Ok(0), number)?,
    ])
}

/// A number before `unit`, or 0 and the whole text where the unit is absent.
fn split_unit(text: &str, unit: char) -> Result<(u8, &str), DateInputError> {
    match text.split_once(unit) {
        None => Ok((0, text)),
        Some((value, rest)) => Ok((number(value)?, rest)),
    }
}

fn number(text: &str) -> Result<u8, DateInputError> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !plain {
        return Err(DateInputError::NotATime);
    }
    text.parse().map_err(|_| DateInputError::NotATime)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::{date, time};
    use proptest::prelude::{prop_assert_eq, proptest};
    use statute::RuleBook;

    use super::{DateInputError, When, read_date, read_time, read_when};

    #[test]
    fn a_day_is_read_in_every_usual_writing() {
        let book = RuleBook::embedded().unwrap();
        for text in [
            "2026-11-20",
            "2026/11/20",
            "２０２６／１１／２０",
            "2026年11月20日",
            "2026年11月20日（金）",
            "令和8年11月20日",
            "R8.11.20",
            "Ｒ８．１１．２０",
            " 2026/11/20 ",
        ] {
            assert_eq!(read_date(&book, text), Ok(date(2026, 11, 20)), "{text}");
        }
        assert_eq!(
            read_date(&book, "2026-02-30").unwrap_err().code(),
            "date.no_such_day"
        );
        assert_eq!(
            read_date(&book, "きのう").unwrap_err().code(),
            "date.not_a_date"
        );
    }

    #[test]
    fn a_time_is_read_in_every_usual_writing() {
        for text in [
            "3:17",
            "03:17",
            "０３：１７",
            "3時17分",
            "３時１７分",
            "0317",
            "午前3時17分",
            "03:17:00",
            "3時17分0秒",
        ] {
            assert_eq!(read_time(text), Ok(time(3, 17, 0, 0)), "{text}");
        }
        assert_eq!(read_time("3時"), Ok(time(3, 0, 0, 0)));
        assert_eq!(read_time("午後3時17分"), Ok(time(15, 17, 0, 0)));
        assert_eq!(read_time("23:59:59"), Ok(time(23, 59, 59, 0)));
    }

    #[test]
    fn a_wrong_time_is_refused_with_its_reason() {
        for (text, error) in [
            ("", DateInputError::TimeEmpty),
            ("24:00", DateInputError::Hour),
            ("3:60", DateInputError::Minute),
            ("午後13時", DateInputError::Hour),
            ("317", DateInputError::NotATime),
            ("3-17", DateInputError::NotATime),
            ("3:17:00:00", DateInputError::NotATime),
            ("夜", DateInputError::NotATime),
        ] {
            assert_eq!(read_time(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_time_may_be_unknown() {
        let book = RuleBook::embedded().unwrap();
        let when = read_when(&book, "R8.11.20", " ").unwrap();
        assert_eq!(
            when,
            When {
                date: date(2026, 11, 20),
                time: None
            }
        );
        assert_eq!(when.earliest(), "2026-11-20T00:00:00+09:00".parse().ok());
        assert!(read_when(&book, "R8.11.20", "夜").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in -60_000_000_000_i64..60_000_000_000) {
            let when = When::of(Timestamp::from_second(seconds).unwrap());
            prop_assert_eq!(When::from_text(&when.to_text()), Some(when));
            prop_assert_eq!(when.earliest().map(Timestamp::as_second), Some(seconds));
            let day = When { time: None, ..when };
            prop_assert_eq!(When::from_text(&day.to_text()), Some(day));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            let _ = (read_time(&text), When::from_text(&text));
        }
    }
}
