//! What every filing has in common: it arrives, gets a number, goes to its addressees and leaves a proof.

mod addressing;
mod attach;
mod record;
mod view;

pub use addressing::{DeliveryPlan, PlannedAddressee};
pub use attach::{AttachmentUpload, StoredUpload};
pub use record::{FiledReceiptNumber, NewAttachment, NewFiling, Recorded};
pub(crate) use view::facts;
pub use view::{FilingView, SeenBy};
