//! Japanese eras (元号).

use jiff::civil::Date;

use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::pack::RuleBook;
use crate::rule::Rule;

/// One era; its first and last day are the validity of its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Era {
    /// The name in Japanese, such as 「令和」.
    pub name: String,
    /// The letter used in short dates, such as `R`.
    pub letter: String,
}

impl Era {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            name: fields.text("name")?,
            letter: fields.text("letter")?,
        })
    }
}

/// Why an era date means no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EraError {
    /// No era is known for the day.
    #[error("no era is known for the day")]
    NoEra,
    /// The year exists, but not in that era.
    #[error("the day is not in that era")]
    OutsideEra,
}

/// The era of `day` and the year in it, counted from 1.
pub fn era_of(book: &RuleBook, day: Date) -> Result<(&Era, i16), EraError> {
    let mut eras = book.rules(day, |rule| match rule {
        Rule::Era(era) => Some(era),
        _ => None,
    });
    let (entry, era) = eras.pop().ok_or(EraError::NoEra)?;
    let year = day
        .year()
        .saturating_sub(entry.from.year())
        .saturating_add(1);
    Ok((era, year))
}

/// The day in an era, refused when the era had ended or not begun.
pub(super) fn day_in_era(
    entry: &Entry,
    year: i16,
    month: i8,
    day: i8,
) -> Result<Option<Date>, EraError> {
    let western = entry.from.year().saturating_add(year).saturating_sub(1);
    let Ok(date) = Date::new(western, month, day) else {
        return Ok(None);
    };
    if !entry.covers(date) {
        return Err(EraError::OutsideEra);
    }
    Ok(Some(date))
}
