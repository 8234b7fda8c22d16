use ids::{
    ApprovalId, CaseId, ComputerId, DelegationId, DirectiveDuty, DirectiveId, DirectiveKind,
    DraftId, FilingId, FilingKind, OrganisationId, OrganisationKind, PersonId, RulePackId,
    stable_codes,
};
use uuid::Uuid;

/// What is asked for, with the facts the policies decide by.
///
/// A thing about to be made is described with its new id and its owner to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// An organisation: its people, and acts over everything it may see (search, export).
    Organisation(OrganisationFacts),
    /// The register of computers of an operator.
    Register {
        /// The operator.
        owner: OrganisationId,
    },
    /// A computer in the register.
    Computer {
        /// The computer.
        id: ComputerId,
        /// The operator.
        owner: OrganisationId,
    },
    /// An incident case, with its decisions not to report.
    Case {
        /// The case.
        id: CaseId,
        /// The operator.
        owner: OrganisationId,
    },
    /// Something begun and not yet filed.
    Draft(DraftFacts),
    /// A request for approval.
    Approval(ApprovalFacts),
    /// What a person of a contractor may see or fill in.
    Delegation(DelegationFacts),
    /// That one person stands in for another.
    Deputy {
        /// The person who is away.
        person: PersonId,
        /// Who stands in.
        deputy: PersonId,
        /// The organisation of both.
        owner: OrganisationId,
    },
    /// A filed document, with its receipt, checks and corrections.
    Filing(FilingFacts),
    /// An order, opinion, demand or guidance (Act Arts 6, 7, 9, 10).
    Directive(DirectiveFacts),
    /// The log of an authority.
    Log {
        /// The authority that keeps it.
        authority: OrganisationId,
    },
    /// What waits at a desk.
    Queue {
        /// The authority whose desk it is.
        desk: OrganisationId,
    },
    /// The deliveries of this instance.
    Outbox,
    /// The rule book of this instance.
    RuleBook,
    /// A rule pack that was proposed.
    RulePack {
        /// The pack.
        id: RulePackId,
        /// Who proposed it.
        proposed_by: PersonId,
    },
    /// A person's account.
    Account {
        /// The person.
        person: PersonId,
        /// The person's organisation.
        organisation: OrganisationId,
    },
}

/// An organisation, as the policies see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganisationFacts {
    /// The organisation.
    pub id: OrganisationId,
    /// What it is under the Act.
    pub kind: OrganisationKind,
}

/// A draft, as the policies see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftFacts {
    /// The draft.
    pub id: DraftId,
    /// The operator that drafts.
    pub owner: OrganisationId,
    /// What it will be when filed.
    pub kind: FilingKind,
}

/// A request for approval, as the policies see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalFacts {
    /// The request.
    pub id: ApprovalId,
    /// The operator.
    pub owner: OrganisationId,
    /// What will be filed.
    pub kind: FilingKind,
    /// Who asked.
    pub requested_by: PersonId,
    /// Who wrote what is to be approved.
    pub drafters: Vec<PersonId>,
    /// Who may decide at the present stage, deputies included.
    pub holders: Vec<PersonId>,
    /// Whoever decides at any stage or has done something with it.
    pub involved: Vec<PersonId>,
    /// Whether those who wrote it must not approve it.
    pub separation: Separation,
}

/// A delegation, as the policies see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationFacts {
    /// The delegation.
    pub id: DelegationId,
    /// The operator.
    pub owner: OrganisationId,
    /// The person of the contractor.
    pub person: PersonId,
    /// The items that were delegated.
    pub sections: Vec<u8>,
    /// The item that is asked for; 0 for the delegation as a whole.
    pub section: u8,
    /// How far it goes.
    pub extent: DelegatedExtent,
    /// Whether it holds now.
    pub standing: DelegationStanding,
}

/// How far a delegation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelegatedExtent {
    /// Reading only.
    View,
    /// Reading and filling in.
    Fill,
}

/// Whether a delegation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelegationStanding {
    /// It holds.
    InForce,
    /// Its time is over, or it was ended.
    Over,
}

/// Whether whoever drafted may approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separation {
    /// No.
    Apart,
    /// Yes.
    Together,
}

/// A filing, as the policies see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingFacts {
    /// The filing.
    pub id: FilingId,
    /// The operator that filed.
    pub owner: OrganisationId,
    /// What was filed.
    pub kind: FilingKind,
    /// The authorities it was addressed to, and those it was forwarded to (Act Art. 4(2)).
    pub addressees: Vec<OrganisationId>,
}

/// A directive, as the policies see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveFacts {
    /// The directive.
    pub id: DirectiveId,
    /// The authority.
    pub issuer: OrganisationId,
    /// To whom it is directed.
    pub addressee: OrganisationId,
    /// Under which article.
    pub kind: DirectiveKind,
    /// Which duty it is about.
    pub duty: DirectiveDuty,
}

stable_codes! {
    /// The kind of a resource, as recorded in the ledger.
    pub enum ResourceKind {
        /// See [`Resource::Organisation`].
        Organisation = "organisation",
        /// See [`Resource::Register`].
        Register = "register",
        /// See [`Resource::Computer`].
        Computer = "computer",
        /// See [`Resource::Case`].
        Case = "case",
        /// See [`Resource::Draft`].
        Draft = "draft",
        /// See [`Resource::Approval`].
        Approval = "approval",
        /// See [`Resource::Delegation`].
        Delegation = "delegation",
        /// See [`Resource::Deputy`].
        Deputy = "deputy",
        /// See [`Resource::Filing`].
        Filing = "filing",
        /// See [`Resource::Directive`].
        Directive = "directive",
        /// See [`Resource::Log`].
        Log = "log",
        /// See [`Resource::Queue`].
        Queue = "queue",
        /// See [`Resource::Outbox`].
        Outbox = "outbox",
        /// See [`Resource::RuleBook`].
        RuleBook = "rule_book",
        /// See [`Resource::RulePack`].
        RulePack = "rule_pack",
        /// See [`Resource::Account`].
        Account = "account",
    }
}

/// Names a resource in a permit: kind and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResourceRef {
    /// What kind of thing it is.
    pub kind: ResourceKind,
    /// Its id; of the owner for a register, of the person who is away for a deputy, of the authority for a log or queue, absent for the
    /// outbox and the rule book, of which an instance has one.
    pub id: Option<Uuid>,
}

impl Resource {
    /// Kind and id.
    pub fn reference(&self) -> ResourceRef {
        let (kind, id) = match self {
            Self::Organisation(facts) => (ResourceKind::Organisation, Some(facts.id.uuid())),
            Self::Register { owner } => (ResourceKind::Register, Some(owner.uuid())),
            Self::Computer { id, .. } => (ResourceKind::Computer, Some(id.uuid())),
            Self::Case { id, .. } => (ResourceKind::Case, Some(id.uuid())),
            Self::Draft(facts) => (ResourceKind::Draft, Some(facts.id.uuid())),
            Self::Approval(facts) => (ResourceKind::Approval, Some(facts.id.uuid())),
            Self::Delegation(facts) => (ResourceKind::Delegation, Some(facts.id.uuid())),
            Self::Deputy { person, .. } => (ResourceKind::Deputy, Some(person.uuid())),
            Self::Filing(facts) => (ResourceKind::Filing, Some(facts.id.uuid())),
            Self::Directive(facts) => (ResourceKind::Directive, Some(facts.id.uuid())),
            Self::Log { authority } => (ResourceKind::Log, Some(authority.uuid())),
            Self::Queue { desk } => (ResourceKind::Queue, Some(desk.uuid())),
            Self::Outbox => (ResourceKind::Outbox, None),
            Self::RuleBook => (ResourceKind::RuleBook, None),
            Self::RulePack { id, .. } => (ResourceKind::RulePack, Some(id.uuid())),
            Self::Account { person, .. } => (ResourceKind::Account, Some(person.uuid())),
        };
        ResourceRef { kind, id }
    }
}
