use app::approvals::Verdict;
use ids::{FilingKind, Role};
use model::approvals::{ApprovalPhase, Purpose, Separation};

use super::fixture::{code, two_stages};
use crate::bench::Bench;

const NOW: &str = "2026-11-22T03:30:00+09:00";

#[tokio::test]
async fn a_prompt_report_goes_out_at_once_and_is_an_open_task_until_it_is_ratified() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::IncidentPrompt, &two_stages(Separation::Apart))
        .await;
    let case = bench.promptable().await;
    let csirt = bench.csirt();
    let silent = bench
        .app
        .file_prompt_in_emergency(&csirt, case, " ", None, None)
        .await;
    assert_eq!(code(silent), "invalid", "the reason is asked for");
    let filed = bench
        .app
        .file_prompt_in_emergency(&csirt, case, "承認者に連絡がつかない", None, None)
        .await
        .unwrap();
    let desk = bench.actor(bench.world.meti, Role::DeskOfficer);
    assert!(bench.app.view_filing(&desk, filed.filing).await.is_ok());

    let own = bench.app.approval_lists(&csirt).await.unwrap();
    assert_eq!(own.unratified.len(), 1, "the CSIRT sees that it is open");
    let approver = bench.approver();
    let lists = bench.app.approval_lists(&approver).await.unwrap();
    let item = &lists.mine[0];
    assert_eq!(item.purpose, Purpose::Ratification);
    let view = bench.app.view_approval(&approver, item.id).await.unwrap();
    assert_eq!(view.note, "承認者に連絡がつかない");
    assert_eq!(view.filing, Some(filed.filing));
    let back = bench.app.pull_back_approval(&csirt, item.id).await;
    assert_eq!(code(back), "approval_over", "what is filed stays filed");
    assert_eq!(
        bench.decide(&csirt, item.id, 0, Verdict::Approve, "").await,
        "forbidden"
    );
    assert_eq!(
        bench
            .decide(&approver, item.id, 0, Verdict::Approve, "追認する")
            .await,
        "done"
    );
    let view = bench.app.view_approval(&approver, item.id).await.unwrap();
    assert_eq!(view.phase, ApprovalPhase::Approved);
    assert!(!view.may_file, "it is filed already");
    let lists = bench.app.approval_lists(&csirt).await.unwrap();
    assert!(lists.unratified.is_empty() && lists.approved.is_empty());
}

#[tokio::test]
async fn an_emergency_closes_the_request_under_way_and_needs_a_route() {
    let bench = Bench::at(NOW).await;
    let case = bench.promptable().await;
    let needless = bench
        .app
        .file_prompt_in_emergency(&bench.csirt(), case, "急ぐ", None, None)
        .await;
    assert_eq!(code(needless), "emergency_not_needed");
    bench
        .set_route(FilingKind::IncidentPrompt, &two_stages(Separation::Apart))
        .await;
    let asked = bench.ask_approval(case).await;
    for stranger in [bench.compliance(), bench.admin()] {
        let refused = bench
            .app
            .file_prompt_in_emergency(&stranger, case, "急ぐ", None, None)
            .await;
        assert_eq!(code(refused), "not_found");
    }
    bench
        .app
        .file_prompt_in_emergency(&bench.csirt(), case, "急ぐ", None, None)
        .await
        .unwrap();
    let view = bench
        .app
        .view_approval(&bench.csirt(), asked)
        .await
        .unwrap();
    assert_eq!(view.phase, ApprovalPhase::Replaced);
}
