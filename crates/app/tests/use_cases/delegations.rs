use app::AppError;
use app::delegations::{DelegationInput, Given};
use app::incidents::{Seen, Typed};
use ids::{CaseId, DelegationId, OrganisationKind, Role};
use model::delegations::Extent;
use model::incidents::AwarenessKind;
use policy::Actor;

use crate::approvals::fixture::code;
use crate::bench::{Bench, instant};
use crate::incidents::fixture::{T1, typed};

const NOW: &str = "2026-11-22T10:00:00+09:00";

fn asked(case: CaseId) -> DelegationInput {
    DelegationInput {
        person: None,
        company: "架空システムズ株式会社".to_owned(),
        name: "受託 花子".to_owned(),
        login: "kaku.hanako".to_owned(),
        case: Some(case),
        sections: vec![3, 5],
        extent: Some(Extent::Fill),
        until: Some(instant("2026-11-24T00:00:00+09:00")),
        reason: "攻撃の経路を記入してください".to_owned(),
    }
}

/// The contractor's person, as the policies see them after the login.
async fn contractor(bench: &Bench, given: &Given) -> Actor {
    let person = given.link.as_ref().unwrap().person;
    let views = bench.app.delegations(&bench.admin()).await.unwrap();
    let view = views
        .iter()
        .find(|view| view.record.person == person)
        .unwrap();
    Actor {
        person,
        organisation: view.record.contractor,
        organisation_kind: OrganisationKind::Contractor,
        roles: vec![Role::Contractor],
        ..bench.csirt()
    }
}

async fn given(bench: &Bench) -> (CaseId, DelegationId, Actor) {
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let given = bench
        .app
        .delegate(&bench.admin(), &asked(case))
        .await
        .unwrap();
    let actor = contractor(bench, &given).await;
    (case, given.delegation, actor)
}

async fn fill(bench: &Bench, actor: &Actor, id: DelegationId, item: u8, key: &str) -> &'static str {
    let fields = typed(&[(key, Typed::text("遠隔保守の入口から侵入された"))]);
    let seen = Seen::Version(i64::MAX);
    code(
        bench
            .app
            .save_delegated(actor, id, item, &fields, &seen)
            .await,
    )
}

/// A field of an item that takes a sentence.
async fn sentence(bench: &Bench, case: CaseId, item: u8) -> String {
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    draft
        .fields()
        .find(|field| {
            field.item == item && matches!(field.kind, formats::forms::FieldKind::LongText)
        })
        .unwrap()
        .key
        .clone()
}

#[tokio::test]
async fn a_contractor_sees_and_fills_in_the_items_named_and_nothing_else() {
    let bench = Bench::at(NOW).await;
    let (case, id, contractor) = given(&bench).await;
    let item = bench.app.view_delegated(&contractor, id, 3).await.unwrap();
    assert_eq!(item.section.item, 3);
    assert!(item.may_fill);
    assert!(
        item.section
            .fields
            .iter()
            .all(|field| field.field.item == 3)
    );
    for other in [1, 2, 4, 6, 7, 8] {
        let refused = bench.app.view_delegated(&contractor, id, other).await;
        assert_eq!(code(refused), "not_found", "item {other}");
    }
    assert_eq!(
        code(bench.app.view_case(&contractor, case).await),
        "not_found"
    );
    assert_eq!(
        code(bench.app.view_draft(&contractor, case).await),
        "not_found"
    );

    let key = sentence(&bench, case, 3).await;
    assert_eq!(fill(&bench, &contractor, id, 3, &key).await, "done");
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(draft.typed(&key).text, "遠隔保守の入口から侵入された");
    let elsewhere = fill(&bench, &contractor, id, 3, "address").await;
    assert_eq!(
        elsewhere, "not_found",
        "a field of another item under this one"
    );
}

#[tokio::test]
async fn every_look_of_a_contractor_is_recorded_and_the_operator_sees_it() {
    let bench = Bench::at(NOW).await;
    let (_, id, contractor) = given(&bench).await;
    let before = bench.app.delegations(&bench.admin()).await.unwrap();
    assert!(before[0].viewed.is_empty());
    bench.app.view_delegated(&contractor, id, 3).await.unwrap();
    bench.set("2026-11-22T10:05:00+09:00");
    bench.app.view_delegated(&contractor, id, 5).await.unwrap();
    let views = bench.app.delegations(&bench.admin()).await.unwrap();
    let looks: Vec<_> = views[0]
        .viewed
        .iter()
        .map(|look| (look.section, look.at))
        .collect();
    let second = instant("2026-11-22T10:05:00+09:00");
    assert_eq!(looks, [(3, instant(NOW)), (5, second)]);
    let leaves = bench.leaves(id.uuid()).await;
    assert_eq!(leaves.len(), 3, "the giving and two looks");
    assert_eq!(leaves[1]["act"], "delegation.read");
    assert_eq!(
        leaves[1]["actor"]["person"],
        contractor.person.to_string().as_str()
    );
}

#[tokio::test]
async fn what_ends_while_somebody_writes_is_told_to_them_and_stored_nowhere() {
    for end_at_once in [true, false] {
        let bench = Bench::at(NOW).await;
        let (case, id, contractor) = given(&bench).await;
        let key = sentence(&bench, case, 3).await;
        bench.app.view_delegated(&contractor, id, 3).await.unwrap();
        if end_at_once {
            bench.app.end_delegation(&bench.admin(), id).await.unwrap();
        } else {
            bench.set("2026-11-24T00:00:00+09:00");
        }
        assert_eq!(
            fill(&bench, &contractor, id, 3, &key).await,
            "delegation_over"
        );
        let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
        assert!(draft.typed(&key).is_empty());
        let looked = bench.app.view_delegated(&contractor, id, 3).await;
        assert_eq!(code(looked), "not_found");
        let held = bench.app.held_delegations(&contractor).await.unwrap();
        assert!(held.is_empty());
        // An item that was never delegated does not exist, before and after.
        assert_eq!(fill(&bench, &contractor, id, 4, &key).await, "not_found");
    }
}

#[tokio::test]
async fn a_delegation_to_look_only_stores_nothing() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let mut input = asked(case);
    input.extent = Some(Extent::View);
    let given = bench.app.delegate(&bench.admin(), &input).await.unwrap();
    let contractor = contractor(&bench, &given).await;
    let id = given.delegation;
    assert!(
        !bench
            .app
            .view_delegated(&contractor, id, 3)
            .await
            .unwrap()
            .may_fill
    );
    let key = sentence(&bench, case, 3).await;
    assert_eq!(fill(&bench, &contractor, id, 3, &key).await, "forbidden");
}

#[tokio::test]
async fn nobody_but_the_own_administrator_gives_ends_and_sees_delegations() {
    let bench = Bench::at(NOW).await;
    let (case, id, contractor) = given(&bench).await;
    let mut again = asked(case);
    again.login = "kaku.jiro".to_owned();
    for (actor, expected) in [
        (bench.csirt(), "not_found"),
        // Whoever holds it knows of it and cannot end it.
        (contractor.clone(), "forbidden"),
        (
            bench.actor(bench.world.railway, Role::OrganisationAdmin),
            "not_found",
        ),
    ] {
        assert_eq!(code(bench.app.end_delegation(&actor, id).await), expected);
    }
    let csirt = bench.app.delegate(&bench.csirt(), &again).await;
    assert_eq!(code(csirt), "forbidden");
    // Another operator's administrator cannot delegate this case.
    let other = bench.actor(bench.world.railway, Role::OrganisationAdmin);
    let foreign = bench.app.delegate(&other, &again).await;
    assert_eq!(code(foreign), "invalid");
    // Another contractor's person does not know of it.
    let given = bench.app.delegate(&bench.admin(), &again).await.unwrap();
    let second = self::contractor(&bench, &given).await;
    assert_eq!(
        code(bench.app.view_delegated(&second, id, 3).await),
        "not_found"
    );
    assert_eq!(
        code(bench.app.held_delegation(&second, id).await),
        "not_found"
    );
}

#[tokio::test]
async fn somebody_known_is_asked_again_without_a_new_account() {
    let bench = Bench::at(NOW).await;
    let (case, _, contractor) = given(&bench).await;
    let again = DelegationInput {
        person: Some(contractor.person),
        sections: vec![6],
        ..asked(case)
    };
    let given = bench.app.delegate(&bench.admin(), &again).await.unwrap();
    assert!(given.link.is_none());
    let held = bench.app.held_delegations(&contractor).await.unwrap();
    assert_eq!(held.len(), 2);
    let stranger = DelegationInput {
        person: Some(bench.csirt().person),
        ..asked(case)
    };
    let refused = bench.app.delegate(&bench.admin(), &stranger).await;
    assert_eq!(code(refused), "invalid");
}

#[tokio::test]
async fn everything_wrong_with_a_delegation_is_said_at_once() {
    let bench = Bench::at(NOW).await;
    let refused = bench
        .app
        .delegate(&bench.admin(), &DelegationInput::default())
        .await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("nothing was wrong");
    };
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "company", "login", "name", "case", "sections", "extent", "until", "reason"
        ]
    );
}
