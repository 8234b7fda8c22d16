//! Where on its sheets a form has its answers: a file that is replaced when the official sheet is at hand.

use std::collections::BTreeMap;

use formats::forms::{Form, IncidentForm};
use serde::{Deserialize, Serialize};

use super::form::{CellAt, column_of};
use crate::error::AppError;

/// Places of one version of one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Which form.
    pub(crate) form: String,
    /// Its version.
    pub(crate) version: String,
    /// Which of the common sheets.
    pub(crate) part: String,
    /// Name of the tab.
    pub(crate) sheet: String,
    /// Heads of items.
    #[serde(default, rename = "heading")]
    pub(crate) headings: Vec<Heading>,
    /// Answers.
    #[serde(rename = "field")]
    pub(crate) fields: Vec<Place>,
    /// Computers, on a tab of their own.
    pub(crate) computers: ComputerTable,
}

/// Head of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Heading {
    /// Number of the item.
    pub(crate) item: u8,
    /// Its cell.
    pub(crate) at: String,
}

/// Where the parts of one answer stand; parts that a form does not have are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Place {
    /// Key of the field.
    pub(crate) key: String,
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// Text, day, number or choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// Time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<String>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// 入力済, 調査中, 不明, 該当なし.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<String>,
    /// 推定.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) approximate: Option<String>,
    /// Why it is under inquiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// Code of each option to the cell in which it is ticked; its label stands in the cell to the left.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) ticks: BTreeMap<String, String>,
}

/// Computers, one in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComputerTable {
    /// Name of the tab.
    pub(crate) sheet: String,
    /// First row with a computer, as on the sheet (from 1).
    pub(crate) first_row: u32,
    /// Rows.
    pub(crate) rows: u32,
    /// Column of the product.
    pub(crate) product: String,
    /// Column of the maker.
    pub(crate) maker: String,
    /// Column of the category of the facility.
    pub(crate) facility: String,
    /// Column of the category of the computer.
    pub(crate) class: String,
    /// Column of the remark.
    pub(crate) note: String,
    /// Column of the computer's id in the register; narrow, not to be filled in by hand.
    pub(crate) id: String,
}

const EMBEDDED: [&str; 3] = [
    include_str!("../../layouts/incident-form1_ddos.toml"),
    include_str!("../../layouts/incident-form2_ransomware.toml"),
    include_str!("../../layouts/incident-form3_other.toml"),
];

const DAMAGED: AppError = AppError::Bug("a layout of a form is damaged");

impl Layout {
    /// The layout of a version of a sheet; `None` where this program has none.
    pub(crate) fn of(version: &str, part: IncidentForm) -> Result<Option<Self>, AppError> {
        for text in EMBEDDED {
            let layout: Self = toml::from_str(text).map_err(|_| DAMAGED)?;
            if layout.version == version && layout.part == part.code() {
                return Ok(Some(layout));
            }
        }
        Ok(None)
    }

    /// The layout of the form of a draft.
    pub(crate) fn of_form(form: &Form, part: IncidentForm) -> Result<Self, AppError> {
        Self::of(&form.version, part)?.ok_or(AppError::Conflict("workbook_no_layout"))
    }
}

/// Reads a place of a layout.
pub(crate) fn at(text: &str) -> Result<CellAt, AppError> {
    CellAt::parse(text).ok_or(DAMAGED)
}

/// Reads a column of a layout.
pub(crate) fn column(text: &str) -> Result<u16, AppError> {
    column_of(text).ok_or(DAMAGED)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use formats::forms::{FieldKind, FormKind, IncidentForm, Scope, current};

    use super::*;

    fn next(row: u32) -> u32 {
        row.checked_add(1).unwrap()
    }

    /// Our own sheet, while the official one is unknown: one answer a row, in the order of the items.
    fn ours(part: IncidentForm) -> Layout {
        let form = current(FormKind::Incident).unwrap();
        let mut row = 6_u32;
        let mut headings = Vec::new();
        let mut fields = Vec::new();
        for item in 1..=7 {
            headings.push(Heading {
                item,
                at: format!("A{row}"),
            });
            row = next(row);
            let of_item = form
                .fields_of(Some(part))
                .filter(|field| field.scope == Scope::Answers && field.item == item);
            for field in of_item {
                let cell = |column: &str| Some(format!("{column}{row}"));
                let mut place = Place {
                    key: field.key.clone(),
                    label: cell("A"),
                    state: cell("D"),
                    reason: cell("F"),
                    approximate: field.approximate.then(|| format!("E{row}")),
                    ..Place::default()
                };
                match &field.kind {
                    FieldKind::Text
                    | FieldKind::LongText
                    | FieldKind::Date
                    | FieldKind::Choice(_)
                    | FieldKind::YesNo => place.value = cell("B"),
                    FieldKind::DateTime => {
                        place.value = cell("B");
                        place.time = cell("C");
                    }
                    FieldKind::Quantity(_) => {
                        place.value = cell("B");
                        place.unit = cell("C");
                    }
                    FieldKind::Computers => {}
                    FieldKind::Choices(options) => {
                        for option in options {
                            row = next(row);
                            place.ticks.insert(option.code.clone(), format!("B{row}"));
                        }
                    }
                }
                fields.push(place);
                row = next(row);
            }
            row = next(row);
        }
        Layout {
            form: form.kind.code().to_owned(),
            version: form.version.clone(),
            part: part.code().to_owned(),
            sheet: "様式".to_owned(),
            headings,
            fields,
            computers: ComputerTable {
                sheet: "電子計算機".to_owned(),
                first_row: 3,
                rows: 50,
                product: "A".to_owned(),
                maker: "B".to_owned(),
                facility: "C".to_owned(),
                class: "D".to_owned(),
                note: "E".to_owned(),
                id: "F".to_owned(),
            },
        }
    }

    #[test]
    fn the_committed_layouts_are_those_of_the_forms() {
        for part in IncidentForm::ALL.iter().copied() {
            let text = format!(
                "# Our own sheet: the cells of the official one have not been seen. Replace it when they are.\n{}",
                toml::to_string(&ours(part)).unwrap()
            );
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("layouts")
                .join(format!("incident-{}.toml", part.code()));
            #[expect(
                clippy::disallowed_methods,
                reason = "says whether a generated file is written or compared"
            )]
            let update = std::env::var("NOROSHI_UPDATE").is_ok_and(|value| value == "1");
            if update {
                std::fs::write(&path, &text).unwrap();
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn every_answer_of_a_form_has_its_own_cell() {
        let form = current(FormKind::Incident).unwrap();
        for part in IncidentForm::ALL.iter().copied() {
            let layout = Layout::of_form(form, part).unwrap();
            let mut seen = BTreeSet::new();
            for place in &layout.fields {
                let cells = [
                    &place.label,
                    &place.value,
                    &place.time,
                    &place.unit,
                    &place.state,
                    &place.approximate,
                    &place.reason,
                ];
                for cell in cells.into_iter().flatten().chain(place.ticks.values()) {
                    assert!(seen.insert(at(cell).unwrap()), "{cell} twice");
                }
            }
            let fields: Vec<&str> = form
                .fields_of(Some(part))
                .filter(|field| field.scope == Scope::Answers)
                .map(|field| field.key.as_str())
                .collect();
            for key in &fields {
                assert!(layout.fields.iter().any(|place| place.key == *key), "{key}");
            }
            assert_eq!(layout.fields.len(), fields.len());
        }
    }
}
