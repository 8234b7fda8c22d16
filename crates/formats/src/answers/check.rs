use ids::stable_codes;
use jiff::civil::Date;
use model::text::{is_forbidden_in_line, is_forbidden_in_prose};
use statute::{ItemNeed, ReportStage, RuleBook, required_items};

use super::Answers;
use super::answer::{Answer, AnswerState};
use super::value::{AnswerValue, MAX_COMPUTERS};
use crate::forms::{Choice, Field, FieldKind, Form, IncidentForm, Required, Scope};

/// What keeps one field from being filed. Carries nothing of what was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Key of the field.
    pub field: String,
    /// What is wrong.
    pub code: FieldErrorCode,
}

stable_codes! {
    /// What is wrong with an answer.
    pub enum FieldErrorCode {
        /// Nothing was entered where something must be.
        Missing = "field.missing",
        /// 調査中, 不明 or 該当なし where it must be filled in (items complete at the prompt stage).
        MustBeFilled = "field.must_be_filled",
        /// 調査中 at the full stage must say why.
        ReasonMissing = "field.reason_missing",
        /// The form has no such field, or another sheet has it.
        UnknownField = "field.unknown",
        /// The value is of another kind than the field.
        WrongKind = "field.wrong_kind",
        /// An empty text.
        Empty = "field.empty",
        /// More characters than the field holds.
        TooLong = "field.too_long",
        /// A control character.
        Control = "field.control",
        /// Not one of the options or units.
        NotAnOption = "field.not_an_option",
        /// More values than the field holds.
        TooMany = "field.too_many",
        /// Marked as an estimate where the field has none.
        NotApproximate = "field.not_approximate",
    }
}

/// Says what keeps answers from being filed at a stage, in the order of the form.
///
/// The rule book says which items are complete at which stage (Order Art. 4(2), (3)); `on` is the
/// date of the law.
pub fn check(
    book: &RuleBook,
    form: &Form,
    sheet: IncidentForm,
    stage: ReportStage,
    answers: &Answers,
    on: Date,
) -> Vec<FieldError> {
    let needs = required_items(book, stage, on);
    let mut errors = Vec::new();
    for field in form
        .fields_of(Some(sheet))
        .filter(|field| field.scope == Scope::Answers)
    {
        let need = needs
            .iter()
            .find(|item| item.number == u32::from(field.item))
            .map_or(ItemNeed::AsKnown, |item| item.need);
        let code = match answers.get(&field.key) {
            None => missing(field, need),
            Some(answer) => state_error(field, need, answer).or_else(|| value_error(field, answer)),
        };
        errors.extend(code.map(|code| FieldError {
            field: field.key.clone(),
            code,
        }));
    }
    for key in answers.keys() {
        let known = form
            .fields_of(Some(sheet))
            .any(|field| field.scope == Scope::Answers && field.key == *key);
        if !known {
            errors.push(FieldError {
                field: key.clone(),
                code: FieldErrorCode::UnknownField,
            });
        }
    }
    errors
}

fn missing(field: &Field, need: ItemNeed) -> Option<FieldErrorCode> {
    match (need, field.required) {
        (ItemNeed::AsKnown, _) | (_, Required::Optional) => None,
        (
            ItemNeed::Complete | ItemNeed::Answered,
            Required::Filing | Required::Prompt | Required::Full,
        ) => Some(FieldErrorCode::Missing),
    }
}

fn state_error(field: &Field, need: ItemNeed, answer: &Answer) -> Option<FieldErrorCode> {
    let open = match answer.state() {
        AnswerState::Filled => return None,
        AnswerState::Investigating => true,
        AnswerState::Unknown | AnswerState::NotApplicable => false,
    };
    match need {
        ItemNeed::AsKnown => None,
        ItemNeed::Complete => {
            (field.required != Required::Optional).then_some(FieldErrorCode::MustBeFilled)
        }
        ItemNeed::Answered => {
            (open && answer.reason().is_none()).then_some(FieldErrorCode::ReasonMissing)
        }
    }
}

/// Whether a value fits its field; the same at every stage.
fn value_error(field: &Field, answer: &Answer) -> Option<FieldErrorCode> {
    if answer.is_approximate() && !field.approximate {
        return Some(FieldErrorCode::NotApproximate);
    }
    let value = answer.value()?;
    match (&field.kind, value) {
        (FieldKind::Text, AnswerValue::Text(text)) => {
            text_error(text, field.max_chars, is_forbidden_in_line)
        }
        (FieldKind::LongText, AnswerValue::Text(text)) => {
            text_error(text, field.max_chars, is_forbidden_in_prose)
        }
        (FieldKind::Date, AnswerValue::Date(_))
        | (FieldKind::DateTime, AnswerValue::DateTime(_))
        | (FieldKind::YesNo, AnswerValue::YesNo(_)) => None,
        (FieldKind::Choice(options), AnswerValue::Choice(code)) => option_error(options, code),
        (FieldKind::Choices(options), AnswerValue::Choices(codes)) => {
            if codes.is_empty() {
                return Some(FieldErrorCode::Empty);
            }
            codes.iter().find_map(|code| option_error(options, code))
        }
        (FieldKind::Quantity(units), AnswerValue::Quantity(quantity)) => {
            option_error(units, &quantity.unit)
        }
        (FieldKind::Computers, AnswerValue::Computers(computers)) => match computers.len() {
            0 => Some(FieldErrorCode::Empty),
            count if MAX_COMPUTERS < count => Some(FieldErrorCode::TooMany),
            _ => None,
        },
        (
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Date
            | FieldKind::DateTime
            | FieldKind::Choice(_)
            | FieldKind::Choices(_)
            | FieldKind::Quantity(_)
            | FieldKind::Computers
            | FieldKind::YesNo,
            _,
        ) => Some(FieldErrorCode::WrongKind),
    }
}

fn text_error(text: &str, max: usize, forbidden: fn(char) -> bool) -> Option<FieldErrorCode> {
    if text.trim().is_empty() {
        return Some(FieldErrorCode::Empty);
    }
    if max < text.chars().count() {
        return Some(FieldErrorCode::TooLong);
    }
    text.chars()
        .any(forbidden)
        .then_some(FieldErrorCode::Control)
}

fn option_error(options: &[Choice], code: &str) -> Option<FieldErrorCode> {
    let known = options.iter().any(|option| option.code == code);
    (!known).then_some(FieldErrorCode::NotAnOption)
}
