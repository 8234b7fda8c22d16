use ids::Digest;
use uuid::Uuid;

use crate::official;

/// A file that a filing or a submission names, as the tables describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledObject {
    /// SHA-256 over the content; `None` when the column holds something else.
    pub digest: Option<Digest>,
    /// The official table whose row names it.
    pub table: &'static str,
    /// The filing or the submission.
    pub record: Uuid,
    /// Place among its files.
    pub position: i64,
    /// Octets, as filed.
    pub size: i64,
    /// Octets, as stored; `None` when the file was never stored.
    pub stored_size: Option<i64>,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FiledObjectRow {
    pub(crate) digest: Vec<u8>,
    source: String,
    record_id: Uuid,
    position: i64,
    size: i64,
    stored_size: Option<i64>,
}

impl From<FiledObjectRow> for FiledObject {
    fn from(row: FiledObjectRow) -> Self {
        Self {
            digest: row.digest.as_slice().try_into().ok(),
            table: if row.source == official::SUBMISSION_FILE.name {
                official::SUBMISSION_FILE.name
            } else {
                official::FILING_ATTACHMENT.name
            },
            record: row.record_id,
            position: row.position,
            size: row.size,
            stored_size: row.stored_size,
        }
    }
}
