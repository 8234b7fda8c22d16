use std::collections::{BTreeMap, BTreeSet, HashMap};

use formats::forms::{Field, FieldKind, Form, Scope};
use formats::inventory::{DayProblem, read_day};
use ids::{ComputerId, OrganisationId};
use model::assets::{Computer, NotificationDuty};
use model::names::{MakerName, ProductName};
use model::text::TextError;
use statute::RuleBook;

use super::layout::Layout;
use super::rows::{CHANGEABLE, of_revision};
use super::write::{of_scope, options};
use super::{
    ComputerChange, ItemChange, NewRows, NotificationPreview, UnreadableItem, UploadedFile,
    day_text, kind_of, meta, refused,
};
use crate::assets::facility::computer_problem;
use crate::assets::import::MOST_ROWS;
use crate::documents::form::META_SHEET;
use crate::documents::layout::column;
use crate::documents::sheet::{Cell, Workbook};
use crate::error::AppError;

/// A workbook as it was read.
pub(super) struct ReadForm {
    pub(super) duty: NotificationDuty,
    pub(super) form: &'static Form,
    pub(super) known: Vec<KnownRow>,
    same_rows: BTreeSet<ComputerId>,
    new_rows: Vec<Vec<String>>,
    unreadable: Vec<UnreadableItem>,
}

/// A row of a computer of the register.
pub(super) struct KnownRow {
    pub(super) computer: ComputerId,
    place: String,
    /// What stands there, without what cannot be read.
    values: BTreeMap<&'static str, String>,
    /// What stood there when the workbook was written.
    written: BTreeMap<String, String>,
}

/// Heads of the list of new rows, as an import knows them, with the keys of the form.
const LIST: [(&str, &str); 7] = [
    ("product", "製品名"),
    ("maker", "製造者名"),
    ("facility", "設備名"),
    ("facility_category", "設備の種類"),
    ("class", "電子計算機の種類"),
    ("unit", "届出単位"),
    ("introduced_on", "導入日"),
];

pub(super) fn read(
    rules: &RuleBook,
    workbook: &Workbook,
    owner: OrganisationId,
) -> Result<ReadForm, AppError> {
    let facts = facts(workbook)?;
    let fact = |name: &str| facts.get(name).map_or("", String::as_str);
    let duty: NotificationDuty = fact(meta::DUTY)
        .parse()
        .map_err(|_| refused("workbook_other_form"))?;
    if fact(meta::FORM) != kind_of(duty).code() {
        return Err(refused("workbook_other_form"));
    }
    if fact(meta::OPERATOR) != owner.to_string() {
        return Err(refused("workbook_other_operator"));
    }
    if !fact(meta::FILING).is_empty() {
        return Err(refused("workbook_filed_copy"));
    }
    if duty == NotificationDuty::Retirement {
        return Err(refused("workbook_end_of_use"));
    }
    let form = formats::forms::version(kind_of(duty), fact(meta::VERSION))
        .map_err(|_| refused("workbook_version"))?;
    let layout = Layout::of_form(form).map_err(|_| refused("workbook_version"))?;
    let mut read = ReadForm {
        duty,
        form,
        known: Vec::new(),
        same_rows: BTreeSet::new(),
        new_rows: Vec::new(),
        unreadable: Vec::new(),
    };
    read.rows(rules, workbook, &layout, &facts)?;
    Ok(read)
}

/// The hidden tab that says what a workbook is.
fn facts(workbook: &Workbook) -> Result<BTreeMap<String, String>, AppError> {
    let sheet = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == META_SHEET)
        .ok_or_else(|| refused("workbook_not_ours"))?;
    let pair = |row: &Vec<Cell>| match (row.first(), row.get(1)) {
        (Some(Cell::Text(name)), Some(Cell::Text(value))) => Some((name.clone(), value.clone())),
        (Some(Cell::Text(name)), _) => Some((name.clone(), String::new())),
        _ => None,
    };
    Ok(sheet.rows.iter().filter_map(pair).collect())
}

impl ReadForm {
    fn rows(
        &mut self,
        rules: &RuleBook,
        workbook: &Workbook,
        layout: &Layout,
        facts: &BTreeMap<String, String>,
    ) -> Result<(), AppError> {
        let places = &layout.table;
        let sheet = workbook
            .sheets
            .iter()
            .find(|sheet| sheet.name == places.sheet)
            .ok_or_else(|| refused("workbook_not_ours"))?;
        let mut columns: Vec<(&'static Field, usize)> = Vec::new();
        for place in &places.columns {
            if let Some(field) = of_scope(self.form, Scope::Row).find(|it| it.key == place.key) {
                columns.push((field, usize::from(column(&place.column)?)));
            }
        }
        let facility = usize::from(column(&places.facility)?);
        let computer = usize::from(column(&places.computer)?);
        let first = usize::try_from(places.first_row).unwrap_or(usize::MAX);
        let mut seen = BTreeSet::new();
        for (number, cells) in (1_usize..).zip(&sheet.rows).skip(first.saturating_sub(1)) {
            let place = format!("{}!{number}", places.sheet);
            let filled = columns.iter().map(|(_, column)| *column).chain([facility]);
            let id = text_of(cells.get(computer)).unwrap_or_default();
            let anything = filled
                .filter_map(|column| cells.get(column))
                .any(|cell| *cell != Cell::Empty);
            if !anything {
                continue;
            }
            if MOST_ROWS < self.known.len().saturating_add(self.new_rows.len()) {
                return Err(refused("workbook_too_many_rows"));
            }
            let row = Row {
                cells,
                columns: &columns,
                place: &place,
            };
            if id.is_empty() {
                self.new_row(rules, &row, facility);
                continue;
            }
            let known = id.parse::<ComputerId>().ok().filter(|id| seen.insert(*id));
            let Some(computer) = known else {
                let code = match id.parse::<ComputerId>() {
                    Ok(_) => "workbook.computer_twice",
                    Err(_) => "workbook.not_a_computer",
                };
                self.note(None, place, code);
                continue;
            };
            let written = facts
                .get(&format!("{}{id}", meta::ROW))
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or_default();
            let values = self.values(rules, &row, true);
            self.known.push(KnownRow {
                computer,
                place,
                values,
                written,
            });
        }
        Ok(())
    }

    fn new_row(&mut self, rules: &RuleBook, row: &Row<'_>, facility: usize) {
        // What cannot be read as an item is carried over as it stands: the import names it beside the others.
        let mut values = self.values(rules, row, false);
        if let Ok(name) = text_of(row.cells.get(facility)) {
            values.insert("facility", name);
        }
        let line = LIST.iter().map(|(key, _)| {
            let value = values.get(key).cloned().unwrap_or_default();
            label_of(self.form, key, &value).unwrap_or(value)
        });
        self.new_rows.push(line.collect());
    }

    /// What stands in the columns of a row: codes of options, days in ISO 8601.
    fn values(
        &mut self,
        rules: &RuleBook,
        row: &Row<'_>,
        strict: bool,
    ) -> BTreeMap<&'static str, String> {
        let mut values = BTreeMap::new();
        for (field, column) in row.columns {
            let key = field.key.as_str();
            if strict && !CHANGEABLE.contains(&key) {
                continue;
            }
            let text = match text_of(row.cells.get(*column)) {
                Ok(text) => text,
                Err(code) => {
                    self.note(Some(field), row.place.to_owned(), code);
                    continue;
                }
            };
            match canonical(rules, field, &text) {
                Ok(value) => {
                    values.insert(key, value);
                }
                Err(code) if strict => self.note(Some(field), row.place.to_owned(), code),
                Err(_) => {
                    values.insert(key, text);
                }
            }
        }
        values
    }

    fn note(&mut self, field: Option<&'static Field>, place: String, code: &'static str) {
        self.unreadable.push(UnreadableItem { field, place, code });
    }
}

struct Row<'a> {
    cells: &'a [Cell],
    columns: &'a [(&'static Field, usize)],
    place: &'a str,
}

/// A text of a cell in the writing in which it is compared.
fn canonical(rules: &RuleBook, field: &Field, text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return match field.key.as_str() {
            // In a register they are never empty.
            "product" | "maker" | "class" | "unit" | "introduced_on" => Err("workbook.empty"),
            _ => Ok(String::new()),
        };
    }
    let options = options(field);
    if !options.is_empty() {
        return options
            .iter()
            .find(|option| {
                option.ja == text || option.en.eq_ignore_ascii_case(text) || option.code == text
            })
            .map(|option| option.code.clone())
            .ok_or("field.not_an_option");
    }
    if field.kind == FieldKind::Date {
        return match read_day(rules, text) {
            Ok(found) => Ok(day_text(found.day)),
            Err(DayProblem::NoDay) => Err("workbook.no_day"),
            Err(DayProblem::NotADay) => Err("workbook.not_a_day"),
        };
    }
    match field.key.as_str() {
        "product" => ProductName::parse(text).map(|name| name.as_str().to_owned()),
        "maker" => MakerName::parse(text).map(|name| name.as_str().to_owned()),
        _ => return Ok(text.to_owned()),
    }
    .map_err(TextError::code)
}

fn label_of(form: &Form, key: &str, value: &str) -> Option<String> {
    let field = form
        .fields
        .iter()
        .find(|field| field.scope == Scope::Row && field.key == key)?;
    options(field)
        .iter()
        .find(|option| option.code == value)
        .map(|option| option.ja.clone())
}

/// The text of a cell; a formula or an error is no answer.
fn text_of(cell: Option<&Cell>) -> Result<String, &'static str> {
    match cell {
        None | Some(Cell::Empty | Cell::Bool(_)) => Ok(String::new()),
        Some(Cell::Text(text)) => Ok(text.trim().to_owned()),
        Some(Cell::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Ok(format!("{number:.0}"))
        }
        Some(Cell::Number(number)) => Ok(number.to_string()),
        Some(Cell::DateTime(moment)) => Ok(day_text(moment.date())),
        Some(Cell::Formula(_)) => Err("workbook.formula"),
        Some(Cell::Error(_)) => Err("workbook.error"),
    }
}

/// Compares what was read with the register.
pub(super) fn compare(
    mut read: ReadForm,
    own: &HashMap<ComputerId, Computer>,
    current: &str,
) -> Result<NotificationPreview, AppError> {
    let mut changes = Vec::new();
    for row in std::mem::take(&mut read.known) {
        // Of computers of others nobody learns that they exist.
        let Some(computer) = own.get(&row.computer) else {
            read.note(None, row.place, "workbook.not_a_computer");
            continue;
        };
        let revision = computer.current().map_err(computer_problem)?;
        let now = of_revision(revision);
        let mut items = Vec::new();
        for (key, after) in &row.values {
            let before = now.get(key).cloned().unwrap_or_default();
            // What was not touched in the workbook changes nothing, whatever became of the register meanwhile.
            let untouched = row.written.get(*key) == Some(after);
            let field = of_scope(read.form, Scope::Row).find(|field| field.key == *key);
            if let Some(field) = field
                && !untouched
                && before != *after
            {
                let both = row
                    .written
                    .get(*key)
                    .is_some_and(|written| *written != before);
                items.push(ItemChange {
                    field,
                    before,
                    after: after.clone(),
                    both,
                });
            }
        }
        if items.is_empty() {
            read.same_rows.insert(row.computer);
            continue;
        }
        changes.push(ComputerChange {
            computer: row.computer,
            version: computer.parts().version,
            product: revision.items.product.as_str().to_owned(),
            place: row.place,
            notified: computer.notified_revision().is_some(),
            items,
        });
    }
    let new_rows = (!read.new_rows.is_empty()).then(|| NewRows {
        count: read.new_rows.len(),
        list: list_of(&read.new_rows),
    });
    Ok(NotificationPreview {
        duty: read.duty,
        older_form: (read.form.version != current).then(|| read.form.version.clone()),
        changes,
        same: read.same_rows.len(),
        new_rows,
        unreadable: read.unreadable,
    })
}

/// New rows as a table that an import reads (RFC 4180).
fn list_of(rows: &[Vec<String>]) -> UploadedFile {
    let heads: Vec<String> = LIST.iter().map(|(_, head)| (*head).to_owned()).collect();
    let mut text = String::from('\u{feff}');
    for row in std::iter::once(&heads).chain(rows) {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    UploadedFile {
        name: "様式第一.csv".to_owned(),
        content: text.into_bytes(),
    }
}
