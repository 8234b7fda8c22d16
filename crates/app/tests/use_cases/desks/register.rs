//! A corrected notification corrects the register.

use app::AppError;
use app::assets::{ComputerInput, ComputerView, Registered};
use app::desks::CorrectionReply;
use ids::{ComputerId, FilingId, FilingKind};
use jiff::civil::date;
use model::assets::{ComputerPhase, NotificationDuty};
use serde_json::{Value, json};
use testkit::{TestDatabase, on_each_database};

use crate::assets::fixture::{NOW, gateway};
use crate::bench::Bench;

impl Bench {
    /// One computer of a new facility, notified; with the notification.
    async fn one_on_file(&self) -> (Registered, FilingId) {
        let facility = self.facility().await;
        let added = self.add(&gateway(facility)).await;
        let filed = self.notify(NotificationDuty::New, &[added]).await;
        let notified = Registered {
            version: 2,
            ..added
        };
        (notified, filed.filing)
    }

    /// Asks for a field, and answers with a value.
    async fn correct(
        &self,
        filing: FilingId,
        field: &str,
        value: Value,
    ) -> Result<FilingId, AppError> {
        let request = self.ask(filing, field).await;
        let reply = CorrectionReply {
            text: "誤記を直しました",
            value: Some(value),
            seen: None,
        };
        let done = self
            .app
            .answer_correction(&self.approver(), request, reply, None)
            .await?;
        Ok(done.filing.unwrap())
    }

    async fn computer(&self, id: ComputerId) -> ComputerView {
        self.app
            .view_computer(&self.compliance(), id)
            .await
            .unwrap()
    }

    async fn clean(&self) {
        self.app.integrate().await.unwrap();
        let report = self.app.fsck(&[]).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.problems);
    }
}

/// Products of the revisions, oldest first.
fn products(view: &ComputerView) -> Vec<String> {
    let revisions = view.history.iter().rev();
    revisions
        .map(|one| one.entry.revision.items.product.as_str().to_owned())
        .collect()
}

#[tokio::test]
async fn a_corrected_notification_corrects_the_register_and_keeps_what_was_filed_before() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let corrected = bench
        .correct(filing, "/rows/0/product", json!("架空ゲートウェイ KG-61"))
        .await
        .unwrap();

    let view = bench.computer(computer.computer).await;
    let ComputerPhase::Notified { as_of } = view.computer.phase() else {
        panic!("{:?}", view.computer.phase());
    };
    assert_eq!(as_of.filing, corrected);
    assert_eq!(
        products(&view),
        ["架空ゲートウェイ KG-60", "架空ゲートウェイ KG-61"]
    );
    assert!(view.history[0].notified);
    assert_eq!(view.history[0].entry.reason, "corrected");
    let named: Vec<(FilingId, Option<FilingId>)> = view
        .filings
        .iter()
        .map(|filing| (filing.filing, filing.corrects))
        .collect();
    assert_eq!(named, [(filing, None), (corrected, Some(filing))]);
    assert_ne!(view.filings[0].revision, view.filings[1].revision);

    let search = bench
        .app
        .computers(
            &bench.compliance(),
            &app::assets::ComputerFilter {
                search: Some("KG-61".to_owned()),
                ..Default::default()
            },
            None,
            10,
        )
        .await
        .unwrap();
    assert_eq!(search.total, 1);
    bench.clean().await;
}

#[tokio::test]
async fn the_desks_show_what_is_filed_now_and_the_versions_before() {
    let bench = Bench::at(NOW).await;
    let (_, filing) = bench.one_on_file().await;
    let officer = bench.officer();
    bench
        .app
        .forward_to_prime_minister(&officer, filing, None)
        .await
        .unwrap();
    // The limit had passed when it was corrected, not when it was filed.
    bench.set("2027-03-01T10:00:00+09:00");
    let corrected = bench
        .correct(filing, "/rows/0/maker", json!("架空電機工業株式会社"))
        .await
        .unwrap();
    for reader in [officer.clone(), bench.analyst()] {
        let view = bench.app.view_filing(&reader, corrected).await.unwrap();
        let body: Value = serde_json::from_str(&view.filing.body).unwrap();
        assert_eq!(body["rows"][0]["maker"], "架空電機工業株式会社");
        assert_eq!(view.previous.unwrap().id, filing);
        assert!(!view.allowed.forward);
        assert_eq!(
            view.limits.lateness,
            Some(model::incidents::Lateness::OnTime)
        );
        let history = bench.app.filing_history(&reader, corrected).await.unwrap();
        assert_eq!(history.versions.len(), 2);
        assert_eq!(history.versions[1].changes[0].path, "/rows/0/maker");
        let old = bench.app.view_filing(&reader, filing).await.unwrap();
        assert_eq!(old.successor, Some(corrected));
    }
    let queue = bench.queue_of(&officer).await;
    let open = queue
        .items
        .iter()
        .find(|item| item.head.id == corrected)
        .unwrap();
    assert!(open.forwarded);
}

#[tokio::test]
async fn a_change_that_waits_stays_a_change_and_takes_over_what_was_corrected() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let facility = bench.computer(computer.computer).await.facility.id;
    let changed = ComputerInput {
        product: "架空ゲートウェイ KG-90".to_owned(),
        ..gateway(facility)
    };
    bench
        .change(computer, changed, Some(date(2026, 12, 9)))
        .await
        .unwrap();
    let corrected = bench
        .correct(filing, "/rows/0/maker", json!("架空電機工業株式会社"))
        .await
        .unwrap();
    let view = bench.computer(computer.computer).await;
    let ComputerPhase::ChangedSinceNotified { as_of, changed_on } = view.computer.phase() else {
        panic!("{:?}", view.computer.phase());
    };
    assert_eq!((as_of.filing, *changed_on), (corrected, date(2026, 12, 9)));
    let current = view.computer.current().unwrap();
    assert_eq!(current.items.product.as_str(), "架空ゲートウェイ KG-90");
    assert_eq!(current.items.maker.as_str(), "架空電機工業株式会社");
    let on_file = view.computer.notified_revision().unwrap();
    assert_eq!(on_file.items.product.as_str(), "架空ゲートウェイ KG-60");
    assert_eq!(on_file.items.maker.as_str(), "架空電機工業株式会社");
    assert_eq!(view.history[0].entry.reason, "carried");
    assert!(view.due.unwrap().is_some());
    bench.clean().await;
}

#[tokio::test]
async fn a_change_that_the_correction_files_is_no_change_any_more() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let facility = bench.computer(computer.computer).await.facility.id;
    let changed = ComputerInput {
        product: "架空ゲートウェイ KG-90".to_owned(),
        ..gateway(facility)
    };
    bench
        .change(computer, changed, Some(date(2026, 12, 9)))
        .await
        .unwrap();
    bench
        .correct(filing, "/rows/0/product", json!("架空ゲートウェイ KG-90"))
        .await
        .unwrap();
    let view = bench.computer(computer.computer).await;
    assert_eq!(view.computer.phase().code(), "notified");
    assert!(view.due.unwrap().is_none());
    bench.clean().await;
}

#[tokio::test]
async fn rows_that_were_not_corrected_follow_the_new_version_without_a_new_revision() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let (one, two) = (
        bench.add(&gateway(facility)).await,
        bench.add(&gateway(facility)).await,
    );
    let filed = bench.notify(NotificationDuty::New, &[one, two]).await;
    let corrected = bench
        .correct(
            filed.filing,
            "/rows/1/product",
            json!("架空ゲートウェイ KG-61"),
        )
        .await
        .unwrap();
    let (first, second) = (
        bench.computer(one.computer).await,
        bench.computer(two.computer).await,
    );
    for view in [&first, &second] {
        assert_eq!(view.computer.phase().notified().unwrap().filing, corrected);
    }
    let revisions = [first.history.len(), second.history.len()];
    assert_eq!(revisions.iter().sum::<usize>(), 3, "{revisions:?}");
    bench.clean().await;
}

#[tokio::test]
async fn a_correction_of_the_operators_outline_touches_no_computer() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let corrected = bench
        .correct(filing, "/operator/contact_phone", json!("03-0000-0000"))
        .await
        .unwrap();
    let view = bench.computer(computer.computer).await;
    assert_eq!(view.history.len(), 1);
    assert_eq!(view.computer.phase().notified().unwrap().filing, corrected);
    bench.clean().await;
}

#[tokio::test]
async fn a_row_that_a_later_notification_replaced_is_not_corrected_behind_it() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let facility = bench.computer(computer.computer).await.facility.id;
    let changed = ComputerInput {
        product: "架空ゲートウェイ KG-90".to_owned(),
        ..gateway(facility)
    };
    let changed = bench
        .change(computer, changed, Some(date(2026, 12, 9)))
        .await
        .unwrap();
    let change = bench.notify(NotificationDuty::Change, &[changed]).await;
    let refused = bench
        .correct(filing, "/rows/0/maker", json!("架空電機工業株式会社"))
        .await;
    assert!(
        matches!(refused, Err(AppError::Conflict("correction_superseded"))),
        "{refused:?}"
    );
    // The later one can be corrected, and the older one in what concerns no computer.
    let corrected = bench
        .correct(
            change.filing,
            "/rows/0/after/maker",
            json!("架空電機工業株式会社"),
        )
        .await
        .unwrap();
    let view = bench.computer(computer.computer).await;
    assert_eq!(view.computer.phase().notified().unwrap().filing, corrected);
    assert_eq!(
        view.computer.current().unwrap().items.maker.as_str(),
        "架空電機工業株式会社"
    );
    bench
        .correct(filing, "/operator/contact_phone", json!("03-0000-0000"))
        .await
        .unwrap();
    bench.clean().await;
}

#[tokio::test]
async fn a_corrected_day_of_the_end_of_use_is_the_day_in_the_register() {
    let bench = Bench::at(NOW).await;
    let (computer, _) = bench.one_on_file().await;
    let compliance = bench.compliance();
    let ended = bench
        .app
        .end_computer_use(
            &compliance,
            computer.computer,
            computer.version,
            date(2026, 12, 8),
        )
        .await
        .unwrap();
    let end = bench.notify(NotificationDuty::Retirement, &[ended]).await;
    for (day, code) in [
        ("2026-12-31", "day_in_future"),
        ("2026-11-30", "change_before_introduction"),
    ] {
        let refused = bench
            .correct(end.filing, "/rows/0/changed_on", json!(day))
            .await;
        let Err(AppError::Invalid(problems)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(problems[0].code, code);
    }
    let corrected = bench
        .correct(end.filing, "/rows/0/changed_on", json!("2026-12-05"))
        .await
        .unwrap();
    let ComputerPhase::Retired { retired_on, filing } = bench.phase(computer.computer).await else {
        panic!("still in use");
    };
    assert_eq!((retired_on, filing), (date(2026, 12, 5), Some(corrected)));
    bench.clean().await;
}

#[tokio::test]
async fn a_corrected_category_of_the_facility_is_the_facilitys_category() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    bench
        .correct(filing, "/rows/0/facility_category", json!("系統制御の設備"))
        .await
        .unwrap();
    let view = bench.computer(computer.computer).await;
    assert_eq!(view.facility.category.as_str(), "系統制御の設備");
    // Editing the computer later finds no change that nobody made.
    let again = Registered {
        version: view.computer.parts().version,
        ..computer
    };
    bench
        .change(again, gateway(view.facility.id), None)
        .await
        .unwrap();
    assert_eq!(bench.phase(computer.computer).await.code(), "notified");
}

#[tokio::test]
async fn the_leaf_of_the_corrected_version_names_the_rows_that_the_register_took() {
    let bench = Bench::at(NOW).await;
    let (computer, filing) = bench.one_on_file().await;
    let corrected = bench
        .correct(filing, "/rows/0/product", json!("架空ゲートウェイ KG-61"))
        .await
        .unwrap();
    let revision = bench.computer(computer.computer).await.history[0]
        .entry
        .revision
        .id
        .to_string();
    let leaves = bench.leaves(corrected.uuid()).await;
    let recorded = leaves
        .iter()
        .find(|leaf| leaf["act"] == "filing.recorded")
        .unwrap();
    let rows = recorded["rows"].as_array().unwrap();
    let names = |table: &str, key: &str| {
        rows.iter()
            .any(|row| row[0] == table && row[1].as_str().unwrap() == key)
    };
    assert!(names("filing_computer", &format!("{corrected}/1")));
    assert!(names("computer_revision", &revision));
    assert_eq!(
        recorded["details"]["kind"],
        FilingKind::AssetNotification.code()
    );
}

on_each_database! {
    async fn of_two_answers_at_once_one_is_told_that_the_version_is_an_old_one(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let (computer, filing) = bench.one_on_file().await;
        let fields = ["/rows/0/product", "/rows/0/maker"];
        let (one, two) = (bench.ask(filing, fields[0]).await, bench.ask(filing, fields[1]).await);
        let approver = bench.approver();
        let answer = |request, value: &str| {
            let reply = CorrectionReply {
                text: "誤記を直しました",
                value: Some(json!(value)),
                seen: Some(filing),
            };
            bench.app.answer_correction(&approver, request, reply, None)
        };
        let (first, second) = tokio::join!(answer(one, "架空ゲートウェイ KG-61"), answer(two, "架空電機工業株式会社"));
        let refused: Vec<AppError> = [&first, &second].into_iter().filter_map(|done| done.as_ref().err()).map(|error| {
            assert!(matches!(error, AppError::Stale), "{error:?}");
            AppError::Stale
        }).collect();
        assert_eq!(refused.len(), 1, "{first:?} {second:?}");
        let view = bench.computer(computer.computer).await;
        assert_eq!(view.filings.len(), 2);
        // The refused answer can be given again, and both corrections hold.
        let (request, value) = if first.is_err() { (one, "架空ゲートウェイ KG-61") } else { (two, "架空電機工業株式会社") };
        let reply = CorrectionReply { text: "誤記を直しました", value: Some(json!(value)), seen: None };
        bench.app.answer_correction(&approver, request, reply, None).await.unwrap();
        let items = bench.computer(computer.computer).await.computer.current().unwrap().items.clone();
        assert_eq!(items.product.as_str(), "架空ゲートウェイ KG-61");
        assert_eq!(items.maker.as_str(), "架空電機工業株式会社");
        bench.clean().await;
    }
}
