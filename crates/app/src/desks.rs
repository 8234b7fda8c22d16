//! What the desks of the authorities do with filings, and how operators answer them.

mod assign;
mod cases;
mod check;
mod correction;
mod forward;
pub(crate) mod limits;
mod queue;
mod reply;
mod saved;
mod search;
mod statistics;
mod transfer;

pub use assign::{Handled, Handler};
pub use cases::{CaseEvent, CaseMoment, CaseTimeline};
pub use check::NewCheck;
pub use correction::{CorrectionThread, NewCorrectionRequest, OpenCorrection, OpenCorrections};
pub(crate) use correction::{has_field, read_body};
pub(crate) use forward::FORWARDED;
pub use forward::Forwarded;
pub use limits::{CountsFrom, FilingLimits};
pub use queue::{DeskFilter, DeskQueue, DeskState, ListCursor, QueueItem, Whose};
pub use reply::{CorrectionAnswered, CorrectionReply};
pub use saved::SavedFilter;
pub use search::FoundFilings;
pub use statistics::{AgainstLimit, DeskStatistics, StatisticsPeriod, WAITING_HOURS, WaitingTimes};
pub use transfer::Transferred;
