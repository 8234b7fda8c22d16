use ids::{CaseId, EntryId, FilingId, Id, OrganisationId, PersonId};
use jiff::Timestamp;
use model::entries::{Caller, Entry, EntryAnswer};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// A report that a desk takes down. `Debug` does not show what was taken down.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryDraft {
    /// Identifies it.
    pub id: EntryId,
    /// The desk.
    pub desk: OrganisationId,
    /// For which operator.
    pub operator: OrganisationId,
    /// The case that filing it will open.
    pub case: CaseId,
    /// JSON of what was taken down so far.
    pub body: String,
    /// Who began.
    pub begun_by: PersonId,
    /// When.
    pub begun_at: Timestamp,
    /// Who saved it last.
    pub updated_by: PersonId,
    /// When.
    pub updated_at: Timestamp,
    /// Grows with each save.
    pub version: i64,
}

impl std::fmt::Debug for EntryDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryDraft")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// A filing that a desk took down and of which the operator has said nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenEntry {
    /// The filing.
    pub filing: FilingId,
    /// The desk.
    pub desk: OrganisationId,
    /// When it was told.
    pub received_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DraftRow {
    id: Uuid,
    desk_id: Uuid,
    operator_id: Uuid,
    case_id: Uuid,
    body: String,
    begun_by: Uuid,
    begun_at: i64,
    updated_by: Uuid,
    updated_at: i64,
    version: i64,
}

impl TryFrom<DraftRow> for EntryDraft {
    type Error = StoreError;

    fn try_from(row: DraftRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            desk: Id::from_uuid(row.desk_id),
            operator: Id::from_uuid(row.operator_id),
            case: Id::from_uuid(row.case_id),
            body: row.body,
            begun_by: Id::from_uuid(row.begun_by),
            begun_at: instant(row.begun_at, "entry_draft", "begun_at")?,
            updated_by: Id::from_uuid(row.updated_by),
            updated_at: instant(row.updated_at, "entry_draft", "updated_at")?,
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct EntryRow {
    filing_id: Uuid,
    desk_id: Uuid,
    way: String,
    received_at: i64,
    caller_name: String,
    caller_department: String,
    caller_phone: String,
    identified: String,
    code_owner_id: Option<Uuid>,
    entered_by: Uuid,
    entered_at: i64,
    answer: Option<String>,
    note: Option<String>,
    answered_by: Option<Uuid>,
    answered_at: Option<i64>,
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let answer = match (row.answer, row.answered_by, row.answered_at) {
            (Some(verdict), Some(by), Some(at)) => Some(EntryAnswer {
                verdict: verdict.parse().map_err(|_| StoreError::CorruptRow {
                    table: "filing_entry_answer",
                    column: "answer",
                })?,
                note: row.note.unwrap_or_default(),
                answered_by: Id::from_uuid(by),
                answered_at: instant(at, "filing_entry_answer", "answered_at")?,
            }),
            _ => None,
        };
        Ok(Self {
            filing: Id::from_uuid(row.filing_id),
            desk: Id::from_uuid(row.desk_id),
            way: row.way.parse().map_err(|_| StoreError::CorruptRow {
                table: "filing_entry",
                column: "way",
            })?,
            received_at: instant(row.received_at, "filing_entry", "received_at")?,
            caller: Caller {
                name: row.caller_name,
                department: row.caller_department,
                phone: row.caller_phone,
            },
            identified: row.identified.parse().map_err(|_| StoreError::CorruptRow {
                table: "filing_entry",
                column: "identified",
            })?,
            code_of: row.code_owner_id.map(Id::from_uuid),
            entered_by: Id::from_uuid(row.entered_by),
            entered_at: instant(row.entered_at, "filing_entry", "entered_at")?,
            answer,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct OpenRow {
    filing_id: Uuid,
    desk_id: Uuid,
    received_at: i64,
}

impl TryFrom<OpenRow> for OpenEntry {
    type Error = StoreError;

    fn try_from(row: OpenRow) -> Result<Self, StoreError> {
        Ok(Self {
            filing: Id::from_uuid(row.filing_id),
            desk: Id::from_uuid(row.desk_id),
            received_at: instant(row.received_at, "filing_entry", "received_at")?,
        })
    }
}
