use app::approvals::{DeputyInput, Verdict};
use ids::{FilingKind, Role};
use jiff::civil::date;
use model::incidents::AwarenessKind;

use super::fixture::{code, one_stage};
use crate::bench::Bench;
use crate::incidents::fixture::T1;

const NOW: &str = "2026-11-22T04:00:00+09:00";

fn leave(bench: &Bench) -> DeputyInput {
    let power = bench.world.power;
    DeputyInput {
        person: Some(bench.world.person_id(power, Role::Approver)),
        deputy: Some(bench.world.person_id(power, Role::Compliance)),
        from: Some(date(2026, 11, 21)),
        until: Some(date(2026, 11, 25)),
        reason: "休暇".to_owned(),
    }
}

#[tokio::test]
async fn a_deputy_decides_for_the_one_who_is_away_and_only_in_these_days() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    let id = bench.ask_approval(case).await;
    let deputy = bench.compliance();
    assert_eq!(
        bench.decide(&deputy, id, 0, Verdict::Approve, "").await,
        "not_found",
        "before the leave is known the request is none of their business"
    );
    bench
        .app
        .set_deputy(&bench.approver(), &leave(&bench))
        .await
        .unwrap();
    bench.set("2026-11-26T00:00:00+09:00");
    assert_eq!(
        bench.decide(&deputy, id, 0, Verdict::Approve, "").await,
        "not_found",
        "the last day is over"
    );
    bench.set("2026-11-25T23:59:00+09:00");
    assert_eq!(
        bench.decide(&deputy, id, 0, Verdict::Approve, "").await,
        "done"
    );
    let view = bench.app.view_approval(&deputy, id).await.unwrap();
    let away = bench
        .world
        .person(bench.world.power, Role::Approver)
        .name
        .clone();
    assert_eq!(view.steps[0].on_behalf_of, Some(away));
    assert_eq!(bench.file_prompt(case).await, "done");
}

#[tokio::test]
async fn nobody_makes_themselves_a_deputy_and_a_leave_ends_at_once() {
    let bench = Bench::at(NOW).await;
    let admin = bench.admin();
    let mut own = leave(&bench);
    own.deputy = Some(admin.person);
    assert_eq!(code(bench.app.set_deputy(&admin, &own).await), "forbidden");
    let compliance = bench.compliance();
    let others = bench.app.set_deputy(&compliance, &leave(&bench)).await;
    assert_eq!(code(others), "forbidden");
    bench.app.set_deputy(&admin, &leave(&bench)).await.unwrap();

    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let id = bench.ask_approval(case).await;
    assert!(bench.app.view_approval(&compliance, id).await.is_ok());
    let (known, _) = bench.app.deputies(&admin).await.unwrap();
    bench
        .app
        .end_deputy(&admin, known[0].record.id)
        .await
        .unwrap();
    let over = bench.decide(&compliance, id, 0, Verdict::Approve, "").await;
    assert_eq!(over, "not_found");
    let again = bench.app.end_deputy(&admin, known[0].record.id).await;
    assert_eq!(code(again), "not_found");
}

#[tokio::test]
async fn a_leave_names_two_people_its_days_and_a_reason() {
    let bench = Bench::at(NOW).await;
    let mut wrong = leave(&bench);
    wrong.deputy = wrong.person;
    wrong.until = Some(date(2026, 11, 20));
    wrong.reason = String::new();
    let refused = bench.app.set_deputy(&bench.approver(), &wrong).await;
    let Err(app::AppError::Invalid(problems)) = refused else {
        panic!("nothing was wrong");
    };
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["reason", "deputy", "until"]);
}
