use app::AppError;
use app::assets::{ExemptionInput, FilingPermission, Registered};
use formats::filing::{Body, Rows, parse};
use ids::{FilingKind, Role};
use jiff::civil::date;
use model::assets::{ComputerPhase, NotificationDuty};
use model::filing::AddresseeRole;
use model::names::DocumentReference;
use policy::StepUp;
use statute::Exemption;

use crate::assets::fixture::{NOW, gateway, picks, problems, wanted};
use crate::bench::Bench;

async fn body(bench: &Bench, filing: ids::FilingId) -> Rows {
    let view = bench
        .app
        .view_filing(&bench.approver(), filing)
        .await
        .unwrap();
    let rows = match parse(view.filing.body.as_bytes()).unwrap() {
        Body::Notification(body) => Some(body.rows),
        Body::Incident(_) | Body::Correction(_) | Body::Withdrawal(_) => None,
    };
    rows.unwrap()
}

#[tokio::test]
async fn three_chosen_of_which_one_is_exempt_and_one_substituted_make_one_filing_of_two_rows() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let first = bench.add(&gateway(facility)).await;
    let mut exempt = gateway(facility);
    exempt.product = "Windows Server 2025".to_owned();
    let exempt = bench.add(&exempt).await;
    let mut espa = gateway(facility);
    espa.exemption = ExemptionInput::EspaSubstitute {
        document: "導入等計画書 2026-11-01".to_owned(),
        same_name: true,
        same_supplier: true,
    };
    let espa = bench.add(&espa).await;
    let chosen = [first, exempt, espa];

    let plan = bench
        .app
        .plan_notification(&bench.approver(), NotificationDuty::New, &picks(&chosen))
        .await
        .unwrap();
    assert_eq!(plan.rows.len(), 2);
    assert_eq!(plan.exempt.len(), 1);
    assert_eq!(plan.exempt.first().unwrap().2, Exemption::GeneralProduct);
    assert_eq!(plan.permission, FilingPermission::Allowed);

    let filed = bench.notify(NotificationDuty::New, &chosen).await;
    let Rows::New(rows) = body(&bench, filed.filing).await else {
        panic!("other rows");
    };
    let references: Vec<Option<&str>> = rows
        .iter()
        .map(|row| row.espa_reference.as_ref().map(DocumentReference::as_str))
        .collect();
    assert_eq!(references, [None, Some("導入等計画書 2026-11-01")]);
    for computer in [first, espa] {
        assert!(matches!(
            bench.phase(computer.computer).await,
            ComputerPhase::Notified { as_of } if as_of.filing == filed.filing
        ));
    }
    assert!(matches!(
        bench.phase(exempt.computer).await,
        ComputerPhase::Exempt { .. }
    ));
}

#[tokio::test]
async fn a_notification_goes_to_the_minister_only() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let filed = bench.notify(NotificationDuty::New, &[added]).await;
    let view = bench
        .app
        .view_filing(&bench.approver(), filed.filing)
        .await
        .unwrap();
    let roles: Vec<AddresseeRole> = view
        .addressees
        .iter()
        .map(|(addressee, _)| addressee.role)
        .collect();
    assert_eq!(roles, [AddresseeRole::Minister]);
    assert_eq!(view.filing.kind, FilingKind::AssetNotification);
}

#[tokio::test]
async fn the_leaf_of_a_notification_names_the_rows_of_its_computers() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let filed = bench.notify(NotificationDuty::New, &[added]).await;
    let leaves = bench.leaves(filed.filing.uuid()).await;
    let tables: Vec<&str> = leaves.first().unwrap()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[0].as_str().unwrap())
        .collect();
    assert!(tables.contains(&"filing"));
    assert!(tables.contains(&"filing_computer"));
}

#[tokio::test]
async fn a_second_notification_of_the_same_computer_is_refused() {
    let bench = Bench::at(NOW).await;
    let notified = bench.notified(bench.facility().await).await;
    let refused = bench
        .app
        .file_notification(
            &bench.approver(),
            &wanted(NotificationDuty::New, &[notified]),
            None,
        )
        .await;
    assert!(matches!(
        refused,
        Err(AppError::Conflict("computer_already_notified"))
    ));
}

#[tokio::test]
async fn the_same_filing_sent_twice_with_a_key_is_filed_once() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let filing = wanted(NotificationDuty::New, &[added]);
    let first = bench
        .app
        .file_notification(&bench.approver(), &filing, Some("submit-1"))
        .await
        .unwrap();
    let again = bench
        .app
        .file_notification(&bench.approver(), &filing, Some("submit-1"))
        .await
        .unwrap();
    assert_eq!(first, again);
}

#[tokio::test]
async fn what_was_changed_after_it_was_chosen_is_not_filed() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let seen = bench.add(&gateway(facility)).await;
    bench.change(seen, gateway(facility), None).await.unwrap();
    let refused = bench
        .app
        .file_notification(
            &bench.approver(),
            &wanted(NotificationDuty::New, &[seen]),
            None,
        )
        .await;
    assert!(matches!(refused, Err(AppError::Stale)));
}

#[tokio::test]
async fn a_change_of_a_notified_item_is_notified_with_what_was_before() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let notified = bench.notified(facility).await;
    let mut input = gateway(facility);
    input.product = "架空ゲートウェイ KG-61".to_owned();
    let missing = bench
        .change(notified, input.clone(), None)
        .await
        .unwrap_err();
    assert_eq!(
        problems(&missing),
        [("changed_on".to_owned(), "change_day_missing")]
    );
    let changed = bench
        .change(notified, input, Some(date(2026, 12, 9)))
        .await
        .unwrap();
    let filed = bench.notify(NotificationDuty::Change, &[changed]).await;
    let Rows::Changed(rows) = body(&bench, filed.filing).await else {
        panic!("other rows");
    };
    let row = rows.first().unwrap();
    assert_eq!(row.changed_on, date(2026, 12, 9));
    assert_eq!(row.before.product.as_str(), "架空ゲートウェイ KG-60");
    assert_eq!(row.after.product.as_str(), "架空ゲートウェイ KG-61");
    assert!(matches!(
        bench.phase(changed.computer).await,
        ComputerPhase::Notified { as_of } if as_of.filing == filed.filing
    ));
}

#[tokio::test]
async fn a_change_that_concerns_the_house_only_need_not_be_notified() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let notified = bench.notified(facility).await;
    let mut input = gateway(facility);
    input.note = "保守窓口が変わった".to_owned();
    let changed = bench.change(notified, input, None).await.unwrap();
    assert!(matches!(
        bench.phase(changed.computer).await,
        ComputerPhase::Notified { .. }
    ));
    let refused = bench
        .app
        .plan_notification(
            &bench.approver(),
            NotificationDuty::Change,
            &picks(&[changed]),
        )
        .await;
    assert!(matches!(
        refused,
        Err(AppError::Conflict("computer_without_change"))
    ));
}

#[tokio::test]
async fn the_end_of_use_is_notified_and_ends_the_duty() {
    let bench = Bench::at(NOW).await;
    let notified = bench.notified(bench.facility().await).await;
    let who = bench.compliance();
    let ended = bench
        .app
        .end_computer_use(
            &who,
            notified.computer,
            notified.version,
            date(2026, 12, 10),
        )
        .await
        .unwrap();
    let filed = bench.notify(NotificationDuty::Retirement, &[ended]).await;
    let Rows::Ended(rows) = body(&bench, filed.filing).await else {
        panic!("other rows");
    };
    assert_eq!(rows.first().unwrap().changed_on, date(2026, 12, 10));
    assert_eq!(
        bench.phase(notified.computer).await,
        ComputerPhase::Retired {
            retired_on: date(2026, 12, 10),
            filing: Some(filed.filing)
        }
    );
    assert_eq!(
        bench.app.operator_due(&who).await.unwrap().counts.retired,
        1
    );
}

#[tokio::test]
async fn nothing_is_filed_when_all_that_was_chosen_is_exempt() {
    let bench = Bench::at(NOW).await;
    let mut exempt = gateway(bench.facility().await);
    exempt.product = "Windows Server 2025".to_owned();
    let exempt = bench.add(&exempt).await;
    let refused = bench
        .app
        .plan_notification(&bench.approver(), NotificationDuty::New, &picks(&[exempt]))
        .await;
    assert!(matches!(
        refused,
        Err(AppError::Conflict("nothing_to_file"))
    ));
}

#[tokio::test]
async fn a_computer_chosen_twice_or_none_at_all_is_named() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    for (chosen, code) in [
        (vec![added, added], "computer_twice"),
        (Vec::<Registered>::new(), "computers_missing"),
    ] {
        let refused = bench
            .app
            .plan_notification(&bench.approver(), NotificationDuty::New, &picks(&chosen))
            .await
            .unwrap_err();
        assert_eq!(problems(&refused), [("computers".to_owned(), code)]);
    }
}

#[tokio::test]
async fn more_rows_than_one_filing_holds_are_refused() {
    let bench = Bench::with_settings(NOW, |config| config.limits.notification_rows = 2).await;
    let facility = bench.facility().await;
    let mut added = Vec::new();
    for _ in 0..3 {
        added.push(bench.add(&gateway(facility)).await);
    }
    let refused = bench
        .app
        .file_notification(
            &bench.approver(),
            &wanted(NotificationDuty::New, &added),
            None,
        )
        .await;
    assert!(matches!(
        refused,
        Err(AppError::TooLarge("too_many_computers"))
    ));
    let choices = bench
        .app
        .notification_choices(&bench.approver(), NotificationDuty::New)
        .await
        .unwrap();
    assert_eq!(
        (choices.rows.len(), choices.row_limit, choices.more),
        (2, 2, true)
    );
    let fits = wanted(NotificationDuty::New, &added[..2]);
    bench
        .app
        .file_notification(&bench.approver(), &fits, None)
        .await
        .unwrap();
}

#[test]
fn every_row_that_the_settings_allow_can_be_read_back() {
    let most = usize::try_from(config::Limits::MAX_NOTIFICATION_ROWS).unwrap();
    assert_eq!(most, formats::filing::MAX_ROWS);
    let mut config = config::Config::default();
    config.limits.notification_rows = config::Limits::MAX_NOTIFICATION_ROWS;
    assert!(config.check().is_ok());
    config.limits.notification_rows += 1;
    assert!(
        config.check().is_err(),
        "no setting goes beyond what a body can hold"
    );
}

#[tokio::test]
async fn who_keeps_the_register_does_not_file_and_who_files_shows_the_second_factor() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let filing = wanted(NotificationDuty::New, &[added]);
    let refused = bench
        .app
        .file_notification(&bench.compliance(), &filing, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)));
    let mut approver = bench.approver();
    approver.step_up = StepUp::Stale;
    let plan = bench
        .app
        .plan_notification(&approver, NotificationDuty::New, &picks(&[added]))
        .await
        .unwrap();
    assert_eq!(plan.permission, FilingPermission::StepUp);
    let refused = bench.app.file_notification(&approver, &filing, None).await;
    assert!(matches!(refused, Err(AppError::StepUpRequired)));
}

#[tokio::test]
async fn another_operators_computer_cannot_be_filed() {
    let bench = Bench::at(NOW).await;
    let added = bench.add(&gateway(bench.facility().await)).await;
    let stranger = bench.actor(bench.world.railway, Role::Approver);
    let refused = bench
        .app
        .file_notification(&stranger, &wanted(NotificationDuty::New, &[added]), None)
        .await;
    assert!(matches!(refused, Err(AppError::NotFound)));
}

#[tokio::test]
async fn before_the_act_is_in_force_a_notification_is_refused() {
    let bench = Bench::at("2026-09-30T23:59:00+09:00").await;
    let mut input = gateway(bench.facility().await);
    input.introduced_on = date(2026, 9, 1);
    let added = bench.add(&input).await;
    let refused = bench
        .app
        .file_notification(
            &bench.approver(),
            &wanted(NotificationDuty::New, &[added]),
            None,
        )
        .await;
    assert!(matches!(refused, Err(AppError::NotInForce(_))));
}
