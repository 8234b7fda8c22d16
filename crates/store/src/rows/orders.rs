use ids::Id;
use model::orders::{Closing, Directive, DirectiveFile, Opening, Reply};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{day, instant};

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DirectiveRow {
    id: Uuid,
    number: String,
    kind: String,
    duty: String,
    issuer_id: Uuid,
    addressee_id: Uuid,
    operator_id: Uuid,
    filing_id: Option<Uuid>,
    text: String,
    grounds: String,
    hearing: String,
    due_on: Option<String>,
    issued_by: Uuid,
    issued_at: i64,
    opened_by: Option<Uuid>,
    opened_at: Option<i64>,
    outcome: Option<String>,
    note: Option<String>,
    closed_by: Option<Uuid>,
    closed_at: Option<i64>,
}

impl TryFrom<DirectiveRow> for DirectiveFile {
    type Error = StoreError;

    fn try_from(row: DirectiveRow) -> Result<Self, StoreError> {
        const TABLE: &str = "directive";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        let opening = match (row.opened_by, row.opened_at) {
            (Some(by), Some(at)) => Some(Opening {
                opened_by: Id::from_uuid(by),
                opened_at: instant(at, "directive_opening", "opened_at")?,
            }),
            (_, _) => None,
        };
        let closing = match (row.outcome, row.note, row.closed_by, row.closed_at) {
            (Some(outcome), Some(note), Some(by), Some(at)) => Some(Closing {
                outcome: outcome.parse().map_err(|_| corrupt("outcome"))?,
                note,
                closed_by: Id::from_uuid(by),
                closed_at: instant(at, "directive_closing", "closed_at")?,
            }),
            (_, _, _, _) => None,
        };
        Ok(Self {
            directive: Directive {
                id: Id::from_uuid(row.id),
                number: row.number.parse().map_err(|_| corrupt("number"))?,
                kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
                duty: row.duty.parse().map_err(|_| corrupt("duty"))?,
                issuer: Id::from_uuid(row.issuer_id),
                addressee: Id::from_uuid(row.addressee_id),
                operator: Id::from_uuid(row.operator_id),
                filing: row.filing_id.map(Id::from_uuid),
                text: row.text,
                grounds: row.grounds,
                hearing: row.hearing,
                due: row.due_on.map(|on| day(&on, TABLE, "due_on")).transpose()?,
                issued_by: Id::from_uuid(row.issued_by),
                issued_at: instant(row.issued_at, TABLE, "issued_at")?,
            },
            opening,
            replies: Vec::new(),
            closing,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ReplyRow {
    id: Uuid,
    directive_id: Uuid,
    text: String,
    filing_id: Option<Uuid>,
    replied_by: Uuid,
    replied_at: i64,
}

impl TryFrom<ReplyRow> for Reply {
    type Error = StoreError;

    fn try_from(row: ReplyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            directive: Id::from_uuid(row.directive_id),
            text: row.text,
            filing: row.filing_id.map(Id::from_uuid),
            replied_by: Id::from_uuid(row.replied_by),
            replied_at: instant(row.replied_at, "directive_reply", "replied_at")?,
        })
    }
}
