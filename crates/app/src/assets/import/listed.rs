//! Rows of an import as a list that the register is compared with.

use std::collections::HashMap;

use ids::{ComputerId, FacilityId, ImportId};
use jiff::civil::Date;
use model::assets::NotifiedUnit;
use statute::AssetClass;
use store::Tx;

use super::entry::Entry;
use crate::error::AppError;

/// One entry of a list.
pub(crate) struct ListedRow {
    /// File and row, for people.
    pub(crate) place: String,
    pub(crate) product: String,
    pub(crate) maker: String,
    pub(crate) facility: Option<FacilityId>,
    pub(crate) facility_name: String,
    pub(crate) class: Option<AssetClass>,
    pub(crate) unit: Option<NotifiedUnit>,
    pub(crate) introduced_on: Option<Date>,
    /// The computer that it became.
    pub(crate) computer: Option<ComputerId>,
}

/// Entries of an import in the order of its files. Rows that someone left out say nothing; of rows that are one computer
/// the first speaks.
pub(crate) async fn listed_rows(tx: &mut Tx, id: ImportId) -> Result<Vec<ListedRow>, AppError> {
    let files: HashMap<u32, String> = tx
        .import_sheets(id)
        .await?
        .into_iter()
        .map(|sheet| (sheet.position, sheet.file_name))
        .collect();
    let mut listed = Vec::new();
    for stored in tx.import_rows(id).await? {
        let entry = Entry::read(stored)?;
        if entry.stored.state == "left_out" {
            continue;
        }
        let Some(found) = entry.found else {
            continue;
        };
        let of_row = matches!(found.same, Some(super::finding::Same::Row(..)));
        if found.product.trim().is_empty() || of_row {
            continue;
        }
        let file = files
            .get(&entry.stored.sheet)
            .map(String::as_str)
            .unwrap_or_default();
        listed.push(ListedRow {
            place: format!("{file} {}", entry.stored.place).trim().to_owned(),
            facility: found.facility,
            facility_name: found.facility_name,
            class: found.class,
            unit: found.unit,
            introduced_on: found.introduced_on.and_then(|day| day.parse().ok()),
            computer: entry.stored.computer,
            product: found.product,
            maker: found.maker,
        });
    }
    Ok(listed)
}
