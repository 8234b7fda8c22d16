//! Every row against every rule: what it says, what is wrong with it, what it is a duplicate of.

use std::collections::HashMap;

use formats::inventory::{
    Column, DayProblem, ValueProblem, read_class, read_day, read_unit, readable, value_key,
};
use ids::{FacilityId, ImportId};
use jiff::civil::Date;
use model::names::{CategoryName, DocumentReference, MakerName, MatchKey, ProductName};
use model::text::{Line, Prose, TextError};
use policy::Actor;
use statute::{Answer, Exemption};
use store::Tx;
use store::rows::imports::ImportRow;

use super::entry::Entry;
use super::finding::{Found, Same};
use super::known::{Known, NamedFacility};
use super::sheet::Sheet;
use crate::error::AppError;
use crate::instance::App;

/// Words in the column of exemptions that mean that it is to be notified.
const NOTIFIED_WORDS: &[&str] = &[
    "要",
    "対象",
    "届出対象",
    "届出要",
    "必要",
    "有",
    "あり",
    "○",
    "〇",
    "yes",
    "true",
    "1",
    "該当",
    "なし",
    "該当なし",
];

impl App {
    /// Checks every row of an import again and writes what changed.
    pub(super) async fn recheck_entries(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ImportId,
        sheets: &[Sheet],
        entries: &mut [Entry],
    ) -> Result<(), AppError> {
        let known = self.known_of(tx, actor).await?;
        let changed = self.check_rows(sheets, entries, &known)?;
        let rows: Vec<&ImportRow> = changed
            .into_iter()
            .filter_map(|index| entries.get(index))
            .map(|entry| &entry.stored)
            .collect();
        tx.save_import_rows(id, &rows).await?;
        Ok(())
    }

    /// Checks rows that came in together with those that were there, and writes all that are new or changed; those
    /// from `new` on are new.
    pub(super) async fn check_new_rows(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ImportId,
        sheets: &[Sheet],
        entries: &mut [Entry],
        new: usize,
    ) -> Result<(), AppError> {
        let known = self.known_of(tx, actor).await?;
        let changed = self.check_rows(sheets, entries, &known)?;
        let rows: Vec<&ImportRow> = changed
            .into_iter()
            .take_while(|index| *index < new)
            .chain(new..entries.len())
            .filter_map(|index| entries.get(index))
            .map(|entry| &entry.stored)
            .collect();
        tx.save_import_rows(id, &rows).await?;
        Ok(())
    }

    /// Works out state and finding of every row; names those that changed.
    fn check_rows(
        &self,
        sheets: &[Sheet],
        entries: &mut [Entry],
        known: &Known,
    ) -> Result<Vec<usize>, AppError> {
        let today = self.today();
        let mut results: Vec<(&'static str, Option<Found>)> = Vec::with_capacity(entries.len());
        let mut merged = Merged::default();
        for entry in entries.iter() {
            let Some(sheet) = sheets
                .iter()
                .find(|sheet| sheet.stored.position == entry.stored.sheet)
            else {
                return Err(AppError::Bug("a row without its sheet"));
            };
            results.push(self.check_row(sheet, entry, known, today, &mut merged));
        }
        find_duplicates(entries, &mut results, known);
        let mut changed = Vec::new();
        for (index, (entry, (state, found))) in entries.iter_mut().zip(results).enumerate() {
            if entry.stored.state == "registered" {
                continue;
            }
            if entry.settle(state, found)? {
                changed.push(index);
            }
        }
        Ok(changed)
    }

    fn check_row(
        &self,
        sheet: &Sheet,
        entry: &Entry,
        known: &Known,
        today: Date,
        merged: &mut Merged,
    ) -> (&'static str, Option<Found>) {
        let row = usize::try_from(entry.stored.position).unwrap_or(usize::MAX);
        if row < sheet.body.first_entry() {
            return ("heading", None);
        }
        let cells = merged.fill(sheet, row, &entry.cells);
        if !sheet.body.taken || cells.iter().all(|cell| cell.trim().is_empty()) {
            return ("blank", None);
        }
        let found = self.read_row(sheet, &cells, entry, known, today);
        let state = if entry.decided.left_out == Some(true) {
            "left_out"
        } else if !found.problems.is_empty() {
            "problem"
        } else if found
            .exemption
            .is_some_and(|reason| reason != Exemption::EspaSubstitute)
        {
            "exempt"
        } else {
            "ready"
        };
        (state, Some(found))
    }

    fn read_row(
        &self,
        sheet: &Sheet,
        cells: &[String],
        entry: &Entry,
        known: &Known,
        today: Date,
    ) -> Found {
        let text = |column: Column| -> String {
            cells
                .iter()
                .enumerate()
                .find(|(place, _)| sheet.body.meaning(*place) == Some(column))
                .map(|(_, cell)| readable(cell))
                .unwrap_or_default()
        };
        let decided = &entry.decided;
        let chosen = |decided: &Option<String>, column: Column| -> String {
            decided.clone().unwrap_or_else(|| text(column))
        };
        let mut found = Found {
            product: chosen(&decided.product, Column::Product),
            maker: chosen(&decided.maker, Column::Maker),
            serial: text(Column::Serial).chars().take(200).collect(),
            note: text(Column::Note),
            espa_document: chosen(&decided.espa_document, Column::EspaDocument),
            ..Found::default()
        };
        names(&mut found);
        facility(&mut found, known, decided.facility, &text);
        class_and_unit(&mut found, known, entry, &text);
        self.days(&mut found, entry, today, &text);
        self.exemption(&mut found, entry, today, &text);
        if Prose::<1500>::parse(&found.note).is_err() && !found.note.is_empty() {
            found.problem("note", "too_long");
        }
        found
    }

    fn days(
        &self,
        found: &mut Found,
        entry: &Entry,
        today: Date,
        text: &impl Fn(Column) -> String,
    ) {
        let decided = &entry.decided;
        for (column, decided, required) in [
            (Column::IntroducedOn, &decided.introduced_on, true),
            (
                Column::BecameSpecifiedOn,
                &decided.became_specified_on,
                false,
            ),
        ] {
            let raw = decided.clone().unwrap_or_else(|| text(column));
            if raw.is_empty() {
                if required {
                    found.problem(column.code(), "day_missing");
                }
                continue;
            }
            match read_day(self.rules(), &raw) {
                Ok(day) if today < day.day => found.problem(column.code(), "day_in_future"),
                Ok(day) => {
                    found.serial_day |= day.serial;
                    let day = Some(day.day.to_string());
                    if required {
                        found.introduced_on = day;
                    } else {
                        found.became_specified_on = day;
                    }
                }
                Err(DayProblem::NoDay) => found.problem(column.code(), "day_incomplete"),
                Err(DayProblem::NotADay) => found.problem(column.code(), "day_unreadable"),
            }
        }
    }

    /// The exemption that someone chose, or that follows from the product (Notice No. 1) or from a document under ESPA.
    fn exemption(
        &self,
        found: &mut Found,
        entry: &Entry,
        today: Date,
        text: &impl Fn(Column) -> String,
    ) {
        let general = self.general_product(&found.product, today) == Answer::Yes;
        match entry.decided.exemption {
            Some(Exemption::OwnGroupUse) => {
                found.exemption = Some(Exemption::OwnGroupUse);
                found.explanation = entry.decided.explanation.clone().unwrap_or_default();
                if Prose::<1000>::parse(&found.explanation).is_err() {
                    found.problem("exemption", "explanation_missing");
                }
                return;
            }
            Some(Exemption::EspaSubstitute) => {
                found.exemption = Some(Exemption::EspaSubstitute);
                if DocumentReference::parse(&found.espa_document).is_err() {
                    found.problem("espa_document", "missing");
                }
                return;
            }
            Some(Exemption::GeneralProduct) if !general => {
                found.problem("exemption", "not_general_product");
                return;
            }
            Some(Exemption::GeneralProduct | Exemption::MinorChange) | None => {}
        }
        if general {
            found.exemption = Some(Exemption::GeneralProduct);
            return;
        }
        if !found.espa_document.is_empty() && entry.decided.notify != Some(true) {
            found.problem("espa_document", "espa_to_be_confirmed");
        }
        let word = value_key(&text(Column::Exemption));
        let plain = word.is_empty() || NOTIFIED_WORDS.contains(&word.as_str());
        if !plain && entry.decided.notify != Some(true) {
            found.problem("exemption", "exemption_unclear");
        }
    }
}

/// Sheets and rows of an import.
pub(super) async fn loaded(
    tx: &mut Tx,
    id: ImportId,
) -> Result<(Vec<Sheet>, Vec<Entry>), AppError> {
    let mut sheets = Vec::new();
    for sheet in tx.import_sheets(id).await? {
        sheets.push(Sheet::read(sheet)?);
    }
    let mut entries = Vec::new();
    for row in tx.import_rows(id).await? {
        entries.push(Entry::read(row)?);
    }
    Ok((sheets, entries))
}

/// The code of a problem of a name.
const fn text_code(error: TextError) -> &'static str {
    match error {
        TextError::Empty => "missing",
        TextError::TooLong => "too_long",
        TextError::Control => "characters",
    }
}

fn names(found: &mut Found) {
    if let Err(error) = ProductName::parse(&found.product) {
        found.problem("product", text_code(error));
    }
    if let Err(error) = MakerName::parse(&found.maker) {
        found.problem("maker", text_code(error));
    }
}

fn facility(
    found: &mut Found,
    known: &Known,
    decided: Option<FacilityId>,
    text: &impl Fn(Column) -> String,
) {
    if let Some(facility) = decided.and_then(|id| known.facilities.get(&id)) {
        found.facility = Some(facility.id);
        facility.name.as_str().clone_into(&mut found.facility_name);
        return;
    }
    found.facility_name = text(Column::Facility);
    found.category = text(Column::Category);
    if found.facility_name.is_empty() {
        found.problem("facility", "missing");
        return;
    }
    match known.facility_named(&found.facility_name) {
        NamedFacility::One(id) => found.facility = Some(id),
        NamedFacility::Several => found.problem("facility", "facility_ambiguous"),
        NamedFacility::None => {
            if Line::<200>::parse(&found.facility_name).is_err() {
                found.problem("facility", "too_long");
            }
            match CategoryName::parse(&found.category) {
                Ok(_) => {}
                Err(TextError::Empty) => found.problem("category", "facility_unknown"),
                Err(error) => found.problem("category", text_code(error)),
            }
        }
    }
}

fn class_and_unit(
    found: &mut Found,
    known: &Known,
    entry: &Entry,
    text: &impl Fn(Column) -> String,
) {
    let word = text(Column::Class);
    found.class = entry
        .decided
        .class
        .or_else(|| known.classes.get(&value_key(&word)).copied());
    found.class_answers.clone_from(&entry.decided.class_answers);
    if found.class.is_none() {
        match read_class(&word) {
            Ok(class) => found.class = Some(class),
            Err(_) if word.is_empty() => found.problem("class", "missing"),
            Err(ValueProblem::Ambiguous) => {
                found.problem("class", "class_ambiguous");
                found.class_word = word;
            }
            Err(ValueProblem::Unknown) => {
                found.problem("class", "class_unknown");
                found.class_word = word;
            }
        }
    }
    found.unit = entry.decided.unit;
    if found.unit.is_none() {
        let word = text(Column::Unit);
        match read_unit(&word) {
            Ok(unit) => found.unit = Some(unit),
            Err(_) if word.is_empty() => found.problem("unit", "missing"),
            Err(ValueProblem::Ambiguous) => found.problem("unit", "unit_ambiguous"),
            Err(ValueProblem::Unknown) => found.problem("unit", "unit_unknown"),
        }
    }
}

/// What stands in merged cells: the text of the first for all of them.
#[derive(Default)]
struct Merged {
    /// By sheet and column of the first cell: the last row of the range, and the text.
    open: HashMap<(u32, usize), (usize, String)>,
}

impl Merged {
    fn fill(&mut self, sheet: &Sheet, row: usize, cells: &[String]) -> Vec<String> {
        let mut filled = cells.to_vec();
        if sheet.body.spans.is_empty() {
            return filled;
        }
        let position = sheet.stored.position;
        // A title across many columns is no value of all of them: a text goes down only.
        for [first, column, last, _] in &sheet.body.spans {
            if *first == row {
                let text = cells.get(*column).cloned().unwrap_or_default();
                self.open.insert((position, *column), (*last, text));
            }
        }
        for ((of, column), (last, text)) in &self.open {
            if *of != position || *last < row {
                continue;
            }
            if filled.len() <= *column {
                filled.resize(column.saturating_add(1), String::new());
            }
            if let Some(place) = filled.get_mut(*column)
                && place.is_empty()
            {
                text.clone_into(place);
            }
        }
        filled
    }
}

/// Rows that are the same computer: the first stays, the others name it.
fn find_duplicates(
    entries: &[Entry],
    results: &mut [(&'static str, Option<Found>)],
    known: &Known,
) {
    let mut seen = Seen::default();
    // How many computers of the register a key has already answered for.
    let mut spent: HashMap<(String, FacilityId), usize> = HashMap::new();
    let mut sources: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
    for (entry, (state, found)) in entries.iter().zip(results.iter_mut()) {
        let Some(found) = found else {
            continue;
        };
        if *state == "left_out" || found.product.is_empty() {
            continue;
        }
        let names = known.names_key(&found.product, &found.maker);
        let apart = entry.decided.keep_apart == Some(true);
        let registered = entry.stored.state == "registered";
        if !apart && !registered {
            if let Some(first) = seen.find(&names, found) {
                found.same = Some(Same::Row(first.0, first.1));
                *state = "duplicate";
                sources.entry(first).or_default().push(entry.key());
                continue;
            }
            if let Some(facility) = found.facility {
                let key = (names.clone(), facility);
                let used = spent.entry(key.clone()).or_default();
                if let Some(computer) = known.computers.get(&key).and_then(|all| all.get(*used)) {
                    *used = used.saturating_add(1);
                    found.same = Some(Same::Computer(*computer));
                    *state = "duplicate";
                    continue;
                }
            }
        }
        seen.add(names, found, entry.key());
    }
    for (entry, (_, found)) in entries.iter().zip(results.iter_mut()) {
        if let (Some(found), Some(sources)) = (found.as_mut(), sources.remove(&entry.key())) {
            found.sources = sources;
        }
    }
}

/// Rows that came before, found by number or by names and facility.
#[derive(Default)]
struct Seen {
    /// By number, product and maker.
    by_serial: HashMap<(String, String), (u32, u32)>,
    /// By names, then by facility; nothing stands for a row that names none.
    by_names: HashMap<String, HashMap<String, Group>>,
}

/// Rows with equal names in one facility.
struct Group {
    /// The first of all.
    first: (u32, u32),
    /// The first without a number.
    without_serial: Option<(u32, u32)>,
}

impl Seen {
    /// The row that this one is already. Two machines with different numbers are two; a row that lacks number or
    /// facility is any of those that have one.
    fn find(&self, names: &str, found: &Found) -> Option<(u32, u32)> {
        let serial = value_key(&found.serial);
        if !serial.is_empty()
            && let Some(first) = self.by_serial.get(&(serial.clone(), names.to_owned()))
        {
            return Some(*first);
        }
        let groups = self.by_names.get(names)?;
        let facility = facility_key(found);
        let fitting: Vec<&Group> = if facility.is_empty() {
            groups.values().collect()
        } else {
            [facility.as_str(), ""]
                .iter()
                .filter_map(|key| groups.get(*key))
                .collect()
        };
        fitting
            .into_iter()
            .filter_map(|group| {
                if serial.is_empty() {
                    Some(group.first)
                } else {
                    group.without_serial
                }
            })
            .min()
    }

    fn add(&mut self, names: String, found: &Found, key: (u32, u32)) {
        let serial = value_key(&found.serial);
        let without = serial.is_empty();
        if !without {
            self.by_serial.entry((serial, names.clone())).or_insert(key);
        }
        let group = self
            .by_names
            .entry(names)
            .or_default()
            .entry(facility_key(found))
            .or_insert(Group {
                first: key,
                without_serial: None,
            });
        if without && group.without_serial.is_none() {
            group.without_serial = Some(key);
        }
    }
}

fn facility_key(found: &Found) -> String {
    match found.facility {
        Some(id) => id.to_string(),
        None => MatchKey::of_search(&found.facility_name)
            .as_str()
            .to_owned(),
    }
}
