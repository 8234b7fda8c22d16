use ids::{AssignmentId, FilingId, Id, OrganisationId, PersonId, SavedFilterId, TransferId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// Who at a desk handles a filing, from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Identifies it.
    pub id: AssignmentId,
    /// The filing.
    pub filing: FilingId,
    /// The desk.
    pub desk: OrganisationId,
    /// Who handles it; `None` where nobody does any more.
    pub person: Option<PersonId>,
    /// Who said so.
    pub assigned_by: PersonId,
    /// When.
    pub assigned_at: Timestamp,
}

/// A filing that one desk gave to another desk of the same Minister (回付). `Debug` does not show the reason.
#[derive(Clone, PartialEq, Eq)]
pub struct DeskTransfer {
    /// Identifies it.
    pub id: TransferId,
    /// The filing.
    pub filing: FilingId,
    /// The desk that gave it away.
    pub from: OrganisationId,
    /// The desk that handles it now.
    pub to: OrganisationId,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub transferred_by: PersonId,
    /// When.
    pub transferred_at: Timestamp,
}

impl std::fmt::Debug for DeskTransfer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskTransfer")
            .field("id", &self.id)
            .field("filing", &self.filing)
            .finish_non_exhaustive()
    }
}

/// What a person wants to see of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFilter {
    /// Identifies it.
    pub id: SavedFilterId,
    /// How the person calls it.
    pub name: String,
    /// Code of the state of entries.
    pub state: String,
    /// Code of the kind of document; `None` for all.
    pub kind: Option<String>,
    /// Whose entries: empty for everybody's, otherwise a code or the id of a person.
    pub assignee: String,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct AssignmentRow {
    id: Uuid,
    filing_id: Uuid,
    desk_id: Uuid,
    person_id: Option<Uuid>,
    assigned_by: Uuid,
    assigned_at: i64,
}

impl TryFrom<AssignmentRow> for Assignment {
    type Error = StoreError;

    fn try_from(row: AssignmentRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            desk: Id::from_uuid(row.desk_id),
            person: row.person_id.map(Id::from_uuid),
            assigned_by: Id::from_uuid(row.assigned_by),
            assigned_at: instant(row.assigned_at, "assignment", "assigned_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct TransferRow {
    id: Uuid,
    filing_id: Uuid,
    from_id: Uuid,
    to_id: Uuid,
    reason: String,
    transferred_by: Uuid,
    transferred_at: i64,
}

impl TryFrom<TransferRow> for DeskTransfer {
    type Error = StoreError;

    fn try_from(row: TransferRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            from: Id::from_uuid(row.from_id),
            to: Id::from_uuid(row.to_id),
            reason: row.reason,
            transferred_by: Id::from_uuid(row.transferred_by),
            transferred_at: instant(row.transferred_at, "desk_transfer", "transferred_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FilterRow {
    id: Uuid,
    name: String,
    state: String,
    kind: Option<String>,
    assignee: String,
}

impl From<FilterRow> for SavedFilter {
    fn from(row: FilterRow) -> Self {
        Self {
            id: Id::from_uuid(row.id),
            name: row.name,
            state: row.state,
            kind: row.kind,
            assignee: row.assignee,
        }
    }
}
