use ids::{ComputerId, Id, ImportId, OrganisationId, ReconciliationTaskId};
use jiff::civil::Date;
use model::assets::{DiscrepancyKind, TaskState};
use policy::OwnerScope;

use crate::error::StoreError;
use crate::rows::day;
use crate::rows::reconciliation::{
    HeldComputer, NewTaskDecision, Reconciliation, ReconciliationTask, SumsRow, TaskCount,
    TaskDecision,
};
use crate::tx::{Tx, exactly_one, on};

/// What a list of tasks is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskFilter {
    /// Where they stand.
    pub state: TaskState,
    /// One kind.
    pub kind: Option<DiscrepancyKind>,
}

/// The register against what it is compared with.
impl Tx {
    /// What a register is compared with.
    pub async fn reconciliation(
        &mut self,
        owner: OrganisationId,
    ) -> Result<Reconciliation, StoreError> {
        let row = on!(self, reconciliation::read(owner.uuid()))?;
        Ok(row.map(TryInto::try_into).transpose()?.unwrap_or_default())
    }

    /// Keeps what a register is compared with, and the state that was compared.
    pub async fn save_reconciliation(
        &mut self,
        owner: OrganisationId,
        kept: &Reconciliation,
    ) -> Result<(), StoreError> {
        on!(self, reconciliation::save(owner.uuid(), kept))
    }

    /// A text that is another one once register, notifications, lists or names of an operator changed.
    pub async fn reconciliation_stamp(
        &mut self,
        owner: OrganisationId,
    ) -> Result<String, StoreError> {
        let sums = on!(self, reconciliation::sums(owner.uuid()))?;
        let last_name = on!(self, reconciliation::last_name(owner.uuid()))?;
        let texts: Vec<String> = sums.iter().map(SumsRow::text).collect();
        Ok(format!("{} {last_name}", texts.join(" ")))
    }

    /// Every computer of an operator as it is compared, those out of use too. For the comparison itself; what it finds
    /// is shown within a scope.
    pub async fn held_computers(
        &mut self,
        owner: OrganisationId,
    ) -> Result<Vec<HeldComputer>, StoreError> {
        on!(self, reconciliation::computers(owner.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Which import a computer came from.
    pub async fn imported_computers(
        &mut self,
        owner: OrganisationId,
    ) -> Result<Vec<(ComputerId, ImportId)>, StoreError> {
        Ok(on!(self, reconciliation::imported(owner.uuid()))?
            .into_iter()
            .map(|row| (Id::from_uuid(row.computer_id), Id::from_uuid(row.import_id)))
            .collect())
    }

    /// Adds tasks.
    pub async fn insert_reconciliation_tasks(
        &mut self,
        tasks: &[ReconciliationTask],
    ) -> Result<(), StoreError> {
        on!(self, reconciliation::insert_tasks(tasks))
    }

    /// Saves a task over the version that it was read at.
    pub async fn update_reconciliation_task(
        &mut self,
        task: &ReconciliationTask,
    ) -> Result<(), StoreError> {
        exactly_one(
            on!(self, reconciliation::update_task(task))?,
            "reconciliation_task",
        )
    }

    /// Tasks of an operator that are not closed, for the comparison.
    pub async fn standing_tasks(
        &mut self,
        owner: OrganisationId,
    ) -> Result<Vec<ReconciliationTask>, StoreError> {
        on!(self, reconciliation::standing(owner.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// A task by its id. The caller must hold a permit to show it.
    pub async fn reconciliation_task(
        &mut self,
        id: ReconciliationTaskId,
    ) -> Result<Option<ReconciliationTask>, StoreError> {
        on!(self, reconciliation::task(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Tasks within a scope, the earliest limit first and those without one last.
    pub async fn reconciliation_tasks(
        &mut self,
        scope: &OwnerScope,
        filter: TaskFilter,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ReconciliationTask>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let narrowed = (filter.state.code(), filter.kind.map(DiscrepancyKind::code));
        let part = (i64::from(limit), i64::from(offset));
        on!(self, reconciliation::page(owner.uuid(), narrowed, part))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// How many tasks within a scope stand where.
    pub async fn reconciliation_counts(
        &mut self,
        scope: &OwnerScope,
        today: Date,
        soon: Date,
    ) -> Result<Vec<TaskCount>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let (today, soon) = (today.to_string(), soon.to_string());
        on!(self, reconciliation::counts(owner.uuid(), &today, &soon))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Limits of open tasks within a scope that are not limits of computers themselves.
    pub async fn reconciliation_days(
        &mut self,
        scope: &OwnerScope,
        limit: u32,
    ) -> Result<Vec<Date>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            reconciliation::due_days(owner.uuid(), i64::from(limit))
        )?
        .iter()
        .map(|text| day(text, "reconciliation_task", "due_on"))
        .collect()
    }

    /// Keeps a decision.
    pub async fn insert_task_decision(
        &mut self,
        decision: &NewTaskDecision<'_>,
    ) -> Result<(), StoreError> {
        on!(self, reconciliation::insert_decision(decision))
    }

    /// Decisions on a task, newest first.
    pub async fn task_decisions(
        &mut self,
        id: ReconciliationTaskId,
    ) -> Result<Vec<TaskDecision>, StoreError> {
        on!(self, reconciliation::decisions(id.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
