use super::Answers;
use super::value::AnswerValue;
use crate::forms::{Field, FieldKind, Form, IncidentForm, Scope};

/// Answers brought over to another version or sheet of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedOver {
    /// What has a place there.
    pub answers: Answers,
    /// What has none, to be shown to the person and never lost silently.
    pub left: Answers,
}

/// Brings a draft to another version or sheet, when the form changed under it or another sheet fits.
pub fn carry_over(answers: Answers, to: &Form, sheet: IncidentForm) -> CarriedOver {
    let (answers, left) = answers.into_iter().partition(|(key, answer)| {
        let field = to
            .fields_of(Some(sheet))
            .find(|field| field.scope == Scope::Answers && field.key == *key);
        field.is_some_and(|field| answer.value().is_none_or(|value| has_place(field, value)))
    });
    CarriedOver { answers, left }
}

fn has_place(field: &Field, value: &AnswerValue) -> bool {
    let known = |options: &[crate::forms::Choice], code: &str| {
        options.iter().any(|option| option.code == code)
    };
    match (&field.kind, value) {
        (FieldKind::Text | FieldKind::LongText, AnswerValue::Text(_))
        | (FieldKind::Date, AnswerValue::Date(_))
        | (FieldKind::DateTime, AnswerValue::DateTime(_))
        | (FieldKind::Computers, AnswerValue::Computers(_))
        | (FieldKind::YesNo, AnswerValue::YesNo(_)) => true,
        (FieldKind::Choice(options), AnswerValue::Choice(code)) => known(options, code),
        (FieldKind::Choices(options), AnswerValue::Choices(codes)) => {
            codes.iter().all(|code| known(options, code))
        }
        (FieldKind::Quantity(units), AnswerValue::Quantity(quantity)) => {
            known(units, &quantity.unit)
        }
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
        ) => false,
    }
}
