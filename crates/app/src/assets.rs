//! Specified important computers (特定重要電子計算機): the register and its notification (Act Art. 4).

mod correct;
mod due;
mod facility;
mod file;
pub mod import;
mod input;
mod plan;
mod recompute;
pub mod reconcile;
mod register;
mod shown;
mod wizard;
pub mod workbook;

pub(crate) use correct::first_filed_at;
pub use due::{AssetCounts, AssetsDue, DueRow, DutyCount, SOON_DAYS};
pub use facility::{FacilityInput, FoundFacilities};
pub use file::{ContactInput, FileNotification};
pub use input::{ComputerInput, ExemptionInput, FacilityChoice, RevisionInput};
pub use plan::{
    ChoiceRow, FilingPermission, NotificationChoices, NotificationPlan, Pick, PlannedRow,
};
pub(crate) use recompute::RECOMPUTE_LIMITS;
pub use recompute::Recomputed;
pub use register::{ComputerPage, Registered};
pub use shown::{ComputerView, RevisionView};
pub use wizard::ClassWizard;

pub use store::ComputerFilter;
pub use store::rows::assets::{ComputerFiling, ComputerHead, FacilityEntry, RevisionEntry};
pub use store::rows::rules::LimitChange;
