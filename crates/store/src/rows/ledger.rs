use ids::{Digest, Id, LeafId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// A commitment in a log, with what opens it.
#[derive(Clone)]
pub struct Leaf {
    /// Identifies it before it has an index.
    pub id: LeafId,
    /// Code of the log, for example `meti`.
    pub log: String,
    /// Code of the act, for example `incident.prompt.filed`.
    pub act: String,
    /// What the act was about.
    pub subject: Option<Uuid>,
    /// 32 random octets.
    pub salt: Vec<u8>,
    /// Canonical JSON of the act.
    pub record: String,
    /// SHA-256 over domain tag, salt and record.
    pub commitment: Digest,
    /// When the act was recorded.
    pub recorded_at: Timestamp,
    /// Place in the log, once the integrator has given one.
    pub index: Option<u64>,
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf")
            .field("id", &self.id)
            .field("act", &self.act)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct LeafRow {
    id: Uuid,
    log: String,
    act: String,
    subject_id: Option<Uuid>,
    salt: Vec<u8>,
    record: String,
    commitment: Vec<u8>,
    recorded_at: i64,
    leaf_index: Option<i64>,
}

impl TryFrom<LeafRow> for Leaf {
    type Error = StoreError;

    fn try_from(row: LeafRow) -> Result<Self, StoreError> {
        const TABLE: &str = "ledger_leaf";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            log: row.log,
            act: row.act,
            subject: row.subject_id,
            salt: row.salt,
            record: row.record,
            commitment: row
                .commitment
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("commitment"))?,
            recorded_at: instant(row.recorded_at, TABLE, "recorded_at")?,
            index: row.leaf_index.map(u64::try_from).transpose().map_err(|_| {
                StoreError::CorruptRow {
                    table: "ledger_sequence",
                    column: "leaf_index",
                }
            })?,
        })
    }
}

/// A signed statement of size and root of a log.
#[derive(Clone, Debug)]
pub struct StoredCheckpoint {
    /// Code of the log.
    pub log: String,
    /// Number of leaves.
    pub size: u64,
    /// Root hash (RFC 6962).
    pub root: Digest,
    /// The signed note (C2SP tlog-checkpoint), without co-signatures.
    pub note: String,
    /// When it was signed.
    pub created_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct CheckpointRow {
    log: String,
    tree_size: i64,
    root: Vec<u8>,
    note: String,
    created_at: i64,
}

impl TryFrom<CheckpointRow> for StoredCheckpoint {
    type Error = StoreError;

    fn try_from(row: CheckpointRow) -> Result<Self, StoreError> {
        const TABLE: &str = "ledger_checkpoint";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            log: row.log,
            size: u64::try_from(row.tree_size).map_err(|_| corrupt("tree_size"))?,
            root: row
                .root
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("root"))?,
            note: row.note,
            created_at: instant(row.created_at, TABLE, "created_at")?,
        })
    }
}
