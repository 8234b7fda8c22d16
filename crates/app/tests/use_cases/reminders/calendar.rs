use app::reminders::CalendarSecret;
use ids::Role;
use model::incidents::AwarenessKind;
use policy::{Actor, StepUp};

use crate::bench::{Bench, instant};

const AWARE: &str = "2026-11-22T03:17:00+09:00";

async fn calendar(bench: &Bench, secret: &CalendarSecret) -> Vec<app::reminders::CalendarEvent> {
    bench.app.calendar_of(secret).await.unwrap().events
}

#[tokio::test]
async fn a_calendar_address_opens_the_limits_of_its_person_until_it_is_ended() {
    let bench = Bench::at(AWARE).await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    let csirt = bench.csirt();
    assert!(bench.app.own_calendar_feed(&csirt).await.unwrap().is_none());
    let first = bench.app.new_calendar_feed(&csirt).await.unwrap();
    let events = calendar(&bench, &first).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].due_at, instant("2026-12-23T00:00:00+09:00"));
    assert_eq!((events[0].sequence, events[0].legal), (0, true));
    assert_eq!(events[0].alarms, [168, 72, 24, 3, 1]);
    let fetched = bench.app.own_calendar_feed(&csirt).await.unwrap().unwrap();
    assert_eq!(fetched.fetched_at, Some(bench.app.now()));

    let second = bench.app.new_calendar_feed(&csirt).await.unwrap();
    let gone = bench.app.calendar_of(&first).await;
    assert_eq!(gone.unwrap_err().code(), "not_found");
    assert_eq!(
        calendar(&bench, &second).await,
        events,
        "names stay the same"
    );
    bench.app.end_calendar_feed(&csirt).await.unwrap();
    let gone = bench.app.calendar_of(&second).await;
    assert_eq!(gone.unwrap_err().code(), "not_found");
    assert!(bench.app.end_calendar_feed(&csirt).await.is_err());
}

#[tokio::test]
async fn a_limit_that_moves_keeps_its_name_and_counts_its_changes() {
    let bench = Bench::at(AWARE).await;
    let case = bench.open(AwarenessKind::Incident, AWARE).await;
    let secret = bench.app.new_calendar_feed(&bench.csirt()).await.unwrap();
    let before = calendar(&bench, &secret).await.remove(0);
    bench.set("2026-11-22T08:00:00+09:00");
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    let first = view.case.awareness().records()[0].id;
    let earlier = app::incidents::AwarenessInput {
        aware_at: instant("2026-11-20T10:00:00+09:00"),
        ..crate::incidents::fixture::new_case(AwarenessKind::Incident, AWARE).awareness
    };
    bench
        .app
        .correct_awareness(
            &bench.csirt(),
            case,
            first,
            "監視記録で判明",
            &earlier,
            None,
        )
        .await
        .unwrap();
    let after = calendar(&bench, &secret).await.remove(0);
    assert_eq!(after.uid, before.uid);
    assert!(after.due_at < before.due_at);
    assert_eq!((after.sequence, after.changed_at), (1, bench.app.now()));
    assert_eq!(calendar(&bench, &secret).await, [after]);
}

#[tokio::test]
async fn a_calendar_needs_a_fresh_second_factor_and_ends_with_the_account() {
    let bench = Bench::at(AWARE).await;
    bench.open(AwarenessKind::Incident, AWARE).await;
    let stale = Actor {
        step_up: StepUp::Stale,
        ..bench.csirt()
    };
    let refused = bench.app.new_calendar_feed(&stale).await;
    assert_eq!(refused.unwrap_err().code(), "step_up_required");
    let secret = bench.app.new_calendar_feed(&bench.csirt()).await.unwrap();
    assert_eq!(format!("{secret:?}"), "CalendarSecret(***)");
    let other = bench.actor(bench.world.railway, Role::Csirt);
    let others = bench.app.new_calendar_feed(&other).await.unwrap();
    assert_eq!(calendar(&bench, &others).await, []);

    let mut tx = bench.app.store().begin("test.disable").await.unwrap();
    let (person, _) = tx.person(bench.csirt().person).await.unwrap().unwrap();
    tx.set_person_status(&person, model::person::PersonStatus::Disabled)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let gone = bench.app.calendar_of(&secret).await;
    assert_eq!(gone.unwrap_err().code(), "not_found");
    assert!(CalendarSecret::parse("../../etc").is_none());
}
