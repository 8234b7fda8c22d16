use ids::{CaseId, DelegationId, OrganisationId, OrganisationKind, PersonId, Role};
use jiff::Timestamp;
use model::delegations::{Extent, Sections};
use model::organisation::{HouseTargets, Organisation};
use model::person::{Person, PersonStatus};
use model::text::Line;
use policy::{Action, Actor, OrganisationFacts, Resource};
use serde_json::json;
use store::rows::delegations::DelegationRecord;
use store::rows::people::Credential;
use store::{StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::{EnrolmentKind, EnrolmentLink, NO_PASSWORD, checked_person};
use crate::instance::App;
use crate::logs::LogCode;

/// Delegations shown on the page of an operator.
const SHOWN: u32 = 100;
/// Looks shown of each.
const LOOKS: u32 = 200;

/// A delegation as it was typed.
#[derive(Clone, Default)]
pub struct DelegationInput {
    /// Somebody to whom the operator delegated before; otherwise the next three are asked for.
    pub person: Option<PersonId>,
    /// Name of the contractor.
    pub company: String,
    /// Name of the person.
    pub name: String,
    /// What the person will type to log in.
    pub login: String,
    /// The case.
    pub case: Option<CaseId>,
    /// The items.
    pub sections: Vec<u8>,
    /// How far it goes.
    pub extent: Option<Extent>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// What the contractor is asked to do; the contractor reads it.
    pub reason: String,
}

impl std::fmt::Debug for DelegationInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DelegationInput")
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Given {
    /// The delegation.
    pub delegation: DelegationId,
    /// The link for somebody new, shown once.
    pub link: Option<EnrolmentLink>,
}

/// That the contractor looked at something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// The item.
    pub section: u8,
    /// When.
    pub at: Timestamp,
}

/// A delegation as the operator sees it.
#[derive(Clone, Debug)]
pub struct DelegationView {
    /// As it is kept.
    pub record: DelegationRecord,
    /// Name of the contractor.
    pub company: String,
    /// Name of the person.
    pub name: String,
    /// Title of the case.
    pub case: String,
    /// Whether it holds now.
    pub in_force: bool,
    /// Every look, the newest last.
    pub viewed: Vec<Viewed>,
}

/// What was typed, read.
struct Read {
    case: CaseId,
    sections: Sections,
    extent: Extent,
    until: Timestamp,
    reason: Line<500>,
}

impl App {
    /// Lets a person of a contractor see or fill in items of a case, and invites them where they have no account.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; [`AppError::StepUpRequired`].
    pub async fn delegate(
        &self,
        actor: &Actor,
        input: &DelegationInput,
    ) -> Result<Given, AppError> {
        let at = self.now();
        let own = organisation(actor);
        let permit = self.policy().check(actor, Action::ManageDelegation, &own)?;
        let mut tx = self.store().begin("delegation.give").await?;
        let read = self.read_delegation(&mut tx, actor, input).await;
        let (person, contractor, link) = match input.person {
            Some(person) => {
                let known = self.known_contractor(&mut tx, actor, person).await?;
                (person, known, None)
            }
            None => match (self.new_contractor(actor, input), &read) {
                (Ok(new), Ok(_)) => self.invite_contractor(&mut tx, actor, new).await?,
                (Ok(_), Err(_)) => return Err(read.err().unwrap_or(AppError::NotFound)),
                (Err(mut problems), _) => {
                    if let Err(AppError::Invalid(others)) = read {
                        problems.extend(others);
                    }
                    return Err(AppError::Invalid(problems));
                }
            },
        };
        let read = read?;
        let id: DelegationId = self.ids().next();
        let record = DelegationRecord {
            id,
            owner: actor.organisation,
            contractor,
            person,
            case: read.case,
            sections: read.sections,
            extent: read.extent,
            reason: read.reason.as_str().to_owned(),
            until: read.until,
            given_by: actor.person,
            given_at: at,
            ended_at: None,
        };
        tx.insert_delegation(&record).await?;
        let act = ActDraft {
            act: "delegation.given",
            subject: Subject::new("delegation", id),
            details: json!({
                "sections": record.sections.to_string(),
                "extent": record.extent.code(),
                "until": record.until.to_string(),
            }),
            rows: tx.official_rows(&official::DELEGATION, id.uuid()).await?,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(Given {
            delegation: id,
            link,
        })
    }

    /// What the own organisation has delegated, the newest first, with every look of the contractors.
    pub async fn delegations(&self, actor: &Actor) -> Result<Vec<DelegationView>, AppError> {
        let fresh = Actor {
            step_up: policy::StepUp::Fresh,
            ..actor.clone()
        };
        let own = organisation(actor);
        // Looking at the list asks for no fresh second factor; giving does.
        drop(
            self.policy()
                .check(&fresh, Action::ManageDelegation, &own)
                .map_err(|_| AppError::NotFound)?,
        );
        let scope = self
            .policy()
            .organisation_scope(&fresh, Action::ManageDelegation);
        let mut tx = self.store().begin_read("delegation.list").await?;
        let mut views = Vec::new();
        for record in tx.delegations_given(&scope, SHOWN).await? {
            let company = tx.organisation(record.contractor).await?;
            let person = tx.person(record.person).await?;
            let case = tx.case(record.case).await?;
            let mut viewed = Vec::new();
            for leaf in tx.leaves_of_subject(record.id.uuid(), LOOKS).await? {
                viewed.extend(look_of(&leaf.act, &leaf.record, leaf.recorded_at));
            }
            views.push(DelegationView {
                in_force: record.in_force(self.now()),
                company: company.map(|company| company.name_ja).unwrap_or_default(),
                name: person.map(|(person, _)| person.name).unwrap_or_default(),
                case: case
                    .map(|case| case.title.as_str().to_owned())
                    .unwrap_or_default(),
                viewed,
                record,
            });
        }
        Ok(views)
    }

    /// Cases that can be delegated: those of the own organisation that are open, with their titles.
    pub async fn delegable_cases(&self, actor: &Actor) -> Result<Vec<(CaseId, String)>, AppError> {
        let own = organisation(actor);
        drop(self.policy().check(actor, Action::ManageDelegation, &own)?);
        let scope = self
            .policy()
            .organisation_scope(actor, Action::ManageDelegation);
        let mut tx = self.store().begin_read("delegation.cases").await?;
        Ok(tx.titles_of_cases(&scope, SHOWN).await?)
    }

    /// Ends a delegation at once.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is over; [`AppError::StepUpRequired`].
    pub async fn end_delegation(&self, actor: &Actor, id: DelegationId) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("delegation.end").await?;
        let record = tx.delegation(id).await?.ok_or(AppError::NotFound)?;
        let resource = self.delegation_resource(&record, 0);
        let permit = self
            .policy()
            .check(actor, Action::ManageDelegation, &resource)?;
        if !record.in_force(at) {
            return Err(AppError::Conflict("delegation_ended"));
        }
        tx.end_delegation(id, actor.person, at)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("delegation_ended"),
                other => other.into(),
            })?;
        let act = ActDraft {
            act: "delegation.ended",
            subject: Subject::new("delegation", id),
            details: json!({}),
            rows: tx
                .official_rows(&official::DELEGATION_END, id.uuid())
                .await?,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn read_delegation(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        input: &DelegationInput,
    ) -> Result<Read, AppError> {
        let mut problems = Vec::new();
        let case = match input.case {
            Some(id) => tx
                .case(id)
                .await?
                .filter(|case| case.owner == actor.organisation)
                .map(|case| case.id),
            None => None,
        };
        if case.is_none() {
            problems.push(FieldProblem::new("case", "delegation_case"));
        }
        let sections = Sections::new(input.sections.iter().copied());
        if sections.is_err() {
            problems.push(FieldProblem::new("sections", "delegation_sections"));
        }
        if input.extent.is_none() {
            problems.push(FieldProblem::new("extent", "delegation_extent"));
        }
        let until = input.until.filter(|until| self.now() < *until);
        if until.is_none() {
            problems.push(FieldProblem::new("until", "delegation_until"));
        }
        let reason = Line::parse(&input.reason)
            .map_err(|error| problems.push(FieldProblem::new("reason", error.code())));
        match (case, sections, input.extent, until, reason) {
            (Some(case), Ok(sections), Some(extent), Some(until), Ok(reason)) => Ok(Read {
                case,
                sections,
                extent,
                until,
                reason,
            }),
            _ => Err(AppError::Invalid(problems)),
        }
    }

    /// Somebody to whom the operator delegated before.
    async fn known_contractor(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: PersonId,
    ) -> Result<OrganisationId, AppError> {
        let scope = self
            .policy()
            .organisation_scope(actor, Action::ManageDelegation);
        tx.delegations_given(&scope, u32::MAX)
            .await?
            .into_iter()
            .find(|known| known.person == person)
            .map(|known| known.contractor)
            .ok_or_else(|| AppError::field("person", "delegation_person"))
    }

    fn new_contractor(
        &self,
        actor: &Actor,
        input: &DelegationInput,
    ) -> Result<(Organisation, Person), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let company = Line::<200>::parse(&input.company)
            .map_err(|error| problems.push(FieldProblem::new("company", error.code())));
        let login = checked_person(&input.login, &input.name, "ja", &mut problems);
        let (Ok(company), Some(login), true) = (company, login, problems.is_empty()) else {
            return Err(problems);
        };
        let organisation = Organisation {
            id: self.ids().next(),
            kind: OrganisationKind::Contractor,
            name_ja: company.as_str().to_owned(),
            name_en: company.as_str().to_owned(),
            desk_code: None,
            corporate_number: None,
            sector: None,
            prefecture: None,
            parent: Some(actor.organisation),
            designation: None,
            targets: HouseTargets::NONE,
            version: 1,
        };
        let person = Person {
            id: self.ids().next(),
            organisation: organisation.id,
            login,
            name: input.name.trim().to_owned(),
            locale: "ja".to_owned(),
            roles: vec![Role::Contractor],
            status: PersonStatus::Active,
            version: 1,
        };
        Ok((organisation, person))
    }

    async fn invite_contractor(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (organisation, person): (Organisation, Person),
    ) -> Result<(PersonId, OrganisationId, Option<EnrolmentLink>), AppError> {
        let nothing_yet = Credential {
            password_hash: NO_PASSWORD.to_owned(),
            totp_sealed: None,
            totp_last_step: None,
        };
        tx.insert_organisation(&organisation).await?;
        tx.insert_person(&person, &nothing_yet, self.now())
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::field("login", "login_taken"),
                other => other.into(),
            })?;
        let link = self
            .new_link(tx, person.id, EnrolmentKind::Invitation, actor.person)
            .await?;
        Ok((person.id, organisation.id, Some(link)))
    }
}

/// A look of the contractor, from the leaf that stands for it.
fn look_of(act: &str, record: &str, at: Timestamp) -> Option<Viewed> {
    if act != "delegation.read" {
        return None;
    }
    let record: serde_json::Value = serde_json::from_str(record).ok()?;
    let section = record.pointer("/details/section")?.as_u64()?;
    Some(Viewed {
        section: u8::try_from(section).ok()?,
        at,
    })
}

fn organisation(actor: &Actor) -> Resource {
    Resource::Organisation(OrganisationFacts {
        id: actor.organisation,
        kind: actor.organisation_kind,
    })
}
