use ids::{Assurance, Digest, OrganisationId, PersonId};
use thiserror::Error;

use crate::action::Action;
use crate::actor::Actor;
use crate::resource::{Resource, ResourceRef};

/// Proof that the policies allowed one act; made by [`crate::Policy::check`] and by nothing else.
///
/// It cannot be copied, and the ledger consumes it: an act cannot skip the check, and a check
/// cannot serve two acts.
#[derive(Debug)]
#[must_use = "a permit is spent by recording the act it allows"]
pub struct Permit {
    action: Action,
    person: PersonId,
    organisation: OrganisationId,
    assurance: Assurance,
    resource: ResourceRef,
    policy: Digest,
}

impl Permit {
    pub(crate) fn grant(
        actor: &Actor,
        action: Action,
        resource: &Resource,
        policy: Digest,
    ) -> Self {
        Self {
            action,
            person: actor.person,
            organisation: actor.organisation,
            assurance: actor.assurance,
            resource: resource.reference(),
            policy,
        }
    }

    /// What was allowed.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Who may do it.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// For which organisation.
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// How surely the session was that person.
    pub const fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// On what.
    pub const fn resource(&self) -> ResourceRef {
        self.resource
    }

    /// Digest of the schema and policies that decided.
    pub const fn policy(&self) -> Digest {
        self.policy
    }
}

/// Why an act was not allowed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Denied {
    /// For this actor the thing does not exist: it may not even be viewed.
    #[error("not found")]
    NotFound,
    /// The actor may view the thing but not do this to it.
    #[error("not allowed")]
    Forbidden,
    /// The actor must enter the second factor and ask again. With a password-only session this is
    /// the answer to everything, whether or not the thing exists.
    #[error("second factor required")]
    StepUpRequired,
}
