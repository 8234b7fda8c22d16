use ids::{DraftId, FilingKind, Id, OrganisationId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// Something begun and not yet filed. No authority ever sees it.
#[derive(Clone)]
pub struct Draft {
    /// Identifies it.
    pub id: DraftId,
    /// Whose it is.
    pub owner: OrganisationId,
    /// What it will be when filed.
    pub kind: FilingKind,
    /// The case or computer it is about.
    pub subject: Option<Uuid>,
    /// The form it is written on.
    pub form_version: String,
    /// JSON of what was entered, also where it is not valid yet.
    pub body: String,
    /// Who saved it last.
    pub updated_by: PersonId,
    /// When it was saved last.
    pub updated_at: Timestamp,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Grows with each save.
    pub version: i64,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DraftRow {
    id: Uuid,
    owner_id: Uuid,
    kind: String,
    subject_id: Option<Uuid>,
    form_version: String,
    body: String,
    updated_by: Uuid,
    updated_at: i64,
    created_at: i64,
    version: i64,
}

impl TryFrom<DraftRow> for Draft {
    type Error = StoreError;

    fn try_from(row: DraftRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            kind: row.kind.parse().map_err(|_| StoreError::CorruptRow {
                table: "draft",
                column: "kind",
            })?,
            subject: row.subject_id,
            form_version: row.form_version,
            body: row.body,
            updated_by: Id::from_uuid(row.updated_by),
            updated_at: instant(row.updated_at, "draft", "updated_at")?,
            created_at: instant(row.created_at, "draft", "created_at")?,
            version: row.version,
        })
    }
}
