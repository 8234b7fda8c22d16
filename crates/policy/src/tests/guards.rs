//! The restrictions hold by themselves: a careless permit must not get past them.

use std::sync::LazyLock;

use ids::{Assurance, FilingKind, OrganisationKind, Role, TokenScope};

use super::fixtures::{
    COLLEAGUE, OTHER, OWN, SELF, account, actor, case, computer, draft, filing, policy, register,
    resources, rule_pack,
};
use crate::{Action, Actor, Denied, PersonStatus, Policy, Resource, StepUp};

const PROMPT: FilingKind = FilingKind::IncidentPrompt;
const NOTIFICATION: FilingKind = FilingKind::AssetNotification;

/// The actions allowed on a resource when a policy permits everything to everyone.
fn allowed(actor: &Actor, resource: &Resource) -> Vec<Action> {
    static CARELESS: LazyLock<Policy> =
        LazyLock::new(|| Policy::embedded().unwrap().with_everything_permitted());
    Action::ALL
        .iter()
        .copied()
        .filter(|action| CARELESS.may(actor, *action, resource))
        .collect()
}

#[test]
fn a_careless_permit_does_grant_what_no_restriction_covers() {
    let viewer = actor(OrganisationKind::Operator, &[Role::Viewer]);
    assert!(allowed(&viewer, &case(OWN)).contains(&Action::EditCase));
}

#[test]
fn a_disabled_person_stays_out() {
    let mut disabled = actor(OrganisationKind::Ministry, Role::ALL);
    disabled.status = PersonStatus::Disabled;
    for row in resources(OWN, OrganisationKind::Ministry, OWN) {
        assert_eq!(allowed(&disabled, &row), []);
    }
}

#[test]
fn a_password_alone_and_a_contractor_get_no_further_than_the_own_account() {
    let mut half = actor(OrganisationKind::Operator, Role::ALL);
    half.assurance = Assurance::Password;
    let contractor = actor(OrganisationKind::Contractor, Role::ALL);
    let account = &[Action::ManageOwnAccount, Action::ChangeOwnSecrets];
    for (someone, may) in [(half, &account[..1]), (contractor, &account[..])] {
        for row in resources(OWN, someone.organisation_kind, OWN) {
            let rest = allowed(&someone, &row);
            assert!(rest.iter().all(|action| may.contains(action)), "{rest:?}");
        }
    }
}

#[test]
fn an_operator_stays_away_from_another_operator() {
    let someone = actor(OrganisationKind::Operator, Role::ALL);
    for row in [
        register(OTHER),
        computer(OTHER),
        case(OTHER),
        draft(OTHER, PROMPT),
        filing(OTHER, PROMPT, &[OWN]),
        account(COLLEAGUE, OTHER),
    ] {
        assert_eq!(allowed(&someone, &row), [], "{row:?}");
    }
}

#[test]
fn an_authority_stays_away_from_working_papers_and_from_what_was_not_sent_to_it() {
    for kind in OrganisationKind::ALL {
        if *kind == OrganisationKind::Operator {
            continue;
        }
        let someone = actor(*kind, Role::ALL);
        for row in [
            register(OWN),
            computer(OWN),
            case(OWN),
            draft(OWN, NOTIFICATION),
            filing(OWN, NOTIFICATION, &[OTHER]),
        ] {
            assert_eq!(allowed(&someone, &row), [], "{kind} {row:?}");
        }
    }
}

#[test]
fn the_committee_stays_away_from_filings() {
    let auditor = actor(OrganisationKind::Committee, &[Role::Auditor]);
    assert_eq!(allowed(&auditor, &filing(OTHER, PROMPT, &[OWN])), []);
}

#[test]
fn only_a_minister_forwards_notified_items() {
    let act = Action::ForwardToPrimeMinister;
    for kind in OrganisationKind::ALL {
        let someone = actor(*kind, Role::ALL);
        let forwards = allowed(&someone, &filing(OWN, NOTIFICATION, &[OWN])).contains(&act);
        assert_eq!(forwards, *kind == OrganisationKind::Ministry, "{kind}");
        assert!(!allowed(&someone, &filing(OWN, PROMPT, &[OWN])).contains(&act));
    }
}

#[test]
fn filing_export_roles_and_tokens_wait_for_the_second_factor() {
    let mut stale = actor(OrganisationKind::Operator, Role::ALL);
    stale.step_up = StepUp::Stale;
    let waiting = [
        (Action::FileReport, case(OWN)),
        (Action::FilePrompt, draft(OWN, PROMPT)),
        (Action::FileNotification, register(OWN)),
        (Action::AnswerCorrection, filing(OWN, PROMPT, &[])),
        (Action::ExportFilings, filing(OWN, PROMPT, &[])),
        (Action::GrantRole, account(COLLEAGUE, OWN)),
        (Action::IssueToken, account(SELF, OWN)),
    ];
    for (action, row) in waiting {
        assert!(!allowed(&stale, &row).contains(&action), "{action}");
    }
}

#[test]
fn a_token_without_scopes_does_nothing_and_with_all_of_them_keeps_off_accounts() {
    let mut token = actor(OrganisationKind::Operator, Role::ALL);
    token.assurance = Assurance::Token;
    for row in resources(OWN, OrganisationKind::Operator, OWN) {
        assert_eq!(allowed(&token, &row), [], "{row:?}");
    }
    token.token_scopes = TokenScope::ALL.to_vec();
    assert_eq!(allowed(&token, &account(SELF, OWN)), []);
    assert!(allowed(&token, &case(OWN)).contains(&Action::FileReport));
}

#[test]
fn nobody_grants_a_role_to_themselves() {
    let admin = actor(OrganisationKind::Ministry, Role::ALL);
    assert!(!allowed(&admin, &account(SELF, OWN)).contains(&Action::GrantRole));
    assert!(allowed(&admin, &account(COLLEAGUE, OWN)).contains(&Action::GrantRole));
}

#[test]
fn nobody_approves_the_rule_pack_they_proposed() {
    for kind in OrganisationKind::ALL {
        let all = actor(*kind, Role::ALL);
        let policy = Policy::embedded().unwrap().with_everything_permitted();
        assert!(!policy.may(&all, Action::ApproveRulePack, &rule_pack(SELF)));
        assert!(
            policy.may(&all, Action::ApproveRulePack, &rule_pack(COLLEAGUE))
                || matches!(kind, OrganisationKind::Contractor)
        );
    }
    let runs = actor(OrganisationKind::CabinetOffice, &[Role::InstanceOperator]);
    let approve = |number| {
        policy()
            .check(&runs, Action::ApproveRulePack, &rule_pack(number))
            .map(drop)
    };
    assert_eq!(approve(SELF), Err(Denied::Forbidden));
    assert_eq!(approve(COLLEAGUE), Ok(()));
}
