use ids::{
    ApprovalId, Assurance, CaseId, ComputerId, DelegationId, DirectiveDuty, DirectiveId,
    DirectiveKind, DraftId, FilingId, FilingKind, OrganisationId, OrganisationKind, PersonId, Role,
    TokenScope,
};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest,
};
use proptest::sample::{select, subsequence};
use proptest::{collection, prop_oneof};
use uuid::Uuid;

use super::fixtures::{OWN, policy, resources};
use crate::{
    Action, Actor, ApprovalFacts, DelegatedExtent, DelegationFacts, DelegationStanding,
    DirectiveFacts, DraftFacts, FilingFacts, OrganisationFacts, PersonStatus, Policy, Resource,
    StepUp,
};

/// Few enough organisations that two of them are often the same one.
fn organisations() -> impl Strategy<Value = OrganisationId> {
    (0_u128..4).prop_map(|number| OrganisationId::from_uuid(Uuid::from_u128(number)))
}

fn people() -> impl Strategy<Value = PersonId> {
    (0_u128..3).prop_map(|number| PersonId::from_uuid(Uuid::from_u128(number)))
}

/// Mostly people who can do something, so that the allowed side of the rules is tried as well.
fn actors() -> impl Strategy<Value = Actor> {
    let assurance = prop_oneof![
        3 => Just(Assurance::SecondFactor),
        1 => Just(Assurance::Token),
        1 => Just(Assurance::Password),
    ];
    let status = prop_oneof![9 => Just(PersonStatus::Active), 1 => Just(PersonStatus::Disabled)];
    (
        people(),
        organisations(),
        select(OrganisationKind::ALL),
        subsequence(Role::ALL, 0..=Role::ALL.len()),
        assurance,
        any::<bool>(),
        subsequence(TokenScope::ALL, 0..=TokenScope::ALL.len()),
        status,
    )
        .prop_map(
            |(person, organisation, kind, roles, assurance, fresh, token_scopes, status)| Actor {
                person,
                organisation,
                organisation_kind: kind,
                roles,
                assurance,
                step_up: if fresh { StepUp::Fresh } else { StepUp::Stale },
                token_scopes,
                status,
            },
        )
}

fn filings() -> impl Strategy<Value = FilingFacts> {
    (
        any::<u128>(),
        organisations(),
        select(FilingKind::ALL),
        collection::vec(organisations(), 0..4),
    )
        .prop_map(|(id, owner, kind, addressees)| FilingFacts {
            id: FilingId::from_uuid(Uuid::from_u128(id)),
            owner,
            kind,
            addressees,
        })
}

fn drafts() -> impl Strategy<Value = DraftFacts> {
    (any::<u128>(), organisations(), select(FilingKind::ALL)).prop_map(|(id, owner, kind)| {
        DraftFacts {
            id: DraftId::from_uuid(Uuid::from_u128(id)),
            owner,
            kind,
        }
    })
}

fn directives() -> impl Strategy<Value = DirectiveFacts> {
    (
        any::<u128>(),
        organisations(),
        organisations(),
        select(DirectiveKind::ALL),
        select(DirectiveDuty::ALL),
    )
        .prop_map(|(id, issuer, addressee, kind, duty)| DirectiveFacts {
            id: DirectiveId::from_uuid(Uuid::from_u128(id)),
            issuer,
            addressee,
            kind,
            duty,
        })
}

/// Restrictions of the kinds an instance may want, each valid against the schema.
const RESTRICTIONS: &[&str] = &[
    r#"forbid (principal in Role::"approver", action, resource);"#,
    r#"forbid (principal, action in Action::"file", resource);"#,
    "forbid (principal, action, resource is Filing) when { resource.is_notification };",
    "forbid (principal, action, resource is Filing) unless { resource.addressees.contains(principal.organisation) };",
    r#"forbid (principal, action, resource is Draft) when { resource.kind == FilingKind::"incident_full" };"#,
    r#"forbid (principal, action == Action::"view_log", resource) unless { resource.authority == principal.organisation };"#,
    r#"forbid (principal, action, resource) when { context.assurance == Assurance::"token" };"#,
    "forbid (principal, action, resource) unless { context.fresh };",
    "forbid (principal, action, resource is Case);",
    r#"forbid (principal, action, resource is Directive) when { resource.kind == DirectiveKind::"order" };"#,
    r#"forbid (principal, action, resource) when { principal.kind == OrganisationKind::"ministry" };"#,
    "forbid (principal, action, resource);",
];

fn restricted(texts: &[&str]) -> Policy {
    Policy::embedded()
        .unwrap()
        .with_restrictions(&texts.join("\n"))
        .unwrap()
}

/// Whether every list scope of `narrow` lies within that of `wide`.
fn scopes_within(narrow: &Policy, wide: &Policy, actor: &Actor, action: Action) -> bool {
    let filing = (
        narrow.filing_scope(actor, action),
        wide.filing_scope(actor, action),
    );
    let draft = (
        narrow.draft_scope(actor, action),
        wide.draft_scope(actor, action),
    );
    let log = (
        narrow.log_scope(actor, action),
        wide.log_scope(actor, action),
    );
    let directive = (
        narrow.directive_scope(actor, action),
        wide.directive_scope(actor, action),
    );
    let directives = |inner: &[_], outer: &[_]| inner.iter().all(|what| outer.contains(what));
    let kinds =
        |inner: &[FilingKind], outer: &[FilingKind]| inner.iter().all(|k| outer.contains(k));
    let one = |inner: Option<OrganisationId>, outer| inner.is_none() || inner == outer;
    kinds(filing.0.owned_kinds(), filing.1.owned_kinds())
        && kinds(filing.0.addressed_kinds(), filing.1.addressed_kinds())
        && kinds(draft.0.kinds(), draft.1.kinds())
        && directives(directive.0.issued(), directive.1.issued())
        && directives(directive.0.received(), directive.1.received())
        && (log.1.every() || (!log.0.every() && one(log.0.authority(), log.1.authority())))
        && one(
            narrow.owner_scope(actor, action).owned_by(),
            wide.owner_scope(actor, action).owned_by(),
        )
        && one(
            narrow.approval_scope(actor, action).owned_by(),
            wide.approval_scope(actor, action).owned_by(),
        )
        && one(
            narrow.organisation_scope(actor, action).organisation(),
            wide.organisation_scope(actor, action).organisation(),
        )
        && one(
            narrow.account_scope(actor, action).organisation(),
            wide.account_scope(actor, action).organisation(),
        )
        && one(
            narrow.queue_scope(actor, action).desk(),
            wide.queue_scope(actor, action).desk(),
        )
        && (wide.outbox_scope(actor, action).every() || !narrow.outbox_scope(actor, action).every())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_filing_is_in_scope_exactly_when_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), rows in collection::vec(filings(), 1..8),
    ) {
        let scope = policy().filing_scope(&actor, action);
        for row in rows {
            let allowed = policy().check(&actor, action, &Resource::Filing(row.clone())).is_ok();
            prop_assert_eq!(scope.admits(&row), allowed);
            prop_assert!(!scope.is_empty() || !allowed);
        }
    }

    #[test]
    fn the_policies_sorted_out_for_an_action_decide_as_all_of_them_do(
        actor in actors(), action in select(Action::ALL), row in filings(),
    ) {
        let mut rows = resources(OWN, actor.organisation_kind, OWN);
        rows.push(Resource::Filing(row));
        for row in rows {
            let sorted = policy().may(&actor, action, &row);
            prop_assert_eq!(sorted, policy().may_by_all(&actor, action, &row));
        }
    }

    #[test]
    fn a_draft_is_in_scope_exactly_when_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), rows in collection::vec(drafts(), 1..8),
    ) {
        let scope = policy().draft_scope(&actor, action);
        for row in rows {
            let allowed = policy().check(&actor, action, &Resource::Draft(row)).is_ok();
            prop_assert_eq!(scope.admits(&row), allowed);
        }
    }

    #[test]
    fn a_directive_is_in_scope_exactly_when_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), rows in collection::vec(directives(), 1..8),
    ) {
        let scope = policy().directive_scope(&actor, action);
        for row in rows {
            let allowed = policy().check(&actor, action, &Resource::Directive(row)).is_ok();
            prop_assert_eq!(scope.admits(&row), allowed);
            prop_assert!(!scope.is_empty() || !allowed);
        }
    }

    #[test]
    fn a_request_for_approval_is_in_scope_wherever_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), owner in organisations(), kind in select(FilingKind::ALL),
        groups in (people(), collection::vec(people(), 0..3), collection::vec(people(), 0..3), any::<bool>()),
    ) {
        let (requested_by, drafters, holders, apart) = groups;
        let involved = holders.iter().chain(&drafters).copied().collect();
        let separation = if apart { crate::Separation::Apart } else { crate::Separation::Together };
        let facts = ApprovalFacts {
            id: ApprovalId::from_uuid(Uuid::nil()), owner, kind, requested_by, drafters, holders, involved, separation,
        };
        let scope = policy().approval_scope(&actor, action);
        let of_others = owner != actor.organisation;
        let wrote = apart && facts.drafters.contains(&actor.person);
        let allowed = policy().may(&actor, action, &Resource::Approval(facts));
        prop_assert!(!allowed || scope.admits(owner));
        prop_assert!(!(allowed && of_others), "nothing of another operator");
        prop_assert!(!(allowed && wrote && action == Action::DecideApproval));
    }

    #[test]
    fn a_delegation_is_in_scope_exactly_when_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), owner in organisations(), person in people(),
        sections in collection::vec(1_u8..=7, 0..4), section in 1_u8..=7, fills in any::<bool>(), holds in any::<bool>(),
    ) {
        let facts = DelegationFacts {
            id: DelegationId::from_uuid(Uuid::nil()), owner, person, sections, section,
            extent: if fills { DelegatedExtent::Fill } else { DelegatedExtent::View },
            standing: if holds { DelegationStanding::InForce } else { DelegationStanding::Over },
        };
        let allowed = policy().may(&actor, action, &Resource::Delegation(facts.clone()));
        let contractor = actor.organisation_kind == OrganisationKind::Contractor;
        if contractor && matches!(action, Action::ViewDelegation | Action::ManageDelegation) {
            prop_assert_eq!(policy().delegation_scope(&actor, action).admits(&facts), allowed);
        }
        if contractor && allowed {
            prop_assert!(holds && person == actor.person, "only one's own, only while it holds");
            prop_assert!(action == Action::ViewDelegation || facts.sections.contains(&section));
            prop_assert!(fills || action != Action::FillDelegated);
        }
        if !contractor && allowed {
            prop_assert_eq!(owner, actor.organisation);
        }
    }

    #[test]
    fn every_other_row_is_in_scope_exactly_when_the_point_decision_allows_it(
        actor in actors(), action in select(Action::ALL), organisation in organisations(),
        colleague in people(), id in any::<u128>(),
    ) {
        let policy = policy();
        let id = Uuid::from_u128(id);
        let allowed = |row: Resource| policy.check(&actor, action, &row).is_ok();
        let owned = [
            Resource::Register { owner: organisation },
            Resource::Computer { id: ComputerId::from_uuid(id), owner: organisation },
            Resource::Case { id: CaseId::from_uuid(id), owner: organisation },
        ];
        let owner = policy.owner_scope(&actor, action).admits(organisation);
        prop_assert_eq!(owner, owned.into_iter().any(allowed));
        let queue = policy.queue_scope(&actor, action).admits(organisation);
        prop_assert_eq!(queue, allowed(Resource::Queue { desk: organisation }));
        let log = policy.log_scope(&actor, action).admits(organisation);
        prop_assert_eq!(log, allowed(Resource::Log { authority: organisation }));
        let outbox = policy.outbox_scope(&actor, action).every();
        prop_assert_eq!(outbox, allowed(Resource::Outbox));
        let whole = policy.organisation_scope(&actor, action).admits(organisation);
        let facts = OrganisationFacts { id: organisation, kind: actor.organisation_kind };
        prop_assert_eq!(whole, allowed(Resource::Organisation(facts)));
        if colleague != actor.person {
            let people = policy.account_scope(&actor, action).admits(organisation);
            let row = Resource::Account { person: colleague, organisation };
            prop_assert_eq!(people, allowed(row));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn an_added_restriction_never_widens_access(
        texts in subsequence(RESTRICTIONS, 1..=3),
        actors in collection::vec(actors(), 3),
        filings in collection::vec(filings(), 4),
        actions in subsequence(Action::ALL, 6),
    ) {
        let (wide, narrow) = (policy(), restricted(&texts));
        for actor in &actors {
            let mut rows = resources(OWN, actor.organisation_kind, OWN);
            rows.extend(filings.iter().cloned().map(Resource::Filing));
            for action in &actions {
                for row in &rows {
                    prop_assert!(wide.may(actor, *action, row) || !narrow.may(actor, *action, row));
                }
                prop_assert!(scopes_within(&narrow, wide, actor, *action), "{texts:?} {action}");
            }
        }
    }
}

#[test]
fn a_restriction_that_fits_takes_something_away() {
    let narrow = restricted(&["forbid (principal, action, resource is Case);"]);
    let csirt = super::fixtures::actor(OrganisationKind::Operator, &[Role::Csirt]);
    assert!(!policy().owner_scope(&csirt, Action::ViewCase).is_empty());
    assert!(narrow.owner_scope(&csirt, Action::ViewCase).is_empty());
    assert!(!narrow.owner_scope(&csirt, Action::ViewRegister).is_empty());
}
