//! 決裁: asking for approval, deciding, standing in, and what is refused for want of it.

mod ask;
mod decide;
mod deputy;
mod gate;
mod list;
mod people;
mod route;
mod standing;
mod view;

pub use ask::Asked;
pub use decide::Verdict;
pub use deputy::{DeputyInput, DeputyView};
pub(crate) use gate::{Document, Gate};
pub use list::{ApprovalItem, ApprovalLists};
pub use people::Colleague;
pub use route::{ROUTED, RouteInput, RouteView, StageInput};
pub use view::{ApprovalView, Currency, Since, StepView};
