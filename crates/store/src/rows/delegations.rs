use ids::{CaseId, DelegationId, Id, OrganisationId, PersonId};
use jiff::Timestamp;
use model::delegations::{Extent, Sections};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

/// What a person of a contractor may see or fill in, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct DelegationRecord {
    /// Identifies it.
    pub id: DelegationId,
    /// The operator.
    pub owner: OrganisationId,
    /// The contractor.
    pub contractor: OrganisationId,
    /// The person.
    pub person: PersonId,
    /// The case.
    pub case: CaseId,
    /// The items.
    pub sections: Sections,
    /// Whether they may be filled in.
    pub extent: Extent,
    /// Why.
    pub reason: String,
    /// From when on it is over.
    pub until: Timestamp,
    /// Who gave it.
    pub given_by: PersonId,
    /// When.
    pub given_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl std::fmt::Debug for DelegationRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DelegationRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl DelegationRecord {
    /// Whether it holds at an instant.
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.until
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DelegationRow {
    id: Uuid,
    owner_id: Uuid,
    contractor_id: Uuid,
    person_id: Uuid,
    case_id: Uuid,
    sections: String,
    extent: String,
    reason: String,
    until_at: i64,
    given_by: Uuid,
    given_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<DelegationRow> for DelegationRecord {
    type Error = StoreError;

    fn try_from(row: DelegationRow) -> Result<Self, StoreError> {
        const TABLE: &str = "delegation";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            contractor: Id::from_uuid(row.contractor_id),
            person: Id::from_uuid(row.person_id),
            case: Id::from_uuid(row.case_id),
            sections: Sections::parse(&row.sections).map_err(|_| corrupt("sections"))?,
            extent: row.extent.parse().map_err(|_| corrupt("extent"))?,
            reason: row.reason,
            until: instant(row.until_at, TABLE, "until_at")?,
            given_by: Id::from_uuid(row.given_by),
            given_at: instant(row.given_at, TABLE, "given_at")?,
            ended_at: row
                .ended_at
                .map(|at| instant(at, "delegation_end", "ended_at"))
                .transpose()?,
        })
    }
}
