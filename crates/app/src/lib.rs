#![doc = include_str!("../README.md")]

mod act;
pub mod advisories;
pub mod approvals;
pub mod assets;
mod clock;
pub mod delegations;
pub mod desks;
pub mod documents;
pub mod entries;
mod error;
pub mod filing;
mod history;
mod idempotency;
pub mod identity;
pub mod incidents;
mod instance;
mod integrator;
pub mod ledger_view;
mod logs;
pub mod mail;
pub mod maintenance;
mod named;
pub mod names;
pub mod orders;
mod outbox;
pub mod peers;
mod reads;
pub mod receipt;
pub mod reminders;
pub mod rule_packs;
pub mod sample;
mod seal;
pub mod submissions;

pub use act::{ActDraft, Subject};
pub use clock::{Clock, FixedClock, SteppingClock, SystemClock, SystemIds};
pub use error::{AppError, FieldProblem};
pub use instance::{App, Parts, StartError};
pub use integrator::IntegrationReport;
pub use logs::{LogCode, LogError, Logs};
pub use named::Named;
pub use outbox::{
    DeliveryChannel, DeliveryFailure, OutboxCounts, OutboxEntry, OutboxList, OutboxPage,
    PortalChannel,
};
