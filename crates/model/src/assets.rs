//! Specified important computers (特定重要電子計算機): Act Art. 4, Order Arts 1 to 3.

mod computer;
mod correction;
mod difference;
mod due;
mod facility;
mod phase;
mod reconciliation;
mod revision;

pub use computer::{Computer, ComputerError, ComputerParts};
pub use correction::Correction;
pub use difference::{Difference, RevisionField, Significance, differences, significance};
pub use due::{DueNotification, NotificationDuty, what_is_due};
pub use facility::Facility;
pub use phase::{ComputerPhase, ComputerStep, ComputerTransitionError, Notified};
pub use reconciliation::{ClosedWhy, CountsBy, DiscrepancyKind, TaskState};
pub use revision::{
    ExemptionClaim, ExemptionClaimError, NotifiedItems, NotifiedUnit, Revision, RevisionDates,
};
