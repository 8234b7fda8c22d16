use ids::{
    ApprovalId, CaseId, ComputerId, DelegationId, DirectiveDuty, DirectiveId, DirectiveKind,
    DraftId, FilingId, FilingKind, OrganisationId, PersonId,
};
use uuid::Uuid;

use crate::action::Action;
use crate::actor::Actor;
use crate::engine::Policy;
use crate::resource::{
    ApprovalFacts, DelegatedExtent, DelegationFacts, DelegationStanding, DirectiveFacts,
    DraftFacts, FilingFacts, OrganisationFacts, Resource, Separation,
};

/// Which filings an actor may list, count or search: the own ones of some kinds, and those
/// addressed to the own organisation of some kinds. The default is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilingScope {
    organisation: Option<OrganisationId>,
    owned: Vec<FilingKind>,
    addressed: Vec<FilingKind>,
}

impl FilingScope {
    /// The owner whose filings are in scope, of [`FilingScope::owned_kinds`] only.
    pub fn owned_by(&self) -> Option<OrganisationId> {
        self.organisation.filter(|_| !self.owned.is_empty())
    }

    /// The kinds in scope among the own filings.
    pub fn owned_kinds(&self) -> &[FilingKind] {
        &self.owned
    }

    /// The addressee whose filings are in scope, of [`FilingScope::addressed_kinds`] only.
    pub fn addressed_to(&self) -> Option<OrganisationId> {
        self.organisation.filter(|_| !self.addressed.is_empty())
    }

    /// The kinds in scope among the filings addressed to the organisation.
    pub fn addressed_kinds(&self) -> &[FilingKind] {
        &self.addressed
    }

    /// Whether nothing is in scope.
    pub fn is_empty(&self) -> bool {
        self.owned_by().is_none() && self.addressed_to().is_none()
    }

    /// Whether a filing is in scope.
    pub fn admits(&self, filing: &FilingFacts) -> bool {
        let own = self.owned_by() == Some(filing.owner) && self.owned.contains(&filing.kind);
        let addressed = self
            .addressed_to()
            .is_some_and(|id| filing.addressees.contains(&id))
            && self.addressed.contains(&filing.kind);
        own || addressed
    }
}

/// Which drafts an actor may list: the own ones of some kinds. The default is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftScope {
    owner: Option<OrganisationId>,
    kinds: Vec<FilingKind>,
}

impl DraftScope {
    /// The owner whose drafts are in scope, of [`DraftScope::kinds`] only.
    pub fn owned_by(&self) -> Option<OrganisationId> {
        self.owner.filter(|_| !self.kinds.is_empty())
    }

    /// The kinds in scope.
    pub fn kinds(&self) -> &[FilingKind] {
        &self.kinds
    }

    /// Whether nothing is in scope.
    pub fn is_empty(&self) -> bool {
        self.owned_by().is_none()
    }

    /// Whether a draft is in scope.
    pub fn admits(&self, draft: &DraftFacts) -> bool {
        self.owned_by() == Some(draft.owner) && self.kinds.contains(&draft.kind)
    }
}

/// Kinds of directives about duties.
type Directives = Vec<(DirectiveKind, DirectiveDuty)>;

/// Which directives an actor may list: those that the own organisation issued, and those directed to it, of some kinds
/// about some duties. The default is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectiveScope {
    organisation: Option<OrganisationId>,
    issued: Directives,
    received: Directives,
}

impl DirectiveScope {
    /// The authority whose directives are in scope, of [`DirectiveScope::issued`] only.
    pub fn issued_by(&self) -> Option<OrganisationId> {
        self.organisation.filter(|_| !self.issued.is_empty())
    }

    /// What is in scope among the directives that the organisation issued.
    pub fn issued(&self) -> &[(DirectiveKind, DirectiveDuty)] {
        &self.issued
    }

    /// The addressee whose directives are in scope, of [`DirectiveScope::received`] only.
    pub fn directed_to(&self) -> Option<OrganisationId> {
        self.organisation.filter(|_| !self.received.is_empty())
    }

    /// What is in scope among the directives to the organisation.
    pub fn received(&self) -> &[(DirectiveKind, DirectiveDuty)] {
        &self.received
    }

    /// Whether nothing is in scope.
    pub fn is_empty(&self) -> bool {
        self.issued_by().is_none() && self.directed_to().is_none()
    }

    /// Whether a directive is in scope.
    pub fn admits(&self, directive: &DirectiveFacts) -> bool {
        let what = (directive.kind, directive.duty);
        (self.issued_by() == Some(directive.issuer) && self.issued.contains(&what))
            || (self.directed_to() == Some(directive.addressee) && self.received.contains(&what))
    }
}

/// Whose delegations an actor may list: the own ones that hold. The default is nobody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelegationScope(Option<PersonId>);

impl DelegationScope {
    /// The person whose delegations are in scope while they hold.
    pub const fn person(&self) -> Option<PersonId> {
        self.0
    }

    /// Whether a delegation is in scope.
    pub fn admits(&self, delegation: &DelegationFacts) -> bool {
        self.0 == Some(delegation.person) && delegation.standing == DelegationStanding::InForce
    }
}

macro_rules! organisation_scope {
    ($(#[$doc:meta])* $name:ident, $accessor:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name(Option<OrganisationId>);

        impl $name {
            /// The one organisation in scope, if any.
            pub const fn $accessor(&self) -> Option<OrganisationId> {
                self.0
            }

            /// Whether nothing is in scope.
            pub const fn is_empty(&self) -> bool {
                self.0.is_none()
            }

            /// Whether what belongs to this organisation is in scope.
            pub fn admits(&self, organisation: OrganisationId) -> bool {
                self.0 == Some(organisation)
            }
        }
    };
}

organisation_scope! {
    /// Which registers, computers, cases and decisions an actor may list, by owner. The default is
    /// nobody's.
    OwnerScope, owned_by
}

organisation_scope! {
    /// Which organisation an actor may act for as a whole. The default is none.
    OrganisationScope, organisation
}

organisation_scope! {
    /// Whose people an actor may list. The default is nobody's.
    AccountScope, organisation
}

organisation_scope! {
    /// Which desk's queue an actor may list. The default is none.
    QueueScope, desk
}

/// Which logs an actor may list or verify: none, the own one, or all. The default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogScope {
    every: bool,
    authority: Option<OrganisationId>,
}

impl LogScope {
    /// Whether every log is in scope.
    pub const fn every(&self) -> bool {
        self.every
    }

    /// The one authority whose log is in scope, if not every one is.
    pub const fn authority(&self) -> Option<OrganisationId> {
        self.authority
    }

    /// Whether nothing is in scope.
    pub const fn is_empty(&self) -> bool {
        !self.every && self.authority.is_none()
    }

    /// Whether the log of this authority is in scope.
    pub fn admits(&self, authority: OrganisationId) -> bool {
        self.every || self.authority == Some(authority)
    }
}

/// Whether an actor may list the deliveries of this instance. The default is no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxScope {
    every: bool,
}

impl OutboxScope {
    /// Whether every delivery is in scope.
    pub const fn every(&self) -> bool {
        self.every
    }

    /// Whether nothing is in scope.
    pub const fn is_empty(&self) -> bool {
        !self.every
    }
}

/// Scopes are found by asking the point decision about a sample row of each shape that the
/// policies distinguish, so there is one truth and a restriction narrows both.
impl Policy {
    /// The filings on which the actor may do this.
    pub fn filing_scope(&self, actor: &Actor, action: Action) -> FilingScope {
        let own = actor.organisation;
        let other = another(own);
        let kinds = |owner, addressees: &[OrganisationId]| {
            of_kinds(|kind| {
                let filing = Resource::Filing(FilingFacts {
                    id: FilingId::from_uuid(SAMPLE),
                    owner,
                    kind,
                    addressees: addressees.to_vec(),
                });
                self.may(actor, action, &filing)
            })
        };
        FilingScope {
            organisation: Some(own),
            owned: kinds(own, &[]),
            addressed: kinds(other, &[own]),
        }
    }

    /// The directives on which the actor may do this.
    pub fn directive_scope(&self, actor: &Actor, action: Action) -> DirectiveScope {
        let own = actor.organisation;
        let other = another(own);
        let what = |issuer, addressee| {
            let mut admitted = Directives::new();
            for kind in DirectiveKind::ALL {
                for duty in DirectiveDuty::ALL {
                    let directive = Resource::Directive(DirectiveFacts {
                        id: DirectiveId::from_uuid(SAMPLE),
                        issuer,
                        addressee,
                        kind: *kind,
                        duty: *duty,
                    });
                    if self.may(actor, action, &directive) {
                        admitted.push((*kind, *duty));
                    }
                }
            }
            admitted
        };
        DirectiveScope {
            organisation: Some(own),
            issued: what(own, other),
            received: what(other, own),
        }
    }

    /// The drafts on which the actor may do this.
    pub fn draft_scope(&self, actor: &Actor, action: Action) -> DraftScope {
        let owner = actor.organisation;
        let kinds = of_kinds(|kind| {
            let draft = Resource::Draft(DraftFacts {
                id: DraftId::from_uuid(SAMPLE),
                owner,
                kind,
            });
            self.may(actor, action, &draft)
        });
        DraftScope {
            owner: Some(owner),
            kinds,
        }
    }

    /// The registers, computers and cases on which the actor may do this.
    ///
    /// An action on registers gives the owner of registers and computers, one on cases that of
    /// cases and decisions; drafts have [`Policy::draft_scope`].
    pub fn owner_scope(&self, actor: &Actor, action: Action) -> OwnerScope {
        let owner = actor.organisation;
        let samples = [
            Resource::Register { owner },
            Resource::Computer {
                id: ComputerId::from_uuid(SAMPLE),
                owner,
            },
            Resource::Case {
                id: CaseId::from_uuid(SAMPLE),
                owner,
            },
        ];
        let allowed = samples.iter().any(|row| self.may(actor, action, row));
        OwnerScope(allowed.then_some(owner))
    }

    /// The owner of the requests for approval that can concern the actor; which of them do is asked of each.
    pub fn approval_scope(&self, actor: &Actor, action: Action) -> OwnerScope {
        let owner = actor.organisation;
        let mine = Resource::Approval(ApprovalFacts {
            id: ApprovalId::from_uuid(SAMPLE),
            owner,
            kind: FilingKind::IncidentPrompt,
            requested_by: actor.person,
            drafters: Vec::new(),
            holders: vec![actor.person],
            involved: vec![actor.person],
            separation: Separation::Together,
        });
        OwnerScope(self.may(actor, action, &mine).then_some(owner))
    }

    /// The delegations that the actor holds and may do this with.
    pub fn delegation_scope(&self, actor: &Actor, action: Action) -> DelegationScope {
        let mine = Resource::Delegation(DelegationFacts {
            id: DelegationId::from_uuid(SAMPLE),
            // A contractor's person works for another organisation than the own one.
            owner: another(actor.organisation),
            person: actor.person,
            sections: Vec::new(),
            section: 0,
            extent: DelegatedExtent::View,
            standing: DelegationStanding::InForce,
        });
        DelegationScope(self.may(actor, action, &mine).then_some(actor.person))
    }

    /// The organisation for which the actor may do this as a whole.
    pub fn organisation_scope(&self, actor: &Actor, action: Action) -> OrganisationScope {
        let own = Resource::Organisation(OrganisationFacts {
            id: actor.organisation,
            kind: actor.organisation_kind,
        });
        OrganisationScope(self.may(actor, action, &own).then_some(actor.organisation))
    }

    /// The accounts of other people on which the actor may do this.
    pub fn account_scope(&self, actor: &Actor, action: Action) -> AccountScope {
        let organisation = actor.organisation;
        let colleague = Resource::Account {
            person: PersonId::from_uuid(unlike(actor.person.uuid())),
            organisation,
        };
        AccountScope(self.may(actor, action, &colleague).then_some(organisation))
    }

    /// The desks in whose queue the actor may do this.
    pub fn queue_scope(&self, actor: &Actor, action: Action) -> QueueScope {
        let desk = actor.organisation;
        let allowed = self.may(actor, action, &Resource::Queue { desk });
        QueueScope(allowed.then_some(desk))
    }

    /// The logs on which the actor may do this.
    pub fn log_scope(&self, actor: &Actor, action: Action) -> LogScope {
        let own = actor.organisation;
        let may = |authority| self.may(actor, action, &Resource::Log { authority });
        let authority = may(own).then_some(own);
        if authority.is_some() && may(another(own)) {
            LogScope {
                every: true,
                authority: None,
            }
        } else {
            LogScope {
                every: false,
                authority,
            }
        }
    }

    /// Whether the actor may do this on the deliveries of the instance.
    pub fn outbox_scope(&self, actor: &Actor, action: Action) -> OutboxScope {
        OutboxScope {
            every: self.may(actor, action, &Resource::Outbox),
        }
    }
}

/// Id of a sample row; no policy names an id, and no real row has this one.
const SAMPLE: Uuid = Uuid::nil();

fn another(id: OrganisationId) -> OrganisationId {
    OrganisationId::from_uuid(unlike(id.uuid()))
}

fn unlike(id: Uuid) -> Uuid {
    if id == Uuid::nil() {
        Uuid::max()
    } else {
        Uuid::nil()
    }
}

fn of_kinds(admits: impl Fn(FilingKind) -> bool) -> Vec<FilingKind> {
    FilingKind::ALL
        .iter()
        .copied()
        .filter(|kind| admits(*kind))
        .collect()
}
