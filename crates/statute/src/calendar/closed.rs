//! Closed days that are not holidays: weekends and the turn of the year.

use jiff::civil::{Date, Weekday};

use super::parse_weekday;
use crate::fields::{FieldError, Fields};

/// Days that come back every week or every year
/// (Act on Closed Days of Administrative Organs Art. 1(1)(i), (iii)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedSpan {
    /// One day of every week.
    Weekly(Weekday),
    /// From one day of the year to another, both included; it may run over the turn of the year.
    Yearly {
        first: (i8, i8),
        /// Month and day of the last day.
        last: (i8, i8),
    },
}

impl ClosedSpan {
    pub(crate) fn holds(&self, day: Date) -> bool {
        match self {
            Self::Weekly(weekday) => day.weekday() == *weekday,
            Self::Yearly { first, last } => {
                let this = (day.month(), day.day());
                if first <= last {
                    *first <= this && this <= *last
                } else {
                    *first <= this || this <= *last
                }
            }
        }
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        if fields.has("weekday") {
            return fields
                .code("weekday", "a weekday in English", parse_weekday)
                .map(Self::Weekly);
        }
        Ok(Self::Yearly {
            first: (
                fields.small_number("first_month")?,
                fields.small_number("first_day")?,
            ),
            last: (
                fields.small_number("last_month")?,
                fields.small_number("last_day")?,
            ),
        })
    }
}
