//! Where the forms of computers have their items: a file that is replaced when the official sheet is at hand.

use std::collections::BTreeMap;

use formats::forms::Form;
use serde::Deserialize;

use crate::error::AppError;

/// Places of one version of 様式第一 or 様式第二.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    /// Which form.
    pub(super) form: String,
    /// Its version.
    pub(super) version: String,
    /// The outline of the operator.
    pub(super) operator: OperatorPlaces,
    /// Computers, one in a row.
    pub(super) table: TablePlaces,
}

/// Where the outline of the operator stands; the question stands in the cell to the left.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorPlaces {
    /// Name of the tab.
    pub(super) sheet: String,
    /// Key of the field to its cell.
    pub(super) fields: BTreeMap<String, String>,
}

/// Where computers stand; the heads of the columns are in the row above the first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TablePlaces {
    /// Name of the tab.
    pub(super) sheet: String,
    /// First row with a computer, as on the sheet (from 1).
    pub(super) first_row: u32,
    /// Empty rows below those that are known.
    pub(super) blank_rows: u32,
    /// Column of the name of the facility in the house; not an item of the order.
    pub(super) facility: String,
    /// Column of the computer's id in the register; not an item of the order, not to be changed.
    pub(super) computer: String,
    /// Items of the order.
    pub(super) columns: Vec<ColumnPlace>,
}

/// Where one item stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnPlace {
    /// Key of the field.
    pub(super) key: String,
    /// Letters of the column.
    pub(super) column: String,
    /// Width in characters of half width.
    pub(super) width: f64,
}

const EMBEDDED: [&str; 2] = [
    include_str!("../../../layouts/asset-notification.toml"),
    include_str!("../../../layouts/asset-change.toml"),
];

impl Layout {
    /// The layout of a version of a form.
    ///
    /// # Errors
    /// [`AppError::Conflict`] where this program has none.
    pub(super) fn of_form(form: &Form) -> Result<Self, AppError> {
        for text in EMBEDDED {
            let layout: Self =
                toml::from_str(text).map_err(|_| AppError::Bug("a layout of a form is damaged"))?;
            if layout.form == form.kind.code() && layout.version == form.version {
                return Ok(layout);
            }
        }
        Err(AppError::Conflict("workbook_no_layout"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use formats::forms::{FormKind, Scope, current};

    use super::Layout;
    use crate::documents::layout::{at, column};

    #[test]
    fn every_field_of_the_forms_has_a_place_of_its_own() {
        for kind in [FormKind::AssetNotification, FormKind::AssetChange] {
            let form = current(kind).unwrap();
            let layout = Layout::of_form(form).unwrap();
            let keys = |scope: Scope| -> BTreeSet<&str> {
                form.fields
                    .iter()
                    .filter(|field| field.scope == scope)
                    .map(|field| field.key.as_str())
                    .collect()
            };
            let places = &layout.operator.fields;
            let of_operator: BTreeSet<&str> = places.keys().map(String::as_str).collect();
            assert_eq!(of_operator, keys(Scope::Operator));
            let cells: BTreeSet<_> = places.values().map(|cell| at(cell).unwrap()).collect();
            assert_eq!(cells.len(), places.len());
            let columns = &layout.table.columns;
            let of_rows: BTreeSet<&str> = columns.iter().map(|place| place.key.as_str()).collect();
            assert_eq!(of_rows, keys(Scope::Row));
            let own = [&layout.table.facility, &layout.table.computer];
            let letters = columns.iter().map(|place| &place.column).chain(own);
            let distinct: BTreeSet<u16> = letters.map(|text| column(text).unwrap()).collect();
            assert_eq!(distinct.len(), columns.len() + own.len());
        }
    }
}
