use ids::ReconciliationTaskId;
use jiff::ToSpan;
use jiff::civil::Date;
use model::assets::{DiscrepancyKind, NotificationDuty, TaskState};
use policy::{Action, Actor, Resource};
use statute::{BasisFinding, DueRefusal};
use store::TaskFilter;
use store::rows::reconciliation::{ReconciliationTask, TaskCount, TaskDecision};

use super::limit::Counting;
use crate::assets::due::SOON_DAYS;
use crate::error::AppError;
use crate::instance::App;

/// Most rows of the table that is taken away.
const MOST_ROWS: u32 = 20_000;
/// Rows read at once for it.
const AT_ONCE: u32 = 500;

/// A page of tasks.
#[derive(Clone, Debug)]
pub struct TaskPage {
    /// The earliest limit first.
    pub tasks: Vec<ReconciliationTask>,
    /// Where the next page begins.
    pub next: Option<u32>,
    /// How many stand where.
    pub counts: Vec<TaskCount>,
    /// Number of all that the filter leaves.
    pub total: u32,
}

/// How many open tasks there are, for the home page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskNumbers {
    /// All open ones.
    pub open: u32,
    /// Those past the limit.
    pub overdue: u32,
    /// Those near the limit.
    pub soon: u32,
    /// The first limit.
    pub first_due_on: Option<Date>,
}

/// One task with everything that was decided on it.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// The task.
    pub task: ReconciliationTask,
    /// The limit with its reasons, or why the rule book gives none.
    pub limit: Option<Result<BasisFinding, DueRefusal>>,
    /// The notification that settles it, with the computer's version.
    pub file: Option<(NotificationDuty, i64)>,
    /// Decisions, newest first.
    pub decisions: Vec<TaskDecision>,
    /// Whether the actor may set it aside.
    pub may_edit: bool,
}

impl App {
    /// Differences of the own register, compared again if anything changed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn reconciliation_tasks(
        &self,
        actor: &Actor,
        filter: TaskFilter,
        offset: u32,
        limit: u32,
    ) -> Result<TaskPage, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let owner = scope.owned_by().ok_or(AppError::NotFound)?;
        self.reconcile(owner).await?;
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("reconcile.list").await?;
        let counts = tx
            .reconciliation_counts(&scope, self.today(), self.soon())
            .await?;
        let tasks = tx
            .reconciliation_tasks(&scope, filter, limit, offset)
            .await?;
        let total = counts
            .iter()
            .filter(|count| count.state == filter.state)
            .filter(|count| filter.kind.is_none_or(|kind| kind == count.kind))
            .fold(0_u32, |sum, count| sum.saturating_add(count.total));
        let shown = offset.saturating_add(u32::try_from(tasks.len()).unwrap_or(u32::MAX));
        Ok(TaskPage {
            next: (shown < total && !tasks.is_empty()).then_some(shown),
            tasks,
            counts,
            total,
        })
    }

    /// All differences that a filter leaves, to be taken away as a table.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn all_reconciliation_tasks(
        &self,
        actor: &Actor,
        filter: TaskFilter,
    ) -> Result<Vec<ReconciliationTask>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let owner = scope.owned_by().ok_or(AppError::NotFound)?;
        self.reconcile(owner).await?;
        let mut tx = self.store().begin_read("reconcile.table").await?;
        let mut all = Vec::new();
        let mut offset = 0_u32;
        while offset < MOST_ROWS {
            let part = tx
                .reconciliation_tasks(&scope, filter, AT_ONCE, offset)
                .await?;
            if part.is_empty() {
                break;
            }
            all.extend(part);
            offset = offset.saturating_add(AT_ONCE);
        }
        Ok(all)
    }

    /// How many differences of the own register are open; none for whoever may not see it.
    pub async fn reconciliation_numbers(&self, actor: &Actor) -> Result<TaskNumbers, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let mut tx = self.store().begin_read("reconcile.numbers").await?;
        let mut numbers = TaskNumbers::default();
        let counts = tx
            .reconciliation_counts(&scope, self.today(), self.soon())
            .await?;
        for count in counts {
            if count.state != TaskState::Open {
                continue;
            }
            numbers.open = numbers.open.saturating_add(count.total);
            numbers.overdue = numbers.overdue.saturating_add(count.overdue);
            numbers.soon = numbers.soon.saturating_add(count.soon);
            numbers.first_due_on = match (numbers.first_due_on, count.first_due_on) {
                (Some(first), Some(other)) => Some(first.min(other)),
                (first, other) => first.or(other),
            };
        }
        Ok(numbers)
    }

    /// One difference of the own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn reconciliation_task(
        &self,
        actor: &Actor,
        id: ReconciliationTaskId,
    ) -> Result<TaskView, AppError> {
        let mut tx = self.store().begin_read("reconcile.view").await?;
        let task = tx
            .reconciliation_task(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let register = Resource::Register { owner: task.owner };
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &register)?,
        );
        let operator = tx
            .organisation(task.owner)
            .await?
            .ok_or(AppError::Bug("a register without its operator"))?;
        let facility = match task.facility_id {
            Some(facility) => tx.facility(facility).await?,
            None => None,
        };
        let computer = match task.computer {
            Some(computer) => tx.computer(computer).await?,
            None => None,
        };
        let own = match &computer {
            Some(computer) => {
                self.duty_of(&mut tx, task.owner, computer, facility.as_ref())
                    .await?
            }
            None => Ok(None),
        };
        let counting = Counting {
            operator: &operator,
            facility: facility.as_ref(),
            became_specified_on: computer
                .as_ref()
                .and_then(|computer| computer.current().ok())
                .and_then(|revision| revision.dates.became_specified_on),
        };
        let open = task.state == TaskState::Open;
        let by_duty = task.counts_by == Some(model::assets::CountsBy::Duty);
        let file = match (&own, &computer, task.kind) {
            (
                Ok(Some(due)),
                Some(computer),
                DiscrepancyKind::NotNotified | DiscrepancyKind::Changed | DiscrepancyKind::Ended,
            ) if open => Some((due.duty, computer.parts().version)),
            _ => None,
        };
        let limit = if by_duty && open {
            match own {
                Ok(Some(due)) => Some(Ok(due.finding)),
                Ok(None) => None,
                Err(refusal) => Some(Err(refusal)),
            }
        } else {
            self.counted_limit(&task, &counting)
        };
        let decisions = tx.task_decisions(id).await?;
        Ok(TaskView {
            may_edit: self.policy().may(actor, Action::EditRegister, &register),
            task,
            limit,
            file,
            decisions,
        })
    }

    fn soon(&self) -> Date {
        self.today().saturating_add(i64::from(SOON_DAYS).days())
    }
}
