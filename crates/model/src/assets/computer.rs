use ids::{ComputerId, FilingId, OrganisationId};
use jiff::Timestamp;
use jiff::civil::Date;
use statute::Exemption;
use thiserror::Error;

use super::difference::{Significance, differences, significance};
use super::phase::{ComputerPhase, ComputerTransitionError, Notified};
use super::revision::Revision;

/// Specified important computer (特定重要電子計算機, Act Art. 2(3)) of the register.
///
/// Invariants: revisions only grow and are numbered without gaps; the phase changes only by the
/// steps of [`ComputerPhase`], and names only revisions of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computer {
    parts: ComputerParts,
}

/// Everything a computer is made of, as the store reads and writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputerParts {
    /// Identifies it.
    pub id: ComputerId,
    /// The operator.
    pub owner: OrganisationId,
    /// Where it stands.
    pub phase: ComputerPhase,
    /// What is known of it, oldest first; never empty.
    pub revisions: Vec<Revision>,
    /// Grows with each change; a stale change is refused.
    pub version: i64,
}

/// Why something cannot be done with a computer.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ComputerError {
    /// The phase does not allow it.
    #[error(transparent)]
    Phase(ComputerTransitionError),
    /// The new revision does not follow the last one.
    #[error("revision is out of turn")]
    OutOfTurn,
    /// A change of a notified item needs the day of the change, on which the period counts.
    #[error("day of the change is missing")]
    ChangeDayMissing,
    /// The stored parts contradict each other.
    #[error("parts of the computer contradict each other")]
    Inconsistent,
}

impl ComputerError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phase(_) => "computer.phase",
            Self::OutOfTurn => "computer.out_of_turn",
            Self::ChangeDayMissing => "computer.change_day_missing",
            Self::Inconsistent => "computer.inconsistent",
        }
    }
}

impl Computer {
    /// Enters a computer in the register. A claimed exemption holds at once.
    pub fn register(
        id: ComputerId,
        owner: OrganisationId,
        revision: Revision,
    ) -> Result<Self, ComputerError> {
        if revision.number != 1 {
            return Err(ComputerError::OutOfTurn);
        }
        let phase = phase_of_claim(ComputerPhase::Draft, &revision)?;
        Ok(Self {
            parts: ComputerParts {
                id,
                owner,
                phase,
                revisions: vec![revision],
                version: 1,
            },
        })
    }

    /// Builds a computer from what the store holds.
    pub fn from_parts(parts: ComputerParts) -> Result<Self, ComputerError> {
        let in_order = (1_u32..)
            .zip(&parts.revisions)
            .all(|(number, each)| each.number == number);
        let known = parts.phase.notified().is_none_or(|notified| {
            parts
                .revisions
                .iter()
                .any(|each| each.id == notified.revision)
        });
        if parts.revisions.is_empty() || !in_order || !known {
            return Err(ComputerError::Inconsistent);
        }
        Ok(Self { parts })
    }

    /// Everything the computer is made of.
    pub const fn parts(&self) -> &ComputerParts {
        &self.parts
    }

    /// Gives the parts away, to be stored.
    pub fn into_parts(self) -> ComputerParts {
        self.parts
    }

    /// Identifies the computer.
    pub const fn id(&self) -> ComputerId {
        self.parts.id
    }

    /// Where it stands.
    pub const fn phase(&self) -> &ComputerPhase {
        &self.parts.phase
    }

    /// What is known of it now.
    pub fn current(&self) -> Result<&Revision, ComputerError> {
        self.parts
            .revisions
            .last()
            .ok_or(ComputerError::Inconsistent)
    }

    /// The revision that stands on the authority's file.
    pub fn notified_revision(&self) -> Option<&Revision> {
        let notified = self.parts.phase.notified()?;
        self.parts
            .revisions
            .iter()
            .find(|each| each.id == notified.revision)
    }

    /// Adds a revision. Whether a change notification follows is decided against what was notified,
    /// so a change that is taken back before it was filed asks for nothing.
    pub fn revise(mut self, revision: Revision) -> Result<Self, ComputerError> {
        if revision.number != self.current()?.number.saturating_add(1) {
            return Err(ComputerError::OutOfTurn);
        }
        let change = self
            .notified_revision()
            .map(|notified| significance(&differences(notified, &revision)));
        let phase = self.parts.phase;
        self.parts.phase = match (change, phase) {
            (None, phase) => phase_of_claim(phase, &revision)?,
            (Some(Significance::Notifiable), phase) => {
                let on = revision
                    .dates
                    .changed_on
                    .ok_or(ComputerError::ChangeDayMissing)?;
                phase.change(on).map_err(ComputerError::Phase)?
            }
            (Some(Significance::HouseOnly), ComputerPhase::ChangedSinceNotified { .. }) => {
                phase.revert_change().map_err(ComputerError::Phase)?
            }
            (Some(Significance::HouseOnly), phase) => phase,
        };
        self.parts.revisions.push(revision);
        Ok(self)
    }

    /// Files the first notification of the current revision.
    pub fn notify(mut self, filing: FilingId, at: Timestamp) -> Result<Self, ComputerError> {
        let notified = Notified {
            filing,
            revision: self.current()?.id,
            at,
        };
        self.parts.phase = self
            .parts
            .phase
            .notify(notified)
            .map_err(ComputerError::Phase)?;
        Ok(self)
    }

    /// Files the change to the current revision.
    pub fn notify_change(mut self, filing: FilingId, at: Timestamp) -> Result<Self, ComputerError> {
        let notified = Notified {
            filing,
            revision: self.current()?.id,
            at,
        };
        self.parts.phase = self
            .parts
            .phase
            .notify_change(notified)
            .map_err(ComputerError::Phase)?;
        Ok(self)
    }

    /// The computer is no longer in use.
    pub fn end_use(mut self, on: Date) -> Result<Self, ComputerError> {
        self.parts.phase = self.parts.phase.end_use(on).map_err(ComputerError::Phase)?;
        Ok(self)
    }

    /// Files the end of use.
    pub fn notify_retirement(mut self, filing: FilingId) -> Result<Self, ComputerError> {
        self.parts.phase = self
            .parts
            .phase
            .notify_retirement(filing)
            .map_err(ComputerError::Phase)?;
        Ok(self)
    }
}

/// Follows the claim of a revision while nothing is notified.
fn phase_of_claim(
    phase: ComputerPhase,
    revision: &Revision,
) -> Result<ComputerPhase, ComputerError> {
    let claimed = revision
        .exemption
        .as_ref()
        .map(super::revision::ExemptionClaim::reason);
    let next = match (phase, claimed) {
        (_, Some(reason @ (Exemption::OwnGroupUse | Exemption::GeneralProduct))) => {
            phase.exempt(reason)
        }
        (
            ComputerPhase::Exempt { .. },
            None | Some(Exemption::EspaSubstitute | Exemption::MinorChange),
        ) => phase.lose_exemption(),
        (
            ComputerPhase::Draft
            | ComputerPhase::Notified { .. }
            | ComputerPhase::ChangedSinceNotified { .. }
            | ComputerPhase::RetirementDue { .. }
            | ComputerPhase::Retired { .. },
            None | Some(Exemption::EspaSubstitute | Exemption::MinorChange),
        ) => Ok(phase),
    };
    next.map_err(ComputerError::Phase)
}
