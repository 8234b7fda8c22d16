//! The control for one field of a filed document, and what was entered in it.

use formats::answers::{Answer, AnswerState, AnswerValue, Input, read_input};
use formats::filing::{Body, answer_value};
use formats::forms::{Field, FieldKind, Scope};
use jiff::civil::Time;
use serde_json::Value;
use statute::RuleBook;

use crate::failure::field_key;
use crate::forms::date::{read_date, read_time};
use crate::forms::{Choice, FieldError, Form, FormErrors, RawForm};
use crate::pages::filings::document;
use crate::texts::Texts;

/// Name of the control.
pub(crate) const VALUE: &str = "value";
/// Text key of its label in errors; on the page it carries the label of the form.
pub(crate) const LABEL: &str = "correction-value";

/// The field that a request points at, where it can be corrected in place.
pub(crate) fn correctable<'f>(body: &Body, path: &str) -> Option<&'f Field> {
    let field = document::form_of(body)?.field_at(path)?;
    let in_place = !matches!(field.kind, FieldKind::Computers);
    // The number of a notification and the id of a computer are records, not answers.
    let is_record = path.ends_with("/notified_as");
    (in_place && !is_record).then_some(field)
}

/// Fills the form with what stands in the document now.
pub(crate) fn fill(raw: &mut RawForm, body: &Body, field: &Field, path: &str) {
    if field.scope != Scope::Answers {
        if let Some(Value::String(text)) = body.to_value().pointer(path) {
            match text.parse() {
                Ok(day) if field.kind == FieldKind::Date => push_day(raw, day),
                _ => raw.push(VALUE, text.as_str()),
            }
        }
        return;
    }
    let answer = body
        .report()
        .and_then(|report| report.answers.get(&field.key));
    let Some(answer) = answer else {
        return;
    };
    let state = match answer.state() {
        AnswerState::Filled => "known",
        AnswerState::Investigating => "investigating",
        AnswerState::Unknown => "unknown",
        AnswerState::NotApplicable => "not_applicable",
    };
    raw.push("value.state", state);
    if answer.is_approximate() {
        raw.push("value.approximate", "yes");
    }
    match answer.value() {
        Some(AnswerValue::Text(text) | AnswerValue::Choice(text)) => raw.push(VALUE, text.as_str()),
        Some(AnswerValue::Choices(codes)) => {
            for code in codes {
                raw.push(VALUE, code.as_str());
            }
        }
        Some(AnswerValue::Date(day)) => push_day(raw, *day),
        Some(AnswerValue::DateTime(when)) => {
            push_day(raw, when.date);
            match when.time {
                Some(time) => push_time(raw, time),
                None => raw.push("value.time_unknown", "yes"),
            }
        }
        Some(AnswerValue::Quantity(quantity)) => {
            raw.push(VALUE, quantity.amount.as_str());
            raw.push("value.unit", quantity.unit.as_str());
        }
        Some(AnswerValue::YesNo(yes)) => raw.push(VALUE, if *yes { "yes" } else { "no" }),
        Some(AnswerValue::Computers(_)) | None => {}
    }
}

fn push_day(raw: &mut RawForm, day: jiff::civil::Date) {
    raw.push("value.year", day.year().to_string());
    raw.push("value.month", day.month().to_string());
    raw.push("value.day", day.day().to_string());
}

fn push_time(raw: &mut RawForm, time: Time) {
    raw.push("value.hour", time.hour().to_string());
    raw.push("value.minute", time.minute().to_string());
}

/// The controls of the field, as HTML.
pub(crate) fn controls(t: Texts, form: &Form<'_>, field: &Field) -> Vec<String> {
    let label = document::label(t, field);
    let options = |list: &[formats::forms::Choice]| -> Vec<Choice> {
        list.iter()
            .map(|option| Choice::new(&option.code, document::choice_label(t, option)))
            .collect()
    };
    let mut controls = match &field.kind {
        FieldKind::Text => vec![form.text(VALUE, LABEL).label_text(label).to_string()],
        FieldKind::LongText => vec![
            form.text_area(VALUE, LABEL)
                .label_text(label)
                .max_chars(field.max_chars)
                .to_string(),
        ],
        FieldKind::Date => vec![form.date(VALUE, LABEL).label_text(label).to_string()],
        FieldKind::DateTime => {
            let control = form.date_time(VALUE, LABEL).label_text(label);
            let control = control.time_may_be_unknown();
            vec![if field.approximate {
                control.may_be_approximate().to_string()
            } else {
                control.to_string()
            }]
        }
        FieldKind::Choice(list) => vec![
            form.select(VALUE, LABEL, options(list))
                .label_text(label)
                .to_string(),
        ],
        FieldKind::Choices(list) => vec![
            form.checkboxes(VALUE, LABEL, options(list))
                .label_text(label)
                .to_string(),
        ],
        FieldKind::Quantity(units) => vec![
            form.text(VALUE, LABEL).label_text(label).to_string(),
            form.select("value.unit", "correction-unit", options(units))
                .to_string(),
        ],
        FieldKind::YesNo => vec![
            form.radios(
                VALUE,
                LABEL,
                vec![
                    Choice::new("yes", t.get("document-yes")),
                    Choice::new("no", t.get("document-no")),
                ],
            )
            .label_text(label)
            .inline()
            .to_string(),
        ],
        FieldKind::Computers => Vec::new(),
    };
    if field.scope == Scope::Answers {
        controls.push(form.answer_state(VALUE, "answer-state-legend").to_string());
    }
    controls
}

/// Reads what was entered, as it stands in a body; `null` takes an optional field away.
pub(crate) fn read(
    book: &RuleBook,
    field: &Field,
    raw: &RawForm,
    errors: &mut FormErrors,
) -> Option<Value> {
    let value = read_value(book, field, raw, errors)?;
    if field.scope != Scope::Answers {
        return Some(match value {
            None => Value::Null,
            Some(AnswerValue::Text(text) | AnswerValue::Choice(text)) => Value::String(text),
            Some(AnswerValue::Date(day)) => Value::String(day.to_string()),
            Some(_) => {
                errors.add(VALUE, LABEL, field_key("field.wrong_kind"));
                return None;
            }
        });
    }
    let state = match raw.get("value.state") {
        "investigating" => AnswerState::Investigating,
        "unknown" => AnswerState::Unknown,
        "not_applicable" => AnswerState::NotApplicable,
        _ => AnswerState::Filled,
    };
    let approximate = raw.is_checked("value.approximate");
    let value = value.filter(|_| state == AnswerState::Filled);
    if let Ok(answer) = Answer::from_parts(state, value, approximate, None) {
        Some(answer_value(&answer))
    } else {
        errors.add(VALUE, LABEL, "form-error-missing");
        None
    }
}

/// `None` after an error was added; otherwise what was entered, if anything.
#[expect(
    clippy::option_option,
    reason = "an error is something else than an empty field"
)]
fn read_value(
    book: &RuleBook,
    field: &Field,
    raw: &RawForm,
    errors: &mut FormErrors,
) -> Option<Option<AnswerValue>> {
    let dated = matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    let (mut text, mut time) = (raw.get(VALUE).to_owned(), String::new());
    if dated {
        match read_date(raw, VALUE, book) {
            Ok(day) => text = day.map(|day| day.to_string()).unwrap_or_default(),
            Err(wrong) => return refuse(errors, wrong.of(VALUE, LABEL)),
        }
        if field.kind == FieldKind::DateTime && !raw.is_checked("value.time_unknown") {
            match read_time(raw, VALUE) {
                Ok(found) => time = found.map(clock).unwrap_or_default(),
                Err(wrong) => return refuse(errors, wrong.of(VALUE, LABEL)),
            }
        }
    }
    let ticked: Vec<String> = raw.all(VALUE).map(str::to_owned).collect();
    let input = Input {
        text: &text,
        time: &time,
        unit: raw.get("value.unit"),
        ticked: &ticked,
    };
    match read_input(book, field, &input) {
        Ok(value) => Some(value),
        Err(error) => {
            let key = field_key(error.code());
            refuse(errors, FieldError::new(VALUE, LABEL, key))
        }
    }
}

fn refuse<T>(errors: &mut FormErrors, error: FieldError) -> Option<T> {
    errors.push(error);
    None
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
