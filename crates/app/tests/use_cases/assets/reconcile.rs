use app::AppError;
use app::assets::import::{RowChange, Selection};
use app::assets::reconcile::{ListKind, ReconciliationTask, TaskFilter};
use app::assets::{ComputerInput, ExemptionInput, FacilityInput};
use ids::{ImportId, OrganisationId};
use jiff::civil::date;
use model::assets::{ClosedWhy, CountsBy, DiscrepancyKind, NotificationDuty, TaskState};
use statute::AssetClass;
use testkit::{TestDatabase, on_each_database};

use crate::assets::fixture::{NOW, gateway, problems};
use crate::assets::imports::table;
use crate::bench::Bench;

impl Bench {
    async fn tasks(&self, state: TaskState) -> Vec<ReconciliationTask> {
        let filter = TaskFilter { state, kind: None };
        let page = self
            .app
            .reconciliation_tasks(&self.compliance(), filter, 0, 200)
            .await
            .unwrap();
        page.tasks
    }

    async fn open_tasks(&self) -> Vec<ReconciliationTask> {
        self.tasks(TaskState::Open).await
    }

    /// Kind, product and limit of the open tasks.
    async fn differences(&self) -> Vec<(DiscrepancyKind, String, Option<String>)> {
        let tasks = self.open_tasks().await;
        tasks
            .into_iter()
            .map(|task| {
                (
                    task.kind,
                    task.product,
                    task.due_on.map(|day| day.to_string()),
                )
            })
            .collect()
    }

    async fn closed(&self) -> Vec<(DiscrepancyKind, ClosedWhy)> {
        let mut closed: Vec<_> = self
            .tasks(TaskState::Closed)
            .await
            .into_iter()
            .map(|task| (task.kind, task.closed.unwrap().0))
            .collect();
        closed.sort_unstable();
        closed
    }

    async fn listed(&self, kind: ListKind, lines: &[&str]) -> ImportId {
        let id = self.upload(vec![table(lines)]).await;
        self.app
            .compare_with(&self.compliance(), kind, Some(id))
            .await
            .unwrap();
        id
    }

    fn power(&self) -> OrganisationId {
        self.compliance().organisation
    }
}

fn named(facility: ids::FacilityId, product: &str) -> ComputerInput {
    ComputerInput {
        product: product.to_owned(),
        ..gateway(facility)
    }
}

on_each_database! {
    async fn the_register_is_compared_with_what_was_notified_and_each_difference_has_its_own_limit(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        assert!(bench.differences().await.is_empty());

        bench.add(&named(facility, "KG-1")).await;
        let changed = bench.notified(facility).await;
        let other = ComputerInput {
            maker: "別名工業株式会社".to_owned(),
            class: Some(AssetClass::Nigo2),
            ..gateway(facility)
        };
        bench.change(changed, other, Some(date(2026, 12, 5))).await.unwrap();
        let ended = bench.add(&named(facility, "KG-3")).await;
        bench.notify(NotificationDuty::New, &[ended]).await;
        bench
            .app
            .end_computer_use(&bench.compliance(), ended.computer, 2, date(2026, 12, 8))
            .await
            .unwrap();

        let found = bench.differences().await;
        let due = |day: &str| Some(day.to_owned());
        assert_eq!(
            found,
            [
                (DiscrepancyKind::NotNotified, "KG-1".to_owned(), due("2027-04-01")),
                (DiscrepancyKind::Changed, "架空ゲートウェイ KG-60".to_owned(), due("2027-04-05")),
                (DiscrepancyKind::Changed, "架空ゲートウェイ KG-60".to_owned(), due("2027-04-05")),
                (DiscrepancyKind::Ended, "KG-3".to_owned(), due("2027-04-08")),
            ]
        );
        let tasks = bench.open_tasks().await;
        let fields: Vec<_> = tasks
            .iter()
            .filter(|task| task.kind == DiscrepancyKind::Changed)
            .map(|task| (task.before.clone().unwrap(), task.after.clone().unwrap()))
            .collect();
        assert_eq!(
            fields,
            [
                ("nigo_3".to_owned(), "nigo_2".to_owned()),
                ("架空電機株式会社".to_owned(), "別名工業株式会社".to_owned()),
            ]
        );
        let view = bench
            .app
            .reconciliation_task(&bench.compliance(), tasks.get(1).unwrap().id)
            .await
            .unwrap();
        assert_eq!(view.file.map(|(duty, _)| duty), Some(NotificationDuty::Change));
        let finding = view.limit.unwrap().unwrap();
        assert_eq!(finding.due.legal_limit, tasks.get(1).unwrap().due_on);
        assert!(!finding.due.reasons.is_empty());
    }

    async fn the_same_state_gives_the_same_tasks_however_often_it_is_compared(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        bench.add(&named(facility, "KG-1")).await;
        bench.notified(facility).await;
        bench
            .listed(ListKind::Inventory, &[
                "A-1,KG-7,架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
            ])
            .await;
        let before = bench.open_tasks().await;
        assert_eq!(before.len(), 4);
        let again = bench.app.reconcile(bench.power()).await.unwrap();
        assert_eq!((again.found, again.closed), (0, 0));
        bench
            .app
            .compare_with(&bench.compliance(), ListKind::Espa, None)
            .await
            .unwrap();
        assert_eq!(bench.open_tasks().await, before);
    }

    async fn a_task_closes_by_itself_and_says_why(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        let first = bench.add(&named(facility, "KG-1")).await;
        let second = bench.add(&named(facility, "KG-2")).await;
        let third = bench.add(&named(facility, "KG-3")).await;
        assert_eq!(bench.differences().await.len(), 3);

        bench.notify(NotificationDuty::New, &[first]).await;
        bench
            .app
            .end_computer_use(&bench.compliance(), second.computer, 1, date(2026, 12, 8))
            .await
            .unwrap();
        let exempt = ComputerInput {
            exemption: ExemptionInput::OwnGroupUse { explanation: "自社専用の制御ソフト".to_owned() },
            ..named(facility, "KG-3")
        };
        bench.change(third, exempt, None).await.unwrap();
        assert!(bench.differences().await.is_empty());
        assert_eq!(
            bench.closed().await,
            [
                (DiscrepancyKind::NotNotified, ClosedWhy::Notified),
                (DiscrepancyKind::NotNotified, ClosedWhy::Exempt),
                (DiscrepancyKind::NotNotified, ClosedWhy::OutOfUse),
            ]
        );
    }

    async fn a_list_of_what_there_is_shows_what_is_new_gone_and_different(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        bench.notified(facility).await;
        let gone = bench.add(&named(facility, "KG-2")).await;
        bench.notify(NotificationDuty::New, &[gone]).await;
        let list = bench
            .listed(ListKind::Inventory, &[
                "A-1,架空ゲートウェイ　ＫＧ－６０,架空電機㈱,中央給電指令所,中央給電指令所の設備,二号(ii),機器,2026-12-01,",
                "A-2,KX-9,別名工業,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-03,",
                "A-3,KX-10,別名工業,中央給電指令所,中央給電指令所の設備,二号(iii),機器,,",
            ])
            .await;
        let tasks = bench.open_tasks().await;
        let short: Vec<_> = tasks
            .iter()
            .map(|task| (task.kind, &*task.product, task.day_known, task.due_on.unwrap().to_string()))
            .collect();
        assert_eq!(
            short,
            [
                (DiscrepancyKind::InventoryOnly, "KX-9", true, "2027-04-05".to_owned()),
                (DiscrepancyKind::InventoryDiffers, "架空ゲートウェイ KG-60", false, "2027-04-12".to_owned()),
                (DiscrepancyKind::InventoryMissing, "KG-2", false, "2027-04-12".to_owned()),
                (DiscrepancyKind::InventoryOnly, "KX-10", false, "2027-04-12".to_owned()),
            ]
        );
        assert_eq!(tasks.get(1).unwrap().before.as_deref(), Some("nigo_3"));
        assert_eq!(tasks.get(1).unwrap().after.as_deref(), Some("nigo_2"));
        assert_eq!(tasks.get(1).unwrap().counts_by, Some(CountsBy::Change));
        assert_eq!(tasks.first().unwrap().place.as_deref(), Some("台帳.csv 3"));

        bench.set("2027-01-20T10:00:00+09:00");
        bench.listed(ListKind::Inventory, &[
            "A-2,KX-9,別名工業,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-03,",
        ]).await;
        let later: Vec<_> = bench.open_tasks().await;
        let kept = later.iter().find(|task| task.product == "KX-9").unwrap();
        assert_eq!(kept.id, tasks.first().unwrap().id, "the same difference is the same task");
        let gone = later.iter().find(|task| task.product == "KG-2").unwrap();
        assert_eq!(gone.due_on, tasks.get(2).unwrap().due_on, "it counts from the day on which it was found first");
        assert_ne!(kept.import, Some(list));
        bench
            .app
            .compare_with(&bench.compliance(), ListKind::Inventory, None)
            .await
            .unwrap();
        assert!(bench.differences().await.is_empty());
    }

    async fn what_was_filed_under_espa_is_compared_by_name_and_supplier(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        let claimed = |product: &str| ComputerInput {
            exemption: ExemptionInput::EspaSubstitute { document: "導入等計画書 2026-11-01".to_owned(), same_name: true, same_supplier: true },
            ..named(facility, product)
        };
        bench.add(&claimed("KG-1")).await;
        bench.add(&claimed("KG-2")).await;
        let part = ComputerInput { class: Some(AssetClass::Ichigo), ..named(facility, "KG-3") };
        bench.add(&part).await;
        bench.add(&named(facility, "KG-4")).await;
        bench
            .listed(ListKind::Espa, &[
                "1,KG-1,別名工業,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,",
                "2,KG-8,架空重工,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-02,",
            ])
            .await;
        let found: Vec<_> = bench
            .open_tasks()
            .await
            .into_iter()
            .filter(|task| task.kind.of_list())
            .map(|task| (task.kind, task.product, task.after, task.due_on.map(|day| day.to_string())))
            .collect();
        let due = |day: &str| Some(day.to_owned());
        assert_eq!(
            found,
            [
                (DiscrepancyKind::EspaDiffers, "KG-1".to_owned(), Some("別名工業".to_owned()), due("2027-04-01")),
                (DiscrepancyKind::EspaMissing, "KG-2".to_owned(), None, due("2027-04-01")),
                (DiscrepancyKind::EspaMissing, "KG-3".to_owned(), None, due("2027-04-01")),
                (DiscrepancyKind::EspaOnly, "KG-8".to_owned(), None, due("2027-04-02")),
            ]
        );
    }

    async fn the_same_computer_twice_is_found_unless_it_came_in_with_the_other(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        let first = bench.add(&named(facility, "KG-1")).await;
        let again = ComputerInput { maker: "㈱架空電機".to_owned(), ..named(facility, "ＫＧ－１") };
        let second = bench.add(&again).await;
        let import = bench
            .upload(vec![table(&[
                "S-1,KG-5,架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
                "S-2,KG-5,架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
            ])])
            .await;
        let apart = RowChange { keep_apart: Some(true), ..RowChange::default() };
        bench.decide_rows(import, Selection::All(None), apart).await;
        let version = bench.version_of(import).await;
        bench.app.register_import(&bench.compliance(), import, version).await.unwrap();
        let twins: Vec<_> = bench
            .open_tasks()
            .await
            .into_iter()
            .filter(|task| task.kind == DiscrepancyKind::Twice)
            .map(|task| (task.computer, task.other_computer))
            .collect();
        assert_eq!(twins, [(Some(second.computer), Some(first.computer))]);
    }

    async fn a_task_is_set_aside_with_a_reason_and_comes_back_when_its_difference_changes(db: &TestDatabase) {
        let bench = Bench::on(NOW, db).await;
        let facility = bench.facility().await;
        bench.notified(facility).await;
        let line = |class: &str| {
            format!("A-1,架空ゲートウェイ KG-60,架空電機,中央給電指令所,中央給電指令所の設備,{class},機器,2026-12-01,")
        };
        bench.listed(ListKind::Inventory, &[&line("二号(ii)")]).await;
        let [task] = bench.open_tasks().await.try_into().unwrap();
        let refused = bench
            .app
            .set_task_aside(&bench.compliance(), task.id, task.version, " ")
            .await
            .unwrap_err();
        assert_eq!(problems(&refused), [("reason".to_owned(), "empty")]);
        bench
            .app
            .set_task_aside(&bench.compliance(), task.id, task.version, "棚卸しの表の誤記")
            .await
            .unwrap();
        let stale = bench.app.set_task_aside(&bench.compliance(), task.id, task.version, "再").await;
        assert!(matches!(stale, Err(AppError::Stale)));
        assert!(bench.differences().await.is_empty());
        let view = bench.app.reconciliation_task(&bench.compliance(), task.id).await.unwrap();
        assert_eq!(view.decisions.first().unwrap().reason, "棚卸しの表の誤記");
        let leaves = bench.leaves(task.id.uuid()).await;
        assert_eq!(leaves.first().unwrap().get("act").unwrap(), "reconciliation.decided");

        bench.listed(ListKind::Inventory, &[&line("二号(ii)")]).await;
        assert!(bench.differences().await.is_empty(), "what was set aside stays set aside");
        bench.listed(ListKind::Inventory, &[&line("一号")]).await;
        let [next] = bench.open_tasks().await.try_into().unwrap();
        assert_eq!(next.after.as_deref(), Some("ichigo"));
        assert_eq!(bench.closed().await, [(DiscrepancyKind::InventoryDiffers, ClosedWhy::ChangedAgain)]);
    }
}

#[tokio::test]
async fn others_see_no_task_and_whoever_only_reads_decides_nothing() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    bench.add(&named(facility, "KG-1")).await;
    let [task] = bench.open_tasks().await.try_into().unwrap();
    let stranger = bench.actor(bench.world.railway, ids::Role::Compliance);
    let seen = bench.app.reconciliation_task(&stranger, task.id).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
    let filter = TaskFilter {
        state: TaskState::Open,
        kind: None,
    };
    let page = bench
        .app
        .reconciliation_tasks(&stranger, filter, 0, 50)
        .await
        .unwrap();
    assert!(page.tasks.is_empty());
    let done = bench
        .app
        .set_task_aside(&bench.csirt(), task.id, task.version, "対象外")
        .await;
    assert!(matches!(done, Err(AppError::Forbidden)));
    let foreign = bench
        .upload(vec![table(&["A-1,KG-1,架空電機,,,,,,"])])
        .await;
    let chosen = bench
        .app
        .compare_with(&stranger, ListKind::Inventory, Some(foreign))
        .await
        .unwrap_err();
    assert_eq!(problems(&chosen), [("import".to_owned(), "code_unknown")]);
}

#[tokio::test]
async fn a_facility_with_another_day_moves_the_limits_of_its_tasks() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let early = ComputerInput {
        introduced_on: date(2026, 11, 20),
        ..named(facility, "KG-1")
    };
    bench.add(&early).await;
    let [before] = bench.open_tasks().await.try_into().unwrap();
    let installed = FacilityInput {
        installed_on: Some(date(2020, 4, 1)),
        ..crate::assets::fixture::dispatch()
    };
    bench
        .app
        .change_facility(&bench.compliance(), facility, 1, &installed, None)
        .await
        .unwrap();
    let [after] = bench.open_tasks().await.try_into().unwrap();
    assert_eq!(before.id, after.id);
    assert_ne!(before.due_on, after.due_on);
    assert_eq!(after.due_on, Some(date(2027, 3, 31)));
}
