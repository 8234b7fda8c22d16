//! Answers to the questions of a form, each with how surely it is known.

mod answer;
mod carry;
mod check;
mod input;
mod value;
mod warning;

use std::collections::BTreeMap;

pub use answer::{Answer, AnswerError, AnswerState};
pub use carry::{CarriedOver, carry_over};
pub use check::{FieldError, FieldErrorCode, check};
pub use input::{Input, InputError, read_input};
pub use value::{AnswerValue, ComputerAnswer, Decimal, DecimalError, MAX_COMPUTERS, Quantity};
pub use warning::{Moments, Warning, WarningCode, warnings};

/// Answers by key of the field, in the order of the keys. A field without one is empty.
pub type Answers = BTreeMap<String, Answer>;
