use uuid::Uuid;

use crate::error::StoreError;
use crate::official::{OfficialTable, RowRef};
use crate::tx::{Tx, on};

impl Tx {
    /// Rows of an official table with a given first key, named and digested as they stand in the database.
    pub async fn official_rows(
        &mut self,
        table: &'static OfficialTable,
        first_key: Uuid,
    ) -> Result<Vec<RowRef>, StoreError> {
        on!(self, official::by_first_key(table, first_key))?
            .into_iter()
            .map(|row| table.row_ref(row))
            .collect()
    }

    /// The rows of the next `keys` first keys of an official table, for `fsck`.
    ///
    /// Begin with `None` and go on with the first part of the last key until nothing comes. Rows that share a first
    /// key always come together.
    pub async fn official_batch(
        &mut self,
        table: &'static OfficialTable,
        after: Option<Uuid>,
        keys: u32,
    ) -> Result<Vec<RowRef>, StoreError> {
        let first = match after {
            None => Some(Uuid::nil()),
            Some(key) => key.as_u128().checked_add(1).map(Uuid::from_u128),
        };
        let Some(first) = first else {
            return Ok(Vec::new());
        };
        on!(self, official::batch(table, first, i64::from(keys)))?
            .into_iter()
            .map(|row| table.row_ref(row))
            .collect()
    }
}
