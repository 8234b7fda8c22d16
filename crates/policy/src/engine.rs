use std::fmt;

use cedar_policy::{Authorizer, Decision, PolicySet, Schema};
use ids::{Assurance, Digest};

use crate::action::Action;
use crate::actor::{Actor, PersonStatus, StepUp};
use crate::compile::{self, PolicyError};
use crate::entities::Vocabulary;
use crate::permit::{Denied, Permit};
use crate::resource::Resource;

/// The policies in force, parsed and validated once.
pub struct Policy {
    schema: Schema,
    policies: PolicySet,
    vocabulary: Vocabulary,
    authorizer: Authorizer,
    digest: Digest,
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl Policy {
    /// Loads the policies that are part of the program.
    pub fn embedded() -> Result<Self, PolicyError> {
        let schema = compile::schema()?;
        let policies = compile::embedded(&schema)?;
        let vocabulary = Vocabulary::of(&schema)?;
        let texts = std::iter::once(&compile::SCHEMA)
            .chain(compile::POLICIES)
            .map(|(_, text)| text.as_bytes());
        Ok(Self {
            digest: compile::digest(texts),
            schema,
            policies,
            vocabulary,
            authorizer: Authorizer::new(),
        })
    }

    /// Adds Cedar `forbid` policies; anything that could grant is refused.
    pub fn with_restrictions(self, text: &str) -> Result<Self, PolicyError> {
        let policies = compile::restrict(&self.schema, self.policies, text)?;
        let digest = compile::digest([self.digest.as_bytes().as_slice(), text.as_bytes()]);
        Ok(Self {
            policies,
            digest,
            ..self
        })
    }

    /// Decides, and gives the permit that the act spends.
    pub fn check(
        &self,
        actor: &Actor,
        action: Action,
        resource: &Resource,
    ) -> Result<Permit, Denied> {
        if self.may(actor, action, resource) {
            Ok(Permit::grant(actor, action, resource, self.digest))
        } else {
            Err(self.reason(actor, action, resource))
        }
    }

    /// Tells whether the act would be allowed now, for showing or hiding a control.
    ///
    /// A question that does not fit the schema, and any error while deciding, is a no: Cedar skips
    /// a policy that fails to evaluate, and a skipped `forbid` would widen access.
    pub fn may(&self, actor: &Actor, action: Action, resource: &Resource) -> bool {
        let Some((request, entities)) =
            self.vocabulary
                .question(&self.schema, actor, action, resource)
        else {
            return false;
        };
        let response = self
            .authorizer
            .is_authorized(&request, &self.policies, &entities);
        response.decision() == Decision::Allow && response.diagnostics().errors().next().is_none()
    }

    /// Digest of the schema and policies, recorded with every permit.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    fn reason(&self, actor: &Actor, action: Action, resource: &Resource) -> Denied {
        if actor.status == PersonStatus::Disabled {
            return Denied::NotFound;
        }
        if actor.assurance == Assurance::Password {
            return Denied::StepUpRequired;
        }
        let known = views(resource)
            .iter()
            .any(|view| self.may(actor, *view, resource));
        if !known {
            return Denied::NotFound;
        }
        let raised = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        if actor.step_up == StepUp::Stale && self.may(&raised, action, resource) {
            Denied::StepUpRequired
        } else {
            Denied::Forbidden
        }
    }

    /// Adds a permit for everything, to test that the restrictions hold by themselves.
    #[cfg(test)]
    pub(crate) fn with_everything_permitted(mut self) -> Self {
        let all = "permit (principal, action, resource);".parse().unwrap();
        self.policies.merge(&all, true).unwrap();
        self
    }

    #[cfg(test)]
    pub(crate) fn parts(&self) -> (&Schema, &Vocabulary) {
        (&self.schema, &self.vocabulary)
    }
}

/// The actions of which any one shows that the resource exists.
const fn views(resource: &Resource) -> &'static [Action] {
    match resource {
        Resource::Organisation(_) => &[Action::ViewOrganisation],
        Resource::Register { .. } | Resource::Computer { .. } => &[Action::ViewRegister],
        Resource::Case { .. } => &[Action::ViewCase],
        Resource::Draft(_) => &[Action::ViewDraft],
        Resource::Filing(_) => &[Action::ViewFiling],
        Resource::Log { .. } => &[Action::ViewLog],
        Resource::Queue { .. } => &[Action::ViewQueue],
        Resource::Outbox => &[Action::ViewOutbox],
        Resource::Account { .. } => &[Action::ManageOwnAccount, Action::ManagePeople],
    }
}
