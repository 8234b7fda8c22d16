//! Items of a notification as texts: codes, days in ISO 8601 and names.

use std::collections::BTreeMap;

use formats::filing::{OperatorOutline, Rows};
use ids::ComputerId;
use jiff::civil::Date;
use model::assets::{NotifiedItems, Revision};
use model::names::DocumentReference;
use model::organisation::Organisation;
use statute::RuleBook;

use super::day_text;
use crate::documents::page::Language;

/// Items that may be changed in a workbook of a computer that the register knows. The category follows from the facility,
/// the document under ESPA from the exemption, and what was notified from the filing.
pub(super) const CHANGEABLE: [&str; 6] = [
    "product",
    "maker",
    "class",
    "unit",
    "introduced_on",
    "changed_on",
];

/// One row.
#[derive(Clone, Debug, Default)]
pub(super) struct FilledRow {
    /// The computer of the register.
    pub(super) computer: Option<ComputerId>,
    /// Name of its facility in the house.
    pub(super) facility: String,
    /// Key of the field to its value.
    pub(super) values: BTreeMap<&'static str, String>,
}

/// The rows of a notification.
pub(super) fn of_rows(rows: &Rows) -> Vec<FilledRow> {
    match rows {
        Rows::New(rows) => rows
            .iter()
            .map(|row| {
                let mut values = BTreeMap::new();
                put_items(&mut values, NOW, &row.items);
                if let Some(day) = row.introduced_on {
                    values.insert("introduced_on", day_text(day));
                }
                put_reference(&mut values, row.espa_reference.as_ref());
                filled(row.computer, values)
            })
            .collect(),
        Rows::Changed(rows) => rows
            .iter()
            .map(|row| {
                let mut values = BTreeMap::new();
                values.insert("changed_on", day_text(row.changed_on));
                values.insert("notified_as", row.notified_as.as_str().to_owned());
                put_items(&mut values, BEFORE, &row.before);
                put_items(&mut values, NOW, &row.after);
                put_reference(&mut values, row.espa_reference.as_ref());
                filled(row.computer, values)
            })
            .collect(),
        Rows::Ended(rows) => rows
            .iter()
            .map(|row| {
                let mut values = BTreeMap::new();
                values.insert("changed_on", day_text(row.changed_on));
                values.insert("notified_as", row.notified_as.as_str().to_owned());
                put_items(&mut values, BEFORE, &row.before);
                filled(row.computer, values)
            })
            .collect(),
    }
}

/// What the register has of a computer, of the items that may be changed in a workbook.
pub(super) fn of_revision(revision: &Revision) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    put_items(&mut values, NOW, &revision.items);
    values.insert("introduced_on", day_text(revision.dates.introduced_on));
    if let Some(day) = revision.dates.changed_on {
        values.insert("changed_on", day_text(day));
    }
    values.retain(|key, _| CHANGEABLE.contains(key));
    values
}

fn filled(computer: ComputerId, values: BTreeMap<&'static str, String>) -> FilledRow {
    FilledRow {
        computer: Some(computer),
        facility: String::new(),
        values,
    }
}

/// Keys of the items as they are now: category of the facility, class, unit, product, maker.
const NOW: [&str; 5] = ["facility_category", "class", "unit", "product", "maker"];
/// Keys of the items as notified.
const BEFORE: [&str; 5] = [
    "previous_facility_category",
    "previous_class",
    "previous_unit",
    "previous_product",
    "previous_maker",
];

fn put_items(
    values: &mut BTreeMap<&'static str, String>,
    keys: [&'static str; 5],
    items: &NotifiedItems,
) {
    let texts = [
        items.facility_category.as_str(),
        items.class.code(),
        items.unit.code(),
        items.product.as_str(),
        items.maker.as_str(),
    ];
    for (key, text) in keys.into_iter().zip(texts) {
        values.insert(key, text.to_owned());
    }
}

fn put_reference(
    values: &mut BTreeMap<&'static str, String>,
    document: Option<&DocumentReference>,
) {
    if let Some(document) = document {
        values.insert("espa_reference", document.as_str().to_owned());
    }
}

/// What sectors are called on a day.
#[derive(Clone, Copy)]
pub(super) struct Sectors<'a> {
    pub(super) rules: &'a RuleBook,
    pub(super) on: Date,
    pub(super) language: Language,
}

impl Sectors<'_> {
    fn label(self, code: &str) -> String {
        match statute::sector(self.rules, code, self.on) {
            Some((entry, _)) => match self.language {
                Language::Japanese => entry.label_ja.clone(),
                Language::English => entry.label_en.clone(),
            },
            None => code.to_owned(),
        }
    }
}

/// The outline of an operator from its profile.
pub(super) fn of_operator(
    operator: &Organisation,
    sectors: Sectors<'_>,
) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    values.insert("name", operator.name_ja.clone());
    if let Some(number) = &operator.corporate_number {
        values.insert("corporate_number", number.clone());
    }
    if let Some(sector) = &operator.sector {
        values.insert("sector", sectors.label(sector));
    }
    values
}

/// The outline of an operator as it was filed.
pub(super) fn of_outline(
    outline: &OperatorOutline,
    sectors: Sectors<'_>,
) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    values.insert("name", outline.name.as_str().to_owned());
    values.insert("sector", sectors.label(outline.sector.as_str()));
    let number = outline.corporate_number.as_ref().map(ToString::to_string);
    let more = [
        ("corporate_number", number),
        (
            "address",
            outline.address.as_ref().map(|it| it.as_str().to_owned()),
        ),
        (
            "contact_department",
            outline
                .contact_department
                .as_ref()
                .map(|it| it.as_str().to_owned()),
        ),
        (
            "contact_name",
            outline
                .contact_name
                .as_ref()
                .map(|it| it.as_str().to_owned()),
        ),
        (
            "contact_phone",
            outline
                .contact_phone
                .as_ref()
                .map(|it| it.as_str().to_owned()),
        ),
        (
            "contact_mail",
            outline
                .contact_mail
                .as_ref()
                .map(|it| it.as_str().to_owned()),
        ),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            values.insert(key, value);
        }
    }
    values
}
