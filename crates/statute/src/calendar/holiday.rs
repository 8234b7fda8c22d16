//! National holidays (国民の祝日) from rules: Act on National Holidays (国民の祝日に関する法律).

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::{CalendarError, DayName};
use crate::entry::Entry;
use crate::fields::{FieldError, Fields};
use crate::rule::Rule;

/// Days are kept in millionths so that the equinox formula needs no fractions.
const MICRO_DAYS: i64 = 1_000_000;

/// How one holiday is found in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayRule {
    /// The same day every year.
    Fixed { month: i8, day: i8 },
    /// The n-th Monday of a month.
    NthMonday { month: i8, nth: i8 },
    /// 春分日 or 秋分日 by the usual approximation, good from 1980 to 2099.
    Equinox {
        month: i8,
        epoch_year: u32,
        /// Day of the month in the epoch year, in millionths of a day.
        base_micro_days: u32,
        /// Drift a year before leap days, in millionths of a day.
        drift_micro_days: u32,
    },
    /// 振替休日: the next day that is not a holiday, after a holiday on a Sunday (Art. 3(2)).
    Substitute,
    /// 国民の休日: a day between two holidays (Art. 3(3)).
    Between,
}

impl HolidayRule {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let how = fields.text("how")?;
        match how.as_str() {
            "fixed" => Ok(Self::Fixed {
                month: fields.small_number("month")?,
                day: fields.small_number("day")?,
            }),
            "nth_monday" => Ok(Self::NthMonday {
                month: fields.small_number("month")?,
                nth: fields.small_number("nth")?,
            }),
            "equinox" => Ok(Self::Equinox {
                month: fields.small_number("month")?,
                epoch_year: fields.number("epoch_year")?,
                base_micro_days: fields.number("base_micro_days")?,
                drift_micro_days: fields.number("drift_micro_days")?,
            }),
            "substitute" => Ok(Self::Substitute),
            "between" => Ok(Self::Between),
            _ => Err(FieldError::NotAllowed {
                field: "how",
                allowed: "fixed, nth_monday, equinox, substitute or between",
            }),
        }
    }

    /// The holiday's day in `year`; the two rules of Art. 3 have none of their own.
    fn day_in(&self, year: i16) -> Result<Option<Date>, CalendarError> {
        let missing = CalendarError::NoSuchDay { year };
        match self {
            Self::Fixed { month, day } => {
                Date::new(year, *month, *day).map(Some).map_err(|_| missing)
            }
            Self::NthMonday { month, nth } => Date::new(year, *month, 1)
                .and_then(|first| first.nth_weekday_of_month(*nth, Weekday::Monday))
                .map(Some)
                .map_err(|_| missing),
            Self::Equinox {
                month,
                epoch_year,
                base_micro_days,
                drift_micro_days,
            } => {
                let years = i64::from(year).saturating_sub(i64::from(*epoch_year));
                let drifted = i64::from(*drift_micro_days)
                    .saturating_mul(years)
                    .saturating_add(i64::from(*base_micro_days))
                    .div_euclid(MICRO_DAYS);
                let day = drifted.saturating_sub(years.div_euclid(4));
                let day = i8::try_from(day).map_err(|_| missing)?;
                Date::new(year, *month, day).map(Some).map_err(|_| missing)
            }
            Self::Substitute | Self::Between => Ok(None),
        }
    }
}

/// A day that a special law or notice makes a holiday, or takes away.
///
/// Laws such as the one for the games of 2021 cannot be predicted; this table has the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayOverride {
    pub day: Date,
    pub effect: OverrideEffect,
}

/// What an override does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverrideEffect {
    /// The day is a holiday.
    Closed,
    /// The day is not a holiday.
    Open,
}

impl HolidayOverride {
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            day: fields.date("day")?,
            effect: fields.code("effect", "closed or open", |code| match code {
                "closed" => Some(OverrideEffect::Closed),
                "open" => Some(OverrideEffect::Open),
                _ => None,
            })?,
        })
    }
}

pub(super) fn compute<'book>(
    entries: impl Iterator<Item = &'book Entry> + Clone,
    first: i16,
    last: i16,
) -> Result<BTreeMap<Date, DayName>, CalendarError> {
    let mut named = BTreeMap::new();
    for entry in entries.clone() {
        let Rule::Holiday(rule) = &entry.rule else {
            continue;
        };
        for year in first..=last {
            if let Some(day) = rule.day_in(year)?
                && entry.covers(day)
            {
                named.insert(day, DayName::of(entry));
            }
        }
    }
    let mut holidays = named.clone();
    for entry in entries.clone() {
        match &entry.rule {
            Rule::Holiday(HolidayRule::Substitute) => {
                add_substitutes(&named, entry, &mut holidays)?;
            }
            Rule::Holiday(HolidayRule::Between) => add_between(&named, entry, &mut holidays)?,
            _ => {}
        }
    }
    for entry in entries {
        let Rule::HolidayOverride(rule) = &entry.rule else {
            continue;
        };
        match rule.effect {
            OverrideEffect::Closed => {
                holidays.insert(rule.day, DayName::of(entry));
            }
            OverrideEffect::Open => {
                holidays.remove(&rule.day);
            }
        }
    }
    Ok(holidays)
}

fn add_substitutes(
    named: &BTreeMap<Date, DayName>,
    entry: &Entry,
    holidays: &mut BTreeMap<Date, DayName>,
) -> Result<(), CalendarError> {
    for day in named.keys() {
        if day.weekday() != Weekday::Sunday {
            continue;
        }
        let mut substitute = next_day(*day)?;
        while named.contains_key(&substitute) {
            substitute = next_day(substitute)?;
        }
        if entry.covers(substitute) {
            holidays.insert(substitute, DayName::of(entry));
        }
    }
    Ok(())
}

fn add_between(
    named: &BTreeMap<Date, DayName>,
    entry: &Entry,
    holidays: &mut BTreeMap<Date, DayName>,
) -> Result<(), CalendarError> {
    for day in named.keys() {
        let between = next_day(*day)?;
        let after = next_day(between)?;
        if named.contains_key(&after) && !holidays.contains_key(&between) && entry.covers(between) {
            holidays.insert(between, DayName::of(entry));
        }
    }
    Ok(())
}

fn next_day(day: Date) -> Result<Date, CalendarError> {
    day.tomorrow()
        .map_err(|_| CalendarError::NoSuchDay { year: day.year() })
}
