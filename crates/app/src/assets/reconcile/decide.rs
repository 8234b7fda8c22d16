use ids::{Id, ReconciliationTaskId};
use model::assets::TaskState;
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::rows::reconciliation::{NewTaskDecision, ReconciliationTask};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

impl App {
    /// Sets a task aside for a reason; nothing is to be done about it until its difference changes.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::Stale`] when it changed since `version` was read;
    /// [`AppError::Conflict`] when it is not open.
    pub async fn set_task_aside(
        &self,
        actor: &Actor,
        id: ReconciliationTaskId,
        version: i64,
        reason: &str,
    ) -> Result<(), AppError> {
        self.decide_task(actor, id, version, TaskState::SetAside, reason)
            .await
    }

    /// Takes a task up again that was set aside.
    ///
    /// # Errors
    /// As [`App::set_task_aside`].
    pub async fn reopen_task(
        &self,
        actor: &Actor,
        id: ReconciliationTaskId,
        version: i64,
        reason: &str,
    ) -> Result<(), AppError> {
        self.decide_task(actor, id, version, TaskState::Open, reason)
            .await
    }

    async fn decide_task(
        &self,
        actor: &Actor,
        id: ReconciliationTaskId,
        version: i64,
        state: TaskState,
        reason: &str,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("reconcile.decide").await?;
        let task = tx
            .reconciliation_task(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let register = Resource::Register { owner: task.owner };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        let (from, decision) = match state {
            TaskState::SetAside => (TaskState::Open, "set_aside"),
            TaskState::Open => (TaskState::SetAside, "reopened"),
            TaskState::Closed => return Err(AppError::Bug("a task is closed by itself only")),
        };
        if task.version != version {
            return Err(AppError::Stale);
        }
        if task.state != from {
            return Err(AppError::Conflict("task_settled"));
        }
        if reason.trim().is_empty() {
            return Err(AppError::field("reason", "empty"));
        }
        let reason = Prose::<1000>::parse(reason)
            .map_err(|error| AppError::field("reason", TextError::code(error)))?;
        let mark: Id<TaskMark> = self.ids().next();
        tx.update_reconciliation_task(&ReconciliationTask { state, ..task })
            .await?;
        tx.insert_task_decision(&NewTaskDecision {
            id: mark.uuid(),
            task: id,
            decision,
            reason: reason.as_str(),
            by: actor.person,
            at,
        })
        .await?;
        let act = ActDraft {
            act: "reconciliation.decided",
            subject: Subject::new("reconciliation_task", id),
            details: json!({ "decision": decision }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A decision has an id that nothing else refers to.
enum TaskMark {}
