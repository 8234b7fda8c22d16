use app::approvals::RouteInput;
use ids::{FilingKind, Role};
use model::approvals::Separation;

use super::fixture::{code, one_stage, stage, two_stages};
use crate::bench::Bench;

const NOW: &str = "2026-11-22T04:00:00+09:00";

#[tokio::test]
async fn a_route_is_set_by_the_administrator_and_not_over_the_change_of_another() {
    let bench = Bench::at(NOW).await;
    let kind = FilingKind::IncidentFull;
    for (actor, expected) in [
        (bench.approver(), "forbidden"),
        (
            bench.actor(bench.world.meti, Role::OrganisationAdmin),
            "not_found",
        ),
    ] {
        let refused = bench
            .app
            .set_approval_route(&actor, kind, &one_stage(), 0)
            .await;
        assert_eq!(code(refused), expected);
    }
    let admin = bench.admin();
    let two = two_stages(Separation::Apart);
    bench
        .app
        .set_approval_route(&admin, kind, &two, 0)
        .await
        .unwrap();
    let stale = bench
        .app
        .set_approval_route(&admin, kind, &one_stage(), 0)
        .await;
    assert_eq!(code(stale), "stale");
    let view = bench.app.approval_route(&admin, kind).await.unwrap();
    let names: Vec<&str> = view
        .route
        .as_ref()
        .unwrap()
        .stages()
        .iter()
        .map(|stage| stage.name.as_str())
        .collect();
    assert_eq!(names, ["確認", "承認"]);
    assert_eq!(view.number, 1);
}

#[tokio::test]
async fn a_stage_needs_a_name_and_somebody_of_the_own_organisation() {
    let bench = Bench::at(NOW).await;
    let stranger = bench.world.person_id(bench.world.railway, Role::Approver);
    let mut foreign = stage("承認", &[]);
    foreign.people = vec![stranger];
    for wrong in [foreign, stage("", &[Role::Approver]), stage("承認", &[])] {
        let input = RouteInput {
            stages: vec![wrong],
            separation: Separation::Apart,
        };
        let refused = bench
            .app
            .set_approval_route(&bench.admin(), FilingKind::IncidentFull, &input, 0)
            .await;
        assert_eq!(code(refused), "invalid");
    }
}

#[tokio::test]
async fn a_route_without_stages_asks_for_nothing_again() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    assert_eq!(bench.file_prompt(case).await, "approval_missing");
    let none = RouteInput {
        stages: Vec::new(),
        separation: Separation::Together,
    };
    bench.set_route(FilingKind::IncidentPrompt, &none).await;
    assert_eq!(bench.file_prompt(case).await, "done");
}
