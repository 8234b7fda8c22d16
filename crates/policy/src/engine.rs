use std::collections::{HashMap, HashSet};
use std::fmt;

use cedar_policy::{
    Authorizer, Decision, EntityTypeName, EntityUid, PolicySet, PolicySetError, Schema,
};
use ids::{Assurance, Digest};

use crate::action::Action;
use crate::actor::{Actor, PersonStatus, StepUp};
use crate::compile::{self, PolicyError};
use crate::entities::Vocabulary;
use crate::permit::{Denied, Permit};
use crate::resource::{Resource, ResourceKind};

/// For each action and kind of resource the policies that can say anything about it.
type Slices = HashMap<(Action, ResourceKind), PolicySet>;

/// The policies in force, parsed and validated once.
pub struct Policy {
    schema: Schema,
    policies: PolicySet,
    slices: Slices,
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
            slices: slice(&schema, &policies, &vocabulary)?,
            schema,
            policies,
            vocabulary,
            authorizer: Authorizer::new(),
        })
    }

    /// Adds Cedar `forbid` policies; anything that could grant is refused.
    pub fn with_restrictions(self, text: &str) -> Result<Self, PolicyError> {
        let policies = compile::restrict(&self.schema, self.policies, text)?;
        let slices = slice(&self.schema, &policies, &self.vocabulary)?;
        let digest = compile::digest([self.digest.as_bytes().as_slice(), text.as_bytes()]);
        Ok(Self {
            policies,
            slices,
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
        self.slices
            .get(&(action, resource.reference().kind))
            .is_some_and(|slice| self.decide(slice, actor, action, resource))
    }

    /// Digest of the schema and policies, recorded with every permit.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    fn decide(
        &self,
        policies: &PolicySet,
        actor: &Actor,
        action: Action,
        resource: &Resource,
    ) -> bool {
        let Some((request, entities)) =
            self.vocabulary
                .question(&self.schema, actor, action, resource)
        else {
            return false;
        };
        let response = self.authorizer.is_authorized(&request, policies, &entities);
        response.decision() == Decision::Allow && response.diagnostics().errors().next().is_none()
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
        self.slices = slice(&self.schema, &self.policies, &self.vocabulary).unwrap();
        self
    }

    /// Decides by all policies instead of the slice, to test that both agree.
    #[cfg(test)]
    pub(crate) fn may_by_all(&self, actor: &Actor, action: Action, resource: &Resource) -> bool {
        self.decide(&self.policies, actor, action, resource)
    }

    #[cfg(test)]
    pub(crate) fn parts(&self) -> (&Schema, &Vocabulary) {
        (&self.schema, &self.vocabulary)
    }
}

/// Sorts the policies by what Cedar's typechecker says they can apply to; the rest of them is
/// false for that action and kind of resource whatever the facts.
fn slice(
    schema: &Schema,
    policies: &PolicySet,
    vocabulary: &Vocabulary,
) -> Result<Slices, PolicyError> {
    let applying: Vec<(_, HashSet<(EntityUid, EntityTypeName)>)> = policies
        .policies()
        .map(|policy| {
            let pairs = policy
                .get_valid_request_envs(schema)
                .map(|env| (env.action().clone(), env.resource().clone()))
                .collect();
            (policy, pairs)
        })
        .collect();
    let mut slices = Slices::new();
    for action in Action::ALL {
        for kind in ResourceKind::ALL {
            let Some(pair) = vocabulary.pair(*action, *kind) else {
                continue;
            };
            let chosen = applying
                .iter()
                .filter(|(_, pairs)| pairs.contains(&pair))
                .map(|(policy, _)| (*policy).clone());
            let chosen = PolicySet::from_policies(chosen).map_err(merge_error)?;
            if !chosen.is_empty() {
                slices.insert((*action, *kind), chosen);
            }
        }
    }
    Ok(slices)
}

fn merge_error(source: PolicySetError) -> PolicyError {
    PolicyError::Merge {
        source: Box::new(source),
    }
}

/// The actions of which any one shows that the resource exists.
const fn views(resource: &Resource) -> &'static [Action] {
    match resource {
        Resource::Organisation(_) => &[Action::ViewOrganisation],
        Resource::Register { .. } | Resource::Computer { .. } => &[Action::ViewRegister],
        Resource::Case { .. } => &[Action::ViewCase],
        Resource::Draft(_) => &[Action::ViewDraft],
        Resource::Approval(_) => &[Action::ViewApproval],
        Resource::Delegation(_) => &[Action::ViewDelegation, Action::ManageDelegation],
        Resource::Deputy { .. } => &[Action::ViewDeputy],
        Resource::Filing(_) => &[Action::ViewFiling],
        Resource::Directive(_) => &[Action::ViewDirective],
        Resource::Log { .. } => &[Action::ViewLog],
        Resource::Queue { .. } => &[Action::ViewQueue],
        Resource::Outbox => &[Action::ViewOutbox],
        Resource::RuleBook | Resource::RulePack { .. } => &[Action::ViewRuleBook],
        Resource::Account { .. } => &[Action::ManageOwnAccount, Action::ManagePeople],
    }
}
