use app::AppError;
use app::assets::{
    ComputerInput, ContactInput, ExemptionInput, FacilityChoice, FacilityInput, FileNotification,
    Pick,
};
use app::desks::CorrectionReply;
use app::receipt::{Proves, ReceiptState};
use ids::{FilingId, Role};
use jiff::civil::date;
use model::assets::{NotificationDuty, NotifiedUnit};
use model::filing::AddresseeRole;
use serde_json::json;
use statute::{Answers, AssetClass};

use crate::bench::Bench;

const NOON: &str = "2026-12-10T12:00:00+09:00";

/// A notification of one computer of the electricity company.
async fn notified(bench: &Bench) -> FilingId {
    let compliance = bench.actor(bench.world.power, Role::Compliance);
    let facility = FacilityInput {
        name: "中央給電指令所".to_owned(),
        category: "監視制御の設備".to_owned(),
        installed_on: None,
    };
    let facility = bench
        .app
        .add_facility(&compliance, &facility, None)
        .await
        .unwrap();
    let computer = ComputerInput {
        facility: FacilityChoice::Known(facility),
        unit: NotifiedUnit::ApplianceHardware,
        class: Some(AssetClass::Nigo3),
        class_answers: Answers::new(),
        product: "架空ゲートウェイ KG-60".to_owned(),
        maker: "架空電機株式会社".to_owned(),
        introduced_on: date(2026, 12, 1),
        became_specified_on: None,
        exemption: ExemptionInput::None,
        note: String::new(),
    };
    let registered = bench
        .app
        .add_computer(&compliance, &computer, None)
        .await
        .unwrap();
    let wanted = FileNotification {
        duty: NotificationDuty::New,
        picks: vec![Pick {
            computer: registered.computer,
            version: Some(registered.version),
        }],
        contact: ContactInput::default(),
    };
    bench
        .app
        .file_notification(&bench.approver(), &wanted, None)
        .await
        .unwrap()
        .filing
}

#[tokio::test]
async fn forwarding_makes_the_prime_minister_an_addressee_and_both_logs_give_a_receipt() {
    let bench = Bench::at(NOON).await;
    let filing = notified(&bench).await;
    let hidden = bench.app.view_filing(&bench.analyst(), filing).await;
    assert!(matches!(hidden, Err(AppError::NotFound)));
    bench
        .app
        .forward_to_prime_minister(&bench.officer(), filing, None)
        .await
        .unwrap();
    bench.app.drain_jobs().await.unwrap();
    let view = bench
        .app
        .view_filing(&bench.analyst(), filing)
        .await
        .unwrap();
    let roles: Vec<AddresseeRole> = view.addressees.iter().map(|(to, _)| to.role).collect();
    assert_eq!(
        roles,
        [
            AddresseeRole::Minister,
            AddresseeRole::PrimeMinisterForwarded
        ]
    );
    assert_eq!(view.deliveries.len(), 2);
    bench.app.integrate().await.unwrap();
    let receipts = bench.app.receipts(&bench.approver(), filing).await.unwrap();
    let proofs: Vec<(&str, Proves)> = receipts
        .iter()
        .map(|receipt| (receipt.log.as_str(), receipt.proves))
        .collect();
    assert_eq!(
        proofs,
        [
            ("meti", Proves::Arrival),
            ("cabinet_office", Proves::Forwarding)
        ]
    );
    assert!(
        receipts
            .iter()
            .all(|receipt| matches!(receipt.state, ReceiptState::Ready(_)))
    );
    assert_eq!(bench.acts(filing.uuid(), "filing.forwarded").await, 2);
}

#[tokio::test]
async fn a_notification_is_forwarded_once() {
    let bench = Bench::at(NOON).await;
    let filing = notified(&bench).await;
    let officer = bench.officer();
    let first = bench
        .app
        .forward_to_prime_minister(&officer, filing, Some("k"))
        .await
        .unwrap();
    assert_eq!(
        bench
            .app
            .forward_to_prime_minister(&officer, filing, Some("k"))
            .await
            .unwrap(),
        first
    );
    let twice = bench
        .app
        .forward_to_prime_minister(&officer, filing, None)
        .await;
    assert!(
        matches!(twice, Err(AppError::Conflict("already_forwarded"))),
        "{twice:?}"
    );
}

#[tokio::test]
async fn a_report_goes_to_both_by_itself_and_is_not_forwarded() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (_, filing) = bench.prompt().await;
    let refused = bench
        .app
        .forward_to_prime_minister(&bench.officer(), filing, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
}

#[tokio::test]
async fn a_correction_after_forwarding_reaches_the_prime_minister_too() {
    let bench = Bench::at(NOON).await;
    let filing = notified(&bench).await;
    bench
        .app
        .forward_to_prime_minister(&bench.officer(), filing, None)
        .await
        .unwrap();
    let request = bench.ask(filing, "/rows/0/maker").await;
    let reply = CorrectionReply {
        text: "社名を直しました",
        value: Some(json!("架空電機工業株式会社")),
        seen: Some(filing),
    };
    let done = bench
        .app
        .answer_correction(&bench.approver(), request, reply, None)
        .await
        .unwrap();
    let new = done.filing.unwrap();
    assert!(
        bench
            .sent_to(new)
            .await
            .contains(&bench.world.cabinet_office)
    );
    let view = bench.app.view_filing(&bench.analyst(), new).await.unwrap();
    assert_eq!(view.filing.supersedes, Some(filing));
    assert_eq!(view.filing.sequence, 2);
}

#[tokio::test]
async fn nobody_but_the_ministers_own_desk_forwards() {
    let bench = Bench::at(NOON).await;
    let filing = notified(&bench).await;
    let viewer = bench.actor(bench.world.meti, Role::DeskViewer);
    let refused = bench
        .app
        .forward_to_prime_minister(&viewer, filing, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    for stranger in [bench.analyst(), bench.other_desk(), bench.stranger()] {
        let refused = bench
            .app
            .forward_to_prime_minister(&stranger, filing, None)
            .await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    }
}
