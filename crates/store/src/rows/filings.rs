use ids::Id;
use model::filing::{Addressee, Attachment, Delivery, Filing};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, instant};

const TABLE: &str = "filing";

fn corrupt(column: &'static str) -> StoreError {
    StoreError::CorruptRow {
        table: TABLE,
        column,
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FilingRow {
    id: Uuid,
    number: String,
    kind: String,
    owner_id: Uuid,
    case_id: Option<Uuid>,
    supersedes_id: Option<Uuid>,
    sequence: i64,
    form_version: String,
    body: String,
    body_digest: Vec<u8>,
    rules_digest: Vec<u8>,
    filed_by: Uuid,
    filed_at: i64,
}

impl TryFrom<FilingRow> for Filing {
    type Error = StoreError;

    fn try_from(row: FilingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            number: row.number.parse().map_err(|_| corrupt("number"))?,
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            owner: Id::from_uuid(row.owner_id),
            case: row.case_id.map(Id::from_uuid),
            supersedes: row.supersedes_id.map(Id::from_uuid),
            sequence: count(row.sequence, TABLE, "sequence")?,
            form_version: row.form_version,
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
            filed_by: Id::from_uuid(row.filed_by),
            filed_at: instant(row.filed_at, TABLE, "filed_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AttachmentRow {
    digest: Vec<u8>,
    file_name: String,
    size: i64,
    media_type: String,
}

impl TryFrom<AttachmentRow> for Attachment {
    type Error = StoreError;

    fn try_from(row: AttachmentRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::CorruptRow {
            table: "filing_attachment",
            column,
        };
        Ok(Self {
            digest: row
                .digest
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("digest"))?,
            file_name: row.file_name,
            size: u64::try_from(row.size).map_err(|_| corrupt("size"))?,
            media_type: row.media_type,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AddresseeRow {
    organisation_id: Uuid,
    role: String,
    basis: String,
    since_at: i64,
}

impl TryFrom<AddresseeRow> for Addressee {
    type Error = StoreError;

    fn try_from(row: AddresseeRow) -> Result<Self, StoreError> {
        const TABLE: &str = "filing_addressee";
        Ok(Self {
            organisation: Id::from_uuid(row.organisation_id),
            role: row.role.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "role",
            })?,
            basis: row.basis,
            since: instant(row.since_at, TABLE, "since_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DeliveryRow {
    id: Uuid,
    filing_id: Uuid,
    organisation_id: Uuid,
    state: String,
    attempts: i64,
    next_attempt_at: Option<i64>,
    delivered_at: Option<i64>,
    opened_at: Option<i64>,
    last_error: Option<String>,
    version: i64,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        const TABLE: &str = "delivery";
        let at = |value: Option<i64>, column| {
            value
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            organisation: Id::from_uuid(row.organisation_id),
            state: row.state.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "state",
            })?,
            attempts: count(row.attempts, TABLE, "attempts")?,
            next_attempt_at: at(row.next_attempt_at, "next_attempt_at")?,
            delivered_at: at(row.delivered_at, "delivered_at")?,
            opened_at: at(row.opened_at, "opened_at")?,
            last_error: row.last_error,
            version: row.version,
        })
    }
}
