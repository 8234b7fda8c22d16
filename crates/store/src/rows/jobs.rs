use ids::{Digest, Id, JobId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, instant};

/// A unit of background work.
#[derive(Clone, Debug)]
pub struct Job {
    /// Identifies it.
    pub id: JobId,
    /// What is to be done, for example `delivery.send`.
    pub kind: String,
    /// JSON with the ids the work needs; never contents.
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: u32,
    /// When it is or was due.
    pub run_at: Timestamp,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct JobRow {
    id: Uuid,
    kind: String,
    payload: String,
    attempts: i64,
    run_at: i64,
    last_error: Option<String>,
    created_at: i64,
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            kind: row.kind,
            payload: row.payload,
            attempts: count(row.attempts, "job", "attempts")?,
            run_at: instant(row.run_at, "job", "run_at")?,
            last_error: row.last_error,
            created_at: instant(row.created_at, "job", "created_at")?,
        })
    }
}

/// What came of a request that was sent with an idempotency key.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// SHA-256 over the request; another request under the same key is an error.
    pub request_digest: Digest,
    /// The outcome, as the use case wrote it down.
    pub outcome: String,
}
