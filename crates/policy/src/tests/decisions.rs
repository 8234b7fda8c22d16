use ids::{Assurance, FilingKind, OrganisationKind, Role, TokenScope};

use super::fixtures::{
    COLLEAGUE, OTHER, OWN, SELF, account, actor, case, computer, draft, filing, policy, register,
    resources,
};
use crate::permit::Permit;
use crate::{Action, Actor, Denied, PersonStatus, Resource, ResourceKind, StepUp, roles_of};

const PROMPT: FilingKind = FilingKind::IncidentPrompt;
const NOTIFICATION: FilingKind = FilingKind::AssetNotification;

fn check(actor: &Actor, action: Action, resource: &Resource) -> Result<(), Denied> {
    policy().check(actor, action, resource).map(drop)
}

/// Every action on every resource that the actor is allowed.
fn allowed(actor: &Actor, resources: &[Resource]) -> Vec<(Action, Resource)> {
    let policy = policy();
    Action::ALL
        .iter()
        .flat_map(|action| resources.iter().map(move |row| (*action, row.clone())))
        .filter(|(action, row)| policy.may(actor, *action, row))
        .collect()
}

fn everything(kind: OrganisationKind) -> Vec<Resource> {
    let mut all = resources(OWN, kind, OTHER);
    all.extend(resources(OTHER, kind, OWN));
    all
}

#[test]
fn a_permit_says_who_did_what_to_what_under_which_policies() {
    let policy = policy();
    let approver = actor(OrganisationKind::Operator, &[Role::Approver]);
    let permit = policy
        .check(&approver, Action::FileReport, &case(OWN))
        .unwrap();
    assert_eq!(permit.action(), Action::FileReport);
    assert_eq!(permit.person(), approver.person);
    assert_eq!(permit.organisation(), approver.organisation);
    assert_eq!(permit.assurance(), Assurance::SecondFactor);
    assert_eq!(permit.resource().kind, ResourceKind::Case);
    assert_eq!(permit.resource().id, case(OWN).reference().id);
    assert_eq!(permit.policy(), policy.digest());
}

/// Compiles only while `Permit` is not `Clone`: with it, `marker` would be ambiguous.
#[test]
fn a_permit_cannot_be_copied() {
    trait Ambiguous<Which> {
        fn marker() -> &'static str {
            "not Clone"
        }
    }
    struct IfClone;
    impl<T> Ambiguous<()> for T {}
    impl<T: Clone> Ambiguous<IfClone> for T {}
    assert_eq!(<Permit as Ambiguous<_>>::marker(), "not Clone");
}

#[test]
fn nobody_without_a_role_reaches_anything_but_the_own_account() {
    for kind in OrganisationKind::ALL {
        let nobody = actor(*kind, &[]);
        assert_eq!(allowed(&nobody, &everything(*kind)), []);
        assert_eq!(
            check(&nobody, Action::ManageOwnAccount, &account(SELF, OWN)),
            Ok(())
        );
    }
}

#[test]
fn a_disabled_person_reaches_nothing() {
    for kind in OrganisationKind::ALL {
        let mut disabled = actor(*kind, Role::ALL);
        disabled.status = PersonStatus::Disabled;
        let mut all = everything(*kind);
        all.push(account(SELF, OWN));
        assert_eq!(allowed(&disabled, &all), []);
        assert_eq!(
            check(&disabled, Action::ViewFiling, &filing(OWN, PROMPT, &[OWN])),
            Err(Denied::NotFound)
        );
    }
}

#[test]
fn a_contractor_reaches_nothing_but_the_own_account() {
    let contractor = actor(OrganisationKind::Contractor, Role::ALL);
    assert_eq!(
        allowed(&contractor, &everything(OrganisationKind::Contractor)),
        []
    );
    let misplaced = actor(OrganisationKind::Operator, &[Role::Contractor]);
    let rest = allowed(&misplaced, &everything(OrganisationKind::Operator));
    assert!(
        rest.iter().all(|(a, _)| *a == Action::ViewOrganisation),
        "{rest:?}"
    );
}

#[test]
fn a_role_in_the_wrong_kind_of_organisation_grants_nothing() {
    for kind in OrganisationKind::ALL {
        for role in Role::ALL.iter().filter(|r| !roles_of(*kind).contains(r)) {
            let rest = allowed(&actor(*kind, &[*role]), &everything(*kind));
            assert!(
                rest.iter().all(|(a, _)| *a == Action::ViewOrganisation),
                "{kind} {role}: {rest:?}"
            );
        }
        for role in roles_of(*kind) {
            let granted = allowed(&actor(*kind, &[*role]), &everything(*kind));
            assert!(
                *role == Role::Contractor || granted.len() > 1,
                "{kind} {role} grants nothing"
            );
        }
    }
}

#[test]
fn for_an_operator_the_things_of_another_do_not_exist() {
    let policy = policy();
    let all = actor(OrganisationKind::Operator, Role::ALL);
    let mut tried = 0;
    for resource in resources(OTHER, OrganisationKind::Operator, OTHER) {
        if matches!(resource, Resource::Outbox) {
            continue;
        }
        for action in Action::ALL {
            let answer = policy.check(&all, *action, &resource).map(drop);
            assert_eq!(answer, Err(Denied::NotFound), "{action} {resource:?}");
            tried += 1;
        }
    }
    assert!(tried > 100);
}

#[test]
fn no_authority_sees_a_register_a_case_or_a_draft() {
    for kind in OrganisationKind::ALL {
        if matches!(kind, OrganisationKind::Operator) {
            continue;
        }
        let all = actor(*kind, Role::ALL);
        for owner in [OWN, OTHER] {
            for row in [
                register(owner),
                computer(owner),
                case(owner),
                draft(owner, PROMPT),
                draft(owner, NOTIFICATION),
            ] {
                assert_eq!(allowed(&all, &[row]), [], "{kind}");
            }
        }
    }
}

#[test]
fn neither_the_committee_nor_the_administrators_read_filings() {
    let readers = [
        (OrganisationKind::Committee, Role::Auditor),
        (OrganisationKind::Operator, Role::OrganisationAdmin),
        (OrganisationKind::Ministry, Role::OrganisationAdmin),
        (OrganisationKind::Ministry, Role::InstanceOperator),
        (OrganisationKind::CabinetOffice, Role::InstanceOperator),
    ];
    for (kind, role) in readers {
        for filing_kind in FilingKind::ALL {
            let row = filing(OWN, *filing_kind, &[OWN]);
            assert_eq!(allowed(&actor(kind, &[role]), &[row]), [], "{kind} {role}");
        }
    }
}

#[test]
fn a_desk_reads_only_what_is_addressed_to_it() {
    let officer = actor(OrganisationKind::Ministry, &[Role::DeskOfficer]);
    for action in [
        Action::ViewFiling,
        Action::CheckForm,
        Action::AssignFiling,
        Action::TransferFiling,
        Action::RequestCorrection,
    ] {
        assert_eq!(
            check(&officer, action, &filing(OTHER, PROMPT, &[OWN])),
            Ok(())
        );
        assert_eq!(
            check(&officer, action, &filing(OTHER, PROMPT, &[3])),
            Err(Denied::NotFound)
        );
    }
}

#[test]
fn only_a_minister_forwards_and_only_notified_items() {
    let act = Action::ForwardToPrimeMinister;
    let minister = actor(OrganisationKind::Ministry, &[Role::DeskOfficer]);
    let office = actor(OrganisationKind::RegionalOffice, &[Role::DeskOfficer]);
    let notified = filing(OTHER, NOTIFICATION, &[OWN]);
    assert_eq!(check(&minister, act, &notified), Ok(()));
    assert_eq!(
        check(&minister, act, &filing(OTHER, PROMPT, &[OWN])),
        Err(Denied::Forbidden)
    );
    assert_eq!(check(&office, act, &notified), Err(Denied::Forbidden));
}

#[test]
fn the_csirt_files_the_prompt_stage_and_no_other() {
    let csirt = actor(OrganisationKind::Operator, &[Role::Csirt]);
    assert_eq!(check(&csirt, Action::FilePrompt, &case(OWN)), Ok(()));
    assert_eq!(
        check(&csirt, Action::FilePrompt, &draft(OWN, PROMPT)),
        Ok(())
    );
    assert_eq!(
        check(
            &csirt,
            Action::FilePrompt,
            &draft(OWN, FilingKind::IncidentFull)
        ),
        Err(Denied::Forbidden)
    );
    assert_eq!(
        check(&csirt, Action::FileReport, &case(OWN)),
        Err(Denied::Forbidden)
    );
}

#[test]
fn filing_with_a_stale_second_factor_asks_for_it_again() {
    let mut approver = actor(OrganisationKind::Operator, &[Role::Approver]);
    approver.step_up = StepUp::Stale;
    let mut officer = actor(OrganisationKind::Ministry, &[Role::DeskOfficer]);
    officer.step_up = StepUp::Stale;
    let again = Err(Denied::StepUpRequired);
    assert_eq!(check(&approver, Action::FileReport, &case(OWN)), again);
    assert_eq!(
        check(&approver, Action::FileNotification, &register(OWN)),
        again
    );
    assert_eq!(
        check(&approver, Action::ExportFilings, &filing(OWN, PROMPT, &[])),
        again
    );
    assert_eq!(
        check(&approver, Action::IssueToken, &account(SELF, OWN)),
        again
    );
    assert_eq!(
        check(
            &officer,
            Action::ForwardToPrimeMinister,
            &filing(OTHER, NOTIFICATION, &[OWN])
        ),
        again
    );
    assert_eq!(check(&approver, Action::ViewCase, &case(OWN)), Ok(()));
    assert_eq!(
        check(&approver, Action::EditCase, &case(OWN)),
        Err(Denied::Forbidden)
    );
    assert_eq!(
        check(&approver, Action::FileReport, &case(OTHER)),
        Err(Denied::NotFound)
    );
}

#[test]
fn a_password_alone_reaches_the_own_account_and_learns_nothing_else() {
    let mut half = actor(OrganisationKind::Operator, Role::ALL);
    half.assurance = Assurance::Password;
    assert_eq!(
        check(&half, Action::ManageOwnAccount, &account(SELF, OWN)),
        Ok(())
    );
    for owner in [OWN, OTHER] {
        assert_eq!(
            check(&half, Action::ViewCase, &case(owner)),
            Err(Denied::StepUpRequired)
        );
    }
}

#[test]
fn a_token_does_only_what_its_scopes_say() {
    let mut token = actor(OrganisationKind::Operator, &[Role::Csirt, Role::Approver]);
    token.assurance = Assurance::Token;
    token.step_up = StepUp::Stale;
    let tries = [
        (TokenScope::Read, Action::ViewCase),
        (TokenScope::Write, Action::EditCase),
        (TokenScope::File, Action::FileReport),
    ];
    for scopes in [
        &[][..],
        &[TokenScope::Read],
        &[TokenScope::Write],
        &[TokenScope::File],
        TokenScope::ALL,
    ] {
        token.token_scopes = scopes.to_vec();
        for (needed, action) in tries {
            let answer = check(&token, action, &case(OWN)).is_ok();
            assert_eq!(answer, scopes.contains(&needed), "{scopes:?} {action}");
        }
    }
    for action in [Action::ManageOwnAccount, Action::IssueToken] {
        assert!(
            check(&token, action, &account(SELF, OWN)).is_err(),
            "{action}"
        );
    }
}

#[test]
fn token_scopes_count_with_a_token_only() {
    let mut session = actor(OrganisationKind::Operator, &[Role::Approver]);
    session.step_up = StepUp::Stale;
    session.token_scopes = TokenScope::ALL.to_vec();
    assert_eq!(
        check(&session, Action::FileReport, &case(OWN)),
        Err(Denied::StepUpRequired)
    );
}

#[test]
fn an_administrator_gives_roles_to_colleagues_and_never_to_themselves() {
    let admin = actor(OrganisationKind::Operator, &[Role::OrganisationAdmin]);
    let act = Action::GrantRole;
    assert_eq!(check(&admin, act, &account(COLLEAGUE, OWN)), Ok(()));
    assert_eq!(
        check(&admin, act, &account(SELF, OWN)),
        Err(Denied::Forbidden)
    );
    assert_eq!(
        check(&admin, act, &account(COLLEAGUE, OTHER)),
        Err(Denied::NotFound)
    );
    assert_eq!(
        check(&admin, Action::IssueToken, &account(COLLEAGUE, OWN)),
        Err(Denied::Forbidden)
    );
}

#[test]
fn the_committee_verifies_every_log() {
    let auditor = actor(OrganisationKind::Committee, &[Role::Auditor]);
    for number in [OWN, OTHER] {
        let authority = super::fixtures::organisation(number);
        assert_eq!(
            check(&auditor, Action::VerifyLog, &Resource::Log { authority }),
            Ok(())
        );
    }
}
