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

    /// All rows of an official table after a first key, a batch at a time, for `fsck`.
    ///
    /// Begin with the nil UUID and go on with the first part of the last key until nothing comes.
    /// Rows that share a first key may be split over batches only when there are more of them than `limit`.
    pub async fn official_batch(
        &mut self,
        table: &'static OfficialTable,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<RowRef>, StoreError> {
        on!(self, official::batch(table, after, i64::from(limit)))?
            .into_iter()
            .map(|row| table.row_ref(row))
            .collect()
    }
}
