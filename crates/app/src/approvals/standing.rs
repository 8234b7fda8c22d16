use ids::{ApprovalId, PersonId};
use jiff::Timestamp;
use model::approvals::{
    ApprovalRefusal, ApprovalStep, ApprovalStepKind, Procedure, Route, Separation,
};
use policy::{ApprovalFacts, Resource};
use store::official::{self, RowRef};
use store::rows::approvals::{ApprovalRecord, NewApprovalStep};
use store::{StoreError, Tx};

use super::people::{Holder, People};
use super::route::route_from_json;
use crate::error::AppError;
use crate::instance::App;

/// A request with its course so far and the people it concerns.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) record: ApprovalRecord,
    pub(super) route: Route,
    pub(super) steps: Vec<ApprovalStep>,
    pub(super) procedure: Procedure,
    pub(super) people: People,
    pub(super) drafters: Vec<PersonId>,
}

impl Standing {
    /// Who may decide now, without those whom the separation of duties keeps from it.
    pub(super) fn holders(&self) -> Vec<Holder> {
        let stage = self.procedure.stage();
        let stage = stage.and_then(|stage| self.route.stages().get(stage));
        stage.map_or_else(Vec::new, |stage| self.people.holders(stage))
    }

    /// Names of those who are waited for.
    pub(super) fn waiting_for(&self) -> Vec<String> {
        let apart = self.route.separation() == Separation::Apart;
        self.holders()
            .iter()
            .filter(|holder| !(apart && self.drafters.contains(&holder.person)))
            .map(|holder| self.people.name(holder.person).to_owned())
            .collect()
    }

    /// The request as the policies see it.
    pub(super) fn resource(&self) -> Resource {
        let ids = |holders: Vec<Holder>| holders.into_iter().map(|holder| holder.person);
        let mut involved: Vec<PersonId> = self.drafters.clone();
        involved.push(self.record.requested_by);
        for stage in self.route.stages() {
            involved.extend(ids(self.people.holders(stage)));
        }
        involved.extend(self.steps.iter().map(|step| step.by));
        Resource::Approval(ApprovalFacts {
            id: self.record.id,
            owner: self.record.owner,
            kind: self.record.kind,
            requested_by: self.record.requested_by,
            drafters: self.drafters.clone(),
            holders: ids(self.holders()).collect(),
            involved,
            separation: match self.route.separation() {
                Separation::Apart => policy::Separation::Apart,
                Separation::Together => policy::Separation::Together,
            },
        })
    }
}

/// A step about to be taken.
pub(super) struct Taken {
    pub(super) kind: ApprovalStepKind,
    pub(super) by: PersonId,
    pub(super) on_behalf_of: Option<PersonId>,
    pub(super) comment: Option<model::text::Prose<2000>>,
    pub(super) filing: Option<ids::FilingId>,
    pub(super) at: Timestamp,
}

impl Taken {
    /// A step without words.
    pub(super) const fn plain(kind: ApprovalStepKind, by: PersonId, at: Timestamp) -> Self {
        Self {
            kind,
            by,
            on_behalf_of: None,
            comment: None,
            filing: None,
            at,
        }
    }
}

impl App {
    /// Reads a request with everything around it. The caller must still ask the policies.
    pub(super) async fn approval_standing(
        &self,
        tx: &mut Tx,
        id: ApprovalId,
    ) -> Result<Option<Standing>, AppError> {
        match tx.approval(id).await? {
            None => Ok(None),
            Some(record) => self.standing_of(tx, record).await.map(Some),
        }
    }

    pub(super) async fn standing_of(
        &self,
        tx: &mut Tx,
        record: ApprovalRecord,
    ) -> Result<Standing, AppError> {
        let people = People::of(tx, record.owner, self.today()).await?;
        let route = route_from_json(&record.stages, record.separation)?
            .ok_or(AppError::Bug("a request for approval without stages"))?;
        let steps = tx.approval_steps(record.id).await?;
        let procedure = Procedure::replay(route.stages().len(), &steps)
            .map_err(|_| AppError::Bug("steps of an approval contradict each other"))?;
        let drafters = serde_json::from_str(&record.drafters)
            .map_err(|_| AppError::Bug("drafters that cannot be read"))?;
        Ok(Standing {
            record,
            route,
            steps,
            procedure,
            people,
            drafters,
        })
    }

    /// Writes a step; `after` is the procedure once it is taken. Returns the official rows for the leaf.
    pub(super) async fn take_step(
        &self,
        tx: &mut Tx,
        standing: &Standing,
        taken: Taken,
        after: Procedure,
    ) -> Result<Vec<RowRef>, AppError> {
        let number = u32::try_from(standing.steps.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let last = standing.route.stages().len().saturating_sub(1);
        let id = self.ids().next();
        let new = NewApprovalStep {
            id,
            request: standing.record.id,
            number,
            step: ApprovalStep {
                kind: taken.kind,
                stage: standing.procedure.stage().unwrap_or(last),
                by: taken.by,
                on_behalf_of: taken.on_behalf_of,
                comment: taken.comment,
                filing: taken.filing,
                at: taken.at,
            },
        };
        tx.insert_approval_step(&new, after.phase().code())
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })?;
        Ok(tx
            .official_rows(&official::APPROVAL_STEP, id.uuid())
            .await?)
    }
}

/// What a caller is told when the procedure refuses.
pub(super) fn refusal(error: ApprovalRefusal) -> AppError {
    AppError::Conflict(match error.step {
        ApprovalStepKind::Approved | ApprovalStepKind::Returned => "approval_decided",
        ApprovalStepKind::PulledBack | ApprovalStepKind::Replaced => "approval_over",
        ApprovalStepKind::Filed | ApprovalStepKind::Commented => "approval_missing",
    })
}
