//! The limit of a difference: always from the rule book, never a number of this program.

use model::assets::{CountsBy, Facility};
use model::organisation::{Designation, DesignationCause, Organisation};
use statute::calendar::jst;
use statute::{
    BasisFinding, ComputerDates, DueRefusal, Entrance, change_basis, notification_basis,
};
use store::rows::reconciliation::ReconciliationTask;

use super::compare::Discrepancy;
use crate::instance::App;

/// What counts besides the day of the difference itself.
pub(super) struct Counting<'a> {
    pub(super) operator: &'a Organisation,
    pub(super) facility: Option<&'a Facility>,
    pub(super) became_specified_on: Option<jiff::civil::Date>,
}

impl App {
    /// Sets the limit of a task, with the day from which it counts.
    pub(super) fn set_limit(
        &self,
        task: &mut ReconciliationTask,
        found: &Discrepancy,
        counting: &Counting<'_>,
    ) {
        match found.counts_by {
            None => {}
            Some(CountsBy::Duty) => task.due_on = found.own_limit,
            Some(CountsBy::Introduction | CountsBy::Change) => {
                task.day_known = found.from.is_some();
                task.counted_from = Some(found.from.unwrap_or_else(|| jst::day_of(task.found_at)));
                task.due_on = self
                    .counted_limit(task, counting)
                    .and_then(Result::ok)
                    .and_then(|finding| finding.due.legal_limit);
            }
        }
    }

    /// The limit of a task with its reasons; `None` where the computer's own duty counts, or nothing does.
    pub(super) fn counted_limit(
        &self,
        task: &ReconciliationTask,
        counting: &Counting<'_>,
    ) -> Option<Result<BasisFinding, DueRefusal>> {
        let from = task.counted_from?;
        match task.counts_by? {
            CountsBy::Duty => None,
            CountsBy::Change => Some(change_basis(self.rules(), from, self.mode())),
            CountsBy::Introduction => {
                let designation = counting.operator.designation;
                let dates = ComputerDates {
                    introduced_on: from,
                    operator_designated_on: designation.map(|designation| designation.on),
                    facility_installed_on: counting
                        .facility
                        .and_then(|facility| facility.installed_on),
                    became_specified_on: counting.became_specified_on,
                    entrance: designation.map_or(Entrance::Ordinary, entrance),
                };
                Some(notification_basis(self.rules(), &dates, self.mode()))
            }
        }
    }
}

const fn entrance(designation: Designation) -> Entrance {
    match designation.cause {
        DesignationCause::Ordinary => Entrance::Ordinary,
        DesignationCause::Succession => Entrance::Espa53,
    }
}
