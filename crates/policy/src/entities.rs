use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
    Schema,
};
use ids::{Assurance, OrganisationId, PersonId};
use uuid::Uuid;

use crate::action::Action;
use crate::actor::{Actor, PersonStatus, StepUp};
use crate::compile::PolicyError;
use crate::resource::{
    ApprovalFacts, DelegatedExtent, DelegationFacts, DelegationStanding, Resource, ResourceKind,
    Separation,
};

/// The names of the schema, parsed once, and the translation of our facts into Cedar's.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    person: EntityTypeName,
    role: EntityTypeName,
    organisation_kind: EntityTypeName,
    filing_kind: EntityTypeName,
    assurance: EntityTypeName,
    token_scope: EntityTypeName,
    organisation: EntityTypeName,
    register: EntityTypeName,
    computer: EntityTypeName,
    case: EntityTypeName,
    draft: EntityTypeName,
    approval: EntityTypeName,
    delegation: EntityTypeName,
    deputy: EntityTypeName,
    filing: EntityTypeName,
    directive: EntityTypeName,
    directive_kind: EntityTypeName,
    directive_duty: EntityTypeName,
    log: EntityTypeName,
    queue: EntityTypeName,
    outbox: EntityTypeName,
    rule_book: EntityTypeName,
    rule_pack: EntityTypeName,
    account: EntityTypeName,
    actions: HashMap<Action, Entity>,
}

type Attributes = HashMap<String, RestrictedExpression>;

impl Vocabulary {
    pub(crate) fn of(schema: &Schema) -> Result<Self, PolicyError> {
        let action_type = type_name("Action")?;
        let declared = schema
            .action_entities()
            .map_err(|_| PolicyError::Vocabulary { name: "Action" })?;
        let mut actions = HashMap::new();
        for action in Action::ALL {
            let uid = code(&action_type, action.code());
            let entity = declared.get(&uid).ok_or(PolicyError::Vocabulary {
                name: action.code(),
            })?;
            actions.insert(*action, entity.clone());
        }
        Ok(Self {
            person: type_name("Person")?,
            role: type_name("Role")?,
            organisation_kind: type_name("OrganisationKind")?,
            filing_kind: type_name("FilingKind")?,
            assurance: type_name("Assurance")?,
            token_scope: type_name("TokenScope")?,
            organisation: type_name("Organisation")?,
            register: type_name("Register")?,
            computer: type_name("Computer")?,
            case: type_name("Case")?,
            draft: type_name("Draft")?,
            approval: type_name("Approval")?,
            delegation: type_name("Delegation")?,
            deputy: type_name("Deputy")?,
            filing: type_name("Filing")?,
            directive: type_name("Directive")?,
            directive_kind: type_name("DirectiveKind")?,
            directive_duty: type_name("DirectiveDuty")?,
            log: type_name("Log")?,
            queue: type_name("Queue")?,
            outbox: type_name("Outbox")?,
            rule_book: type_name("RuleBook")?,
            rule_pack: type_name("RulePack")?,
            account: type_name("Account")?,
            actions,
        })
    }

    /// Cedar's names for an action and a kind of resource.
    pub(crate) fn pair(
        &self,
        action: Action,
        kind: ResourceKind,
    ) -> Option<(EntityUid, EntityTypeName)> {
        let action = self.actions.get(&action)?.uid();
        Some((action, self.resource_type(kind).clone()))
    }

    /// Cedar's request and entities; nothing when the action does not apply to the resource.
    pub(crate) fn question(
        &self,
        schema: &Schema,
        actor: &Actor,
        action: Action,
        resource: &Resource,
    ) -> Option<(Request, Entities)> {
        let action = self.actions.get(&action)?.clone();
        let principal = self.principal(actor)?;
        let resource = self.resource(resource)?;
        let request = Request::new(
            principal.uid(),
            action.uid(),
            resource.uid(),
            self.context(actor)?,
            Some(schema),
        )
        .ok()?;
        let entities = Entities::from_entities([principal, action, resource], None).ok()?;
        Some((request, entities))
    }

    pub(crate) fn principal(&self, actor: &Actor) -> Option<Entity> {
        let attributes = Attributes::from([
            (
                "organisation".to_owned(),
                self.organisation_link(actor.organisation),
            ),
            (
                "kind".to_owned(),
                link(code(
                    &self.organisation_kind,
                    actor.organisation_kind.code(),
                )),
            ),
            (
                "active".to_owned(),
                RestrictedExpression::new_bool(actor.status == PersonStatus::Active),
            ),
            (
                "has_role".to_owned(),
                RestrictedExpression::new_bool(!actor.roles.is_empty()),
            ),
        ]);
        let roles = actor
            .roles
            .iter()
            .map(|role| code(&self.role, role.code()))
            .collect();
        Entity::new(self.person_uid(actor.person), attributes, roles).ok()
    }

    pub(crate) fn context(&self, actor: &Actor) -> Option<Context> {
        let scopes = match actor.assurance {
            Assurance::Token => actor.token_scopes.as_slice(),
            Assurance::Password | Assurance::SecondFactor => &[],
        };
        let scopes = scopes
            .iter()
            .map(|scope| link(code(&self.token_scope, scope.code())));
        Context::from_pairs([
            (
                "assurance".to_owned(),
                link(code(&self.assurance, actor.assurance.code())),
            ),
            (
                "fresh".to_owned(),
                RestrictedExpression::new_bool(actor.step_up == StepUp::Fresh),
            ),
            ("scopes".to_owned(), RestrictedExpression::new_set(scopes)),
        ])
        .ok()
    }

    pub(crate) fn resource(&self, resource: &Resource) -> Option<Entity> {
        let attributes = match resource {
            Resource::Organisation(facts) => Attributes::from([(
                "kind".to_owned(),
                link(code(&self.organisation_kind, facts.kind.code())),
            )]),
            Resource::Register { owner }
            | Resource::Computer { owner, .. }
            | Resource::Case { owner, .. } => {
                Attributes::from([("owner".to_owned(), self.organisation_link(*owner))])
            }
            Resource::Draft(facts) => self.document(facts.owner, facts.kind),
            Resource::Approval(facts) => self.approval(facts),
            Resource::Delegation(facts) => self.delegation(facts),
            Resource::Deputy {
                person,
                deputy,
                owner,
            } => Attributes::from([
                ("person".to_owned(), link(self.person_uid(*person))),
                ("deputy".to_owned(), link(self.person_uid(*deputy))),
                ("owner".to_owned(), self.organisation_link(*owner)),
            ]),
            Resource::Filing(facts) => {
                let addressees = facts
                    .addressees
                    .iter()
                    .map(|id| self.organisation_link(*id));
                let mut attributes = self.document(facts.owner, facts.kind);
                attributes.insert(
                    "addressees".to_owned(),
                    RestrictedExpression::new_set(addressees),
                );
                attributes
            }
            Resource::Directive(facts) => Attributes::from([
                ("issuer".to_owned(), self.organisation_link(facts.issuer)),
                (
                    "addressee".to_owned(),
                    self.organisation_link(facts.addressee),
                ),
                (
                    "kind".to_owned(),
                    link(code(&self.directive_kind, facts.kind.code())),
                ),
                (
                    "duty".to_owned(),
                    link(code(&self.directive_duty, facts.duty.code())),
                ),
            ]),
            Resource::Log { authority } => {
                Attributes::from([("authority".to_owned(), self.organisation_link(*authority))])
            }
            Resource::Queue { desk } => {
                Attributes::from([("desk".to_owned(), self.organisation_link(*desk))])
            }
            Resource::Outbox | Resource::RuleBook => Attributes::new(),
            Resource::RulePack { proposed_by, .. } => Attributes::from([(
                "proposed_by".to_owned(),
                link(self.person_uid(*proposed_by)),
            )]),
            Resource::Account {
                person,
                organisation,
            } => Attributes::from([
                ("person".to_owned(), link(self.person_uid(*person))),
                (
                    "organisation".to_owned(),
                    self.organisation_link(*organisation),
                ),
            ]),
        };
        let reference = resource.reference();
        let uid = uid(
            self.resource_type(reference.kind),
            reference.id.unwrap_or_default(),
        );
        Entity::new(uid, attributes, HashSet::new()).ok()
    }

    fn approval(&self, facts: &ApprovalFacts) -> Attributes {
        let people = |ids: &[PersonId]| {
            RestrictedExpression::new_set(ids.iter().map(|id| link(self.person_uid(*id))))
        };
        let mut attributes = self.document(facts.owner, facts.kind);
        attributes.extend([
            (
                "requested_by".to_owned(),
                link(self.person_uid(facts.requested_by)),
            ),
            ("drafters".to_owned(), people(&facts.drafters)),
            ("holders".to_owned(), people(&facts.holders)),
            ("involved".to_owned(), people(&facts.involved)),
            (
                "apart".to_owned(),
                RestrictedExpression::new_bool(facts.separation == Separation::Apart),
            ),
        ]);
        attributes
    }

    fn delegation(&self, facts: &DelegationFacts) -> Attributes {
        let sections = facts
            .sections
            .iter()
            .map(|item| RestrictedExpression::new_long(i64::from(*item)));
        Attributes::from([
            ("operator".to_owned(), self.organisation_link(facts.owner)),
            ("person".to_owned(), link(self.person_uid(facts.person))),
            (
                "sections".to_owned(),
                RestrictedExpression::new_set(sections),
            ),
            (
                "section".to_owned(),
                RestrictedExpression::new_long(i64::from(facts.section)),
            ),
            (
                "fills".to_owned(),
                RestrictedExpression::new_bool(facts.extent == DelegatedExtent::Fill),
            ),
            (
                "in_force".to_owned(),
                RestrictedExpression::new_bool(facts.standing == DelegationStanding::InForce),
            ),
        ])
    }

    fn document(&self, owner: OrganisationId, kind: ids::FilingKind) -> Attributes {
        Attributes::from([
            ("owner".to_owned(), self.organisation_link(owner)),
            (
                "kind".to_owned(),
                link(code(&self.filing_kind, kind.code())),
            ),
            (
                "is_notification".to_owned(),
                RestrictedExpression::new_bool(kind.is_notification()),
            ),
        ])
    }

    fn resource_type(&self, kind: ResourceKind) -> &EntityTypeName {
        match kind {
            ResourceKind::Organisation => &self.organisation,
            ResourceKind::Register => &self.register,
            ResourceKind::Computer => &self.computer,
            ResourceKind::Case => &self.case,
            ResourceKind::Draft => &self.draft,
            ResourceKind::Approval => &self.approval,
            ResourceKind::Delegation => &self.delegation,
            ResourceKind::Deputy => &self.deputy,
            ResourceKind::Filing => &self.filing,
            ResourceKind::Directive => &self.directive,
            ResourceKind::Log => &self.log,
            ResourceKind::Queue => &self.queue,
            ResourceKind::Outbox => &self.outbox,
            ResourceKind::RuleBook => &self.rule_book,
            ResourceKind::RulePack => &self.rule_pack,
            ResourceKind::Account => &self.account,
        }
    }

    fn person_uid(&self, person: PersonId) -> EntityUid {
        uid(&self.person, person.uuid())
    }

    fn organisation_link(&self, id: OrganisationId) -> RestrictedExpression {
        link(uid(&self.organisation, id.uuid()))
    }
}

fn type_name(name: &'static str) -> Result<EntityTypeName, PolicyError> {
    EntityTypeName::from_str(name).map_err(|_| PolicyError::Vocabulary { name })
}

fn uid(kind: &EntityTypeName, id: Uuid) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id.to_string()))
}

fn code(kind: &EntityTypeName, code: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(code))
}

fn link(uid: EntityUid) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid)
}
