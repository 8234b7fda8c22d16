use ids::{DecisionId, ReceiptNumber, Role};
use jiff::civil::{Date, date};
use model::text::{Line, Prose};
use policy::{Action, OwnerScope, Policy};
use store::rows::incidents::{CaseRecord, DecisionRecord};
use store::{DecisionCursor, Tx};
use testkit::{TestDatabase, World, digest_of, instant, on_each_database};

on_each_database! {
    async fn the_register_of_decisions_goes_on_after_the_last_one_shown(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let own = scope(&world, world.power);
        let mut tx = db.store().begin("test").await.unwrap();
        let mut expected = Vec::new();
        for (phase, day) in [
            ("open", date(2026, 11, 1)),
            ("decided_not_to_report", date(2026, 12, 3)),
            ("decided_not_to_report", date(2026, 12, 1)),
            ("decided_not_to_report", date(2026, 12, 1)),
            ("open", date(2026, 12, 2)),
        ] {
            let id = decided(&mut tx, &world, phase, day).await;
            expected.push((phase == "open", day, id));
        }
        expected.sort();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = tx.decisions(&own, after, 2).await.unwrap();
            let Some((last, standing)) = page.last() else { break };
            after = Some(DecisionCursor { standing: *standing, recheck_on: last.recheck_on, id: last.id });
            seen.extend(page.iter().map(|(one, standing)| (!standing, one.recheck_on, one.id)));
        }
        assert_eq!(seen, expected);
        assert!(tx.decisions(&scope(&world, world.railway), None, 10).await.unwrap().is_empty());
        assert!(tx.decisions(&OwnerScope::default(), None, 10).await.unwrap().is_empty());
    }

    async fn decisions_are_due_from_their_day_on_while_they_stand(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let own = scope(&world, world.power);
        let mut tx = db.store().begin("test").await.unwrap();
        decided(&mut tx, &world, "open", date(2026, 11, 1)).await;
        decided(&mut tx, &world, "decided_not_to_report", date(2026, 12, 1)).await;
        decided(&mut tx, &world, "decided_not_to_report", date(2026, 12, 2)).await;
        for (day, due) in [(date(2026, 11, 30), 0), (date(2026, 12, 1), 1), (date(2027, 1, 1), 2)] {
            assert_eq!(tx.count_rechecks_due(&own, day).await.unwrap(), due, "{day}");
        }
        let other = scope(&world, world.railway);
        assert_eq!(tx.count_rechecks_due(&other, date(2027, 1, 1)).await.unwrap(), 0);
    }
}

fn scope(world: &World, organisation: ids::OrganisationId) -> OwnerScope {
    let actor = world.actor(world.person(organisation, Role::Csirt));
    Policy::embedded()
        .unwrap()
        .owner_scope(&actor, Action::ViewCase)
}

async fn decided(tx: &mut Tx, world: &World, phase: &str, recheck_on: Date) -> DecisionId {
    let by = world.person_id(world.power, Role::Csirt);
    let case = CaseRecord {
        id: world.id(),
        owner: world.power,
        title: Line::parse("誤検知").unwrap(),
        phase: phase.to_owned(),
        event: None,
        form: None,
        prompt_filed_at: None,
        full_filed_at: None,
        closed_at: None,
        close_reason: None,
        leading_aware_at: None,
        created_by: by,
        created_at: instant(1),
        version: 1,
    };
    tx.insert_case(&case).await.unwrap();
    let decision = DecisionRecord {
        id: world.id(),
        number: ReceiptNumber::new("HF", 2026, world.octets()),
        owner: world.power,
        case: Some(case.id),
        summary: "誤検知".to_owned(),
        answers: "{}".to_owned(),
        outcome: "not_reportable".to_owned(),
        reason: Prose::parse("試験の通信だった").unwrap(),
        recheck_on,
        rules_digest: digest_of(b"rules"),
        decided_by: by,
        decided_at: instant(2),
    };
    tx.insert_decision(&decision).await.unwrap();
    decision.id
}
