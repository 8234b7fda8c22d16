use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use ids::ComputerId;
use jiff::civil::Date;
use model::names::{CategoryName, MakerName, ProductName};
use model::text::Prose;
use statute::AssetClass;
use thiserror::Error;

use crate::dates::When;

/// Most computers that one report names.
pub const MAX_COMPUTERS: usize = 500;

/// What was answered. `Debug` shows no free text.
#[derive(Clone, PartialEq, Eq)]
pub enum AnswerValue {
    /// One or several lines, checked against the length of the field.
    Text(String),
    /// A day.
    Date(Date),
    /// A day with the time, if known.
    DateTime(When),
    /// Code of the chosen option.
    Choice(String),
    /// Codes of the chosen options.
    Choices(BTreeSet<String>),
    /// A number with a unit.
    Quantity(Quantity),
    /// Computers concerned.
    Computers(Vec<ComputerAnswer>),
    /// Yes or no.
    YesNo(bool),
}

impl AnswerValue {
    /// The name of the kind of field that holds such a value; texts are one kind here.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::DateTime(_) => "date_time",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Quantity(_) => "quantity",
            Self::Computers(_) => "computers",
            Self::YesNo(_) => "yes_no",
        }
    }
}

impl fmt::Debug for AnswerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerValue({})", self.kind())
    }
}

/// A number with one of the units of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// How much.
    pub amount: Decimal,
    /// Code of the unit.
    pub unit: String,
}

/// A decimal number that is not negative, kept as text: a body has no floating-point numbers.
///
/// Invariant: up to 15 digits, then up to 6 after the point; no needless zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// Says that a text is not such a number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a decimal number")]
pub struct DecimalError;

impl Decimal {
    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str, max: usize| {
            (1..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, 15) || fraction.is_some_and(|part| !digits(part, 6)) {
            return Err(DecimalError);
        }
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        match fraction.map(|part| part.trim_end_matches('0')) {
            None | Some("") => Ok(Self(whole.to_owned())),
            Some(part) => Ok(Self(format!("{whole}.{part}"))),
        }
    }
}

/// A computer on which it happened, as it was known at filing: the body stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputerAnswer {
    /// The computer of the register; `None` for one that is not in it.
    pub computer: Option<ComputerId>,
    /// Category of the computer, if it is known.
    pub class: Option<AssetClass>,
    /// Category of the facility.
    pub facility_category: Option<CategoryName>,
    /// Product or service.
    pub product: ProductName,
    /// Manufacturer or provider.
    pub maker: Option<MakerName>,
    /// Remark, for example how many and where.
    pub note: Option<Prose<500>>,
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn a_decimal_is_kept_in_one_writing() {
        for (text, kept) in [
            ("1.50", "1.5"),
            ("007", "7"),
            ("0.0", "0"),
            ("12", "12"),
            ("0.125", "0.125"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().as_str(), kept);
        }
        for text in [
            "",
            ".5",
            "5.",
            "-1",
            "1e3",
            "1,000",
            "1.2.3",
            "１",
            "1234567890123456",
            "0.1234567",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
