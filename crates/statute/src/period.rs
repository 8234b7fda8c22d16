//! Statutory periods (期間) and where they end: Civil Code Arts 139 to 143.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::fields::{FieldError, Fields};

/// A length of time fixed by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Hours run at once from the event (Civil Code Art. 139).
    Hours(u32),
    /// Whole days (Civil Code Arts 140, 141).
    Days(u32),
    /// Months by the calendar (Civil Code Art. 143).
    Months(u32),
}

impl Period {
    /// The number without its unit.
    pub const fn amount(self) -> u32 {
        match self {
            Self::Hours(amount) | Self::Days(amount) | Self::Months(amount) => amount,
        }
    }

    /// The stable code of the unit.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Hours(_) => "hours",
            Self::Days(_) => "days",
            Self::Months(_) => "months",
        }
    }

    /// The period in Japanese, such as 「30日」.
    pub fn text_ja(self) -> String {
        match self {
            Self::Hours(amount) => format!("{amount}時間"),
            Self::Days(amount) => format!("{amount}日"),
            Self::Months(amount) => format!("{amount}か月"),
        }
    }

    /// The period in English, such as "30 days".
    pub fn text_en(self) -> String {
        let plural = if self.amount() == 1 { "" } else { "s" };
        match self {
            Self::Hours(amount) => format!("{amount} hour{plural}"),
            Self::Days(amount) => format!("{amount} day{plural}"),
            Self::Months(amount) => format!("{amount} month{plural}"),
        }
    }

    /// The last day of the period, before any move past closed days.
    ///
    /// The period ends with the end of that day (Civil Code Art. 141). A month period ends on the
    /// day before the day that corresponds to its *starting* day, or on the last day of the month
    /// where there is no such day (Art. 143(2)).
    pub fn last_day(self, trigger: Date, first_day: FirstDay) -> Result<Date, PeriodError> {
        let starts_on = match first_day {
            FirstDay::Excluded => trigger.tomorrow().map_err(|_| PeriodError::OutOfRange)?,
            FirstDay::Counted => trigger,
        };
        match self {
            Self::Hours(_) => Err(PeriodError::HoursNeedAnInstant),
            Self::Days(days) => last_of_days(starts_on, days),
            Self::Months(months) => last_of_months(starts_on, months),
        }
    }

    /// The instant at which a period in hours ends; it never moves past a closed day
    /// (Civil Code Art. 139; Act on Closed Days of Administrative Organs Art. 2).
    pub fn end_instant(self, from: Timestamp) -> Result<Timestamp, PeriodError> {
        match self {
            Self::Hours(hours) => {
                let span = Span::new()
                    .try_hours(i64::from(hours))
                    .map_err(|_| PeriodError::OutOfRange)?;
                from.checked_add(span).map_err(|_| PeriodError::OutOfRange)
            }
            Self::Days(_) | Self::Months(_) => Err(PeriodError::OnlyHoursEndAtAnInstant),
        }
    }

    pub(crate) fn read(fields: &mut Fields, unit: &str) -> Result<Self, FieldError> {
        let amount = fields.number("value")?;
        if amount == 0 {
            return Err(FieldError::NotAllowed {
                field: "value",
                allowed: "a period is at least one",
            });
        }
        match unit {
            "hours" => Ok(Self::Hours(amount)),
            "days" => Ok(Self::Days(amount)),
            "months" => Ok(Self::Months(amount)),
            _ => Err(FieldError::NotAllowed {
                field: "unit",
                allowed: "hours, days or months",
            }),
        }
    }
}

/// Whether the day of the event is day one (初日算入).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstDay {
    /// The first day is not counted (Civil Code Art. 140).
    Excluded,
    /// The period starts at midnight, so its first day counts (Civil Code Art. 140, proviso).
    Counted,
}

impl FirstDay {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Counted => "counted",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Excluded, Self::Counted]
            .into_iter()
            .find(|each| each.code() == code)
    }
}

/// Why a period has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The end lies outside the dates that can be computed.
    #[error("the period ends outside the dates that can be computed")]
    OutOfRange,
    /// A period in hours was asked for its last day.
    #[error("a period in hours runs from an instant, not from a day")]
    HoursNeedAnInstant,
    /// A period in days or months was asked for an instant.
    #[error("only a period in hours ends at an instant")]
    OnlyHoursEndAtAnInstant,
}

fn last_of_days(starts_on: Date, days: u32) -> Result<Date, PeriodError> {
    let after_first = i64::from(days.saturating_sub(1));
    let span = Span::new()
        .try_days(after_first)
        .map_err(|_| PeriodError::OutOfRange)?;
    starts_on
        .checked_add(span)
        .map_err(|_| PeriodError::OutOfRange)
}

fn last_of_months(starts_on: Date, months: u32) -> Result<Date, PeriodError> {
    let span = Span::new()
        .try_months(i64::from(months))
        .map_err(|_| PeriodError::OutOfRange)?;
    let month = starts_on
        .first_of_month()
        .checked_add(span)
        .map_err(|_| PeriodError::OutOfRange)?;
    match Date::new(month.year(), month.month(), starts_on.day()) {
        Ok(corresponding) => corresponding
            .yesterday()
            .map_err(|_| PeriodError::OutOfRange),
        Err(_no_such_day) => Ok(month.last_of_month()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{FirstDay, Period, PeriodError};

    #[test]
    fn the_first_day_is_not_counted() {
        let last = Period::Days(30).last_day(date(2026, 11, 20), FirstDay::Excluded);
        assert_eq!(last, Ok(date(2026, 12, 20)));
    }

    #[test]
    fn a_period_that_starts_at_midnight_counts_its_first_day() {
        let last = Period::Months(6).last_day(date(2026, 10, 1), FirstDay::Counted);
        assert_eq!(last, Ok(date(2027, 3, 31)));
    }

    #[test]
    fn whole_months_from_the_first_of_a_month_end_with_a_month() {
        let last = Period::Months(4).last_day(date(2027, 2, 28), FirstDay::Excluded);
        assert_eq!(last, Ok(date(2027, 6, 30)));
    }

    #[test]
    fn without_a_corresponding_day_the_month_ends_the_period() {
        let last = Period::Months(1).last_day(date(2027, 1, 30), FirstDay::Excluded);
        assert_eq!(last, Ok(date(2027, 2, 28)));
        let leap = Period::Months(1).last_day(date(2028, 1, 30), FirstDay::Excluded);
        assert_eq!(leap, Ok(date(2028, 2, 29)));
    }

    #[test]
    fn a_period_in_hours_runs_from_the_instant_and_does_not_roll() {
        let friday_night = "2026-11-20T03:17:00+09:00".parse().expect("an instant");
        let holiday = "2026-11-23T03:17:00+09:00".parse().expect("an instant");
        assert_eq!(Period::Hours(72).end_instant(friday_night), Ok(holiday));
    }

    #[test]
    fn hours_have_no_last_day_and_days_no_instant() {
        assert_eq!(
            Period::Hours(24).last_day(date(2026, 11, 20), FirstDay::Excluded),
            Err(PeriodError::HoursNeedAnInstant)
        );
        let now = "2026-11-20T03:17:00+09:00".parse().expect("an instant");
        assert_eq!(
            Period::Days(1).end_instant(now),
            Err(PeriodError::OnlyHoursEndAtAnInstant)
        );
    }
}
