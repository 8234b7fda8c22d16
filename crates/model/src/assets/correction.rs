use ids::{FilingId, RevisionId};
use jiff::Timestamp;
use jiff::civil::Date;

use super::computer::{Computer, ComputerError};
use super::difference::{Significance, differences, significance};
use super::phase::{ComputerPhase, Notified};
use super::revision::{NotifiedItems, Revision, RevisionDates};

/// A corrected version (補正) of a notification, as it concerns one computer.
///
/// 補正 completes what was filed; it is no change under Act Art. 4(3), so no period begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The version that was corrected.
    pub from: FilingId,
    /// The version that took its place.
    pub to: FilingId,
    /// When that one arrived.
    pub at: Timestamp,
}

impl Correction {
    const fn describing(self, revision: RevisionId) -> Notified {
        Notified {
            filing: self.to,
            revision,
            at: self.at,
        }
    }
}

impl Computer {
    /// The new version says the same of this computer: only the document changed.
    pub fn follow_correction(self, correction: Correction) -> Result<Self, ComputerError> {
        let Some(notified) = self.phase().notified().copied() else {
            return Err(ComputerError::Inconsistent);
        };
        let mut parts = self.into_parts();
        parts.phase = parts
            .phase
            .correct(correction.from, correction.describing(notified.revision))
            .map_err(ComputerError::Phase)?;
        Self::from_parts(parts)
    }

    /// The new version says something else: `corrected` takes the place of the revision that was notified.
    ///
    /// What the register had already changed beyond the notified revision stays changed, in one more revision that
    /// `again` names; a change that turns out to have been filed now is one no longer.
    pub fn correct_notified(
        self,
        correction: Correction,
        corrected: Revision,
        again: RevisionId,
    ) -> Result<Self, ComputerError> {
        let current = self.current()?.clone();
        let before = self
            .notified_revision()
            .ok_or(ComputerError::Inconsistent)?
            .clone();
        if corrected.number != current.number.saturating_add(1) {
            return Err(ComputerError::OutOfTurn);
        }
        let kept = Revision {
            id: again,
            number: corrected.number.saturating_add(1),
            ..carried(&before, &current, &corrected)
        };
        let left = differences(&corrected, &kept);
        let mut parts = self.into_parts();
        let now = correction.describing(corrected.id);
        let phase = parts
            .phase
            .correct(correction.from, now)
            .map_err(ComputerError::Phase)?;
        let settled = matches!(phase, ComputerPhase::ChangedSinceNotified { .. })
            && significance(&left) == Significance::HouseOnly;
        parts.phase = if settled {
            phase.revert_change().map_err(ComputerError::Phase)?
        } else {
            phase
        };
        parts.revisions.push(corrected);
        if !left.is_empty() {
            parts.revisions.push(kept);
        }
        Self::from_parts(parts)
    }

    /// The new version of the notification of the end of use says on which day it ended.
    pub fn correct_retirement(
        self,
        correction: Correction,
        retired_on: Date,
    ) -> Result<Self, ComputerError> {
        let mut parts = self.into_parts();
        parts.phase = parts
            .phase
            .correct_retirement(correction.from, correction.to, retired_on)
            .map_err(ComputerError::Phase)?;
        Self::from_parts(parts)
    }
}

/// What the register says once the notified revision reads otherwise: fields that differed from it stay as they are,
/// the others follow the correction.
fn carried(before: &Revision, current: &Revision, corrected: &Revision) -> Revision {
    let items = NotifiedItems {
        facility_category: later(
            &before.items.facility_category,
            &current.items.facility_category,
            &corrected.items.facility_category,
        ),
        class: later(
            &before.items.class,
            &current.items.class,
            &corrected.items.class,
        ),
        unit: later(
            &before.items.unit,
            &current.items.unit,
            &corrected.items.unit,
        ),
        product: later(
            &before.items.product,
            &current.items.product,
            &corrected.items.product,
        ),
        maker: later(
            &before.items.maker,
            &current.items.maker,
            &corrected.items.maker,
        ),
    };
    let dates = RevisionDates {
        introduced_on: later(
            &before.dates.introduced_on,
            &current.dates.introduced_on,
            &corrected.dates.introduced_on,
        ),
        became_specified_on: later(
            &before.dates.became_specified_on,
            &current.dates.became_specified_on,
            &corrected.dates.became_specified_on,
        ),
        changed_on: later(
            &before.dates.changed_on,
            &current.dates.changed_on,
            &corrected.dates.changed_on,
        ),
    };
    let answered = if current.items.class == before.items.class {
        corrected
    } else {
        current
    };
    Revision {
        facility: later(&before.facility, &current.facility, &corrected.facility),
        items,
        dates,
        class_answers: answered.class_answers.clone(),
        exemption: later(&before.exemption, &current.exemption, &corrected.exemption),
        note: current.note.clone(),
        ..corrected.clone()
    }
}

fn later<T: Clone + PartialEq>(before: &T, current: &T, corrected: &T) -> T {
    if current == before {
        corrected.clone()
    } else {
        current.clone()
    }
}
