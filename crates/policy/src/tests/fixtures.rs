use std::sync::LazyLock;

use ids::{
    ApprovalId, Assurance, CaseId, ComputerId, DelegationId, DirectiveDuty, DirectiveId,
    DirectiveKind, DraftId, FilingId, FilingKind, OrganisationId, OrganisationKind, PersonId, Role,
    RulePackId,
};
use uuid::Uuid;

use crate::{
    Actor, ApprovalFacts, DelegatedExtent, DelegationFacts, DelegationStanding, DirectiveFacts,
    DraftFacts, FilingFacts, OrganisationFacts, PersonStatus, Policy, Resource, Separation, StepUp,
};

/// The embedded policies, loaded once for all tests of a process.
pub(super) fn policy() -> &'static Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded().unwrap());
    &POLICY
}

pub(super) fn organisation(number: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn person(number: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(number))
}

/// The actor's organisation in all fixtures, and another one.
pub(super) const OWN: u128 = 1;
pub(super) const OTHER: u128 = 2;
/// The actor, and a colleague.
pub(super) const SELF: u128 = 10;
pub(super) const COLLEAGUE: u128 = 11;

/// An active person of organisation 1 with a fresh second factor.
pub(super) fn actor(kind: OrganisationKind, roles: &[Role]) -> Actor {
    Actor {
        person: person(SELF),
        organisation: organisation(OWN),
        organisation_kind: kind,
        roles: roles.to_vec(),
        assurance: Assurance::SecondFactor,
        step_up: StepUp::Fresh,
        token_scopes: Vec::new(),
        status: PersonStatus::Active,
    }
}

pub(super) fn filing(owner: u128, kind: FilingKind, addressees: &[u128]) -> Resource {
    Resource::Filing(FilingFacts {
        id: FilingId::from_uuid(Uuid::from_u128(100)),
        owner: organisation(owner),
        kind,
        addressees: addressees.iter().copied().map(organisation).collect(),
    })
}

/// A directive of an authority to an organisation.
pub(super) fn directive(
    issuer: u128,
    addressee: u128,
    kind: DirectiveKind,
    duty: DirectiveDuty,
) -> Resource {
    Resource::Directive(DirectiveFacts {
        id: DirectiveId::from_uuid(Uuid::from_u128(105)),
        issuer: organisation(issuer),
        addressee: organisation(addressee),
        kind,
        duty,
    })
}

pub(super) fn draft(owner: u128, kind: FilingKind) -> Resource {
    Resource::Draft(DraftFacts {
        id: DraftId::from_uuid(Uuid::from_u128(101)),
        owner: organisation(owner),
        kind,
    })
}

pub(super) fn case(owner: u128) -> Resource {
    Resource::Case {
        id: CaseId::from_uuid(Uuid::from_u128(102)),
        owner: organisation(owner),
    }
}

pub(super) fn computer(owner: u128) -> Resource {
    Resource::Computer {
        id: ComputerId::from_uuid(Uuid::from_u128(103)),
        owner: organisation(owner),
    }
}

pub(super) fn register(owner: u128) -> Resource {
    Resource::Register {
        owner: organisation(owner),
    }
}

pub(super) fn account(number: u128, owner: u128) -> Resource {
    Resource::Account {
        person: person(number),
        organisation: organisation(owner),
    }
}

/// A rule pack that a person proposed.
pub(super) fn rule_pack(number: u128) -> Resource {
    Resource::RulePack {
        id: RulePackId::from_uuid(Uuid::from_u128(104)),
        proposed_by: person(number),
    }
}

/// How a request for approval concerns the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// A colleague asks other colleagues.
    None,
    /// The actor decides at the present stage.
    Holder,
    /// The same, and the actor wrote the document.
    HolderAndDrafter,
    /// The actor asked.
    Requester,
}

/// A request for approval where those who draft must not approve.
pub(super) fn approval(owner: u128, kind: FilingKind, concern: Concern) -> Resource {
    let (own, other) = (person(SELF), person(COLLEAGUE));
    let (requested_by, drafters, holders) = match concern {
        Concern::None => (other, vec![other], vec![other]),
        Concern::Holder => (other, vec![other], vec![own]),
        Concern::HolderAndDrafter => (other, vec![other, own], vec![own]),
        Concern::Requester => (own, vec![own], vec![other]),
    };
    let mut involved = holders.clone();
    involved.extend(&drafters);
    Resource::Approval(ApprovalFacts {
        id: ApprovalId::from_uuid(Uuid::from_u128(105)),
        owner: organisation(owner),
        kind,
        requested_by,
        drafters,
        holders,
        involved,
        separation: Separation::Apart,
    })
}

/// A delegation of items 3 and 5 to a person, asked about one item.
pub(super) fn delegation(
    to: u128,
    owner: u128,
    section: u8,
    extent: DelegatedExtent,
    standing: DelegationStanding,
) -> Resource {
    Resource::Delegation(DelegationFacts {
        id: DelegationId::from_uuid(Uuid::from_u128(106)),
        owner: organisation(owner),
        person: person(to),
        sections: vec![3, 5],
        section,
        extent,
        standing,
    })
}

/// That one person stands in for another.
pub(super) fn deputy(person_away: u128, stands_in: u128, owner: u128) -> Resource {
    Resource::Deputy {
        person: person(person_away),
        deputy: person(stands_in),
        owner: organisation(owner),
    }
}

/// The kinds of document that the policies tell apart.
const DOCUMENTS: [FilingKind; 3] = [
    FilingKind::AssetNotification,
    FilingKind::IncidentPrompt,
    FilingKind::IncidentFull,
];

/// One resource of every kind and shape, all belonging to `owner`, all addressed to `desk`.
pub(super) fn resources(owner: u128, kind: OrganisationKind, desk: u128) -> Vec<Resource> {
    let documents = DOCUMENTS
        .iter()
        .flat_map(|kind| [filing(owner, *kind, &[desk]), draft(owner, *kind)]);
    [
        Resource::Organisation(OrganisationFacts {
            id: organisation(owner),
            kind,
        }),
        register(owner),
        computer(owner),
        case(owner),
        Resource::Log {
            authority: organisation(owner),
        },
        Resource::Queue {
            desk: organisation(desk),
        },
        Resource::Outbox,
        Resource::RuleBook,
        rule_pack(COLLEAGUE),
        deputy(COLLEAGUE, COLLEAGUE, owner),
        delegation(
            COLLEAGUE,
            owner,
            3,
            DelegatedExtent::Fill,
            DelegationStanding::InForce,
        ),
        approval(owner, FilingKind::IncidentPrompt, Concern::None),
        approval(owner, FilingKind::AssetChange, Concern::None),
        account(COLLEAGUE, owner),
        directive(desk, owner, DirectiveKind::Order, DirectiveDuty::Report),
        directive(owner, desk, DirectiveKind::Opinion, DirectiveDuty::Change),
    ]
    .into_iter()
    .chain(documents)
    .collect()
}
