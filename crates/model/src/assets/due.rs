use ids::stable_codes;
use jiff::Timestamp;
use statute::{
    BasisFinding, ComputerDates, DueRefusal, Entrance, Mode, RuleBook, change_basis,
    notification_basis,
};

use super::computer::Computer;
use super::facility::Facility;
use super::phase::ComputerPhase;
use crate::incidents::{Lateness, lateness};
use crate::organisation::{Designation, DesignationCause};

stable_codes! {
    /// What has to be notified of a computer.
    pub enum NotificationDuty {
        /// 様式第一 (Act Art. 4(1)).
        New = "new",
        /// 様式第二 (Act Art. 4(3)).
        Change = "change",
        /// The end of use, as a change (Act Art. 4(3); *Derived*: the text names no retirement).
        Retirement = "retirement",
    }
}

/// What is due for a computer, by when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueNotification {
    /// New, change or end.
    pub duty: NotificationDuty,
    /// The basis with limit and reasons.
    pub finding: BasisFinding,
}

impl DueNotification {
    /// Whether it is in time; `None` where the law fixes no limit.
    pub fn lateness(&self, now: Timestamp, soon_days: u16) -> Option<Lateness> {
        let limit = self.finding.due.legal_limit?;
        Some(lateness(limit, None, now, soon_days))
    }
}

/// Says what has to be notified of a computer now; `None` when nothing has.
///
/// The periods count from the days that the register holds, never from the latest edit.
pub fn what_is_due(
    book: &RuleBook,
    computer: &Computer,
    facility: Option<&Facility>,
    designation: Option<Designation>,
    mode: Mode,
) -> Result<Option<DueNotification>, DueRefusal> {
    let (duty, finding) = match computer.phase() {
        ComputerPhase::Draft => {
            let Ok(revision) = computer.current() else {
                return Ok(None);
            };
            let dates = ComputerDates {
                introduced_on: revision.dates.introduced_on,
                operator_designated_on: designation.map(|designation| designation.on),
                facility_installed_on: facility.and_then(|facility| facility.installed_on),
                became_specified_on: revision.dates.became_specified_on,
                entrance: designation.map_or(Entrance::Ordinary, entrance),
            };
            (
                NotificationDuty::New,
                notification_basis(book, &dates, mode)?,
            )
        }
        ComputerPhase::ChangedSinceNotified { changed_on, .. } => (
            NotificationDuty::Change,
            change_basis(book, *changed_on, mode)?,
        ),
        ComputerPhase::RetirementDue { retired_on, .. } => (
            NotificationDuty::Retirement,
            change_basis(book, *retired_on, mode)?,
        ),
        ComputerPhase::Exempt { .. }
        | ComputerPhase::Notified { .. }
        | ComputerPhase::Retired { .. } => return Ok(None),
    };
    Ok(Some(DueNotification { duty, finding }))
}

const fn entrance(designation: Designation) -> Entrance {
    match designation.cause {
        DesignationCause::Ordinary => Entrance::Ordinary,
        DesignationCause::Succession => Entrance::Espa53,
    }
}
