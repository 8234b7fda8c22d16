use ids::{
    ApprovalId, ApprovalRouteId, ApprovalStepId, CaseId, DeputyId, Digest, FilingId, FilingKind,
    Id, OrganisationId, PersonId, Role,
};
use jiff::Timestamp;
use jiff::civil::Date;
use model::approvals::{ApprovalStep, ApprovalStepKind, Purpose, Separation};
use model::text::Prose;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// A route as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRecord {
    /// Identifies it.
    pub id: ApprovalRouteId,
    /// Whose it is.
    pub owner: OrganisationId,
    /// For which kind of document.
    pub kind: FilingKind,
    /// Grows with each change.
    pub number: u32,
    /// Whether those who draft must not approve.
    pub separation: Separation,
    /// The stages as JSON; an empty list for none.
    pub stages: String,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Timestamp,
}

/// A request for approval as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ApprovalRecord {
    /// Identifies it.
    pub id: ApprovalId,
    /// Whose it is.
    pub owner: OrganisationId,
    /// Approval or ratification.
    pub purpose: Purpose,
    /// What is to be filed, or was.
    pub kind: FilingKind,
    /// The incident case of a report.
    pub case: Option<CaseId>,
    /// The document that a ratification is about.
    pub filing: Option<FilingId>,
    /// The request before this one.
    pub replaces: Option<ApprovalId>,
    /// Whether those who draft must not approve.
    pub separation: Separation,
    /// The stages as JSON, as they were when it was asked for.
    pub stages: String,
    /// The document as it was frozen, in canonical JSON.
    pub body: String,
    /// SHA-256 over it.
    pub body_digest: Digest,
    /// What else is needed to file it, as JSON.
    pub wanted: String,
    /// Who wrote it, as JSON.
    pub drafters: String,
    /// What the requester said; of a ratification, why it could not wait.
    pub note: String,
    /// Who asked.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: Timestamp,
}

impl std::fmt::Debug for ApprovalRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApprovalRecord")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// That somebody stands in for somebody, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeputyRecord {
    /// Identifies it.
    pub id: DeputyId,
    /// The organisation of both.
    pub owner: OrganisationId,
    /// Who is away.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub set_by: PersonId,
    /// When.
    pub set_at: Timestamp,
}

/// A person of an organisation with one of their roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColleagueRole {
    /// The person.
    pub person: PersonId,
    /// Name shown to others.
    pub name: String,
    /// One role.
    pub role: Role,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct RouteRow {
    id: Uuid,
    owner_id: Uuid,
    kind: String,
    number: i64,
    separation: String,
    stages: String,
    set_by: Uuid,
    set_at: i64,
}

const ROUTE: &str = "approval_route";
const REQUEST: &str = "approval_request";
const STEP: &str = "approval_step";
const DEPUTY: &str = "approval_deputy";

fn code<T: std::str::FromStr>(
    text: &str,
    table: &'static str,
    column: &'static str,
) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::CorruptRow { table, column })
}

impl TryFrom<RouteRow> for RouteRecord {
    type Error = StoreError;

    fn try_from(row: RouteRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            kind: code(&row.kind, ROUTE, "kind")?,
            number: count(row.number, ROUTE, "number")?,
            separation: code(&row.separation, ROUTE, "separation")?,
            stages: row.stages,
            set_by: Id::from_uuid(row.set_by),
            set_at: instant(row.set_at, ROUTE, "set_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ApprovalRow {
    id: Uuid,
    owner_id: Uuid,
    purpose: String,
    kind: String,
    case_id: Option<Uuid>,
    filing_id: Option<Uuid>,
    replaces_id: Option<Uuid>,
    separation: String,
    stages: String,
    body: String,
    body_digest: Vec<u8>,
    wanted: String,
    drafters: String,
    note: String,
    requested_by: Uuid,
    requested_at: i64,
}

impl TryFrom<ApprovalRow> for ApprovalRecord {
    type Error = StoreError;

    fn try_from(row: ApprovalRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            purpose: code(&row.purpose, REQUEST, "purpose")?,
            kind: code(&row.kind, REQUEST, "kind")?,
            case: row.case_id.map(Id::from_uuid),
            filing: row.filing_id.map(Id::from_uuid),
            replaces: row.replaces_id.map(Id::from_uuid),
            separation: code(&row.separation, REQUEST, "separation")?,
            stages: row.stages,
            body: row.body,
            body_digest: row.body_digest.as_slice().try_into().map_err(|_| {
                StoreError::CorruptRow {
                    table: REQUEST,
                    column: "body_digest",
                }
            })?,
            wanted: row.wanted,
            drafters: row.drafters,
            note: row.note,
            requested_by: Id::from_uuid(row.requested_by),
            requested_at: instant(row.requested_at, REQUEST, "requested_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct StepRow {
    stage: i64,
    step: String,
    comment: String,
    behalf_id: Option<Uuid>,
    filing_id: Option<Uuid>,
    taken_by: Uuid,
    taken_at: i64,
}

impl TryFrom<StepRow> for ApprovalStep {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::CorruptRow {
            table: STEP,
            column,
        };
        let comment = if row.comment.is_empty() {
            None
        } else {
            Some(Prose::parse(&row.comment).map_err(|_| corrupt("comment"))?)
        };
        Ok(Self {
            kind: code::<ApprovalStepKind>(&row.step, STEP, "step")?,
            stage: usize::try_from(row.stage).map_err(|_| corrupt("stage"))?,
            by: Id::from_uuid(row.taken_by),
            on_behalf_of: row.behalf_id.map(Id::from_uuid),
            comment,
            filing: row.filing_id.map(Id::from_uuid),
            at: instant(row.taken_at, STEP, "taken_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct DeputyRow {
    id: Uuid,
    owner_id: Uuid,
    person_id: Uuid,
    deputy_id: Uuid,
    from_on: String,
    until_on: String,
    reason: String,
    set_by: Uuid,
    set_at: i64,
}

impl TryFrom<DeputyRow> for DeputyRecord {
    type Error = StoreError;

    fn try_from(row: DeputyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            person: Id::from_uuid(row.person_id),
            deputy: Id::from_uuid(row.deputy_id),
            from_on: day(&row.from_on, DEPUTY, "from_on")?,
            until_on: day(&row.until_on, DEPUTY, "until_on")?,
            reason: row.reason,
            set_by: Id::from_uuid(row.set_by),
            set_at: instant(row.set_at, DEPUTY, "set_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ColleagueRow {
    id: Uuid,
    name: String,
    role: String,
}

impl TryFrom<ColleagueRow> for ColleagueRole {
    type Error = StoreError;

    fn try_from(row: ColleagueRow) -> Result<Self, StoreError> {
        Ok(Self {
            person: Id::from_uuid(row.id),
            name: row.name,
            role: code(&row.role, "person_role", "role")?,
        })
    }
}

/// A step about to be written.
#[derive(Clone, Debug)]
pub struct NewApprovalStep {
    /// Identifies it.
    pub id: ApprovalStepId,
    /// The request.
    pub request: ApprovalId,
    /// Its place in the course, from 1.
    pub number: u32,
    /// What was done.
    pub step: ApprovalStep,
}
