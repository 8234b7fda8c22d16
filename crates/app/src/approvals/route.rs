use ids::{ApprovalRouteId, FilingKind, OrganisationId, PersonId, Role};
use model::approvals::{Route, Separation, Stage};
use model::text::Line;
use policy::{Action, Actor, OrganisationFacts, Resource};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::rows::approvals::RouteRecord;
use store::{StoreError, Tx, official};

use super::people::{Colleague, People};
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::instance::App;
use crate::logs::LogCode;

/// Kinds of document that may have a route. A withdrawal and an answer in place to a request for correction have none.
pub const ROUTED: [FilingKind; 7] = [
    FilingKind::AssetNotification,
    FilingKind::AssetChange,
    FilingKind::AssetRetirement,
    FilingKind::IncidentPrompt,
    FilingKind::IncidentUpdate,
    FilingKind::IncidentFull,
    FilingKind::IncidentCorrection,
];

/// A stage as it was typed.
#[derive(Clone, Debug, Default)]
pub struct StageInput {
    /// What it is called.
    pub name: String,
    /// Roles whose people may decide.
    pub roles: Vec<Role>,
    /// People who may decide.
    pub people: Vec<PersonId>,
}

/// A route as it was typed; without stages nothing is asked for.
#[derive(Clone, Debug)]
pub struct RouteInput {
    /// The stages in order.
    pub stages: Vec<StageInput>,
    /// Whether those who draft must not approve.
    pub separation: Separation,
}

/// A route as its administrator sees it.
#[derive(Clone, Debug)]
pub struct RouteView {
    /// The kind of document.
    pub kind: FilingKind,
    /// The route, if one is in force.
    pub route: Option<Route>,
    /// Grows with each change; 0 where none was ever set.
    pub number: u32,
    /// Who may be named.
    pub colleagues: Vec<Colleague>,
}

#[derive(Serialize, Deserialize)]
struct StageWire {
    name: String,
    roles: Vec<Role>,
    people: Vec<PersonId>,
}

/// The stages of a route as they are kept.
pub(super) fn stages_to_json(stages: &[Stage]) -> Result<String, AppError> {
    let wire: Vec<StageWire> = stages
        .iter()
        .map(|stage| StageWire {
            name: stage.name.as_str().to_owned(),
            roles: stage.roles.clone(),
            people: stage.people.clone(),
        })
        .collect();
    serde_json::to_string(&wire).map_err(|_| AppError::Bug("a route without JSON form"))
}

/// The route that stages were written from; nothing for an empty list.
pub(super) fn route_from_json(
    stages: &str,
    separation: Separation,
) -> Result<Option<Route>, AppError> {
    const TORN: AppError = AppError::Bug("a route that cannot be read");
    let wire: Vec<StageWire> = serde_json::from_str(stages).map_err(|_| TORN)?;
    if wire.is_empty() {
        return Ok(None);
    }
    let mut stages = Vec::with_capacity(wire.len());
    for stage in wire {
        stages.push(Stage {
            name: Line::parse(&stage.name).map_err(|_| TORN)?,
            roles: stage.roles,
            people: stage.people,
        });
    }
    Route::new(stages, separation).map(Some).map_err(|_| TORN)
}

impl App {
    /// The route of the own organisation for a kind of document.
    ///
    /// # Errors
    /// [`AppError::NotFound`] or [`AppError::Forbidden`] for whoever does not administer it.
    pub async fn approval_route(
        &self,
        actor: &Actor,
        kind: FilingKind,
    ) -> Result<RouteView, AppError> {
        self.must_administer(actor)?;
        if !ROUTED.contains(&kind) {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("approval.route").await?;
        let people = People::of(&mut tx, actor.organisation, self.today()).await?;
        let record = tx.approval_route(actor.organisation, kind).await?;
        let number = record.as_ref().map_or(0, |record| record.number);
        let route = match record {
            Some(record) => route_from_json(&record.stages, record.separation)?,
            None => None,
        };
        Ok(RouteView {
            kind,
            route,
            number,
            colleagues: people.everybody(),
        })
    }

    /// Sets the route for a kind of document; requests that are under way keep theirs.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `stages`; [`AppError::Stale`] when somebody else set it since `seen`.
    pub async fn set_approval_route(
        &self,
        actor: &Actor,
        kind: FilingKind,
        input: &RouteInput,
        seen: u32,
    ) -> Result<(), AppError> {
        self.must_administer(actor)?;
        let permit = self
            .policy()
            .check(actor, Action::SetApprovalRoute, &organisation(actor))?;
        if !ROUTED.contains(&kind) {
            return Err(AppError::NotFound);
        }
        let at = self.now();
        let mut tx = self.store().begin("approval.set_route").await?;
        let people = People::of(&mut tx, actor.organisation, self.today()).await?;
        let stages = read_stages(input, &people)?;
        let stages = match stages {
            Some(route) => stages_to_json(route.stages())?,
            None => "[]".to_owned(),
        };
        let before = tx.approval_route(actor.organisation, kind).await?;
        let number = before.map_or(0, |before| before.number);
        if number != seen {
            return Err(AppError::Stale);
        }
        let id: ApprovalRouteId = self.ids().next();
        let record = RouteRecord {
            id,
            owner: actor.organisation,
            kind,
            number: number.saturating_add(1),
            separation: input.separation,
            stages,
            set_by: actor.person,
            set_at: at,
        };
        tx.insert_approval_route(&record)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })?;
        let act = ActDraft {
            act: "approval.route_set",
            subject: Subject::new("approval_route", id),
            details: json!({
                "kind": kind.code(),
                "stages": input.stages.len(),
                "separation": input.separation.code(),
            }),
            rows: tx
                .official_rows(&official::APPROVAL_ROUTE, id.uuid())
                .await?,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    fn must_administer(&self, actor: &Actor) -> Result<(), AppError> {
        if actor.organisation_kind != ids::OrganisationKind::Operator {
            return Err(AppError::NotFound);
        }
        drop(
            self.policy()
                .check(actor, Action::ManagePeople, &organisation(actor))?,
        );
        Ok(())
    }
}

/// The route in force, in a transaction.
pub(super) async fn route_in_force(
    tx: &mut Tx,
    owner: OrganisationId,
    kind: FilingKind,
) -> Result<Option<Route>, AppError> {
    match tx.approval_route(owner, kind).await? {
        Some(record) => route_from_json(&record.stages, record.separation),
        None => Ok(None),
    }
}

fn organisation(actor: &Actor) -> Resource {
    Resource::Organisation(OrganisationFacts {
        id: actor.organisation,
        kind: actor.organisation_kind,
    })
}

/// Reads what was typed; stages left empty are left out.
fn read_stages(input: &RouteInput, people: &People) -> Result<Option<Route>, AppError> {
    let mut problems = Vec::new();
    let mut stages = Vec::new();
    let known = people.everybody();
    for (place, stage) in (1_u32..).zip(&input.stages) {
        let nobody = stage.roles.is_empty() && stage.people.is_empty();
        if nobody && stage.name.trim().is_empty() {
            continue;
        }
        let strangers = stage
            .people
            .iter()
            .any(|id| !known.iter().any(|colleague| colleague.id == *id));
        if nobody || strangers {
            problems.push(FieldProblem::new(format!("holders{place}"), "route_nobody"));
        }
        match Line::parse(&stage.name) {
            Ok(name) => stages.push(Stage {
                name,
                roles: stage.roles.clone(),
                people: stage.people.clone(),
            }),
            Err(error) => problems.push(FieldProblem::new(format!("name{place}"), error.code())),
        }
    }
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }
    if stages.is_empty() {
        return Ok(None);
    }
    Route::new(stages, input.separation)
        .map(Some)
        .map_err(|error| AppError::field("holders1", error.code()))
}
