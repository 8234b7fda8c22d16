//! Parts of pages that are not form controls. Each displays as HTML: `{{ deadline }}`.

pub mod badge;
pub mod deadline;
pub mod icon;
mod legal;
pub mod listing;
pub mod message;
pub mod progress;
mod way;

pub use self::{
    badge::{ConfidenceBadge, StatusBadge, Tone},
    deadline::DeadlineBadge,
    icon::Icon,
    legal::LegalLimit,
    listing::{Moment, Pagination, SummaryList, SummaryRow, Timeline},
    message::{Banner, EmptyState, Receipt, TierBanner},
    progress::{Progress, StepState, Steps, Task, TaskList, TaskState},
    way::ListWay,
};
