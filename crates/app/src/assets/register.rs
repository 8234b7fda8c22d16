use ids::{ComputerId, FacilityId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{Computer, Facility};
use model::text::{Prose, TextError};
use policy::{Action, Actor, Permit, Resource};
use serde::{Deserialize, Serialize};
use serde_json::json;
use statute::AssetClass;
use store::official::{self, RowRef};
use store::rows::assets::ComputerHead;
use store::{ComputerFilter, Tx};

use crate::act::{ActDraft, Subject};
use crate::assets::facility::{computer_problem, facility_act};
use crate::assets::input::{ComputerInput, FacilityChoice, REGISTERED, RevisionInput, Writing};
use crate::error::AppError;
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// A computer as it stands after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The computer.
    pub computer: ComputerId,
    /// Its version, for the next change.
    pub version: i64,
}

/// A page of the register.
#[derive(Clone, Debug)]
pub struct ComputerPage {
    /// Computers, newest first.
    pub computers: Vec<ComputerHead>,
    /// Where the next page begins.
    pub next: Option<ComputerId>,
    /// Number of computers that the filter leaves.
    pub total: u64,
}

impl App {
    /// Computers of the own register, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no register.
    pub async fn computers(
        &self,
        actor: &Actor,
        filter: &ComputerFilter,
        before: Option<ComputerId>,
        limit: u32,
    ) -> Result<ComputerPage, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("computer.list").await?;
        let mut computers = tx
            .computers(&scope, filter, before, limit.saturating_add(1))
            .await?;
        let total = tx.count_computers(&scope, filter).await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = shown < computers.len();
        computers.truncate(shown);
        Ok(ComputerPage {
            next: if more {
                computers.last().map(|head| head.id)
            } else {
                None
            },
            computers,
            total: u64::try_from(total).unwrap_or(0),
        })
    }

    /// Enters a computer in the register (Order Art. 2(5)), with its facility where that is new too.
    pub async fn add_computer(
        &self,
        actor: &Actor,
        input: &ComputerInput,
        key: Option<&str>,
    ) -> Result<Registered, AppError> {
        let once = Once::new(actor, "computer.add", key, &input.fingerprint())?;
        let at = self.now();
        let mut tx = self.store().begin("computer.add").await?;
        let id: ComputerId = self.ids().next();
        let owner = actor.organisation;
        let permit = self.policy().check(
            actor,
            Action::EditRegister,
            &Resource::Computer { id, owner },
        )?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let facility = self
            .chosen_facility(&mut tx, actor, &input.facility, at)
            .await?;
        let writing = Writing {
            number: 1,
            by: actor.person,
            at,
            changed_on: None,
        };
        let revision = self.revision_of(input, &facility, writing)?;
        let computer = Computer::register(id, owner, revision).map_err(computer_problem)?;
        let due_on = self.limit_of(&mut tx, &computer, &facility).await?;
        tx.insert_computer(&computer, due_on, at).await?;
        self.write_revision(&mut tx, permit, &computer, REGISTERED, "computer.added", at)
            .await?;
        let registered = Registered {
            computer: id,
            version: 1,
        };
        once.remember(&mut tx, &registered, at).await?;
        tx.commit().await?;
        Ok(registered)
    }

    /// Writes a new revision of a computer. Whether a change is to be notified follows from what was notified.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed it since `version` was read.
    pub async fn change_computer(
        &self,
        actor: &Actor,
        id: ComputerId,
        version: i64,
        input: &RevisionInput,
    ) -> Result<Registered, AppError> {
        let at = self.now();
        let mut tx = self.store().begin("computer.change").await?;
        let changed = self
            .change_computer_in(&mut tx, actor, id, version, input, at)
            .await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// As [`App::change_computer`], in a transaction of the caller's.
    pub(crate) async fn change_computer_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ComputerId,
        version: i64,
        input: &RevisionInput,
        at: Timestamp,
    ) -> Result<Registered, AppError> {
        let (computer, permit) = self.editable(tx, actor, id, version).await?;
        let reason = Prose::<1000>::parse(&input.reason).map_err(TextError::code);
        let facility = self
            .chosen_facility(tx, actor, &input.computer.facility, at)
            .await?;
        let number = computer
            .current()
            .map_err(computer_problem)?
            .number
            .saturating_add(1);
        let writing = Writing {
            number,
            by: actor.person,
            at,
            changed_on: input.changed_on,
        };
        let revision = self.revision_of(&input.computer, &facility, writing);
        let (revision, reason) = match (revision, reason) {
            (Ok(revision), Ok(reason)) => (revision, reason),
            (Err(AppError::Invalid(mut problems)), Err(code)) => {
                problems.push(crate::error::FieldProblem::new("reason", code));
                return Err(AppError::Invalid(problems));
            }
            (Err(error), _) => return Err(error),
            (Ok(_), Err(code)) => return Err(AppError::field("reason", code)),
        };
        let revised = computer.revise(revision).map_err(computer_problem)?;
        let due_on = self.limit_of(tx, &revised, &facility).await?;
        tx.update_computer(&revised, due_on).await?;
        self.write_revision(
            tx,
            permit,
            &revised,
            reason.as_str(),
            "computer.revised",
            at,
        )
        .await?;
        Ok(Registered {
            computer: id,
            version: version.saturating_add(1),
        })
    }

    /// Records that a computer is no longer in use. One that was notified waits for the notification of its end.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed it since `version` was read.
    pub async fn end_computer_use(
        &self,
        actor: &Actor,
        id: ComputerId,
        version: i64,
        on: Date,
    ) -> Result<Registered, AppError> {
        let at = self.now();
        let mut tx = self.store().begin("computer.end_use").await?;
        let (computer, permit) = self.editable(&mut tx, actor, id, version).await?;
        let revision = computer.current().map_err(computer_problem)?;
        if self.today() < on {
            return Err(AppError::field("ended_on", "day_in_future"));
        }
        if on < revision.dates.introduced_on {
            return Err(AppError::field("ended_on", "change_before_introduction"));
        }
        let facility = tx
            .facility(revision.facility)
            .await?
            .ok_or(AppError::Bug("a computer without a facility"))?;
        let ended = computer.end_use(on).map_err(computer_problem)?;
        let due_on = self.limit_of(&mut tx, &ended, &facility).await?;
        tx.update_computer(&ended, due_on).await?;
        let act = ActDraft {
            act: "computer.use_ended",
            subject: Subject::new("computer", id),
            details: json!({ "ended_on": on.to_string() }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(Registered {
            computer: id,
            version: version.saturating_add(1),
        })
    }

    /// A computer that the actor may change and nobody changed since.
    async fn editable(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ComputerId,
        version: i64,
    ) -> Result<(Computer, Permit), AppError> {
        let computer = tx.computer(id).await?.ok_or(AppError::NotFound)?;
        let resource = Resource::Computer {
            id,
            owner: computer.parts().owner,
        };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &resource)?;
        if computer.parts().version != version {
            return Err(AppError::Stale);
        }
        Ok((computer, permit))
    }

    async fn chosen_facility(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        choice: &FacilityChoice,
        at: Timestamp,
    ) -> Result<Facility, AppError> {
        match choice {
            FacilityChoice::Known(id) => self.own_facility(tx, actor, *id).await,
            FacilityChoice::New(input) => {
                let register = Resource::Register {
                    owner: actor.organisation,
                };
                let permit = self
                    .policy()
                    .check(actor, Action::EditRegister, &register)?;
                let facility = self.new_facility(actor, input, "facility_")?;
                tx.insert_facility(&facility).await?;
                let act = facility_act("facility.added", &facility, Vec::new());
                self.record(tx, permit, &act, at).await?;
                Ok(facility)
            }
        }
    }

    /// A facility of the actor's own register; of others nobody learns that it exists.
    async fn own_facility(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: FacilityId,
    ) -> Result<Facility, AppError> {
        tx.facility(id)
            .await?
            .filter(|facility| facility.owner == actor.organisation)
            .ok_or_else(|| AppError::field("facility", "facility_unknown"))
    }

    async fn write_revision(
        &self,
        tx: &mut Tx,
        permit: Permit,
        computer: &Computer,
        reason: &str,
        act: &'static str,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let revision = computer.current().map_err(computer_problem)?;
        tx.insert_revision(computer.id(), revision, reason).await?;
        let act = ActDraft {
            act,
            subject: Subject::new("computer", computer.id()),
            details: json!({
                "revision": revision.number,
                "phase": computer.phase().code(),
                "class": AssetClass::code(revision.items.class),
                "rules_sha256": self.rules_digest().to_string(),
            }),
            rows: bound_revision(tx, computer).await?,
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, at).await?;
        Ok(())
    }

    pub(crate) fn page_limit(&self, wanted: u32) -> u32 {
        wanted.clamp(1, self.config().limits.page_entries)
    }
}

/// The official row of the current revision, to be named in the leaf of the act that wrote it.
pub(crate) async fn bound_revision(
    tx: &mut Tx,
    computer: &Computer,
) -> Result<Vec<RowRef>, AppError> {
    let revision = computer.current().map_err(computer_problem)?;
    Ok(tx
        .official_rows(&official::COMPUTER_REVISION, revision.id.uuid())
        .await?)
}
