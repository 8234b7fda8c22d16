use std::collections::{BTreeMap, BTreeSet};

use formats::answers::AnswerState;
use formats::forms::{Choice, Field, FieldKind, FormKind, IncidentForm};
use jiff::civil::{DateTime, Time};
use statute::RuleBook;

use super::{
    TICK, UnreadableCell, WorkbookChange, WorkbookPreview, WorkbookWords, meta, normal, options,
    refused,
};
use crate::documents::form::{CellAt, META_SHEET};
use crate::documents::layout::{ComputerTable, Layout, Place, at, column};
use crate::documents::sheet::{Cell, Sheet, Workbook};
use crate::error::AppError;
use crate::incidents::draft::DraftView;
use crate::incidents::typed::{Typed, TypedComputer};

pub(super) fn preview(
    rules: &RuleBook,
    draft: &DraftView,
    workbook: &Workbook,
    words: &[WorkbookWords],
) -> Result<WorkbookPreview, AppError> {
    let facts = facts(workbook)?;
    let fact = |name: &str| facts.get(name).map_or("", String::as_str);
    if fact(meta::FORM) != FormKind::Incident.code() {
        return Err(refused("workbook_other_form"));
    }
    let version = fact(meta::VERSION);
    let form = formats::forms::version(FormKind::Incident, version)
        .map_err(|_| refused("workbook_version"))?;
    let part: IncidentForm = fact(meta::PART)
        .parse()
        .map_err(|_| refused("workbook_not_ours"))?;
    let layout = Layout::of(version, part)?.ok_or_else(|| refused("workbook_version"))?;
    let of_this_case = fact(meta::CASE) == draft.case.to_string();
    let mut reader = Reader {
        rules,
        workbook,
        layout: &layout,
        words,
        unreadable: Vec::new(),
    };
    reader.sheet(&layout.sheet)?;
    let mut preview = WorkbookPreview {
        version: draft.version,
        older_form: (version != draft.form.version).then(|| version.to_owned()),
        of_this_case,
        changes: Vec::new(),
        unreadable: Vec::new(),
        without_place: Vec::new(),
    };
    for field in form.fields_of(Some(part)) {
        let Some(place) = layout.fields.iter().find(|place| place.key == field.key) else {
            continue;
        };
        let Some(read) = reader.field(field, place)? else {
            continue;
        };
        let after = normal(rules, field, &read);
        let mark = fact(&format!("{}{}", meta::MARK, field.key));
        // What was not touched in the workbook changes nothing, whatever became of the draft meanwhile.
        if of_this_case && after.mark() == mark {
            continue;
        }
        // Another case's empty cells say nothing about this one.
        if !of_this_case && after.is_empty() {
            continue;
        }
        let Some(known) = draft.fields().find(|known| known.key == field.key) else {
            if !after.is_empty() {
                preview.without_place.push(field);
            }
            continue;
        };
        let before = normal(rules, known, &draft.typed(&field.key));
        if before != after {
            preview.changes.push(WorkbookChange {
                field: known,
                both: of_this_case && before.mark() != mark,
                before,
                after,
            });
        }
    }
    preview.unreadable = reader.unreadable;
    Ok(preview)
}

/// The hidden tab that says what a workbook is.
fn facts(workbook: &Workbook) -> Result<BTreeMap<String, String>, AppError> {
    let sheet = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == META_SHEET)
        .ok_or_else(|| refused("workbook_not_ours"))?;
    Ok(sheet
        .rows
        .iter()
        .filter_map(|row| match (row.first(), row.get(1)) {
            (Some(Cell::Text(name)), Some(value)) => Some((name.clone(), words_of(value).ok()?)),
            _ => None,
        })
        .collect())
}

struct Reader<'a> {
    rules: &'a RuleBook,
    workbook: &'a Workbook,
    layout: &'a Layout,
    words: &'a [WorkbookWords],
    unreadable: Vec<UnreadableCell>,
}

impl<'a> Reader<'a> {
    fn sheet(&self, name: &str) -> Result<&'a Sheet, AppError> {
        self.workbook
            .sheets
            .iter()
            .find(|sheet| sheet.name == name)
            .ok_or_else(|| refused("workbook_not_ours"))
    }

    /// What stands in the cells of a field; nothing when one of them cannot be read, which is noted.
    fn field(&mut self, field: &'static Field, place: &Place) -> Result<Option<Typed>, AppError> {
        let before = self.unreadable.len();
        let mut typed = Typed::default();
        if let Some(cell) = &place.value {
            self.value(field, cell, &mut typed)?;
        }
        if let Some(cell) = &place.time
            && let Some(time) = self.cell(field, cell, time_of)?
        {
            typed.time = time;
        }
        if let Some(cell) = &place.unit {
            let label = self.text(field, cell)?;
            typed.unit = self.code(field, cell, &label);
        }
        if let Some(cell) = &place.approximate {
            typed.approximate = !self.text(field, cell)?.is_empty();
        }
        if let Some(cell) = &place.reason {
            typed.reason = self.text(field, cell)?;
        }
        let mut ticked = BTreeSet::new();
        for (code, cell) in &place.ticks {
            if !self.text(field, cell)?.is_empty() {
                ticked.insert(code.clone());
            }
        }
        typed.ticked.extend(ticked);
        if field.kind == FieldKind::Computers {
            typed.computers = self.computers(field, &self.layout.computers)?;
        }
        if let Some(cell) = &place.state {
            let label = self.text(field, cell)?;
            self.state(field, cell, &label, &mut typed);
        }
        if before < self.unreadable.len() {
            return Ok(None);
        }
        if let Err(code) = typed.read(self.rules, field) {
            let cell = place.value.as_ref().or(place.label.as_ref());
            self.note(field, cell.map_or("", String::as_str), code);
            return Ok(None);
        }
        Ok(Some(typed))
    }

    fn value(
        &mut self,
        field: &'static Field,
        cell: &str,
        typed: &mut Typed,
    ) -> Result<(), AppError> {
        match &field.kind {
            FieldKind::Date | FieldKind::DateTime => {
                let found = self.at(&self.layout.sheet, at(cell)?)?;
                if let Cell::DateTime(moment) = found {
                    typed.text = moment.date().to_string();
                    if moment.time() != Time::midnight() {
                        typed.time = clock(moment.time());
                    }
                } else {
                    typed.text = self.text(field, cell)?;
                }
            }
            FieldKind::Choice(_) => {
                let label = self.text(field, cell)?;
                typed.text = self.code(field, cell, &label);
            }
            FieldKind::YesNo => {
                let label = self.text(field, cell)?;
                let known = self.words.iter().find_map(|words| {
                    let [yes, no] = &words.yes_no;
                    if label == *yes || label == "yes" {
                        Some("yes")
                    } else if label == *no || label == "no" {
                        Some("no")
                    } else {
                        None
                    }
                });
                match known {
                    Some(code) => code.clone_into(&mut typed.text),
                    None if label.is_empty() => {}
                    None => self.note(field, cell, "field.not_an_option"),
                }
            }
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Quantity(_)
            | FieldKind::Choices(_)
            | FieldKind::Computers => typed.text = self.text(field, cell)?,
        }
        Ok(())
    }

    fn state(&mut self, field: &'static Field, cell: &str, label: &str, typed: &mut Typed) {
        let position = self
            .words
            .iter()
            .find_map(|words| words.states.iter().position(|state| state == label));
        typed.state = match position {
            None if label.is_empty() => None,
            None => return self.note(field, cell, "field.not_an_option"),
            Some(1) => Some(AnswerState::Investigating),
            Some(2) => Some(AnswerState::Unknown),
            Some(3) => Some(AnswerState::NotApplicable),
            Some(_) => None,
        };
        let has_value = !typed.text.is_empty()
            || !typed.time.is_empty()
            || !typed.ticked.is_empty()
            || !typed.computers.is_empty();
        if typed.state.is_some() && has_value {
            self.note(field, cell, "answer.value_unexpected");
        }
    }

    /// The code of an option or unit by its label in any language, or by the code itself.
    fn code(&mut self, field: &'static Field, cell: &str, label: &str) -> String {
        if label.is_empty() {
            return String::new();
        }
        let known = |option: &&Choice| {
            option.ja == label || option.en.eq_ignore_ascii_case(label) || option.code == label
        };
        if let Some(option) = options(field).iter().find(known) {
            return option.code.clone();
        }
        self.note(field, cell, "field.not_an_option");
        String::new()
    }

    fn computers(
        &mut self,
        field: &'static Field,
        table: &ComputerTable,
    ) -> Result<Vec<TypedComputer>, AppError> {
        let mut computers = Vec::new();
        let first = table.first_row.saturating_sub(1);
        for row in (first..).take(usize::try_from(table.rows).unwrap_or(0)) {
            let mut part = |letters: &str| -> Result<String, AppError> {
                let place = CellAt {
                    row,
                    column: column(letters)?,
                };
                let cell = self.at(&table.sheet, place)?;
                Ok(match words_of(&cell) {
                    Ok(text) => text,
                    Err(code) => {
                        self.note_at(field, &table.sheet, place, code);
                        String::new()
                    }
                })
            };
            let computer = TypedComputer {
                product: part(&table.product)?,
                maker: part(&table.maker)?,
                facility_category: part(&table.facility)?,
                class: part(&table.class)?,
                note: part(&table.note)?,
                computer: part(&table.id)?.parse().ok(),
            };
            if computer != TypedComputer::default() {
                computers.push(computer);
            }
        }
        Ok(computers)
    }

    fn text(&mut self, field: &'static Field, cell: &str) -> Result<String, AppError> {
        Ok(self.cell(field, cell, words_of)?.unwrap_or_default())
    }

    /// Reads a cell of the form; what cannot be read is noted.
    fn cell(
        &mut self,
        field: &'static Field,
        cell: &str,
        read: fn(&Cell) -> Result<String, &'static str>,
    ) -> Result<Option<String>, AppError> {
        match read(&self.at(&self.layout.sheet, at(cell)?)?) {
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(code) => {
                self.note(field, cell, code);
                Ok(None)
            }
        }
    }

    fn at(&self, sheet: &str, place: CellAt) -> Result<Cell, AppError> {
        let rows = &self.sheet(sheet)?.rows;
        let row = usize::try_from(place.row).unwrap_or(usize::MAX);
        let cell = rows
            .get(row)
            .and_then(|row| row.get(usize::from(place.column)));
        Ok(cell.cloned().unwrap_or_default())
    }

    fn note(&mut self, field: &'static Field, cell: &str, code: &'static str) {
        self.unreadable.push(UnreadableCell {
            field,
            cell: format!("{}!{cell}", self.layout.sheet),
            code,
        });
    }

    fn note_at(&mut self, field: &'static Field, sheet: &str, at: CellAt, code: &'static str) {
        self.unreadable.push(UnreadableCell {
            field,
            cell: format!("{sheet}!{at}"),
            code,
        });
    }
}

/// The text of a cell; a formula or an error is no answer.
fn words_of(cell: &Cell) -> Result<String, &'static str> {
    match cell {
        Cell::Empty | Cell::Bool(false) => Ok(String::new()),
        Cell::Text(text) => Ok(text.replace("\r\n", "\n").trim().to_owned()),
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Ok(format!("{number:.0}"))
        }
        Cell::Number(number) => Ok(number.to_string()),
        Cell::DateTime(moment) => Ok(moment_text(*moment)),
        Cell::Bool(true) => Ok(TICK.to_owned()),
        Cell::Formula(_) => Err("workbook.formula"),
        Cell::Error(_) => Err("workbook.error"),
    }
}

fn moment_text(moment: DateTime) -> String {
    if moment.time() == Time::midnight() {
        moment.date().to_string()
    } else {
        format!("{} {}", moment.date(), clock(moment.time()))
    }
}

/// A time of day: as text, as a time of the spreadsheet, or as the part of a day that it is.
fn time_of(cell: &Cell) -> Result<String, &'static str> {
    match cell {
        Cell::DateTime(moment) => Ok(clock(moment.time())),
        Cell::Number(part) if (0.0..1.0).contains(part) => {
            let text = format!("{:.0}", part * 1440.0);
            let minutes: i64 = text.parse().map_err(|_| "date.not_a_time")?;
            let time = Time::midnight()
                .checked_add(jiff::SignedDuration::from_mins(minutes))
                .map_err(|_| "date.not_a_time")?;
            Ok(clock(time))
        }
        other => words_of(other),
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
