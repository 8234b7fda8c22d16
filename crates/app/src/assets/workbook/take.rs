use std::collections::BTreeMap;

use ids::ComputerId;
use jiff::civil::Date;
use model::assets::{NotifiedUnit, Revision};
use policy::{Action, Actor, Resource};
use statute::{Answers, AssetClass, Exemption};

use super::super::input::{ComputerInput, ExemptionInput, FacilityChoice, RevisionInput};
use super::rows::CHANGEABLE;
use crate::assets::facility::computer_problem;
use crate::error::{AppError, FieldProblem};
use crate::instance::App;

/// What a person takes over from a workbook for one computer.
#[derive(Clone, Debug)]
pub struct TakenComputer {
    /// The computer.
    pub computer: ComputerId,
    /// Its version at the comparison.
    pub version: i64,
    /// Key of the item to its value: codes, days in ISO 8601.
    pub values: BTreeMap<String, String>,
}

impl App {
    /// Takes items of a workbook over into the register: all of them or none.
    ///
    /// `changed_on` is the day of the changes that have to be notified, where the workbook names none (Act Art. 4(3)).
    ///
    /// # Errors
    /// [`AppError::Stale`] when one of the computers was changed since the comparison; [`AppError::Invalid`] with the
    /// field behind the id of the computer, for example `<id>.product`.
    pub async fn take_workbook(
        &self,
        actor: &Actor,
        taken: &[TakenComputer],
        changed_on: Option<Date>,
        reason: &str,
    ) -> Result<usize, AppError> {
        let register = Resource::Register {
            owner: actor.organisation,
        };
        drop(
            self.policy()
                .check(actor, Action::EditRegister, &register)?,
        );
        if self.row_limit() < taken.len() {
            return Err(AppError::TooLarge("too_many_computers"));
        }
        let at = self.now();
        let mut tx = self.store().begin("notification.workbook").await?;
        let wanted: Vec<ComputerId> = taken.iter().map(|one| one.computer).collect();
        let own = tx.computers_of(actor.organisation, &wanted).await?;
        let mut problems = Vec::new();
        for one in taken {
            let computer = own.get(&one.computer).ok_or(AppError::NotFound)?;
            let revision = computer.current().map_err(computer_problem)?;
            let input = match revised(revision, one, changed_on, reason) {
                Ok(input) => input,
                Err(AppError::Invalid(found)) => {
                    problems.extend(of_computer(one.computer, found));
                    continue;
                }
                Err(other) => return Err(other),
            };
            let done = self
                .change_computer_in(&mut tx, actor, one.computer, one.version, &input, at)
                .await;
            match done {
                Ok(_) => {}
                Err(AppError::Invalid(found)) => problems.extend(of_computer(one.computer, found)),
                Err(other) => return Err(other),
            }
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        tx.commit().await?;
        Ok(taken.len())
    }
}

fn of_computer(id: ComputerId, problems: Vec<FieldProblem>) -> impl Iterator<Item = FieldProblem> {
    problems
        .into_iter()
        .map(move |problem| FieldProblem::new(format!("{id}.{}", problem.field), problem.code))
}

/// A computer as it is, with the items that were taken over.
fn revised(
    revision: &Revision,
    taken: &TakenComputer,
    changed_on: Option<Date>,
    reason: &str,
) -> Result<RevisionInput, AppError> {
    let mut input = RevisionInput {
        computer: as_it_is(revision),
        changed_on: changed_on.or(revision.dates.changed_on),
        reason: reason.to_owned(),
    };
    for (key, value) in &taken.values {
        if !CHANGEABLE.contains(&key.as_str()) {
            return Err(AppError::field(key, "field.unknown"));
        }
        let wrong = || AppError::field(key, "code.unknown");
        match key.as_str() {
            "product" => input.computer.product.clone_from(value),
            "maker" => input.computer.maker.clone_from(value),
            "class" => {
                input.computer.class = Some(AssetClass::parse(value).ok_or_else(wrong)?);
                // The answers spoke for another class.
                input.computer.class_answers = Answers::default();
            }
            "unit" => {
                input.computer.unit = value.parse::<NotifiedUnit>().map_err(|_| wrong())?;
            }
            "introduced_on" => {
                let day = value
                    .parse()
                    .map_err(|_| AppError::field(key, "date.not_a_date"))?;
                input.computer.introduced_on = day;
            }
            _ => {
                let day = value
                    .parse()
                    .map_err(|_| AppError::field(key, "date.not_a_date"))?;
                input.changed_on = Some(day);
            }
        }
    }
    Ok(input)
}

fn as_it_is(revision: &Revision) -> ComputerInput {
    let exemption = match &revision.exemption {
        None => ExemptionInput::None,
        Some(claim) => match claim.reason() {
            Exemption::OwnGroupUse => ExemptionInput::OwnGroupUse {
                explanation: claim
                    .explanation()
                    .map(|text| text.as_str().to_owned())
                    .unwrap_or_default(),
            },
            Exemption::EspaSubstitute => ExemptionInput::EspaSubstitute {
                document: claim
                    .document()
                    .map(|text| text.as_str().to_owned())
                    .unwrap_or_default(),
                same_name: true,
                same_supplier: true,
            },
            Exemption::GeneralProduct => ExemptionInput::GeneralProduct,
            Exemption::MinorChange => ExemptionInput::None,
        },
    };
    ComputerInput {
        facility: FacilityChoice::Known(revision.facility),
        unit: revision.items.unit,
        class: Some(revision.items.class),
        class_answers: revision.class_answers.clone(),
        product: revision.items.product.as_str().to_owned(),
        maker: revision.items.maker.as_str().to_owned(),
        introduced_on: revision.dates.introduced_on,
        became_specified_on: revision.dates.became_specified_on,
        exemption,
        note: revision
            .note
            .as_ref()
            .map(|note| note.as_str().to_owned())
            .unwrap_or_default(),
    }
}
