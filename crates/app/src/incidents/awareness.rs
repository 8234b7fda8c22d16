use ids::{AwarenessId, CaseId};
use jiff::Timestamp;
use model::incidents::{AwarenessError, AwarenessKind, Case, CaseError, NewAwareness, Precision};
use model::text::Prose;
use policy::{Action, Actor, Resource};
use serde_json::{Value, json};
use store::Tx;
use store::official::{self, RowRef};

use super::load::{Loaded, load_case, record_of};
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// What a person tells about a moment of becoming aware (認知).
#[derive(Clone)]
pub struct AwarenessInput {
    /// The instant.
    pub aware_at: Timestamp,
    /// Whether it is an estimate.
    pub precision: Precision,
    /// Who noticed what, and from where it is known.
    pub source: String,
}

impl std::fmt::Debug for AwarenessInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwarenessInput")
            .field("aware_at", &self.aware_at)
            .finish_non_exhaustive()
    }
}

impl AwarenessInput {
    pub(super) fn request(&self) -> Value {
        json!([
            self.aware_at.to_string(),
            self.precision.code(),
            self.source
        ])
    }

    /// Checks every field and says all that is wrong at once.
    pub(super) fn read(
        &self,
        app: &App,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<NewAwareness, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        if now < self.aware_at {
            problems.push(FieldProblem::new("aware_at", AwarenessError::Future.code()));
        }
        let source = Prose::parse(&self.source)
            .map_err(|error| problems.push(FieldProblem::new("source", error.code())));
        match source {
            Ok(source) if problems.is_empty() => Ok(NewAwareness {
                id: app.ids().next(),
                aware_at: self.aware_at,
                precision: self.precision,
                source,
                recorded_at: now,
                recorded_by: actor.person,
            }),
            Ok(_) | Err(()) => Err(problems),
        }
    }
}

impl App {
    /// Records a further moment of awareness: so a near miss becomes an incident, with nothing typed again (Act
    /// Art. 5). The near miss keeps its own time and clock.
    pub async fn add_awareness(
        &self,
        actor: &Actor,
        id: CaseId,
        kind: AwarenessKind,
        input: &AwarenessInput,
        key: Option<&str>,
    ) -> Result<AwarenessId, AppError> {
        let now = self.now();
        let request = json!([id.to_string(), kind.code(), input.request()]);
        let once = Once::new(actor, "case.add_awareness", key, &request)?;
        let new = input.read(self, actor, now).map_err(AppError::Invalid)?;
        let awareness = new.id;
        let mut tx = self.store().begin("case.add_awareness").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::EditCase, &resource(&loaded.case))?;
        let case = loaded
            .case
            .clone()
            .record_awareness(kind, new)
            .map_err(refusal)?;
        tx.update_case(&record_of(&case, &loaded.record)).await?;
        let rows = insert_newest(&mut tx, &case).await?;
        let act = ActDraft {
            act: "case.awareness_recorded",
            subject: Subject::new("case", id),
            details: json!({ "kind": kind.code(), "aware_at": input.aware_at.to_string() }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        once.remember(&mut tx, &awareness, now).await?;
        tx.commit().await?;
        Ok(awareness)
    }

    /// Corrects a moment of awareness by a new record with a reason; the earlier one and what was counted from it
    /// stay visible (DESIGN invariant 3).
    pub async fn correct_awareness(
        &self,
        actor: &Actor,
        id: CaseId,
        of: AwarenessId,
        reason: &str,
        input: &AwarenessInput,
        key: Option<&str>,
    ) -> Result<AwarenessId, AppError> {
        let now = self.now();
        let request = json!([id.to_string(), of.to_string(), reason, input.request()]);
        let once = Once::new(actor, "case.correct_awareness", key, &request)?;
        let reason_read = Prose::parse(reason).map_err(|error| {
            let mut problems = vec![FieldProblem::new("reason", error.code())];
            if let Err(more) = input.read(self, actor, now) {
                problems.extend(more);
            }
            AppError::Invalid(problems)
        })?;
        let new = input.read(self, actor, now).map_err(AppError::Invalid)?;
        let awareness = new.id;
        let mut tx = self.store().begin("case.correct_awareness").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let Loaded { record, case, .. } =
            load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::EditCase, &resource(&case))?;
        let case = case
            .correct_awareness(of, reason_read, new)
            .map_err(refusal)?;
        tx.update_case(&record_of(&case, &record)).await?;
        let rows = insert_newest(&mut tx, &case).await?;
        let act = ActDraft {
            act: "case.awareness_corrected",
            subject: Subject::new("case", id),
            details: json!({ "corrects": of.to_string(), "aware_at": input.aware_at.to_string() }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        once.remember(&mut tx, &awareness, now).await?;
        tx.commit().await?;
        Ok(awareness)
    }
}

/// The case, as the policies see it.
pub(super) fn resource(case: &Case) -> Resource {
    Resource::Case {
        id: case.id(),
        owner: case.parts().owner,
    }
}

/// What a caller is told when the state machine refuses.
pub(crate) fn refusal(error: CaseError) -> AppError {
    match error {
        CaseError::Phase(_)
        | CaseError::NoAwareness
        | CaseError::NoJudgement
        | CaseError::WrongKind => AppError::Conflict(error.code()),
        CaseError::Awareness(AwarenessError::Future) => AppError::field("aware_at", error.code()),
        CaseError::Awareness(AwarenessError::Unknown) => AppError::NotFound,
        CaseError::Awareness(AwarenessError::Superseded | AwarenessError::Duplicate) => {
            AppError::Conflict(error.code())
        }
        CaseError::Inconsistent => AppError::Bug("parts of a case contradict each other"),
    }
}

/// Writes the newest record of awareness of a case, and names its row for the leaf.
pub(crate) async fn insert_newest(tx: &mut Tx, case: &Case) -> Result<Vec<RowRef>, AppError> {
    let Some(newest) = case.awareness().records().last() else {
        return Err(AppError::Bug("awareness was not recorded"));
    };
    tx.insert_awareness(case.id(), newest).await?;
    Ok(tx
        .official_rows(&official::AWARENESS, newest.id.uuid())
        .await?)
}
