//! Closed days of national agencies (行政機関の休日), computed from the rule book.

mod closed;
mod era;
mod holiday;
pub mod jst;
mod read;
mod write;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use crate::entry::Entry;
use crate::rule::Rule;

pub use closed::ClosedSpan;
pub use era::{Era, EraError, era_of};
pub use holiday::{HolidayOverride, HolidayRule, OverrideEffect};
pub use read::{DateTextError, parse_date};
pub use write::{format_era_date, format_western_date, format_western_day, weekday_ja};

/// The days on which national agencies are closed, for the years the rule book vouches for.
///
/// Act on Closed Days of Administrative Organs (行政機関の休日に関する法律) Art. 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeMap<Date, DayName>,
    spans: Vec<(ClosedSpan, DayName)>,
    years: Option<(i16, i16)>,
}

/// What a closed day is called, and the entry that closes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayName {
    pub key: String,
    pub label_ja: String,
    pub label_en: String,
}

impl DayName {
    fn of(entry: &Entry) -> Self {
        Self {
            key: entry.key.clone(),
            label_ja: entry.label_ja.clone(),
            label_en: entry.label_en.clone(),
        }
    }
}

/// Why the calendar cannot answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day lies outside the years the rule book vouches for.
    #[error("{day} is outside the years whose holidays are known")]
    OutsideYears { day: Date },
    /// A holiday rule gives a day that does not exist.
    #[error("a holiday rule gives a day that does not exist in {year}")]
    NoSuchDay { year: i16 },
    /// The years are not two numbers in order.
    #[error("the years of the calendar must be a first and a last year")]
    Years,
}

impl Calendar {
    /// Why `day` is closed; `None` when agencies are open.
    pub fn why_closed(&self, day: Date) -> Result<Option<&DayName>, CalendarError> {
        self.check_year(day)?;
        if let Some(holiday) = self.holidays.get(&day) {
            return Ok(Some(holiday));
        }
        Ok(self
            .spans
            .iter()
            .find(|(span, _)| span.holds(day))
            .map(|(_, name)| name))
    }

    /// Whether agencies are closed on `day`.
    pub fn is_closed(&self, day: Date) -> Result<bool, CalendarError> {
        Ok(self.why_closed(day)?.is_some())
    }

    /// The national holiday (国民の祝日・休日) on `day`, if there is one.
    pub fn holiday(&self, day: Date) -> Result<Option<&DayName>, CalendarError> {
        self.check_year(day)?;
        Ok(self.holidays.get(&day))
    }

    /// `day` itself when agencies are open, else the next day on which they are (Art. 2).
    pub fn next_open(&self, day: Date) -> Result<Date, CalendarError> {
        let mut open = day;
        while self.is_closed(open)? {
            open = open
                .tomorrow()
                .map_err(|_| CalendarError::OutsideYears { day })?;
        }
        Ok(open)
    }

    /// Every national holiday, in order.
    pub fn holidays(&self) -> impl Iterator<Item = (Date, &DayName)> {
        self.holidays.iter().map(|(day, name)| (*day, name))
    }

    /// The first and last year the calendar knows.
    pub const fn years(&self) -> Option<(i16, i16)> {
        self.years
    }

    pub(crate) fn compute<'book>(
        entries: impl Iterator<Item = &'book Entry> + Clone,
    ) -> Result<Self, CalendarError> {
        let mut spans = Vec::new();
        let mut years = None;
        for entry in entries.clone() {
            match &entry.rule {
                Rule::ClosedSpan(span) => spans.push((span.clone(), DayName::of(entry))),
                Rule::Numbers(numbers) if entry.key == "calendar.years" => {
                    years = Some(first_and_last(numbers)?);
                }
                _ => {}
            }
        }
        let holidays = match years {
            Some((first, last)) => holiday::compute(entries, first, last)?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            holidays,
            spans,
            years,
        })
    }

    fn check_year(&self, day: Date) -> Result<(), CalendarError> {
        match self.years {
            Some((first, last)) if first <= day.year() && day.year() <= last => Ok(()),
            Some(_) | None => Err(CalendarError::OutsideYears { day }),
        }
    }
}

fn first_and_last(numbers: &[u32]) -> Result<(i16, i16), CalendarError> {
    let &[first, last] = numbers else {
        return Err(CalendarError::Years);
    };
    let (Ok(first), Ok(last)) = (i16::try_from(first), i16::try_from(last)) else {
        return Err(CalendarError::Years);
    };
    if last < first {
        return Err(CalendarError::Years);
    }
    Ok((first, last))
}

fn parse_weekday(name: &str) -> Option<Weekday> {
    match name {
        "monday" => Some(Weekday::Monday),
        "tuesday" => Some(Weekday::Tuesday),
        "wednesday" => Some(Weekday::Wednesday),
        "thursday" => Some(Weekday::Thursday),
        "friday" => Some(Weekday::Friday),
        "saturday" => Some(Weekday::Saturday),
        "sunday" => Some(Weekday::Sunday),
        _ => None,
    }
}
