#![doc = include_str!("../README.md")]

pub mod approvals;
pub mod assets;
pub mod corporate_number;
pub mod delegations;
pub mod entries;
pub mod filing;
pub mod incidents;
pub mod names;
pub mod orders;
pub mod organisation;
pub mod person;
pub mod reminders;
pub mod submissions;
pub mod text;
