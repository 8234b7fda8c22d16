use ids::{Digest, Id, LeafId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::ledger::{Leaf, StoredCheckpoint};
use crate::tx::{Tx, on};

/// Reads and writes of the ledger. Leaves wait unsequenced until the one integrator gives them an index.
impl Tx {
    /// Inserts a leaf that has no index yet.
    pub async fn insert_leaf(&mut self, leaf: &Leaf) -> Result<(), StoreError> {
        on!(self, ledger::insert_leaf(leaf))
    }

    /// Logs in which leaves wait for an index.
    pub async fn pending_logs(&mut self) -> Result<Vec<String>, StoreError> {
        on!(self, ledger::pending_logs())
    }

    /// Leaves of a log that wait for an index, oldest first, at most `limit`.
    pub async fn pending_leaves(
        &mut self,
        log: &str,
        limit: u32,
    ) -> Result<Vec<(LeafId, Digest)>, StoreError> {
        on!(self, ledger::pending(log, i64::from(limit)))?
            .into_iter()
            .map(|(id, commitment)| Ok((Id::from_uuid(id), commitment_digest(&commitment)?)))
            .collect()
    }

    /// Gives a waiting leaf its index.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the index or the leaf was used before, [`StoreError::Stale`] when the leaf does not
    /// wait in this log; the transaction must then be dropped.
    pub async fn sequence_leaf(
        &mut self,
        log: &str,
        index: u64,
        leaf: LeafId,
    ) -> Result<(), StoreError> {
        let removed = on!(self, ledger::sequence(log, position(index)?, leaf.uuid()))?;
        if removed == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale {
                table: "ledger_pending",
            })
        }
    }

    /// Number of leaves of a log that have an index.
    pub async fn log_size(&mut self, log: &str) -> Result<u64, StoreError> {
        let size = on!(self, ledger::size(log))?;
        u64::try_from(size).map_err(|_| StoreError::CorruptRow {
            table: "ledger_sequence",
            column: "leaf_index",
        })
    }

    /// Commitments of a log from an index on, in order, at most `limit`.
    pub async fn commitments_from(
        &mut self,
        log: &str,
        first: u64,
        limit: u32,
    ) -> Result<Vec<Digest>, StoreError> {
        on!(
            self,
            ledger::commitments_from(log, position(first)?, i64::from(limit))
        )?
        .into_iter()
        .map(|(_, commitment)| commitment_digest(&commitment))
        .collect()
    }

    /// Leaves of a log from an index on, in order, at most `limit`.
    pub async fn leaves_from(
        &mut self,
        log: &str,
        first: u64,
        limit: u32,
    ) -> Result<Vec<Leaf>, StoreError> {
        on!(
            self,
            ledger::leaves_from(log, position(first)?, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Leaves of a log below an index, newest first, at most `limit`.
    pub async fn leaves_before(
        &mut self,
        log: &str,
        end: u64,
        limit: u32,
    ) -> Result<Vec<Leaf>, StoreError> {
        on!(
            self,
            ledger::leaves_before(log, position(end)?, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// One leaf.
    pub async fn leaf(&mut self, id: LeafId) -> Result<Option<Leaf>, StoreError> {
        on!(self, ledger::leaf(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Leaves about one thing, oldest first, at most `limit`.
    pub async fn leaves_of_subject(
        &mut self,
        subject: Uuid,
        limit: u32,
    ) -> Result<Vec<Leaf>, StoreError> {
        on!(self, ledger::leaves_of_subject(subject, i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Number of leaves that neither wait nor have an index; anything but 0 is damage.
    pub async fn stray_leaves(&mut self) -> Result<i64, StoreError> {
        on!(self, ledger::unsequenced())
    }

    /// Keeps a signed checkpoint.
    pub async fn insert_checkpoint(
        &mut self,
        checkpoint: &StoredCheckpoint,
    ) -> Result<(), StoreError> {
        on!(
            self,
            ledger::insert_checkpoint(checkpoint, position(checkpoint.size)?)
        )
    }

    /// The newest checkpoint of a log.
    pub async fn latest_checkpoint(
        &mut self,
        log: &str,
    ) -> Result<Option<StoredCheckpoint>, StoreError> {
        on!(self, ledger::latest_checkpoint(log))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The newest checkpoint that covers the leaf at `index`; with co-signatures if any such has them.
    pub async fn checkpoint_covering(
        &mut self,
        log: &str,
        index: u64,
    ) -> Result<Option<StoredCheckpoint>, StoreError> {
        let index = position(index)?;
        let cosigned = on!(self, ledger::cosigned_checkpoint_covering(log, index))?;
        let row = match cosigned {
            Some(row) => Some(row),
            None => on!(self, ledger::checkpoint_covering(log, index))?,
        };
        row.map(TryInto::try_into).transpose()
    }

    /// Checkpoints of a log from a size on, by size, at most `limit`.
    pub async fn checkpoints_from(
        &mut self,
        log: &str,
        size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        on!(
            self,
            ledger::checkpoints_from(log, position(size)?, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// All logs that hold something.
    pub async fn logs(&mut self) -> Result<Vec<String>, StoreError> {
        on!(self, ledger::logs())
    }

    /// Keeps a witness's signature line for a checkpoint.
    pub async fn insert_cosignature(
        &mut self,
        log: &str,
        size: u64,
        witness: &str,
        line: &str,
        created_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            ledger::insert_cosignature(
                log,
                position(size)?,
                witness,
                line,
                created_at.as_microsecond()
            )
        )
    }

    /// Signature lines of witnesses for a checkpoint.
    pub async fn cosignatures(&mut self, log: &str, size: u64) -> Result<Vec<String>, StoreError> {
        on!(self, ledger::cosignatures(log, position(size)?))
    }
}

fn position(index: u64) -> Result<i64, StoreError> {
    i64::try_from(index).map_err(|_| StoreError::CorruptRow {
        table: "ledger_sequence",
        column: "leaf_index",
    })
}

fn commitment_digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    bytes.try_into().map_err(|_| StoreError::CorruptRow {
        table: "ledger_leaf",
        column: "commitment",
    })
}
