use std::collections::BTreeMap;

use formats::forms::{Choice, Field, FieldKind, Form, Scope};
use ids::OrganisationId;
use model::assets::NotificationDuty;

use super::layout::{ColumnPlace, Layout};
use super::rows::{CHANGEABLE, FilledRow};
use super::{NotificationWords, meta};
use crate::documents::form::{
    CellAt, CellRule, FormBook, FormCell, FormContent, FormSheet, Look, RangeRule,
};
use crate::documents::layout::{at, column};
use crate::documents::page::Language;
use crate::error::AppError;

/// Widths of the tab with the outline of the operator.
const OUTLINE_WIDTHS: [f64; 2] = [34.0, 60.0];
/// Width of the name of the facility, and of the id.
const FACILITY_WIDTH: f64 = 26.0;
const COMPUTER_WIDTH: f64 = 30.0;
/// Lines of the row of heads.
const HEAD_LINES: u32 = 3;

/// What is written into a form.
pub(super) struct Filled<'a> {
    pub(super) form: &'static Form,
    pub(super) duty: NotificationDuty,
    pub(super) operator: BTreeMap<&'static str, String>,
    pub(super) owner: OrganisationId,
    pub(super) rows: &'a [FilledRow],
    /// Number of the filing; what was filed is not to be changed.
    pub(super) filing: Option<&'a str>,
}

pub(super) fn book(
    layout: &Layout,
    filled: &Filled<'_>,
    words: &NotificationWords,
) -> Result<FormBook, AppError> {
    let title = match words.language {
        Language::Japanese => &filled.form.title_ja,
        Language::English => &filled.form.title_en,
    };
    let which = match filled.filing {
        Some(number) => format!("{number}　{}", filled.form.version),
        None => filled.form.version.clone(),
    };
    let mut meta = vec![
        (meta::FORM.to_owned(), filled.form.kind.code().to_owned()),
        (meta::VERSION.to_owned(), filled.form.version.clone()),
        (meta::DUTY.to_owned(), filled.duty.code().to_owned()),
        (meta::OPERATOR.to_owned(), filled.owner.to_string()),
        (
            meta::FILING.to_owned(),
            filled.filing.unwrap_or_default().to_owned(),
        ),
    ];
    for row in filled.rows {
        if let Some(id) = row.computer {
            let mut items = row.values.clone();
            items.retain(|key, _| CHANGEABLE.contains(key));
            let json = serde_json::to_string(&items)
                .map_err(|_| AppError::Bug("items that are no JSON"))?;
            meta.push((format!("{}{id}", meta::ROW), json));
        }
    }
    Ok(FormBook {
        title: title.clone(),
        sheets: vec![
            outline(layout, filled, title, &which, words)?,
            table(layout, filled, title, &which, words)?,
        ],
        meta,
        words: words.rules.clone(),
    })
}

fn outline(
    layout: &Layout,
    filled: &Filled<'_>,
    title: &str,
    which: &str,
    words: &NotificationWords,
) -> Result<FormSheet, AppError> {
    let mut sheet = FormSheet {
        name: layout.operator.sheet.clone(),
        widths: OUTLINE_WIDTHS.to_vec(),
        sealed: filled.filing.is_some(),
        ..FormSheet::default()
    };
    sheet.cells.push(text(0, 0, title, Look::Title));
    sheet.cells.push(text(1, 0, which, Look::Note));
    if filled.filing.is_none() {
        for (row, note) in (2_u32..).zip(&words.notes) {
            sheet.cells.push(text(row, 0, note, Look::Note));
        }
    }
    for field in of_scope(filled.form, Scope::Operator) {
        let Some(cell) = layout.operator.fields.get(&field.key) else {
            continue;
        };
        let cell = at(cell)?;
        let beside = CellAt {
            row: cell.row,
            column: cell.column.saturating_sub(1),
        };
        let label = label(field, words.language);
        sheet
            .cells
            .push(text(beside.row, beside.column, label, Look::Label));
        let value = filled.operator.get(field.key.as_str());
        sheet.cells.push(FormCell {
            at: cell,
            name: Some(format!("value_{}", field.key)),
            content: content(value.map_or("", String::as_str)),
            look: Look::Answer,
            rule: CellRule::MaxChars(u32::try_from(field.max_chars).unwrap_or(u32::MAX)),
        });
    }
    Ok(sheet)
}

fn table(
    layout: &Layout,
    filled: &Filled<'_>,
    title: &str,
    which: &str,
    words: &NotificationWords,
) -> Result<FormSheet, AppError> {
    let places = &layout.table;
    let first = places.first_row.saturating_sub(1);
    let head = first.saturating_sub(1);
    let known = u32::try_from(filled.rows.len()).unwrap_or(u32::MAX);
    let blank = match filled.filing {
        Some(_) => 0,
        None => places.blank_rows,
    };
    let end = first.saturating_add(known).saturating_add(blank);
    let mut sheet = FormSheet {
        name: places.sheet.clone(),
        frozen_rows: first,
        sealed: filled.filing.is_some(),
        heights: vec![(head, HEAD_LINES)],
        ..FormSheet::default()
    };
    sheet.cells.push(text(0, 0, title, Look::Title));
    let note = match filled.filing {
        Some(_) => which,
        None => &words.table_note,
    };
    sheet.cells.push(text(1, 0, note, Look::Note));
    let mut widths = BTreeMap::new();
    for place in &places.columns {
        let field = field_of(filled.form, place)?;
        let column = column(&place.column)?;
        widths.insert(column, place.width);
        sheet
            .cells
            .push(text(head, column, label(field, words.language), Look::Head));
        let rule = match options(field) {
            [] => CellRule::MaxChars(u32::try_from(field.max_chars).unwrap_or(u32::MAX)),
            options => CellRule::OneOf(
                options
                    .iter()
                    .map(|option| option_label(option, words.language).to_owned())
                    .collect(),
            ),
        };
        if first < end && field.kind != FieldKind::Date {
            sheet.rules.push(RangeRule {
                from: CellAt { row: first, column },
                to: CellAt {
                    row: end.saturating_sub(1),
                    column,
                },
                rule,
            });
        }
        for (row, line) in (first..end).zip(lines(filled.rows)) {
            let value = line.and_then(|line| line.values.get(field.key.as_str()));
            let changeable = match line {
                Some(line) if line.computer.is_some() => CHANGEABLE.contains(&field.key.as_str()),
                Some(_) | None => true,
            };
            sheet.cells.push(FormCell {
                at: CellAt { row, column },
                name: None,
                content: item(field, value.map_or("", String::as_str), words.language),
                look: look(field, changeable),
                rule: CellRule::Free,
            });
        }
    }
    if filled.filing.is_none() {
        let own = [
            (&places.facility, &words.facility, FACILITY_WIDTH),
            (&places.computer, &words.computer, COMPUTER_WIDTH),
        ];
        for (letters, head_text, width) in own {
            let column = column(letters)?;
            widths.insert(column, width);
            sheet.cells.push(text(head, column, head_text, Look::Head));
        }
        own_cells(&mut sheet, layout, filled.rows, first..end)?;
    }
    let last = widths.keys().next_back().copied().unwrap_or_default();
    sheet.widths = (0..=last)
        .map(|column| widths.get(&column).copied().unwrap_or(FACILITY_WIDTH))
        .collect();
    Ok(sheet)
}

/// The two columns that are not items of the order: they lead back to the register.
fn own_cells(
    sheet: &mut FormSheet,
    layout: &Layout,
    rows: &[FilledRow],
    places: std::ops::Range<u32>,
) -> Result<(), AppError> {
    let facility = column(&layout.table.facility)?;
    let computer = column(&layout.table.computer)?;
    for (row, line) in places.zip(lines(rows)) {
        let known = line.filter(|line| line.computer.is_some());
        let look = match known {
            Some(_) => Look::Label,
            None => Look::Answer,
        };
        let name = known.map_or("", |line| line.facility.as_str());
        sheet.cells.push(text(row, facility, name, look));
        let id = known.and_then(|line| line.computer);
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        sheet.cells.push(text(row, computer, &id, Look::Label));
    }
    Ok(())
}

/// The rows, then no more.
fn lines(rows: &[FilledRow]) -> impl Iterator<Item = Option<&FilledRow>> {
    rows.iter().map(Some).chain(std::iter::repeat(None))
}

fn field_of(form: &'static Form, place: &ColumnPlace) -> Result<&'static Field, AppError> {
    of_scope(form, Scope::Row)
        .find(|field| field.key == place.key)
        .ok_or(AppError::Bug("a layout with a field that the form lacks"))
}

pub(super) fn of_scope(form: &'static Form, scope: Scope) -> impl Iterator<Item = &'static Field> {
    form.fields.iter().filter(move |field| field.scope == scope)
}

pub(super) fn options(field: &Field) -> &[Choice] {
    match &field.kind {
        FieldKind::Choice(options) | FieldKind::Choices(options) | FieldKind::Quantity(options) => {
            options
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Computers
        | FieldKind::YesNo => &[],
    }
}

fn look(field: &Field, changeable: bool) -> Look {
    match (changeable, field.kind == FieldKind::Date) {
        (true, true) => Look::Day,
        (true, false) => Look::Answer,
        (false, true) => Look::SealedDay,
        (false, false) => Look::Label,
    }
}

fn item(field: &Field, value: &str, language: Language) -> FormContent {
    if let Some(option) = options(field).iter().find(|option| option.code == value) {
        return content(option_label(option, language));
    }
    if field.kind == FieldKind::Date
        && let Ok(day) = value.parse()
    {
        return FormContent::Day(day);
    }
    content(value)
}

fn option_label(option: &Choice, language: Language) -> &str {
    match language {
        Language::Japanese => &option.ja,
        Language::English => &option.en,
    }
}

fn label(field: &Field, language: Language) -> &str {
    match language {
        Language::Japanese => &field.label_ja,
        Language::English => &field.label_en,
    }
}

fn content(text: &str) -> FormContent {
    if text.is_empty() {
        FormContent::Empty
    } else {
        FormContent::Text(text.to_owned())
    }
}

fn text(row: u32, column: u16, text: &str, look: Look) -> FormCell {
    FormCell {
        at: CellAt { row, column },
        name: None,
        content: content(text),
        look,
        rule: CellRule::Free,
    }
}
