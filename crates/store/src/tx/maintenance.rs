use ids::{Id, LeafId};

use crate::error::StoreError;
use crate::rows::ledger::StoredCheckpoint;
use crate::rows::maintenance::FiledObject;
use crate::tx::{Tx, on};

/// What the maintenance commands read beyond the use cases.
impl Tx {
    /// Files that filings name: all rows of the next `digests` digests, and where to go on.
    ///
    /// Begin with nothing; go on until no row comes.
    pub async fn filed_objects(
        &mut self,
        after: &[u8],
        digests: u32,
    ) -> Result<(Vec<FiledObject>, Vec<u8>), StoreError> {
        let rows = on!(self, maintenance::filed_objects(after, i64::from(digests)))?;
        let last = rows
            .last()
            .map(|row| row.digest.clone())
            .unwrap_or_default();
        Ok((rows.into_iter().map(Into::into).collect(), last))
    }

    /// Leaves that neither wait nor have an index, at most `limit`.
    pub async fn stray_leaf_ids(&mut self, limit: u32) -> Result<Vec<LeafId>, StoreError> {
        let ids = on!(self, maintenance::stray_leaves(i64::from(limit)))?;
        Ok(ids.into_iter().map(Id::from_uuid).collect())
    }

    /// Places in logs whose leaf is gone, at most `limit`.
    pub async fn lost_leaves(&mut self, limit: u32) -> Result<Vec<(String, u64)>, StoreError> {
        let lost = on!(self, maintenance::lost_leaves(i64::from(limit)))?;
        lost.into_iter()
            .map(|(log, index)| {
                let index = u64::try_from(index).map_err(|_| StoreError::CorruptRow {
                    table: "ledger_sequence",
                    column: "leaf_index",
                })?;
                Ok((log, index))
            })
            .collect()
    }

    /// The newest checkpoint of a log that a witness co-signed.
    pub async fn latest_cosigned_checkpoint(
        &mut self,
        log: &str,
    ) -> Result<Option<StoredCheckpoint>, StoreError> {
        // Every tree is larger than minus one leaf.
        on!(self, ledger::cosigned_checkpoint_covering(log, -1))?
            .map(TryInto::try_into)
            .transpose()
    }
}
