use ids::{AssignmentId, FilingId, PersonId, Role};
use jiff::Timestamp;
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::official;
use store::rows::desk_work::Assignment;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;

/// Most filings that one request assigns: what a page of the queue shows, and some more.
const MAX_AT_ONCE: usize = 200;

/// Longest history of a filing that is shown.
const MAX_SHOWN: u32 = 100;

/// Somebody at a desk who can handle a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The person.
    pub id: PersonId,
    /// Name shown to others.
    pub name: String,
}

/// Who handled a filing from when on.
#[derive(Clone, Debug)]
pub struct Handled {
    /// Who; `None` where nobody did any more.
    pub person: Option<Handler>,
    /// Name of who said so; empty for one who is no longer there.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl App {
    /// Says who at the actor's desk handles some filings, or that nobody does any more: all of them or none.
    ///
    /// A filing that the person handles already is left as it is. Returns how many changed hands.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when no filing, too many, or a person who cannot handle filings is named;
    /// [`AppError::NotFound`] when one of the filings may not be known to the actor.
    pub async fn assign_filings(
        &self,
        actor: &Actor,
        filings: &[FilingId],
        person: Option<PersonId>,
    ) -> Result<usize, AppError> {
        if filings.is_empty() {
            return Err(AppError::field("filing", "assignment_filing_missing"));
        }
        if MAX_AT_ONCE < filings.len() {
            return Err(AppError::field("filing", "assignment_too_many"));
        }
        let mut tx = self.store().begin("desk.assign").await?;
        let at = self.now();
        let desk = actor.organisation;
        if let Some(person) = person {
            let known = self.handlers_at(&mut tx, actor).await?;
            if !known.iter().any(|handler| handler.id == person) {
                return Err(AppError::field("person", "assignment_person_unknown"));
            }
        }
        let mut changed: usize = 0;
        for filing in filings {
            let (_, facts) = facts(&mut tx, *filing).await?.ok_or(AppError::NotFound)?;
            let permit =
                self.policy()
                    .check(actor, Action::AssignFiling, &Resource::Filing(facts))?;
            let now = tx.assignments(*filing, desk, 1).await?;
            if now.first().and_then(|assignment| assignment.person) == person {
                drop(permit);
                continue;
            }
            let id: AssignmentId = self.ids().next();
            tx.insert_assignment(&Assignment {
                id,
                filing: *filing,
                desk,
                person,
                assigned_by: actor.person,
                assigned_at: at,
            })
            .await?;
            let act = ActDraft {
                act: "filing.assigned",
                subject: Subject::new("filing", *filing),
                details: json!({ "assignment": id.to_string(), "handled": person.is_some() }),
                rows: tx.official_rows(&official::ASSIGNMENT, id.uuid()).await?,
                logs: vec![self.desk_log(&mut tx, actor).await?],
            };
            self.record(&mut tx, permit, &act, at).await?;
            changed = changed.saturating_add(1);
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Who at the actor's desk can handle filings, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no desk.
    pub async fn handlers(&self, actor: &Actor) -> Result<Vec<Handler>, AppError> {
        let queue = Resource::Queue {
            desk: actor.organisation,
        };
        drop(self.policy().check(actor, Action::ViewQueue, &queue)?);
        let mut tx = self.store().begin_read("desk.handlers").await?;
        self.handlers_at(&mut tx, actor).await
    }

    /// Lets those pass who may say who handles filings at their desk.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no desk; [`AppError::Forbidden`] for who only reads there.
    pub async fn require_handler(&self, actor: &Actor) -> Result<(), AppError> {
        let known = self.handlers(actor).await?;
        if known.iter().any(|handler| handler.id == actor.person) {
            Ok(())
        } else {
            Err(AppError::Forbidden)
        }
    }

    /// Who handled a filing at the actor's desk, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not assign it.
    pub async fn assignments_of(
        &self,
        actor: &Actor,
        filing: FilingId,
    ) -> Result<Vec<Handled>, AppError> {
        let mut tx = self.store().begin_read("desk.assignments").await?;
        let (_, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        drop(
            self.policy()
                .check(actor, Action::AssignFiling, &Resource::Filing(facts))?,
        );
        let names = tx.colleague_roles(actor.organisation).await?;
        let name = |id: PersonId| {
            names
                .iter()
                .find(|known| known.person == id)
                .map_or_else(String::new, |known| known.name.clone())
        };
        let found = tx
            .assignments(filing, actor.organisation, MAX_SHOWN)
            .await?;
        Ok(found
            .into_iter()
            .map(|assignment| Handled {
                person: assignment.person.map(|id| Handler { id, name: name(id) }),
                by: name(assignment.assigned_by),
                at: assignment.assigned_at,
            })
            .collect())
    }

    pub(super) async fn handlers_at(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
    ) -> Result<Vec<Handler>, AppError> {
        let mut found: Vec<Handler> = Vec::new();
        for known in tx.colleague_roles(actor.organisation).await? {
            let handles = matches!(known.role, Role::DeskOfficer | Role::CabinetAnalyst);
            if handles && !found.iter().any(|handler| handler.id == known.person) {
                found.push(Handler {
                    id: known.person,
                    name: known.name,
                });
            }
        }
        Ok(found)
    }
}
