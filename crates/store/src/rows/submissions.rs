use ids::Id;
use model::submissions::{Submission, SubmissionEvent};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

#[derive(sqlx_macros::FromRow)]
pub(crate) struct SubmissionRow {
    id: Uuid,
    owner_id: Uuid,
    case_id: Uuid,
    addressee: String,
    desk: String,
    address: String,
    stage: String,
    channel: String,
    body: String,
    body_digest: Vec<u8>,
    rules_digest: Vec<u8>,
    filing_id: Option<Uuid>,
    note: String,
    recorded_by: Uuid,
    recorded_at: i64,
}

impl TryFrom<SubmissionRow> for Submission {
    type Error = StoreError;

    fn try_from(row: SubmissionRow) -> Result<Self, StoreError> {
        const TABLE: &str = "submission";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            case: Id::from_uuid(row.case_id),
            addressee: row.addressee,
            desk: row.desk,
            address: row.address,
            stage: row.stage.parse().map_err(|_| corrupt("stage"))?,
            channel: row.channel.parse().map_err(|_| corrupt("channel"))?,
            body: row.body,
            body_digest: row
                .body_digest
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("body_digest"))?,
            rules_digest: row
                .rules_digest
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("rules_digest"))?,
            filing: row.filing_id.map(Id::from_uuid),
            note: row.note,
            recorded_by: Id::from_uuid(row.recorded_by),
            recorded_at: instant(row.recorded_at, TABLE, "recorded_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct EventRow {
    id: Uuid,
    submission_id: Uuid,
    kind: String,
    happened_at: i64,
    number: String,
    note: String,
    recorded_by: Option<Uuid>,
    recorded_at: i64,
}

impl TryFrom<EventRow> for SubmissionEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        const TABLE: &str = "submission_event";
        Ok(Self {
            id: Id::from_uuid(row.id),
            submission: Id::from_uuid(row.submission_id),
            kind: row.kind.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "kind",
            })?,
            happened_at: instant(row.happened_at, TABLE, "happened_at")?,
            number: row.number,
            note: row.note,
            recorded_by: row.recorded_by.map(Id::from_uuid),
            recorded_at: instant(row.recorded_at, TABLE, "recorded_at")?,
        })
    }
}
