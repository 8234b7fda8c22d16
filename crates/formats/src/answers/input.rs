use std::collections::BTreeSet;

use model::text::{TextError, is_forbidden_in_line, is_forbidden_in_prose};
use statute::RuleBook;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::value::{AnswerValue, Decimal, Quantity};
use crate::dates::{DateInputError, read_date, read_when};
use crate::forms::{Choice, Field, FieldKind};

/// What a person entered in one field of a page; parts that a kind does not have stay empty.
#[derive(Clone, Copy, Default)]
pub struct Input<'a> {
    /// Text, day, number, code of the option, or `yes` and `no`.
    pub text: &'a str,
    /// Time of day.
    pub time: &'a str,
    /// Code of the unit.
    pub unit: &'a str,
    /// Codes of the ticked options.
    pub ticked: &'a [String],
}

/// Why what was entered is no answer to the field.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InputError {
    /// A text that is too long or holds control characters.
    #[error("text cannot be taken")]
    Text(#[source] TextError),
    /// A day or time that cannot be read.
    #[error("day or time cannot be read")]
    Date(#[source] DateInputError),
    /// Not a number.
    #[error("not a number")]
    Number,
    /// Not one of the options or units.
    #[error("not one of the options")]
    NotAnOption,
    /// Computers are chosen on a page of their own.
    #[error("computers are not entered as text")]
    Computers,
}

impl InputError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Date(error) => error.code(),
            Self::Number => "number.not_a_number",
            Self::NotAnOption => "field.not_an_option",
            Self::Computers => "field.wrong_kind",
        }
    }
}

/// Reads what was entered; `None` when the field was left empty.
pub fn read_input(
    book: &RuleBook,
    field: &Field,
    input: &Input<'_>,
) -> Result<Option<AnswerValue>, InputError> {
    if let FieldKind::Choices(options) = &field.kind {
        return read_ticked(options, input.ticked);
    }
    let text = input.text.trim();
    if text.is_empty() {
        return match (&field.kind, input.time.trim().is_empty()) {
            // A time alone is not left empty: say that the day is missing.
            (FieldKind::DateTime, false) => read_date(book, text)
                .map(|_| None)
                .map_err(InputError::Date),
            _ => Ok(None),
        };
    }
    let value = match &field.kind {
        FieldKind::Text => {
            AnswerValue::Text(read_text(text, field.max_chars, is_forbidden_in_line)?)
        }
        FieldKind::LongText => {
            AnswerValue::Text(read_text(text, field.max_chars, is_forbidden_in_prose)?)
        }
        FieldKind::Date => AnswerValue::Date(read_date(book, text).map_err(InputError::Date)?),
        FieldKind::DateTime => {
            AnswerValue::DateTime(read_when(book, text, input.time).map_err(InputError::Date)?)
        }
        FieldKind::Choice(options) => AnswerValue::Choice(read_option(options, text)?),
        FieldKind::Quantity(units) => AnswerValue::Quantity(Quantity {
            amount: read_decimal(text)?,
            unit: read_option(units, input.unit)?,
        }),
        FieldKind::YesNo => AnswerValue::YesNo(match text {
            "yes" => true,
            "no" => false,
            _ => return Err(InputError::NotAnOption),
        }),
        FieldKind::Choices(_) | FieldKind::Computers => return Err(InputError::Computers),
    };
    Ok(Some(value))
}

fn read_text(text: &str, max: usize, forbidden: fn(char) -> bool) -> Result<String, InputError> {
    let text = text.replace("\r\n", "\n");
    if max < text.chars().count() {
        return Err(InputError::Text(TextError::TooLong));
    }
    if text.chars().any(forbidden) {
        return Err(InputError::Text(TextError::Control));
    }
    Ok(text)
}

/// Full-width digits, and commas between thousands, are accepted.
fn read_decimal(text: &str) -> Result<Decimal, InputError> {
    let plain: String = text
        .nfkc()
        .filter(|c| !matches!(c, ',' | '、' | ' '))
        .collect();
    plain.parse().map_err(|_| InputError::Number)
}

fn read_option(options: &[Choice], code: &str) -> Result<String, InputError> {
    options
        .iter()
        .find(|option| option.code == code)
        .map(|option| option.code.clone())
        .ok_or(InputError::NotAnOption)
}

fn read_ticked(options: &[Choice], ticked: &[String]) -> Result<Option<AnswerValue>, InputError> {
    let mut codes = BTreeSet::new();
    for code in ticked {
        codes.insert(read_option(options, code)?);
    }
    Ok((!codes.is_empty()).then_some(AnswerValue::Choices(codes)))
}

#[cfg(test)]
mod tests {
    use statute::RuleBook;

    use super::{Input, InputError, read_input};
    use crate::answers::AnswerValue;
    use crate::forms::{FormKind, current};

    #[track_caller]
    fn read(key: &str, input: &Input<'_>) -> Result<Option<AnswerValue>, InputError> {
        let book = RuleBook::embedded().unwrap();
        let form = current(FormKind::Incident).unwrap();
        read_input(&book, form.field(key).unwrap(), input)
    }

    #[test]
    fn a_number_may_be_full_width_with_commas() {
        let Ok(Some(AnswerValue::Quantity(quantity))) = read(
            "ddos_bandwidth",
            &Input {
                text: "１，２００．５",
                unit: "gbps",
                ..Input::default()
            },
        ) else {
            panic!("a quantity");
        };
        assert_eq!(
            (quantity.amount.as_str(), quantity.unit.as_str()),
            ("1200.5", "gbps")
        );
        let wrong = Input {
            text: "たくさん",
            unit: "gbps",
            ..Input::default()
        };
        assert_eq!(read("ddos_bandwidth", &wrong), Err(InputError::Number));
        let unit = Input {
            text: "3",
            unit: "tbps",
            ..Input::default()
        };
        assert_eq!(read("ddos_bandwidth", &unit), Err(InputError::NotAnOption));
    }

    #[test]
    fn a_field_left_empty_is_no_answer_but_a_time_without_a_day_is_an_error() {
        assert_eq!(read("occurred_at", &Input::default()), Ok(None));
        assert_eq!(read("entry_route", &Input::default()), Ok(None));
        let time_only = Input {
            time: "3:17",
            ..Input::default()
        };
        assert_eq!(
            read("occurred_at", &time_only).unwrap_err().code(),
            "date.empty"
        );
    }

    #[test]
    fn only_options_of_the_form_are_taken() {
        let ticked = ["vpn".to_owned(), "magic".to_owned()];
        let input = Input {
            ticked: &ticked,
            ..Input::default()
        };
        assert_eq!(read("entry_route", &input), Err(InputError::NotAnOption));
        let input = Input {
            ticked: &ticked[..1],
            ..Input::default()
        };
        assert!(matches!(
            read("entry_route", &input),
            Ok(Some(AnswerValue::Choices(_)))
        ));
        let input = Input {
            text: "maybe",
            ..Input::default()
        };
        assert_eq!(
            read("service_level_deviation", &input),
            Err(InputError::NotAnOption)
        );
    }

    #[test]
    fn a_text_over_the_length_of_the_field_is_refused() {
        let long = "長".repeat(201);
        let input = Input {
            text: &long,
            ..Input::default()
        };
        assert_eq!(
            read("operator_name", &input).unwrap_err().code(),
            "text.too_long"
        );
    }
}
