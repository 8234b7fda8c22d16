//! What the desks of the authorities do with filings, and how operators answer them.

mod cases;
mod check;
mod correction;
mod forward;
pub(crate) mod limits;
mod queue;
mod reply;
mod search;
mod statistics;

pub use cases::{CaseEvent, CaseMoment, CaseTimeline};
pub use check::NewCheck;
pub(crate) use correction::read_body;
pub use correction::{CorrectionThread, NewCorrectionRequest, OpenCorrection, OpenCorrections};
pub(crate) use forward::FORWARDED;
pub use forward::Forwarded;
pub use limits::{CountsFrom, FilingLimits};
pub use queue::{DeskFilter, DeskQueue, DeskState, ListCursor, QueueItem};
pub use reply::{CorrectionAnswered, CorrectionReply};
pub use search::FoundFilings;
pub use statistics::{AgainstLimit, DeskStatistics, StatisticsPeriod, WAITING_HOURS, WaitingTimes};
