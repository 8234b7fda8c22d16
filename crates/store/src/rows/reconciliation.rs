//! Differences between the register and what it is compared with.

use ids::{ComputerId, FacilityId, Id, ImportId, OrganisationId, PersonId, ReconciliationTaskId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{
    ClosedWhy, CountsBy, DiscrepancyKind, ExemptionClaim, NotifiedItems, RevisionDates,
    RevisionField, TaskState,
};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::assets::{claim_of_body, dates_of_body, items_of_body};
use crate::rows::{count, day, instant};

const TASK: &str = "reconciliation_task";

/// What the register of an operator is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// The list of what the operator has now.
    pub inventory: Option<ImportId>,
    /// The list of what was filed under the Economic Security Promotion Act.
    pub espa: Option<ImportId>,
    /// The state that was compared last, and when.
    pub compared: Option<(String, Timestamp)>,
}

/// A computer as it is compared.
#[derive(Clone, Debug)]
pub struct HeldComputer {
    /// Identifies it.
    pub id: ComputerId,
    /// Code of its phase.
    pub phase: String,
    /// The legal limit of what is to be notified.
    pub due_on: Option<Date>,
    /// The last day of its use.
    pub retired_on: Option<Date>,
    /// Keys of product and maker.
    pub match_key: String,
    /// Where it belongs.
    pub facility: FacilityId,
    /// Name of that in the house.
    pub facility_name: String,
    /// Current items.
    pub items: NotifiedItems,
    /// Current days.
    pub dates: RevisionDates,
    /// The current claim.
    pub claim: Option<ExemptionClaim>,
    /// Items as they stand on the authority's file.
    pub notified: Option<NotifiedItems>,
}

/// A difference as a task.
#[derive(Clone, PartialEq, Eq)]
pub struct ReconciliationTask {
    /// Identifies it.
    pub id: ReconciliationTaskId,
    /// Whose register it is.
    pub owner: OrganisationId,
    /// What differs from what.
    pub kind: DiscrepancyKind,
    /// The same for the same difference, however often it is found.
    pub key: String,
    /// The computer of the register.
    pub computer: Option<ComputerId>,
    /// Another one that may be the same.
    pub other_computer: Option<ComputerId>,
    /// The list in which it stands or does not stand.
    pub import: Option<ImportId>,
    /// Where it stands there.
    pub place: Option<String>,
    /// Product, as it is written.
    pub product: String,
    /// Maker, as it is written.
    pub maker: String,
    /// Facility, as it is written.
    pub facility: String,
    /// What differs.
    pub field: Option<RevisionField>,
    /// What was notified or stands in the register.
    pub before: Option<String>,
    /// What stands in the register or in the list.
    pub after: Option<String>,
    /// What its limit counts by.
    pub counts_by: Option<CountsBy>,
    /// The day from which it counts.
    pub counted_from: Option<Date>,
    /// Whether that is the day of the law, or the day on which the difference was found.
    pub day_known: bool,
    /// A facility of the register.
    pub facility_id: Option<FacilityId>,
    /// The legal limit.
    pub due_on: Option<Date>,
    /// When it was found.
    pub found_at: Timestamp,
    /// Where it stands.
    pub state: TaskState,
    /// Why it was closed, and when.
    pub closed: Option<(ClosedWhy, Timestamp)>,
    /// Grows with each change.
    pub version: i64,
}

/// What an operator has is nobody's business in a log.
impl std::fmt::Debug for ReconciliationTask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReconciliationTask")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How many tasks of one kind stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskCount {
    /// The kind.
    pub kind: DiscrepancyKind,
    /// The state.
    pub state: TaskState,
    /// All of them.
    pub total: u32,
    /// Past the limit.
    pub overdue: u32,
    /// Near the limit.
    pub soon: u32,
    /// The first limit.
    pub first_due_on: Option<Date>,
}

/// What a person decided on a task.
#[derive(Clone, Debug)]
pub struct TaskDecision {
    /// Code: `set_aside` or `reopened`.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// Name of who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A decision about to be kept.
#[derive(Clone, Debug)]
pub struct NewTaskDecision<'a> {
    /// Identifies it.
    pub id: Uuid,
    /// On which task.
    pub task: ReconciliationTaskId,
    /// Code: `set_aside` or `reopened`.
    pub decision: &'static str,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ReconciliationRow {
    inventory_import_id: Option<Uuid>,
    espa_import_id: Option<Uuid>,
    stamp: Option<String>,
    compared_at: Option<i64>,
}

impl TryFrom<ReconciliationRow> for Reconciliation {
    type Error = StoreError;

    fn try_from(row: ReconciliationRow) -> Result<Self, StoreError> {
        let at = row
            .compared_at
            .map(|at| instant(at, "reconciliation", "compared_at"))
            .transpose()?;
        Ok(Self {
            inventory: row.inventory_import_id.map(Id::from_uuid),
            espa: row.espa_import_id.map(Id::from_uuid),
            compared: row.stamp.zip(at),
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct SumsRow {
    total: i64,
    versions: i64,
    more: i64,
}

impl SumsRow {
    pub(crate) fn text(&self) -> String {
        format!("{}.{}.{}", self.total, self.versions, self.more)
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct HeldRow {
    id: Uuid,
    phase: String,
    due_on: Option<String>,
    retired_on: Option<String>,
    match_key: String,
    facility_id: Uuid,
    facility_name: String,
    body: String,
    notified_body: Option<String>,
}

impl TryFrom<HeldRow> for HeldComputer {
    type Error = StoreError;

    fn try_from(row: HeldRow) -> Result<Self, StoreError> {
        let legal_day = |text: Option<String>, column| {
            text.map(|text| day(&text, "computer", column)).transpose()
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            phase: row.phase,
            due_on: legal_day(row.due_on, "due_on")?,
            retired_on: legal_day(row.retired_on, "retired_on")?,
            match_key: row.match_key,
            facility: Id::from_uuid(row.facility_id),
            facility_name: row.facility_name,
            items: items_of_body(&row.body)?,
            dates: dates_of_body(&row.body)?,
            claim: claim_of_body(&row.body)?,
            notified: row
                .notified_body
                .as_deref()
                .map(items_of_body)
                .transpose()?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ImportedRow {
    pub(crate) computer_id: Uuid,
    pub(crate) import_id: Uuid,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct TaskRow {
    id: Uuid,
    owner_id: Uuid,
    kind: String,
    task_key: String,
    computer_id: Option<Uuid>,
    other_computer_id: Option<Uuid>,
    import_id: Option<Uuid>,
    place: Option<String>,
    product: String,
    maker: String,
    facility: String,
    field: Option<String>,
    before_text: Option<String>,
    after_text: Option<String>,
    counts_by: Option<String>,
    counted_from: Option<String>,
    day_known: i64,
    facility_id: Option<Uuid>,
    due_on: Option<String>,
    found_at: i64,
    state: String,
    closed_why: Option<String>,
    closed_at: Option<i64>,
    version: i64,
}

impl TryFrom<TaskRow> for ReconciliationTask {
    type Error = StoreError;

    fn try_from(row: TaskRow) -> Result<Self, StoreError> {
        let closed_why = row
            .closed_why
            .map(|code| code.parse::<ClosedWhy>().map_err(|_| corrupt("closed_why")))
            .transpose()?;
        let closed_at = row
            .closed_at
            .map(|at| instant(at, TASK, "closed_at"))
            .transpose()?;
        Ok(Self {
            id: Id::from_uuid(row.id),
            owner: Id::from_uuid(row.owner_id),
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            key: row.task_key,
            computer: row.computer_id.map(Id::from_uuid),
            other_computer: row.other_computer_id.map(Id::from_uuid),
            import: row.import_id.map(Id::from_uuid),
            place: row.place,
            product: row.product,
            maker: row.maker,
            facility: row.facility,
            field: row
                .field
                .map(|code| code.parse::<RevisionField>().map_err(|_| corrupt("field")))
                .transpose()?,
            before: row.before_text,
            after: row.after_text,
            counts_by: row
                .counts_by
                .map(|code| code.parse::<CountsBy>().map_err(|_| corrupt("counts_by")))
                .transpose()?,
            counted_from: row
                .counted_from
                .map(|text| day(&text, TASK, "counted_from"))
                .transpose()?,
            day_known: row.day_known != 0,
            facility_id: row.facility_id.map(Id::from_uuid),
            due_on: row
                .due_on
                .map(|text| day(&text, TASK, "due_on"))
                .transpose()?,
            found_at: instant(row.found_at, TASK, "found_at")?,
            state: row.state.parse().map_err(|_| corrupt("state"))?,
            closed: closed_why.zip(closed_at),
            version: row.version,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct TaskCountRow {
    kind: String,
    state: String,
    total: i64,
    overdue: i64,
    soon: i64,
    first_due_on: Option<String>,
}

impl TryFrom<TaskCountRow> for TaskCount {
    type Error = StoreError;

    fn try_from(row: TaskCountRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            state: row.state.parse().map_err(|_| corrupt("state"))?,
            total: count(row.total, TASK, "total")?,
            overdue: count(row.overdue, TASK, "overdue")?,
            soon: count(row.soon, TASK, "soon")?,
            first_due_on: row
                .first_due_on
                .map(|text| day(&text, TASK, "due_on"))
                .transpose()?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct TaskDecisionRow {
    decision: String,
    reason: String,
    decided_by_name: String,
    decided_at: i64,
}

impl TryFrom<TaskDecisionRow> for TaskDecision {
    type Error = StoreError;

    fn try_from(row: TaskDecisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            decision: row.decision,
            reason: row.reason,
            by: row.decided_by_name,
            at: instant(row.decided_at, "reconciliation_decision", "decided_at")?,
        })
    }
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::CorruptRow {
        table: TASK,
        column,
    }
}
