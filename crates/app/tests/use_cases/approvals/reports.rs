use app::approvals::{Currency, Since, Verdict};
use app::incidents::{ReportKind, Typed};
use ids::{FilingKind, Role};
use model::approvals::{ApprovalPhase, Separation};

use super::fixture::{code, one_stage, two_stages};
use crate::bench::Bench;

const NOW: &str = "2026-11-22T04:00:00+09:00";

#[tokio::test]
async fn a_report_is_filed_once_every_stage_of_the_route_is_passed() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &two_stages(Separation::Apart))
        .await;
    let case = bench.promptable().await;
    assert_eq!(bench.file_prompt(case).await, "approval_missing");

    let id = bench.ask_approval(case).await;
    assert_eq!(bench.file_prompt(case).await, "approval_waiting");
    let (compliance, approver) = (bench.compliance(), bench.approver());
    let early = bench.decide(&approver, id, 0, Verdict::Approve, "").await;
    assert_eq!(early, "forbidden", "the second stage comes second");
    let view = bench.app.view_approval(&compliance, id).await.unwrap();
    assert!(view.may_decide);
    let waited = bench
        .world
        .person(bench.world.power, Role::Compliance)
        .name
        .clone();
    assert_eq!(view.waiting_for, [waited]);
    let first = bench.decide(&compliance, id, 0, Verdict::Approve, "").await;
    assert_eq!(first, "done");
    assert_eq!(bench.file_prompt(case).await, "approval_waiting");
    let again = bench.decide(&compliance, id, 0, Verdict::Approve, "").await;
    assert_eq!(again, "forbidden", "a stage is passed once");
    let second = bench
        .decide(&approver, id, 1, Verdict::Approve, "了解")
        .await;
    assert_eq!(second, "done");

    assert_eq!(bench.file_prompt(case).await, "done");
    let view = bench.app.view_approval(&approver, id).await.unwrap();
    assert!(matches!(view.phase, ApprovalPhase::Filed { .. }));
    assert_eq!(view.steps.len(), 3);
}

#[tokio::test]
async fn what_was_sent_back_is_changed_and_shown_with_its_differences() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    let id = bench.ask_approval(case).await;
    let approver = bench.approver();
    let view = bench.app.view_approval(&approver, id).await.unwrap();
    assert_eq!(view.since, Since::Nothing);
    let silent = bench.decide(&approver, id, 0, Verdict::Return, " ").await;
    assert_eq!(silent, "invalid", "sending back says why");
    let returned = bench
        .decide(
            &approver,
            id,
            0,
            Verdict::Return,
            "電話番号を直してください",
        )
        .await;
    assert_eq!(returned, "done");
    assert_eq!(bench.file_prompt(case).await, "approval_returned");
    let lists = bench.app.approval_lists(&bench.csirt()).await.unwrap();
    assert_eq!(lists.returned.len(), 1);

    bench
        .type_in(case, &[("contact_phone", Typed::text("03-1111-1111"))])
        .await;
    let renewed = bench.ask_approval(case).await;
    let view = bench.app.view_approval(&approver, renewed).await.unwrap();
    assert!(matches!(view.since, Since::OwnLook(_)));
    let changed: Vec<&str> = view
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert!(changed.contains(&"/answers/contact_phone"), "{changed:?}");
    assert!(
        !changed.iter().any(|path| path.contains("address")),
        "{changed:?}"
    );
    let lists = bench.app.approval_lists(&bench.csirt()).await.unwrap();
    assert!(lists.returned.is_empty(), "the renewed request took over");
    let done = bench
        .decide(&approver, renewed, 0, Verdict::Approve, "")
        .await;
    assert_eq!(done, "done");
    assert_eq!(bench.file_prompt(case).await, "done");
}

#[tokio::test]
async fn an_edit_after_the_approval_takes_it_away_visibly() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    let id = bench.ask_approval(case).await;
    let approver = bench.approver();
    bench.decide(&approver, id, 0, Verdict::Approve, "").await;
    let view = bench.app.view_approval(&approver, id).await.unwrap();
    assert_eq!(view.currency, Currency::Same);
    assert!(view.may_file);

    bench
        .type_in(case, &[("contact_phone", Typed::text("03-1111-1111"))])
        .await;
    assert_eq!(bench.file_prompt(case).await, "approval_changed");
    let view = bench.app.view_approval(&approver, id).await.unwrap();
    assert_eq!(view.currency, Currency::Changed);
    assert!(!view.may_file);

    // Typed back, it is again what was approved.
    bench
        .type_in(case, &[("contact_phone", Typed::text("03-0000-0000"))])
        .await;
    assert_eq!(bench.file_prompt(case).await, "done");
}

#[tokio::test]
async fn nobody_approves_what_they_wrote_where_duties_are_kept_apart() {
    for (separation, expected) in [
        (Separation::Apart, "forbidden"),
        (Separation::Together, "done"),
    ] {
        let bench = Bench::at(NOW).await;
        let mut route = one_stage();
        route.separation = separation;
        route.stages[0].roles = vec![Role::Csirt, Role::Approver];
        bench.set_route(FilingKind::IncidentPrompt, &route).await;
        let case = bench.promptable().await;
        let id = bench.ask_approval(case).await;
        let own = bench
            .decide(&bench.csirt(), id, 0, Verdict::Approve, "")
            .await;
        assert_eq!(own, expected);
    }
}

#[tokio::test]
async fn a_request_is_taken_back_by_its_drafter_and_replaced_by_a_newer_one() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    let (first, approver) = (bench.ask_approval(case).await, bench.approver());
    let other = code(bench.app.pull_back_approval(&approver, first).await);
    assert_eq!(other, "forbidden");
    let own = code(bench.app.pull_back_approval(&bench.csirt(), first).await);
    assert_eq!(own, "done");
    let late = bench
        .decide(&approver, first, 0, Verdict::Approve, "")
        .await;
    assert_eq!(late, "forbidden");

    let second = bench.ask_approval(case).await;
    let third = bench.ask_approval(case).await;
    let view = bench.app.view_approval(&approver, second).await.unwrap();
    assert_eq!(view.phase, ApprovalPhase::Replaced);
    let lists = bench.app.approval_lists(&approver).await.unwrap();
    let mine: Vec<_> = lists.mine.iter().map(|item| item.id).collect();
    assert_eq!(mine, [third]);
}

#[tokio::test]
async fn two_people_who_decide_at_once_decide_once() {
    let bench = Bench::at(NOW).await;
    let mut route = one_stage();
    route.stages[0].roles = vec![Role::Compliance, Role::Approver];
    bench.set_route(FilingKind::IncidentPrompt, &route).await;
    let case = bench.promptable().await;
    let id = bench.ask_approval(case).await;
    let (compliance, approver) = (bench.compliance(), bench.approver());
    let both = tokio::join!(
        bench.decide(&compliance, id, 0, Verdict::Approve, ""),
        bench.decide(&approver, id, 0, Verdict::Return, "待って"),
    );
    let done = [both.0, both.1]
        .iter()
        .filter(|outcome| **outcome == "done")
        .count();
    assert_eq!(done, 1, "{both:?}");
    let view = bench.app.view_approval(&approver, id).await.unwrap();
    assert_eq!(view.steps.len(), 1);
}

#[tokio::test]
async fn a_request_concerns_nobody_outside_the_operator() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &one_stage())
        .await;
    let case = bench.promptable().await;
    let id = bench.ask_approval(case).await;
    for (organisation, role) in [
        (bench.world.railway, Role::Approver),
        (bench.world.meti, Role::DeskOfficer),
        (bench.world.power, Role::OrganisationAdmin),
    ] {
        let stranger = bench.actor(organisation, role);
        assert_eq!(
            code(bench.app.view_approval(&stranger, id).await),
            "not_found"
        );
        let decided = bench.decide(&stranger, id, 0, Verdict::Approve, "").await;
        assert_eq!(decided, "not_found");
        let lists = bench.app.approval_lists(&stranger).await.unwrap();
        assert!(lists.mine.is_empty() && lists.waiting.is_empty());
    }
}

#[tokio::test]
async fn without_a_route_everything_goes_as_before() {
    let bench = Bench::at(NOW).await;
    let case = bench.promptable().await;
    let asked = bench
        .app
        .request_report_approval(&bench.csirt(), case, &ReportKind::Prompt, None, "", None)
        .await;
    assert_eq!(code(asked), "approval_not_asked");
    assert_eq!(bench.file_prompt(case).await, "done");
}
