//! What every filing has in common: it arrives, gets a number, goes to its addressees and leaves a proof.

mod addressing;
mod attach;
mod compare;
mod history;
mod record;
mod search_text;
mod view;

pub(crate) use addressing::desk;
pub use addressing::{DeliveryPlan, PlannedAddressee};
pub use attach::{AttachmentUpload, StoredUpload};
pub use compare::Beside;
pub use history::{FilingHistory, FilingVersion};
pub use record::{FiledReceiptNumber, NewAttachment, NewFiling, Recorded};
pub(crate) use view::facts;
pub use view::{Allowed, FilingView, SeenBy};
