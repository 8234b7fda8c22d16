//! Accepted rows become computers of the register.

use std::collections::HashMap;

use ids::{ComputerId, FacilityId, ImportId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{Computer, Facility};
use model::names::MatchKey;
use policy::{Action, Actor, Resource};
use serde_json::json;
use statute::{Answers, Exemption};
use store::Tx;
use store::official;
use store::rows::imports::ImportRow;
use uuid::Uuid;

use super::check::loaded;
use super::entry::Entry;
use super::finding::Found;
use crate::act::{ActDraft, Subject};
use crate::assets::facility::{FacilityInput, computer_problem, facility_act};
use crate::assets::input::{ComputerInput, ExemptionInput, FacilityChoice, REGISTERED, Writing};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Computers entered.
    pub computers: u32,
    /// Facilities entered with them.
    pub facilities: u32,
    /// Rows that stay behind.
    pub left_behind: u32,
}

impl App {
    /// Registers every row that is ready or exempt, with the facilities that they name, in one step and one leaf. Rows
    /// with problems, duplicates and rows left out stay behind and are listed.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone changed the import or the register since `version` was read;
    /// [`AppError::Conflict`] when no row is ready.
    pub async fn register_import(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
    ) -> Result<Accepted, AppError> {
        let at = self.now();
        let mut tx = self.store().begin("import.register").await?;
        let (mut head, permit) = self.open_import(&mut tx, actor, id).await?;
        if head.version != version {
            return Err(AppError::Stale);
        }
        // The register may have changed since the rows were looked through; what was accepted must still hold.
        let (sheets, mut entries) = loaded(&mut tx, id).await?;
        let before = accepted(&entries);
        self.recheck_entries(&mut tx, actor, id, &sheets, &mut entries)
            .await?;
        if accepted(&entries) != before {
            return Err(AppError::Stale);
        }
        if before.is_empty() {
            return Err(AppError::Conflict("import_nothing_ready"));
        }
        let operator = tx
            .organisation(head.owner)
            .await?
            .ok_or(AppError::Bug("a register without its operator"))?;
        let mut facilities = Facilities::default();
        let mut computers: Vec<(Computer, Option<Date>)> = Vec::new();
        let mut done = Accepted {
            computers: 0,
            facilities: 0,
            left_behind: 0,
        };
        for entry in &mut entries {
            match entry.stored.state.as_str() {
                "ready" | "exempt" => {}
                "problem" | "duplicate" | "left_out" => {
                    done.left_behind = done.left_behind.saturating_add(1);
                    continue;
                }
                _ => continue,
            }
            let found = entry
                .found
                .clone()
                .ok_or(AppError::Bug("an accepted row without what was found"))?;
            let facility = self
                .facility_of(&mut tx, actor, &found, &mut facilities, at)
                .await?;
            let input = input_of(&found, facility.id)?;
            let writing = Writing {
                number: 1,
                by: actor.person,
                at,
                changed_on: None,
            };
            let computer_id: ComputerId = self.ids().next();
            let revision = self.revision_of(&input, &facility, writing)?;
            let computer =
                Computer::register(computer_id, head.owner, revision).map_err(computer_problem)?;
            let due_on = self.limit_for(&operator, &computer, &facility);
            computers.push((computer, due_on));
            "registered".clone_into(&mut entry.stored.state);
            entry.stored.computer = Some(computer_id);
        }
        tx.insert_computers(&computers, REGISTERED, at).await?;
        let changed: Vec<&ImportRow> = entries
            .iter()
            .map(|entry| &entry.stored)
            .filter(|row| row.computer.is_some())
            .collect();
        tx.save_import_rows(id, &changed).await?;
        let mut revisions: Vec<Uuid> = Vec::with_capacity(computers.len());
        for (computer, _) in &computers {
            let revision = computer.current().map_err(computer_problem)?;
            revisions.push(revision.id.uuid());
        }
        let rows = tx
            .official_rows_of(&official::COMPUTER_REVISION, &revisions)
            .await?;
        done.computers = u32::try_from(computers.len()).unwrap_or(u32::MAX);
        done.facilities = facilities.entered;
        let act = ActDraft {
            act: "computers.imported",
            subject: Subject::new("import", id),
            details: json!({
                "computers": done.computers,
                "facilities": done.facilities,
                "left_behind": done.left_behind,
                "rules_sha256": self.rules_digest().to_string(),
            }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, at).await?;
        "registered".clone_into(&mut head.phase);
        head.updated_at = at;
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// The facility of a row, entered where it is not in the register yet.
    async fn facility_of(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        found: &Found,
        facilities: &mut Facilities,
        at: Timestamp,
    ) -> Result<Facility, AppError> {
        if let Some(id) = found.facility {
            if let Some(facility) = facilities.known.get(&id) {
                return Ok(facility.clone());
            }
            let facility = tx
                .facility(id)
                .await?
                .filter(|facility| facility.owner == actor.organisation)
                .ok_or(AppError::Stale)?;
            facilities.known.insert(id, facility.clone());
            return Ok(facility);
        }
        let key = MatchKey::of_search(&found.facility_name)
            .as_str()
            .to_owned();
        if let Some(facility) = facilities.new.get(&key) {
            return Ok(facility.clone());
        }
        let register = Resource::Register {
            owner: actor.organisation,
        };
        let permit = self
            .policy()
            .check(actor, Action::EditRegister, &register)?;
        let input = FacilityInput {
            name: found.facility_name.clone(),
            category: found.category.clone(),
            installed_on: None,
        };
        let facility = self.new_facility(actor, &input, "facility_")?;
        tx.insert_facility(&facility).await?;
        let act = facility_act("facility.added", &facility, Vec::new());
        self.record(tx, permit, &act, at).await?;
        facilities.entered = facilities.entered.saturating_add(1);
        facilities.new.insert(key, facility.clone());
        Ok(facility)
    }
}

#[derive(Default)]
struct Facilities {
    known: HashMap<FacilityId, Facility>,
    new: HashMap<String, Facility>,
    entered: u32,
}

fn accepted(entries: &[Entry]) -> Vec<(u32, u32)> {
    entries
        .iter()
        .filter(|entry| matches!(entry.stored.state.as_str(), "ready" | "exempt"))
        .map(Entry::key)
        .collect()
}

/// What a person would have entered for this row.
fn input_of(found: &Found, facility: FacilityId) -> Result<ComputerInput, AppError> {
    let missing = || AppError::Bug("an accepted row that lacks an item");
    let day = |text: &Option<String>| -> Option<Date> {
        text.as_deref().and_then(|text| text.parse().ok())
    };
    let exemption = match found.exemption {
        // A general product is found from its name.
        None | Some(Exemption::GeneralProduct | Exemption::MinorChange) => ExemptionInput::None,
        Some(Exemption::OwnGroupUse) => ExemptionInput::OwnGroupUse {
            explanation: found.explanation.clone(),
        },
        Some(Exemption::EspaSubstitute) => ExemptionInput::EspaSubstitute {
            document: found.espa_document.clone(),
            same_name: true,
            same_supplier: true,
        },
    };
    let note = if found.serial.is_empty() {
        found.note.clone()
    } else if found.note.is_empty() {
        format!("管理番号: {}", found.serial)
    } else {
        format!("管理番号: {}\n{}", found.serial, found.note)
    };
    let mut class_answers = Answers::new();
    for (code, answer) in &found.class_answers {
        class_answers.set(code, *answer);
    }
    Ok(ComputerInput {
        facility: FacilityChoice::Known(facility),
        unit: found.unit.ok_or_else(missing)?,
        class: Some(found.class.ok_or_else(missing)?),
        class_answers,
        product: found.product.clone(),
        maker: found.maker.clone(),
        introduced_on: day(&found.introduced_on).ok_or_else(missing)?,
        became_specified_on: day(&found.became_specified_on),
        exemption,
        note,
    })
}
