//! A filed document, shown with the version of the form on which it was written.

use formats::answers::{Answer, AnswerState, AnswerValue};
use formats::dates::When;
use formats::filing::{Body, ReportedAwareness, Rows};
use formats::forms::{self, Choice, Field, FieldKind, Form, LabelConfidence, Scope};
use model::incidents::{AwarenessKind, Precision};
use serde_json::Value;

use crate::components::{ConfidenceBadge, StatusBadge, Tone};
use crate::fmt;
use crate::locale::Locale;
use crate::texts::Texts;

/// A part of a document.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// One field of a document.
pub(crate) struct Row {
    /// Label as on the form.
    pub(crate) label: String,
    /// What was answered.
    pub(crate) lines: Vec<String>,
    /// 調査中, 推定 and the like.
    pub(crate) badges: Vec<StatusBadge>,
    /// 「未確定」 where the official sheet may not have this field.
    pub(crate) unsettled: Option<ConfidenceBadge>,
    /// JSON Pointer into the body.
    pub(crate) path: String,
}

/// The document in sections, in the order of its form.
pub(crate) fn sections(t: Texts, body: &Body) -> Vec<Section> {
    let form = form_of(body);
    let value = body.to_value();
    let mut sections = Vec::new();
    if let Body::Correction(correction) = body {
        sections.push(Section {
            title: t.get("document-correction").into_owned(),
            rows: vec![
                plain(
                    t,
                    "document-corrects",
                    correction.corrects.as_str(),
                    "/corrects",
                ),
                plain(
                    t,
                    "document-explanation",
                    correction.explanation.as_str(),
                    "/explanation",
                ),
            ],
        });
    }
    match body {
        Body::Notification(notification) => {
            if let Some(form) = form {
                sections.push(scoped(
                    t,
                    form,
                    &value,
                    Scope::Operator,
                    "document-operator",
                ));
                sections.extend(rows(t, form, &value, &notification.rows));
            }
        }
        Body::Incident(_) | Body::Correction(_) => {
            if let (Some(form), Some(report)) = (form, body.report()) {
                sections.push(Section {
                    title: t.get("document-awareness").into_owned(),
                    rows: report
                        .awareness
                        .iter()
                        .enumerate()
                        .map(|(place, record)| awareness(t, place, record))
                        .collect(),
                });
                sections.extend(report_sections(t, form, report));
            }
        }
        Body::Withdrawal(withdrawal) => sections.push(Section {
            title: t.get("document-withdrawal").into_owned(),
            rows: vec![
                plain(
                    t,
                    "document-withdraws",
                    withdrawal.withdraws.as_str(),
                    "/withdraws",
                ),
                Row {
                    label: t.get("document-withdrawal-reason").into_owned(),
                    lines: vec![withdrawal_reason(t, withdrawal.reason.code())],
                    badges: Vec::new(),
                    unsettled: None,
                    path: "/reason".to_owned(),
                },
                plain(
                    t,
                    "document-explanation",
                    withdrawal.explanation.as_str(),
                    "/explanation",
                ),
            ],
        }),
    }
    sections
}

/// The form of a body, in its version.
pub(crate) fn form_of(body: &Body) -> Option<&'static Form> {
    forms::version(body.form_kind()?, body.head().form_version.as_str()).ok()
}

/// Title and version of the form.
pub(crate) fn form_title(t: Texts, body: &Body) -> Option<String> {
    form_of(body).map(|form| {
        let title = match t.locale() {
            Locale::Ja => &form.title_ja,
            Locale::En => &form.title_en,
        };
        t.with2("document-form", "title", title, "version", &form.version)
            .into_owned()
    })
}

fn withdrawal_reason(t: Texts, code: &str) -> String {
    t.find(&format!("withdrawal-{}", code.replace('_', "-")))
        .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned)
}

fn report_sections(t: Texts, form: &Form, report: &formats::filing::Report) -> Vec<Section> {
    let mut sections: Vec<(u8, Section)> = Vec::new();
    for field in form.fields_of(Some(report.form)) {
        if field.scope != Scope::Answers {
            continue;
        }
        let Some(answer) = report.answers.get(&field.key) else {
            continue;
        };
        let row = answer_row(t, field, answer);
        match sections.last_mut() {
            Some((item, section)) if *item == field.item => section.rows.push(row),
            _ => sections.push((
                field.item,
                Section {
                    title: item_title(t, field.item),
                    rows: vec![row],
                },
            )),
        }
    }
    // Fields of the special sheets stand after the common ones; the items of the order go first.
    sections.sort_by_key(|(item, _)| *item);
    let mut merged: Vec<(u8, Section)> = Vec::new();
    for (item, section) in sections {
        match merged.last_mut() {
            Some((last, existing)) if *last == item => existing.rows.extend(section.rows),
            _ => merged.push((item, section)),
        }
    }
    merged.into_iter().map(|(_, section)| section).collect()
}

fn item_title(t: Texts, item: u8) -> String {
    t.get(&format!("document-item-{item}")).into_owned()
}

/// Shows one answer.
pub(crate) fn answer_row(t: Texts, field: &Field, answer: &Answer) -> Row {
    let mut lines = answer
        .value()
        .map(|value| value_lines(t, field, value))
        .unwrap_or_default();
    let mut badges = Vec::new();
    let state = match answer.state() {
        AnswerState::Filled => None,
        AnswerState::Investigating => Some((Tone::Warning, "answer-state-investigating")),
        AnswerState::Unknown => Some((Tone::Neutral, "answer-state-unknown")),
        AnswerState::NotApplicable => Some((Tone::Neutral, "answer-state-not-applicable")),
    };
    if let Some((tone, key)) = state {
        badges.push(StatusBadge::new(tone, t.get(key)));
    }
    if answer.is_approximate() {
        badges.push(StatusBadge::new(
            Tone::Neutral,
            t.get("document-approximate"),
        ));
    }
    if let Some(reason) = answer.reason() {
        lines.push(
            t.with("document-reason", "reason", reason.as_str())
                .into_owned(),
        );
    }
    Row {
        label: label(t, field),
        lines,
        badges,
        unsettled: unsettled(t, field),
        path: format!("/answers/{}", field.key),
    }
}

fn scoped(t: Texts, form: &Form, value: &Value, scope: Scope, title: &str) -> Section {
    let rows = form
        .fields
        .iter()
        .filter(|field| field.scope == scope)
        .filter_map(|field| {
            let path = format!("/{}/{}", scope.code(), field.key);
            json_row(t, field, value, path)
        })
        .collect();
    Section {
        title: t.get(title).into_owned(),
        rows,
    }
}

/// One section for each computer.
fn rows(t: Texts, form: &Form, value: &Value, rows: &Rows) -> Vec<Section> {
    let count = rows.computers().len();
    (0..count)
        .map(|place| {
            let number = place.saturating_add(1);
            let fields = form
                .fields
                .iter()
                .filter(|field| field.scope == Scope::Row)
                .filter_map(|field| {
                    let paths = paths_in_row(place, &field.key);
                    let path = paths
                        .into_iter()
                        .find(|path| value.pointer(path).is_some())?;
                    json_row(t, field, value, path)
                })
                .collect();
            Section {
                title: t
                    .with2("document-computer", "number", number, "count", count)
                    .into_owned(),
                rows: fields,
            }
        })
        .collect()
}

/// Where a field of a row may stand: items before a change have keys with `previous_`.
fn paths_in_row(place: usize, key: &str) -> Vec<String> {
    match key.strip_prefix("previous_") {
        Some(key) => vec![format!("/rows/{place}/before/{key}")],
        None => vec![
            format!("/rows/{place}/after/{key}"),
            format!("/rows/{place}/{key}"),
        ],
    }
}

fn json_row(t: Texts, field: &Field, value: &Value, path: String) -> Option<Row> {
    let found = value.pointer(&path)?;
    Some(Row {
        label: label(t, field),
        lines: json_lines(t, Some(field), found),
        badges: Vec::new(),
        unsettled: unsettled(t, field),
        path,
    })
}

fn awareness(t: Texts, place: usize, record: &ReportedAwareness) -> Row {
    let label = match record.kind {
        AwarenessKind::NearMiss => t.get("document-aware-near-miss"),
        AwarenessKind::Incident => t.get("document-aware-incident"),
    };
    let mut badges = Vec::new();
    if record.precision == Precision::Approximate {
        badges.push(StatusBadge::new(
            Tone::Neutral,
            t.get("document-approximate"),
        ));
    }
    let mut lines = vec![fmt::date_time(t, record.aware_at)];
    lines.extend(record.source.as_str().lines().map(str::to_owned));
    if let Some((_, reason)) = &record.corrects {
        badges.push(StatusBadge::new(
            Tone::Warning,
            t.get("document-aware-corrects"),
        ));
        lines.push(
            t.with("document-reason", "reason", reason.as_str())
                .into_owned(),
        );
    }
    Row {
        label: label.into_owned(),
        lines,
        badges,
        unsettled: None,
        path: format!("/awareness/{place}/aware_at"),
    }
}

fn plain(t: Texts, key: &str, text: &str, path: &str) -> Row {
    Row {
        label: t.get(key).into_owned(),
        lines: text.lines().map(str::to_owned).collect(),
        badges: Vec::new(),
        unsettled: None,
        path: path.to_owned(),
    }
}

/// Label of a field in the reader's language.
pub(crate) fn label(t: Texts, field: &Field) -> String {
    match t.locale() {
        Locale::Ja => field.label_ja.clone(),
        Locale::En => field.label_en.clone(),
    }
}

fn unsettled(t: Texts, field: &Field) -> Option<ConfidenceBadge> {
    (field.confidence == LabelConfidence::Assumed).then(|| ConfidenceBadge::new(t))
}

fn value_lines(t: Texts, field: &Field, value: &AnswerValue) -> Vec<String> {
    match value {
        AnswerValue::Text(text) => text.lines().map(str::to_owned).collect(),
        AnswerValue::Date(day) => vec![fmt::date(t, *day)],
        AnswerValue::DateTime(when) => vec![when_words(t, *when)],
        AnswerValue::Choice(code) => vec![option(t, field, code)],
        AnswerValue::Choices(codes) => codes.iter().map(|code| option(t, field, code)).collect(),
        AnswerValue::Quantity(quantity) => vec![format!(
            "{} {}",
            quantity.amount.as_str(),
            option(t, field, &quantity.unit)
        )],
        AnswerValue::Computers(computers) => computers
            .iter()
            .map(|computer| {
                let mut line = computer.product.as_str().to_owned();
                if let Some(maker) = &computer.maker {
                    line = t
                        .with2(
                            "document-product",
                            "product",
                            &line,
                            "maker",
                            maker.as_str(),
                        )
                        .into_owned();
                }
                if let Some(note) = &computer.note {
                    line.push_str(" — ");
                    line.push_str(note.as_str());
                }
                line
            })
            .collect(),
        AnswerValue::YesNo(yes) => vec![yes_no(t, *yes)],
    }
}

fn yes_no(t: Texts, yes: bool) -> String {
    t.get(if yes { "document-yes" } else { "document-no" })
        .into_owned()
}

fn when_words(t: Texts, when: When) -> String {
    match (when.time, when.earliest()) {
        (Some(_), Some(at)) => fmt::date_time(t, at),
        _ => t
            .with("document-time-unknown", "day", fmt::date(t, when.date))
            .into_owned(),
    }
}

fn option(t: Texts, field: &Field, code: &str) -> String {
    let (FieldKind::Choice(options) | FieldKind::Choices(options) | FieldKind::Quantity(options)) =
        &field.kind
    else {
        return code.to_owned();
    };
    options
        .iter()
        .find(|option| option.code == code)
        .map_or_else(|| code.to_owned(), |option| choice_label(t, option))
}

/// Label of an option in the reader's language.
pub(crate) fn choice_label(t: Texts, option: &Choice) -> String {
    match t.locale() {
        Locale::Ja => option.ja.clone(),
        Locale::En => option.en.clone(),
    }
}

/// A value as it stands in a body, in words; for differences and for fields that are no answers.
pub(crate) fn json_lines(t: Texts, field: Option<&Field>, value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(yes) => vec![yes_no(t, *yes)],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => match field {
            Some(field) if matches!(field.kind, FieldKind::Choice(_)) => {
                vec![option(t, field, text)]
            }
            Some(field) if matches!(field.kind, FieldKind::Date) => {
                vec![
                    text.parse()
                        .map_or_else(|_| text.clone(), |day| fmt::date(t, day)),
                ]
            }
            _ => text.lines().map(str::to_owned).collect(),
        },
        Value::Array(list) => list
            .iter()
            .flat_map(|each| json_lines(t, field, each))
            .collect(),
        Value::Object(object) => object
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "id" | "computer" | "digest"))
            .flat_map(|(_, each)| json_lines(t, field, each))
            .collect(),
    }
}

/// An answer is shown with its state; anything else as it stands.
pub(crate) fn change_lines(t: Texts, field: Option<&Field>, value: &Value) -> Vec<String> {
    let Some(state) = value.get("state").and_then(Value::as_str) else {
        return json_lines(t, field, value);
    };
    let mut lines = Vec::new();
    if state != "filled" {
        lines.push(
            t.get(&format!("answer-state-{}", state.replace('_', "-")))
                .into_owned(),
        );
    }
    if let Some(object) = value.as_object() {
        for (key, each) in object {
            if !matches!(key.as_str(), "state" | "approximate") {
                lines.extend(json_lines(t, field, each));
            }
        }
    }
    lines
}

/// What a path points at, in words: the label of the field, with the number of the row.
pub(crate) fn place(t: Texts, body: &Body, path: &str) -> String {
    if path.is_empty() {
        return t.get("document-whole").into_owned();
    }
    let field = form_of(body).and_then(|form| form.field_at(path));
    let name = field.map_or_else(|| top_level(t, path), |field| label(t, field));
    let row = path
        .strip_prefix("/rows/")
        .and_then(|rest| rest.split('/').next())
        .and_then(|place| place.parse::<usize>().ok());
    match row {
        Some(row) => t
            .with2(
                "document-in-row",
                "number",
                row.saturating_add(1),
                "name",
                name,
            )
            .into_owned(),
        None => name,
    }
}

fn top_level(t: Texts, path: &str) -> String {
    let part = path.split('/').nth(1).unwrap_or(path);
    t.find(&format!("document-part-{}", part.replace('_', "-")))
        .map_or_else(|| path.to_owned(), std::borrow::Cow::into_owned)
}
