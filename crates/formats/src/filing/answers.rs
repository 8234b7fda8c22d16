use std::collections::BTreeSet;

use model::names::{CategoryName, MakerName, ProductName};
use model::text::{Prose, TextError, is_forbidden_in_prose};
use serde_json::{Map, Value};

use super::head::{put, put_some};
use super::notification::{read_class, read_day};
use super::{FilingError, FilingErrorKind, MAX_ANSWERS};
use crate::answers::{
    Answer, AnswerError, AnswerState, AnswerValue, Answers, ComputerAnswer, MAX_COMPUTERS, Quantity,
};
use crate::dates::When;
use crate::node::{Node, ObjectNode};

/// Longest text that any field of any form may have.
const MAX_TEXT_CHARS: usize = 10_000;
const MAX_CODE_BYTES: usize = 60;
const MAX_CODES: usize = 100;

pub(super) fn answers_value(answers: &Answers) -> Value {
    answers
        .iter()
        .map(|(key, answer)| (key.clone(), answer_value(answer)))
        .collect()
}

/// One answer as it stands in a body.
pub fn answer_value(answer: &Answer) -> Value {
    let mut object = Map::new();
    put(&mut object, "state", answer.state().code());
    if answer.is_approximate() {
        object.insert("approximate".to_owned(), Value::Bool(true));
    }
    put_some(&mut object, "reason", answer.reason().map(Prose::as_str));
    if let Some(value) = answer.value() {
        object.insert(value.kind().to_owned(), value_value(value));
    }
    Value::Object(object)
}

fn value_value(value: &AnswerValue) -> Value {
    match value {
        AnswerValue::Text(text) | AnswerValue::Choice(text) => Value::String(text.clone()),
        AnswerValue::Date(day) => Value::String(day.to_string()),
        AnswerValue::DateTime(when) => Value::String(when.to_text()),
        AnswerValue::Choices(codes) => codes.iter().cloned().collect(),
        AnswerValue::Quantity(quantity) => {
            let mut object = Map::new();
            put(&mut object, "amount", quantity.amount.as_str());
            put(&mut object, "unit", quantity.unit.as_str());
            Value::Object(object)
        }
        AnswerValue::Computers(computers) => computers.iter().map(computer_value).collect(),
        AnswerValue::YesNo(yes) => Value::Bool(*yes),
    }
}

fn computer_value(computer: &ComputerAnswer) -> Value {
    let mut object = Map::new();
    put_some(
        &mut object,
        "computer",
        computer.computer.map(|id| id.to_string()),
    );
    put_some(
        &mut object,
        "class",
        computer.class.map(statute::AssetClass::code),
    );
    put_some(
        &mut object,
        "facility_category",
        computer
            .facility_category
            .as_ref()
            .map(CategoryName::as_str),
    );
    put(&mut object, "product", computer.product.as_str());
    put_some(
        &mut object,
        "maker",
        computer.maker.as_ref().map(MakerName::as_str),
    );
    put_some(
        &mut object,
        "note",
        computer.note.as_ref().map(Prose::as_str),
    );
    Value::Object(object)
}

pub(super) fn read_answers(node: &Node<'_>) -> Result<Answers, FilingError> {
    let mut answers = Answers::new();
    for (key, answer) in node.object()?.entries(MAX_ANSWERS)? {
        let well_named = (1..=MAX_CODE_BYTES).contains(&key.len())
            && key
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !well_named {
            return Err(answer.fail(FilingErrorKind::UnknownField));
        }
        answers.insert(key.to_owned(), read_answer(&answer)?);
    }
    Ok(answers)
}

/// Reads one answer as it stands in a body, for example from a difference between two.
pub fn answer_from_value(value: &Value) -> Result<Answer, FilingError> {
    read_answer(&Node::root(value))
}

fn read_answer(node: &Node<'_>) -> Result<Answer, FilingError> {
    let mut object = node.object()?;
    let state: AnswerState = object.required("state")?.code()?;
    let approximate = match object.optional("approximate") {
        None => false,
        Some(flag) if flag.yes_no()? => true,
        // One writing only: what is not an estimate does not say so.
        Some(flag) => return Err(flag.fail(FilingErrorKind::Value("answer.approximate"))),
    };
    let reason = object
        .optional("reason")
        .map(|node| node.parse(Prose::parse, TextError::code))
        .transpose()?;
    let value = read_value(&mut object)?;
    object.finish()?;
    if approximate && value.is_none() {
        return Err(node.fail(FilingErrorKind::Value("answer.approximate")));
    }
    Answer::from_parts(state, value, approximate, reason)
        .map_err(|error: AnswerError| node.fail(FilingErrorKind::Value(error.code())))
}

/// Reads the one value that the answer has; a second one is left for `finish` to refuse.
fn read_value(object: &mut ObjectNode<'_>) -> Result<Option<AnswerValue>, FilingError> {
    if let Some(node) = object.optional("text") {
        return read_text(&node).map(|text| Some(AnswerValue::Text(text)));
    }
    if let Some(node) = object.optional("date") {
        return read_day(&node).map(|day| Some(AnswerValue::Date(day)));
    }
    if let Some(node) = object.optional("date_time") {
        let when = When::from_text(node.text()?)
            .ok_or_else(|| node.fail(FilingErrorKind::Value("date.not_a_date")))?;
        return Ok(Some(AnswerValue::DateTime(when)));
    }
    if let Some(node) = object.optional("choice") {
        return read_code(&node).map(|code| Some(AnswerValue::Choice(code)));
    }
    if let Some(node) = object.optional("choices") {
        return read_codes(&node).map(|codes| Some(AnswerValue::Choices(codes)));
    }
    if let Some(node) = object.optional("quantity") {
        return read_quantity(&node).map(|quantity| Some(AnswerValue::Quantity(quantity)));
    }
    if let Some(node) = object.optional("computers") {
        let mut computers = Vec::new();
        for each in node.list(MAX_COMPUTERS)? {
            computers.push(read_computer(&each)?);
        }
        return Ok(Some(AnswerValue::Computers(computers)));
    }
    match object.optional("yes_no") {
        None => Ok(None),
        Some(node) => Ok(Some(AnswerValue::YesNo(node.yes_no()?))),
    }
}

fn read_text(node: &Node<'_>) -> Result<String, FilingError> {
    let text = node.text()?;
    if MAX_TEXT_CHARS < text.chars().count() {
        return Err(node.fail(FilingErrorKind::Value(TextError::TooLong.code())));
    }
    if text.chars().any(is_forbidden_in_prose) {
        return Err(node.fail(FilingErrorKind::Value(TextError::Control.code())));
    }
    Ok(text.to_owned())
}

fn read_code(node: &Node<'_>) -> Result<String, FilingError> {
    let code = node.text()?;
    let well_formed = (1..=MAX_CODE_BYTES).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    if well_formed {
        Ok(code.to_owned())
    } else {
        Err(node.fail(FilingErrorKind::Value("code.unknown")))
    }
}

fn read_codes(node: &Node<'_>) -> Result<BTreeSet<String>, FilingError> {
    let mut codes: BTreeSet<String> = BTreeSet::new();
    for each in node.list(MAX_CODES)? {
        let code = read_code(&each)?;
        // One writing only: in order, none twice.
        if codes.last().is_some_and(|last| code <= *last) {
            return Err(each.fail(FilingErrorKind::Value("answer.order")));
        }
        codes.insert(code);
    }
    Ok(codes)
}

fn read_quantity(node: &Node<'_>) -> Result<Quantity, FilingError> {
    let mut object = node.object()?;
    let quantity = Quantity {
        amount: object.required("amount")?.code()?,
        unit: read_code(&object.required("unit")?)?,
    };
    object.finish()?;
    Ok(quantity)
}

fn read_computer(node: &Node<'_>) -> Result<ComputerAnswer, FilingError> {
    let mut object = node.object()?;
    let (id, class) = (object.optional("computer"), object.optional("class"));
    let (category, maker) = (
        object.optional("facility_category"),
        object.optional("maker"),
    );
    let remark = object.optional("note");
    let computer = ComputerAnswer {
        computer: id.map(|node| node.code()).transpose()?,
        class: class.map(|node| read_class(&node)).transpose()?,
        facility_category: category
            .map(|node| node.parse(CategoryName::parse, TextError::code))
            .transpose()?,
        product: object
            .required("product")?
            .parse(ProductName::parse, TextError::code)?,
        maker: maker
            .map(|node| node.parse(MakerName::parse, TextError::code))
            .transpose()?,
        note: remark
            .map(|node| node.parse(Prose::parse, TextError::code))
            .transpose()?,
    };
    object.finish()?;
    Ok(computer)
}
