//! 代理: who stands in for somebody who is away.

use ids::{DeputyId, PersonId};
use jiff::civil::Date;
use model::text::Line;
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::rows::approvals::DeputyRecord;
use store::{StoreError, official};

use super::people::{Colleague, People};
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::instance::App;
use crate::logs::LogCode;

/// That somebody stands in, as it was chosen.
#[derive(Clone, Debug)]
pub struct DeputyInput {
    /// Who is away.
    pub person: Option<PersonId>,
    /// Who stands in.
    pub deputy: Option<PersonId>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

/// Somebody who stands in, with names.
#[derive(Clone, Debug)]
pub struct DeputyView {
    /// The record.
    pub record: DeputyRecord,
    /// Name of who is away.
    pub person: String,
    /// Name of who stands in.
    pub deputy: String,
    /// Whether the actor may end it.
    pub may_end: bool,
}

impl App {
    /// Who stands in for whom today and later, and everybody who could.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not belong to an operator.
    pub async fn deputies(
        &self,
        actor: &Actor,
    ) -> Result<(Vec<DeputyView>, Vec<Colleague>), AppError> {
        drop(
            self.policy()
                .check(actor, Action::ViewDeputy, &own(actor))?,
        );
        let mut tx = self.store().begin_read("deputy.list").await?;
        let today = self.today();
        let people = People::of(&mut tx, actor.organisation, today).await?;
        let views = tx
            .deputies(actor.organisation, today)
            .await?
            .into_iter()
            .map(|record| DeputyView {
                person: people.name(record.person).to_owned(),
                deputy: people.name(record.deputy).to_owned(),
                may_end: self
                    .policy()
                    .may(&fresh(actor), Action::SetDeputy, &end_of(&record)),
                record,
            })
            .collect();
        Ok((views, people.everybody()))
    }

    /// Whether the actor may name a deputy at all, for oneself or for others, with a fresh second factor.
    pub fn may_set_deputies(&self, actor: &Actor) -> bool {
        let nobody = PersonId::from_uuid(uuid::Uuid::nil());
        [actor.person, nobody].into_iter().any(|person| {
            let resource = Resource::Deputy {
                person,
                deputy: nobody,
                owner: actor.organisation,
            };
            self.policy()
                .may(&fresh(actor), Action::SetDeputy, &resource)
        })
    }

    /// Names who stands in for somebody, for some days.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; [`AppError::Forbidden`] for whoever would make themselves a deputy.
    pub async fn set_deputy(&self, actor: &Actor, input: &DeputyInput) -> Result<(), AppError> {
        drop(
            self.policy()
                .check(actor, Action::ViewDeputy, &own(actor))?,
        );
        if !self.may_set_deputies(actor) {
            return Err(AppError::Forbidden);
        }
        let at = self.now();
        let today = self.today();
        let mut tx = self.store().begin("deputy.set").await?;
        let people = People::of(&mut tx, actor.organisation, today)
            .await?
            .everybody();
        let known = |id: Option<PersonId>| id.filter(|id| people.iter().any(|one| one.id == *id));
        let mut problems = Vec::new();
        let reason = Line::<200>::parse(&input.reason)
            .map_err(|error| problems.push(FieldProblem::new("reason", error.code())))
            .ok();
        let person = known(input.person);
        let deputy = known(input.deputy).filter(|deputy| Some(*deputy) != person);
        for (field, absent) in [("person", person.is_none()), ("deputy", deputy.is_none())] {
            if absent {
                problems.push(FieldProblem::new(field, "deputy_person"));
            }
        }
        if input.until.is_none_or(|until| until < today)
            || input
                .until
                .zip(input.from)
                .is_some_and(|(until, from)| until < from)
        {
            problems.push(FieldProblem::new("until", "deputy_until"));
        }
        if input.from.is_none() {
            problems.push(FieldProblem::new("from", "deputy_from"));
        }
        let (Some(reason), Some(person), Some(deputy), Some(from_on), Some(until_on), true) = (
            reason,
            person,
            deputy,
            input.from,
            input.until,
            problems.is_empty(),
        ) else {
            return Err(AppError::Invalid(problems));
        };
        let resource = Resource::Deputy {
            person,
            deputy,
            owner: actor.organisation,
        };
        let permit = self.policy().check(actor, Action::SetDeputy, &resource)?;
        let id: DeputyId = self.ids().next();
        let record = DeputyRecord {
            id,
            owner: actor.organisation,
            person,
            deputy,
            from_on,
            until_on,
            reason: reason.as_str().to_owned(),
            set_by: actor.person,
            set_at: at,
        };
        tx.insert_deputy(&record).await?;
        let act = ActDraft {
            act: "deputy.set",
            subject: Subject::new("deputy", id),
            details: json!({ "from": from_on.to_string(), "until": until_on.to_string() }),
            rows: tx
                .official_rows(&official::APPROVAL_DEPUTY, id.uuid())
                .await?,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends it before its last day.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it has ended.
    pub async fn end_deputy(&self, actor: &Actor, id: DeputyId) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("deputy.end").await?;
        let record = tx
            .deputies(actor.organisation, self.today())
            .await?
            .into_iter()
            .find(|record| record.id == id)
            .ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::SetDeputy, &end_of(&record))?;
        tx.end_deputy(id, actor.person, at)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("deputy_ended"),
                other => other.into(),
            })?;
        let act = ActDraft {
            act: "deputy.ended",
            subject: Subject::new("deputy", id),
            details: json!({}),
            rows: tx
                .official_rows(&official::APPROVAL_DEPUTY_END, id.uuid())
                .await?,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// That somebody of the own organisation stands in for the actor.
fn own(actor: &Actor) -> Resource {
    Resource::Deputy {
        person: actor.person,
        deputy: PersonId::from_uuid(uuid::Uuid::nil()),
        owner: actor.organisation,
    }
}

/// Ending concerns the person who is away; a deputy may not end it, and nobody gains by ending it.
fn end_of(record: &DeputyRecord) -> Resource {
    Resource::Deputy {
        person: record.person,
        deputy: record.deputy,
        owner: record.owner,
    }
}

fn fresh(actor: &Actor) -> Actor {
    Actor {
        step_up: policy::StepUp::Fresh,
        ..actor.clone()
    }
}
