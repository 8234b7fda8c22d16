use app::approvals::{Asked, Currency, Verdict};
use ids::FilingKind;
use model::approvals::ApprovalPhase;
use model::assets::NotificationDuty;

use super::fixture::{code, one_stage};
use crate::assets::fixture::{NOW, gateway, wanted};
use crate::bench::Bench;

#[tokio::test]
async fn a_notification_is_filed_as_it_was_approved_and_not_otherwise() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::AssetNotification, &one_stage())
        .await;
    let facility = bench.facility().await;
    let computer = bench.add(&gateway(facility)).await;
    let wanted = wanted(NotificationDuty::New, &[computer]);
    let (compliance, approver) = (bench.compliance(), bench.approver());
    let file = || bench.app.file_notification(&approver, &wanted, None);
    assert_eq!(code(file().await), "approval_missing");

    let Asked { approval } = bench
        .app
        .request_notification_approval(&compliance, &wanted, None, "よろしくお願いします", None)
        .await
        .unwrap();
    assert_eq!(code(file().await), "approval_waiting");
    assert_eq!(
        bench
            .decide(&approver, approval, 0, Verdict::Approve, "")
            .await,
        "done"
    );
    let mut other = wanted.clone();
    other.contact.department = "別の部署".to_owned();
    let changed = bench.app.file_notification(&approver, &other, None).await;
    assert_eq!(code(changed), "approval_changed");
    let view = bench.app.view_approval(&approver, approval).await.unwrap();
    assert_eq!(view.currency, Currency::Same);
    assert!(view.may_file && view.notification.is_some());

    assert_eq!(code(file().await), "done");
    let view = bench.app.view_approval(&approver, approval).await.unwrap();
    assert!(matches!(view.phase, ApprovalPhase::Filed { .. }));
}

#[tokio::test]
async fn a_computer_changed_after_the_approval_takes_it_away() {
    let bench = Bench::at(NOW).await;
    bench
        .set_route(FilingKind::AssetNotification, &one_stage())
        .await;
    let facility = bench.facility().await;
    let computer = bench.add(&gateway(facility)).await;
    let wanted = wanted(NotificationDuty::New, &[computer]);
    let Asked { approval } = bench
        .app
        .request_notification_approval(&bench.compliance(), &wanted, None, "", None)
        .await
        .unwrap();
    let approver = bench.approver();
    bench
        .decide(&approver, approval, 0, Verdict::Approve, "")
        .await;
    let mut input = gateway(facility);
    input.product = "架空ゲートウェイ KG-61".to_owned();
    bench.change(computer, input, None).await.unwrap();
    let view = bench.app.view_approval(&approver, approval).await.unwrap();
    assert_eq!(view.currency, Currency::Changed);
    assert!(!view.may_file);
    let filed = bench.app.file_notification(&approver, &wanted, None).await;
    assert_eq!(code(filed), "stale");
}
