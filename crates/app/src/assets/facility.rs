use std::fmt;

use ids::FacilityId;
use jiff::civil::Date;
use model::assets::{Computer, ComputerPhase, Facility};
use model::names::{CategoryName, MatchKey};
use model::text::{Line, TextError};
use policy::{Action, Actor, Resource};
use serde_json::{Value, json};
use store::Tx;
use store::rows::assets::FacilityEntry;

use crate::act::{ActDraft, Subject};
use crate::assets::register::bound_revision;
use crate::error::{AppError, FieldProblem};
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// Facilities that a search looks through at most.
const MOST_SEARCHED: usize = 20_000;

/// Facilities whose name or category holds what was typed.
#[derive(Clone, Debug)]
pub struct FoundFacilities {
    /// As many as were asked for, in the order of the register.
    pub entries: Vec<FacilityEntry>,
    /// Whether there are others.
    pub more: bool,
}

/// What someone enters of a facility; texts as typed.
#[derive(Clone)]
pub struct FacilityInput {
    /// What it is called in the house.
    pub name: String,
    /// Category in the words of the facility order.
    pub category: String,
    /// Day of installation.
    pub installed_on: Option<Date>,
}

impl fmt::Debug for FacilityInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FacilityInput").finish_non_exhaustive()
    }
}

impl FacilityInput {
    pub(crate) fn fingerprint(&self) -> Value {
        json!({
            "name": self.name,
            "category": self.category,
            "installed_on": self.installed_on.map(|day| day.to_string()),
        })
    }
}

impl App {
    /// Facilities of the own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn facilities(
        &self,
        actor: &Actor,
        after: Option<FacilityId>,
        limit: u32,
    ) -> Result<Vec<FacilityEntry>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("facility.list").await?;
        Ok(tx.facilities(&scope, after, self.page_limit(limit)).await?)
    }

    /// Facilities of the own register whose name or category holds these words in any writing; all for no words.
    pub async fn find_facilities(
        &self,
        actor: &Actor,
        words: &str,
        limit: u32,
    ) -> Result<FoundFacilities, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        let wanted = MatchKey::of_search(words);
        let at_once = self.page_limit(u32::MAX);
        let limit = usize::try_from(self.page_limit(limit)).unwrap_or(usize::MAX);
        let mut found = FoundFacilities {
            entries: Vec::new(),
            more: false,
        };
        let (mut after, mut searched) = (None, 0_usize);
        let mut tx = self.store().begin_read("facility.find").await?;
        loop {
            let entries = tx.facilities(&scope, after, at_once).await?;
            searched = searched.saturating_add(entries.len());
            let last = entries.last().map(|entry| entry.facility.id);
            for entry in entries {
                if !holds(&entry.facility, &wanted) {
                    continue;
                }
                if limit <= found.entries.len() {
                    found.more = true;
                    return Ok(found);
                }
                found.entries.push(entry);
            }
            match last {
                None => return Ok(found),
                Some(_) if MOST_SEARCHED <= searched => {
                    found.more = true;
                    return Ok(found);
                }
                Some(last) => after = Some(last),
            }
        }
    }

    /// One facility of the own register.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn facility(&self, actor: &Actor, id: FacilityId) -> Result<Facility, AppError> {
        let mut tx = self.store().begin_read("facility.view").await?;
        let facility = tx.facility(id).await?.ok_or(AppError::NotFound)?;
        let register = Resource::Register {
            owner: facility.owner,
        };
        // Looking at the own register is no reading of others' contents.
        drop(
            self.policy()
                .check(actor, Action::ViewRegister, &register)?,
        );
        Ok(facility)
    }

    /// Enters a facility (特定重要設備) in the register.
    pub async fn add_facility(
        &self,
        actor: &Actor,
        input: &FacilityInput,
        key: Option<&str>,
    ) -> Result<FacilityId, AppError> {
        let once = Once::new(actor, "facility.add", key, &input.fingerprint())?;
        let at = self.now();
        let mut tx = self.store().begin("facility.add").await?;
        let register = Resource::Register {
            owner: actor.organisation,
        };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let facility = self.new_facility(actor, input, "")?;
        tx.insert_facility(&facility).await?;
        let act = facility_act("facility.added", &facility, Vec::new());
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &facility.id, at).await?;
        tx.commit().await?;
        Ok(facility.id)
    }

    /// Changes a facility. Its category is a notified item of each computer (Order Art. 2(5)(ii)), so another category
    /// writes a revision of each, and the day of the change is needed where one was notified.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed it since `version` was read.
    pub async fn change_facility(
        &self,
        actor: &Actor,
        id: FacilityId,
        version: i64,
        input: &FacilityInput,
        changed_on: Option<Date>,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("facility.change").await?;
        let before = tx.facility(id).await?.ok_or(AppError::NotFound)?;
        let register = Resource::Register {
            owner: before.owner,
        };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        let mut after = self.new_facility(actor, input, "")?;
        after.id = id;
        after.owner = before.owner;
        after.version = version;
        if changed_on.is_some_and(|day| self.today() < day) {
            return Err(AppError::field("changed_on", "day_in_future"));
        }
        tx.update_facility(&after).await?;
        let mut rows = Vec::new();
        for computer in tx.computers_of_facility(id).await? {
            let computer = tx
                .computer(computer)
                .await?
                .ok_or(AppError::Bug("a computer that went away"))?;
            let follows = before.category != after.category && takes_part(&computer);
            if follows {
                let revised = self
                    .follow_category(&mut tx, actor, computer, &after, changed_on, at)
                    .await?;
                rows.extend(bound_revision(&mut tx, &revised).await?);
            } else {
                let due_on = self.limit_of(&mut tx, &computer, &after).await?;
                tx.set_computer_due(computer.id(), due_on).await?;
            }
        }
        let act = facility_act("facility.changed", &after, rows);
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn follow_category(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        computer: Computer,
        facility: &Facility,
        changed_on: Option<Date>,
        at: jiff::Timestamp,
    ) -> Result<Computer, AppError> {
        let current = computer
            .current()
            .map_err(|_| AppError::Bug("a computer without revisions"))?;
        let mut next = current.clone();
        next.id = self.ids().next();
        next.number = current.number.saturating_add(1);
        next.items.facility_category = facility.category.clone();
        next.dates.changed_on = changed_on;
        next.written_by = actor.person;
        next.written_at = at;
        let revised = computer.revise(next).map_err(computer_problem)?;
        let due_on = self.limit_of(tx, &revised, facility).await?;
        tx.update_computer(&revised, due_on).await?;
        let revision = revised
            .current()
            .map_err(|_| AppError::Bug("a computer without revisions"))?;
        tx.insert_revision(revised.id(), revision, "facility_category")
            .await?;
        Ok(revised)
    }

    /// Reads what was entered; problems name the fields with a prefix, where they stand in a larger form.
    pub(crate) fn new_facility(
        &self,
        actor: &Actor,
        input: &FacilityInput,
        prefix: &str,
    ) -> Result<Facility, AppError> {
        let mut problems = Vec::new();
        let name = Line::parse(&input.name).map_err(TextError::code);
        let category = CategoryName::parse(&input.category).map_err(TextError::code);
        if let Err(code) = &name {
            problems.push(FieldProblem::new(format!("{prefix}name"), code));
        }
        if let Err(code) = &category {
            problems.push(FieldProblem::new(format!("{prefix}category"), code));
        }
        if input.installed_on.is_some_and(|day| self.today() < day) {
            problems.push(FieldProblem::new(
                format!("{prefix}installed_on"),
                "day_in_future",
            ));
        }
        match (name, category) {
            (Ok(name), Ok(category)) if problems.is_empty() => Ok(Facility {
                id: self.ids().next(),
                owner: actor.organisation,
                name,
                category,
                installed_on: input.installed_on,
                version: 1,
            }),
            _ => Err(AppError::Invalid(problems)),
        }
    }
}

/// Whether a change of the facility still concerns a computer.
const fn takes_part(computer: &Computer) -> bool {
    match computer.phase() {
        ComputerPhase::Draft
        | ComputerPhase::Exempt { .. }
        | ComputerPhase::Notified { .. }
        | ComputerPhase::ChangedSinceNotified { .. } => true,
        ComputerPhase::RetirementDue { .. } | ComputerPhase::Retired { .. } => false,
    }
}

pub(crate) fn facility_act(
    act: &'static str,
    facility: &Facility,
    rows: Vec<store::official::RowRef>,
) -> ActDraft {
    ActDraft {
        act,
        subject: Subject::new("facility", facility.id),
        details: json!({}),
        rows,
        logs: vec![LogCode::instance()],
    }
}

/// What a refused step of a computer means to whoever asked for it.
pub(crate) fn computer_problem(error: model::assets::ComputerError) -> AppError {
    use model::assets::{ComputerError, ComputerStep};

    match error {
        ComputerError::ChangeDayMissing => AppError::field("changed_on", "change_day_missing"),
        ComputerError::Phase(refused) => AppError::Conflict(match refused.step {
            ComputerStep::Notify => "computer_already_notified",
            ComputerStep::NotifyChange => "computer_without_change",
            ComputerStep::NotifyRetirement => "computer_in_use",
            ComputerStep::Correct => "correction_superseded",
            ComputerStep::Change | ComputerStep::RevertChange | ComputerStep::EndUse => {
                "computer_out_of_use"
            }
            ComputerStep::Exempt | ComputerStep::LoseExemption => "computer_not_exemptible",
        }),
        ComputerError::OutOfTurn | ComputerError::Inconsistent => {
            AppError::Bug("a computer that contradicts itself")
        }
    }
}

/// Words are compared without spaces, case and width, so a key is part of the key of what holds it.
fn holds(facility: &Facility, wanted: &MatchKey) -> bool {
    [facility.name.as_str(), facility.category.as_str()]
        .iter()
        .any(|text| MatchKey::of_search(text).as_str().contains(wanted.as_str()))
}
