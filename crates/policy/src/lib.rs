#![doc = include_str!("../README.md")]

mod action;
mod actor;
mod compile;
mod engine;
mod entities;
mod permit;
mod resource;
mod scope;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use actor::{Actor, PersonStatus, StepUp, roles_of};
pub use compile::PolicyError;
pub use engine::Policy;
pub use permit::{Denied, Permit};
pub use resource::{
    ApprovalFacts, DelegatedExtent, DelegationFacts, DelegationStanding, DirectiveFacts,
    DraftFacts, FilingFacts, OrganisationFacts, Resource, ResourceKind, ResourceRef, Separation,
};
pub use scope::{
    AccountScope, DelegationScope, DirectiveScope, DraftScope, FilingScope, LogScope,
    OrganisationScope, OutboxScope, OwnerScope, QueueScope,
};
