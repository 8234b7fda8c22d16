//! The stable wire shape of results, for `noroshi law --format json` and the API.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::addressee::{Addressee, Addressees};
use crate::classify::{AssetClass, ClassOutcome, Classified, ReportGroup};
use crate::deadline::{Due, DueRefusal};
use crate::entry::Entry;
use crate::event::{EventCode, EventExclusion, EventFinding};
use crate::exempt::ExemptionFinding;
use crate::phase::StandingKind;
use crate::question::Asked;
use crate::reason::Reason;
use crate::rule::{Amount, Rule};

/// A deadline: ISO dates, null where the law fixes no number.
pub fn due(due: &Due) -> Value {
    json!({
        "key": due.key,
        "counted_from": date(due.counted_from),
        "legal_limit": date(due.legal_limit),
        "unrolled": date(due.unrolled),
        "conservative_limit": date(due.conservative_limit),
        "basis": due.basis,
        "basis_ja": due.basis_ja,
        "confidence": due.confidence.code(),
        "source": due.source,
        "in_force": due.standing == StandingKind::InForce,
        "reasons": reasons(&due.reasons),
        "rule_book": due.digest.to_hex(),
    })
}

/// A refusal to compute a deadline.
pub fn due_refusal(refusal: &DueRefusal) -> Value {
    json!({
        "error": refusal.code(),
        "text_ja": refusal.text_ja(),
        "text_en": refusal.to_string(),
    })
}

/// A classified computer.
pub fn classified(found: &Classified) -> Value {
    let may_be: &[AssetClass] = match &found.outcome {
        ClassOutcome::AtLeast { may_be, .. } | ClassOutcome::Unclear { may_be } => may_be,
        ClassOutcome::Decided(_) | ClassOutcome::NotSpecified => &[],
    };
    json!({
        "outcome": found.outcome.code(),
        "class": found.outcome.class().map(AssetClass::code),
        "also": codes(&found.also, AssetClass::code),
        "may_be": codes(may_be, AssetClass::code),
        "report_group": found.group.map(ReportGroup::code),
        "open_questions": found.open_questions,
        "confidence": found.confidence.code(),
        "reasons": reasons(&found.reasons),
    })
}

/// Whether an event is reportable.
pub fn event_finding(found: &EventFinding) -> Value {
    json!({
        "outcome": found.outcome.code(),
        "codes": codes(&found.codes, EventCode::code),
        "may_be": codes(&found.may_be, EventCode::code),
        "exclusions": codes(&found.exclusions, EventExclusion::code),
        "open_questions": found.open_questions,
        "confidence": found.confidence.code(),
        "reasons": reasons(&found.reasons),
    })
}

/// Which exemptions apply or may apply.
pub fn exemption_finding(found: &ExemptionFinding) -> Value {
    let exemptions: Vec<Value> = found
        .found
        .iter()
        .map(|each| {
            json!({
                "exemption": each.exemption.code(),
                "effect": each.effect.code(),
                "applies": each.applies.code(),
            })
        })
        .collect();
    json!({
        "exemptions": exemptions,
        "nothing_to_file": found.nothing_to_file(),
        "confidence": found.confidence.code(),
        "reasons": reasons(&found.reasons),
    })
}

/// To whom something goes.
pub fn addressees(found: &Addressees) -> Value {
    json!({
        "addressees": found.addressees.iter().map(addressee).collect::<Vec<Value>>(),
        "confidence": found.confidence.code(),
        "reasons": reasons(&found.reasons),
    })
}

fn addressee(each: &Addressee) -> Value {
    json!({
        "role": each.role.code(),
        "code": each.code,
        "name_ja": each.name_ja,
        "name_en": each.name_en,
        "acting_ja": each.acting_ja,
        "acting_en": each.acting_en,
        "desk": {
            "code": each.desk.code,
            "name_ja": each.desk.name_ja,
            "name_en": each.desk.name_en,
            "regional": each.desk.regional,
            "confidence": each.desk.confidence.code(),
        },
    })
}

/// A question of a wizard.
pub fn question(asked: &Asked<'_>) -> Value {
    json!({
        "code": asked.code,
        "text_ja": asked.text_ja,
        "text_en": asked.text_en,
        "help_ja": asked.help_ja,
        "help_en": asked.help_en,
        "group": asked.question.group.map(ReportGroup::code),
        "basis": asked.entry.basis,
        "confidence": asked.entry.confidence.code(),
    })
}

/// Reasons, in order.
pub fn reasons(reasons: &[Reason]) -> Value {
    Value::Array(reasons.iter().map(reason).collect())
}

/// One reason.
pub fn reason(reason: &Reason) -> Value {
    json!({
        "code": reason.code,
        "key": reason.key,
                "pack": reason.pack,
        "basis": reason.basis,
        "basis_ja": reason.basis_ja,
        "text_ja": reason.text_ja,
        "text_en": reason.text_en,
        "confidence": reason.confidence.code(),
        "source": reason.source,
    })
}

/// One version of an entry; `on` decides whether it is in force.
pub fn entry(entry: &Entry, on: Date) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("key", json!(entry.key));
    put("label_ja", json!(entry.label_ja));
    put("label_en", json!(entry.label_en));
    put("basis", json!(entry.basis));
    put("basis_ja", json!(entry.basis_ja));
    put("from", json!(entry.from.to_string()));
    put("from_precision", json!(entry.start.code()));
    put("to", date(entry.to));
    put("in_force", json!(entry.covers(on)));
    put("confidence", json!(entry.confidence.code()));
    put("source", json!(entry.source));
    put("note_ja", json!(entry.note_ja));
    put("note_en", json!(entry.note_en));
    put("pack", json!(entry.pack));
    let (value, unit) = value_and_unit(&entry.rule);
    put("value", value);
    put("unit", unit);
    Value::Object(object)
}

fn value_and_unit(rule: &Rule) -> (Value, Value) {
    match rule {
        Rule::Period(rule) => (json!(rule.period.amount()), json!(rule.period.unit())),
        Rule::Promptly => (json!("速やかに"), json!("promptly")),
        Rule::GuidelineDays { least, most } => (json!([least, most]), json!("guideline_days")),
        Rule::Amounts(amounts) => match amounts.as_slice() {
            [Amount { amount, unit }] => (json!(amount), json!(unit)),
            several => (
                Value::Array(
                    several
                        .iter()
                        .map(|each| json!({ "value": each.amount, "unit": each.unit }))
                        .collect(),
                ),
                Value::Null,
            ),
        },
        Rule::Date(day) => (json!(day.to_string()), json!("date")),
        Rule::Numbers(numbers) => (json!(numbers), json!("numbers")),
        Rule::Names(names) => (json!(names), json!("names")),
        Rule::GeneralProducts(products) => (json!(products.value), json!("names")),
        Rule::Item(item) => (json!(item.number), json!("item_number")),
        Rule::Phase(phase) => (json!(phase.number), json!("phase")),
        Rule::LegalBasis(basis) => (json!(basis.articles), json!("articles")),
        Rule::Sector(sector) => (json!(sector.ministry), json!("ministry")),
        Rule::Bureau(bureau) => (json!(bureau.prefectures), json!("prefectures")),
        Rule::Prefecture(prefecture) => (json!(prefecture.number), json!("prefecture")),
        Rule::Delegation(delegation) => (json!(delegation.bureau_kinds), json!("bureau_kinds")),
        Rule::Class(class) => (json!(class.class.code()), json!("class")),
        Rule::Event(event) => (json!(event.event.code()), json!("event")),
        Rule::Exclusion(exclusion) => (json!(exclusion.exclusion.code()), json!("exclusion")),
        Rule::Exemption(exemption) => (json!(exemption.exemption.code()), json!("exemption")),
        Rule::HolidayOverride(change) => (json!(change.day.to_string()), json!("date")),
        Rule::Unknown
        | Rule::Principle
        | Rule::FinanceKind(_)
        | Rule::Ministry(_)
        | Rule::Question(_)
        | Rule::Era(_)
        | Rule::Holiday(_)
        | Rule::ClosedSpan(_)
        | Rule::Submission(_)
        | Rule::SubmissionItem(_)
        | Rule::TierRow(_) => (Value::Null, Value::Null),
    }
}

fn codes<T: Copy>(values: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().map(|value| code(*value)).collect()
}

fn date(day: Option<Date>) -> Value {
    day.map_or(Value::Null, |day| Value::String(day.to_string()))
}
