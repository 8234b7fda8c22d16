use cedar_policy::Entities;
use ids::{Assurance, FilingKind, OrganisationKind, Role, TokenScope};

use super::fixtures::{OTHER, OWN, actor, draft, filing, policy, resources};
use crate::{Action, Policy, PolicyError};

#[test]
fn every_policy_validates_against_the_schema() {
    // `embedded` validates strictly and takes a warning as an error.
    assert_eq!(Policy::embedded().unwrap().digest(), policy().digest());
}

#[test]
fn every_code_and_every_resource_fits_the_schema() {
    let policy = policy();
    let (schema, vocabulary) = policy.parts();
    for kind in OrganisationKind::ALL {
        let person = vocabulary.principal(&actor(*kind, Role::ALL)).unwrap();
        let documents = FilingKind::ALL
            .iter()
            .flat_map(|kind| [filing(OWN, *kind, &[OTHER]), draft(OWN, *kind)]);
        let things = resources(OWN, *kind, OTHER)
            .into_iter()
            .chain(documents)
            .map(|resource| vocabulary.resource(&resource).unwrap());
        for entity in things.chain([person]) {
            if let Err(error) = Entities::from_entities([entity], Some(schema)) {
                panic!("{kind}: {error:?}");
            }
        }
    }
}

#[test]
fn every_session_fits_the_schema_of_every_action() {
    let policy = policy();
    let (schema, vocabulary) = policy.parts();
    let all = resources(OWN, OrganisationKind::Operator, OTHER);
    for assurance in Assurance::ALL {
        let mut actor = actor(OrganisationKind::Operator, Role::ALL);
        actor.assurance = *assurance;
        actor.token_scopes = TokenScope::ALL.to_vec();
        for action in Action::ALL {
            let fits = all
                .iter()
                .filter_map(|row| vocabulary.question(schema, &actor, *action, row))
                .count();
            assert!(fits > 0, "{action} applies to nothing");
        }
    }
}

#[test]
fn a_restriction_that_grants_or_does_not_fit_is_refused() {
    let grant = "permit (principal, action, resource);";
    assert!(matches!(
        Policy::embedded().unwrap().with_restrictions(grant),
        Err(PolicyError::NotARestriction)
    ));
    let misspelt = r#"forbid (principal in Role::"aprover", action, resource);"#;
    assert!(matches!(
        Policy::embedded().unwrap().with_restrictions(misspelt),
        Err(PolicyError::Invalid { .. })
    ));
}

#[test]
fn a_restriction_changes_the_digest() {
    let before = policy().digest();
    let after = Policy::embedded()
        .unwrap()
        .with_restrictions("forbid (principal, action, resource is Outbox);")
        .unwrap();
    assert_ne!(before, after.digest());
}
