use std::collections::BTreeMap;

use formats::answers::AnswerState;
use formats::forms::{Choice, Field, FieldKind, Form, IncidentForm, Required};
use ids::CaseId;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use statute::RuleBook;

use super::{TICK, WorkbookWords, meta, normal, options};
use crate::documents::form::{CellAt, CellRule, FormBook, FormCell, FormContent, FormSheet, Look};
use crate::documents::layout::{ComputerTable, Layout, Place, at, column};
use crate::documents::page::Language;
use crate::error::AppError;
use crate::incidents::typed::{Typed, TypedComputer};

/// Row of the heads of the columns, from 0.
const HEAD_ROW: u32 = 4;
/// Characters of half width in one line of the column of answers.
const LINE_CHARS: usize = 46;

/// What is written into a form.
pub(super) struct Filled<'a> {
    pub(super) form: &'static Form,
    pub(super) part: IncidentForm,
    pub(super) typed: &'a BTreeMap<String, Typed>,
    pub(super) case: Option<CaseId>,
    pub(super) draft_version: i64,
    /// Number of the filing; what was filed is not to be changed.
    pub(super) filing: Option<&'a str>,
}

pub(super) fn book(
    rules: &RuleBook,
    layout: &Layout,
    filled: &Filled<'_>,
    words: &WorkbookWords,
) -> Result<FormBook, AppError> {
    let title = match words.language {
        Language::Japanese => &filled.form.title_ja,
        Language::English => &filled.form.title_en,
    };
    let mut sheet = FormSheet {
        name: layout.sheet.clone(),
        widths: vec![38.0, 50.0, 14.0, 12.0, 8.0, 34.0],
        frozen_rows: HEAD_ROW.saturating_add(1),
        sealed: filled.filing.is_some(),
        ..FormSheet::default()
    };
    sheet.cells.push(text(0, 0, title, Look::Title));
    let second = match filled.filing {
        Some(number) => format!("{number}　{} {}", filled.form.version, filled.part.code()),
        None => format!("{} {}", filled.form.version, filled.part.code()),
    };
    sheet.cells.push(text(1, 0, &second, Look::Note));
    for (row, note) in (2_u32..HEAD_ROW).zip(&words.notes) {
        sheet.cells.push(text(row, 0, note, Look::Note));
    }
    for (place, head) in (0_u16..).zip(&words.heads) {
        sheet.cells.push(text(HEAD_ROW, place, head, Look::Head));
    }
    for heading in &layout.headings {
        let label = item_title(rules, heading.item, words.language);
        let cell = at(&heading.at)?;
        for column in 0..6 {
            let label = if column == cell.column {
                label.as_str()
            } else {
                ""
            };
            sheet
                .cells
                .push(text(cell.row, column, label, Look::Section));
        }
    }
    let mut marks = Vec::new();
    let mut computers = None;
    for field in filled.form.fields_of(Some(filled.part)) {
        let Some(place) = layout.fields.iter().find(|place| place.key == field.key) else {
            continue;
        };
        let typed = filled.typed.get(&field.key).cloned().unwrap_or_default();
        let typed = normal(rules, field, &typed);
        marks.push((format!("{}{}", meta::MARK, field.key), typed.mark()));
        answer(&mut sheet, field, place, &typed, words)?;
        if field.kind == FieldKind::Computers {
            computers = Some((field, typed));
        }
    }
    let mut sheets = vec![sheet];
    if let Some((field, typed)) = computers {
        sheets.push(computer_sheet(
            field,
            &typed,
            &layout.computers,
            filled,
            words,
        )?);
    }
    Ok(FormBook {
        title: title.clone(),
        sheets,
        meta: facts(filled, marks),
        words: words.rules.clone(),
    })
}

fn facts(filled: &Filled<'_>, marks: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut sum = Sha256::new();
    for (key, mark) in &marks {
        sum.update(key.as_bytes());
        sum.update(mark.as_bytes());
    }
    let mut rows = vec![
        (meta::FORM.to_owned(), filled.form.kind.code().to_owned()),
        (meta::VERSION.to_owned(), filled.form.version.clone()),
        (meta::PART.to_owned(), filled.part.code().to_owned()),
        (
            meta::CASE.to_owned(),
            filled.case.map(|id| id.to_string()).unwrap_or_default(),
        ),
        (meta::DRAFT.to_owned(), filled.draft_version.to_string()),
        (
            meta::FILING.to_owned(),
            filled.filing.unwrap_or_default().to_owned(),
        ),
        (meta::CHECKSUM.to_owned(), hex::encode(sum.finalize())),
    ];
    rows.extend(marks);
    rows
}

/// The title of an item of Order Art. 4(3), from the rule book.
fn item_title(rules: &RuleBook, item: u8, language: Language) -> String {
    let found = rules.entries().find(
        |entry| matches!(&entry.rule, statute::Rule::Item(rule) if rule.number == u32::from(item)),
    );
    let title = found.map_or("", |entry| match language {
        Language::Japanese => &entry.label_ja,
        Language::English => &entry.label_en,
    });
    format!("{item}　{title}")
}

fn answer(
    sheet: &mut FormSheet,
    field: &Field,
    place: &Place,
    typed: &Typed,
    words: &WorkbookWords,
) -> Result<(), AppError> {
    let label = label(field, words);
    if let Some(cell) = &place.label {
        let cell = at(cell)?;
        sheet
            .cells
            .push(text(cell.row, cell.column, &label, Look::Label));
        sheet.heights.push((cell.row, lines(field, typed)));
    }
    if let Some(cell) = &place.value {
        let look = match field.kind {
            FieldKind::Date | FieldKind::DateTime => Look::Day,
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Choice(_)
            | FieldKind::Choices(_)
            | FieldKind::Quantity(_)
            | FieldKind::Computers
            | FieldKind::YesNo => Look::Answer,
        };
        sheet.cells.push(FormCell {
            at: at(cell)?,
            name: Some(format!("value_{}", field.key)),
            content: value(field, typed, words),
            look,
            rule: rule(field, words),
        });
    } else if field.kind == FieldKind::Computers {
        let cell = at(place.label.as_deref().unwrap_or("A1"))?;
        let beside = cell.column.saturating_add(1);
        let count = typed.computers.len().to_string();
        sheet.cells.push(text(cell.row, beside, &count, Look::Note));
    }
    let mut part = |cell: &Option<String>, name: &str, content: String, rule: CellRule| {
        let Some(cell) = cell else {
            return Ok(());
        };
        sheet.cells.push(FormCell {
            at: at(cell)?,
            name: Some(format!("{name}_{}", field.key)),
            content: content_of(content),
            look: Look::Answer,
            rule,
        });
        Ok::<(), AppError>(())
    };
    part(&place.time, "time", typed.time.clone(), CellRule::Free)?;
    let unit = option_label(field, &typed.unit, words.language);
    part(
        &place.unit,
        "unit",
        unit,
        CellRule::OneOf(labels(field, words)),
    )?;
    let states = CellRule::OneOf(words.states.to_vec());
    part(&place.state, "state", state(typed, words), states)?;
    let ticked = |is: bool| if is { TICK.to_owned() } else { String::new() };
    let tick = CellRule::OneOf(vec![TICK.to_owned()]);
    part(
        &place.approximate,
        "estimate",
        ticked(typed.approximate),
        tick.clone(),
    )?;
    let reason = CellRule::MaxChars(1000);
    part(&place.reason, "reason", typed.reason.clone(), reason)?;
    for option in options(field) {
        let Some(cell) = place.ticks.get(&option.code) else {
            continue;
        };
        let cell = at(cell)?;
        let left = cell.column.saturating_sub(1);
        let label = format!("　・{}", in_language(option, words.language));
        sheet.cells.push(text(cell.row, left, &label, Look::Label));
        sheet.cells.push(FormCell {
            at: cell,
            name: Some(format!("tick_{}_{}", field.key, option.code)),
            content: content_of(ticked(typed.ticked.contains(&option.code))),
            look: Look::Answer,
            rule: tick.clone(),
        });
    }
    Ok(())
}

fn label(field: &Field, words: &WorkbookWords) -> String {
    let label = match words.language {
        Language::Japanese => &field.label_ja,
        Language::English => &field.label_en,
    };
    match field.required {
        Required::Prompt => format!("{label}{}", words.needed),
        Required::Filing | Required::Full | Required::Optional => label.clone(),
    }
}

/// Lines that an answer takes, so that its row is high enough.
fn lines(field: &Field, typed: &Typed) -> u32 {
    let least = if field.kind == FieldKind::LongText {
        3
    } else {
        1
    };
    let needed: usize = typed
        .text
        .lines()
        .map(|line| {
            let half: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            half.div_ceil(LINE_CHARS).max(1)
        })
        .sum();
    u32::try_from(needed.clamp(least, 24)).unwrap_or(24)
}

fn value(field: &Field, typed: &Typed, words: &WorkbookWords) -> FormContent {
    match &field.kind {
        FieldKind::Date | FieldKind::DateTime => match typed.text.parse::<Date>() {
            Ok(day) => FormContent::Day(day),
            Err(_) => content_of(typed.text.clone()),
        },
        FieldKind::Choice(_) => content_of(option_label(field, &typed.text, words.language)),
        FieldKind::YesNo => {
            let [yes, no] = &words.yes_no;
            content_of(match typed.text.as_str() {
                "yes" => yes.clone(),
                "no" => no.clone(),
                other => other.to_owned(),
            })
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Choices(_)
        | FieldKind::Quantity(_)
        | FieldKind::Computers => content_of(typed.text.clone()),
    }
}

fn rule(field: &Field, words: &WorkbookWords) -> CellRule {
    match &field.kind {
        FieldKind::Text | FieldKind::LongText => {
            CellRule::MaxChars(u32::try_from(field.max_chars).unwrap_or(u32::MAX))
        }
        FieldKind::Choice(_) => CellRule::OneOf(labels(field, words)),
        FieldKind::YesNo => CellRule::OneOf(words.yes_no.to_vec()),
        FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Choices(_)
        | FieldKind::Quantity(_)
        | FieldKind::Computers => CellRule::Free,
    }
}

fn labels(field: &Field, words: &WorkbookWords) -> Vec<String> {
    options(field)
        .iter()
        .map(|option| in_language(option, words.language).to_owned())
        .collect()
}

fn in_language(option: &Choice, language: Language) -> &str {
    match language {
        Language::Japanese => &option.ja,
        Language::English => &option.en,
    }
}

fn option_label(field: &Field, code: &str, language: Language) -> String {
    options(field)
        .iter()
        .find(|option| option.code == code)
        .map_or(code, |option| in_language(option, language))
        .to_owned()
}

fn state(typed: &Typed, words: &WorkbookWords) -> String {
    let [filled, investigating, unknown, not_applicable] = &words.states;
    match typed.state {
        Some(AnswerState::Investigating) => investigating.clone(),
        Some(AnswerState::Unknown) => unknown.clone(),
        Some(AnswerState::NotApplicable) => not_applicable.clone(),
        Some(AnswerState::Filled) | None if typed.is_empty() => String::new(),
        Some(AnswerState::Filled) | None => filled.clone(),
    }
}

fn computer_sheet(
    field: &Field,
    typed: &Typed,
    table: &ComputerTable,
    filled: &Filled<'_>,
    words: &WorkbookWords,
) -> Result<FormSheet, AppError> {
    let mut sheet = FormSheet {
        name: table.sheet.clone(),
        widths: vec![36.0, 28.0, 28.0, 14.0, 34.0, 10.0],
        frozen_rows: table.first_row.saturating_sub(1),
        sealed: filled.filing.is_some(),
        ..FormSheet::default()
    };
    sheet
        .cells
        .push(text(0, 0, &label(field, words), Look::Section));
    let columns = [
        &table.product,
        &table.maker,
        &table.facility,
        &table.class,
        &table.note,
        &table.id,
    ];
    let head = table.first_row.saturating_sub(2);
    for (letters, words) in columns.iter().zip(&words.computers) {
        sheet
            .cells
            .push(text(head, column(letters)?, words, Look::Head));
    }
    let most = usize::try_from(table.rows).unwrap_or(usize::MAX);
    if most < typed.computers.len() {
        return Err(AppError::TooLarge("workbook_too_large"));
    }
    let empty = TypedComputer::default();
    for (place, row) in (table.first_row.saturating_sub(1)..).take(most).enumerate() {
        let computer = typed.computers.get(place).unwrap_or(&empty);
        let id = computer
            .computer
            .map(|id| id.to_string())
            .unwrap_or_default();
        let values = [
            &computer.product,
            &computer.maker,
            &computer.facility_category,
            &computer.class,
            &computer.note,
            &id,
        ];
        for (letters, value) in columns.iter().zip(values) {
            sheet.cells.push(FormCell {
                at: CellAt {
                    row,
                    column: column(letters)?,
                },
                name: None,
                content: content_of(value.clone()),
                look: Look::Answer,
                rule: CellRule::Free,
            });
        }
    }
    Ok(sheet)
}

fn content_of(text: String) -> FormContent {
    if text.is_empty() {
        FormContent::Empty
    } else {
        FormContent::Text(text)
    }
}

fn text(row: u32, column: u16, text: &str, look: Look) -> FormCell {
    FormCell {
        at: CellAt { row, column },
        name: None,
        content: content_of(text.to_owned()),
        look,
        rule: CellRule::Free,
    }
}
