use ids::{Digest, FilingId, Id};
use uuid::Uuid;

/// A file that a filing names, as the tables describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledObject {
    /// SHA-256 over the content; `None` when the column holds something else.
    pub digest: Option<Digest>,
    /// The filing.
    pub filing: FilingId,
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
    filing_id: Uuid,
    position: i64,
    size: i64,
    stored_size: Option<i64>,
}

impl From<FiledObjectRow> for FiledObject {
    fn from(row: FiledObjectRow) -> Self {
        Self {
            digest: row.digest.as_slice().try_into().ok(),
            filing: Id::from_uuid(row.filing_id),
            position: row.position,
            size: row.size,
            stored_size: row.stored_size,
        }
    }
}
