mod classify;
mod files;
mod names;
mod work;

use app::AppError;
use app::assets::ContactInput;
use app::assets::import::{
    DecideRows, Found, ImportCounts, ReviewRow, RowChange, RowState, Same, Selection, SheetChoice,
    UploadedFile,
};
use formats::filing::{Body, Rows, parse};
use formats::inventory::Column;
use ids::{ImportId, Role};
use model::assets::{ComputerPhase, NotifiedUnit};
use statute::{AssetClass, Exemption};

use self::files::Codes;
use crate::assets::fixture::{NOW, gateway};
use crate::bench::Bench;

pub(super) const HEADINGS: &str = "管理番号,製品名,メーカー,設備名,設備の種類,号,区分,導入日,備考";

pub(in crate::assets) fn file(name: &str, text: &str) -> UploadedFile {
    UploadedFile {
        name: name.to_owned(),
        content: text.as_bytes().to_vec(),
    }
}

pub(in crate::assets) fn table(lines: &[&str]) -> UploadedFile {
    file("台帳.csv", &format!("{HEADINGS}\n{}\n", lines.join("\n")))
}

impl Bench {
    pub(in crate::assets) async fn upload(&self, files: Vec<UploadedFile>) -> ImportId {
        self.app
            .upload_import(&self.compliance(), None, files)
            .await
            .unwrap()
    }

    pub(super) async fn rows_of(&self, id: ImportId) -> Vec<ReviewRow> {
        self.app
            .import_rows(&self.compliance(), id, None, 200, 0)
            .await
            .unwrap()
            .rows
    }

    async fn counts_of(&self, id: ImportId) -> ImportCounts {
        let view = self.app.view_import(&self.compliance(), id).await.unwrap();
        view.counts
    }

    pub(in crate::assets) async fn version_of(&self, id: ImportId) -> i64 {
        let view = self.app.view_import(&self.compliance(), id).await.unwrap();
        view.head.version
    }

    pub(in crate::assets) async fn decide_rows(
        &self,
        id: ImportId,
        selection: Selection,
        change: RowChange,
    ) {
        let version = self.version_of(id).await;
        let decide = DecideRows {
            selection,
            change: Some(change),
        };
        self.app
            .decide_import_rows(&self.compliance(), id, version, &decide)
            .await
            .unwrap();
    }
}

pub(super) fn codes(found: &Found) -> Vec<(&str, &str)> {
    found
        .problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.code.as_str()))
        .collect()
}

#[tokio::test]
async fn a_table_with_typical_dirt_is_read_and_every_problem_names_row_and_field() {
    let bench = Bench::at(NOW).await;
    let id = bench
        .upload(vec![table(&[
            "A-1,ｹﾞｰﾄｳｪｲ　ＫＧ－６０,㈱架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),ﾊｰﾄﾞｳｪｱ,R8.12.1,",
            "A-2,KG-61,架空電機株式会社,中央給電指令所,中央給電指令所の設備,一号,機器,46357,",
            "A-3,Windows Server 2025,日本マイクロソフト株式会社,中央給電指令所,中央給電指令所の設備,一号,OS,2026/12/1,",
            "A-4,,架空電機,,,二号,ソフトウェア,2026年12月,",
            "A-5,KG-62,架空電機,変電所,,FW,機器,2027-01-05,",
            ",,,,,,,,",
        ])])
        .await;
    let rows = bench.rows_of(id).await;
    let states: Vec<RowState> = rows.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [
            RowState::Ready,
            RowState::Ready,
            RowState::Exempt,
            RowState::Problem,
            RowState::Problem
        ]
    );
    let [first, second, windows, fourth, fifth] = rows.as_slice() else {
        panic!("five rows");
    };
    assert_eq!(first.found.product, "ゲートウェイ KG-60");
    assert_eq!(first.found.maker, "㈱架空電機");
    assert_eq!(first.found.class, Some(AssetClass::Nigo3));
    assert_eq!(first.found.unit, Some(NotifiedUnit::ApplianceHardware));
    assert_eq!(first.found.introduced_on.as_deref(), Some("2026-12-01"));
    assert_eq!(first.place, "2");
    assert_eq!(second.found.introduced_on.as_deref(), Some("2026-12-01"));
    assert!(second.found.serial_day);
    assert_eq!(windows.found.exemption, Some(Exemption::GeneralProduct));
    assert_eq!(
        codes(&fourth.found),
        [
            ("product", "missing"),
            ("facility", "missing"),
            ("class", "class_ambiguous"),
            ("unit", "unit_ambiguous"),
            ("introduced_on", "day_incomplete"),
        ]
    );
    assert_eq!(
        codes(&fifth.found),
        [
            ("category", "facility_unknown"),
            ("class", "class_unknown"),
            ("introduced_on", "day_in_future"),
        ]
    );
}

#[tokio::test]
async fn accepted_rows_are_registered_in_one_step_with_one_leaf_and_filed_under_one_number() {
    let bench = Bench::at(NOW).await;
    let id = bench
        .upload(vec![table(&[
            "A-1,KG-60,架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,受入済",
            "A-2,KG-61,架空電機,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,",
            "A-3,Windows Server 2025,日本マイクロソフト株式会社,中央給電指令所,中央給電指令所の設備,一号,OS,2026-12-01,",
            "A-4,,架空電機,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,",
        ])])
        .await;
    let version = bench.version_of(id).await;
    let done = bench
        .app
        .register_import(&bench.compliance(), id, version)
        .await
        .unwrap();
    assert_eq!(
        (done.computers, done.facilities, done.left_behind),
        (3, 1, 1)
    );

    let leaves = bench.leaves(id.uuid()).await;
    let [leaf] = leaves.as_slice() else {
        panic!("one leaf");
    };
    assert_eq!(leaf["act"], "computers.imported");
    assert_eq!(leaf["rows"].as_array().unwrap().len(), 3);
    assert_eq!(leaf["rows"][0][0], "computer_revision");

    let filed = bench
        .app
        .file_import(&bench.approver(), id, ContactInput::default())
        .await
        .unwrap();
    let again = bench
        .app
        .file_import(&bench.approver(), id, ContactInput::default())
        .await
        .unwrap();
    assert_eq!(filed.number, again.number);
    let view = bench
        .app
        .view_filing(&bench.approver(), filed.filing)
        .await
        .unwrap();
    let Body::Notification(body) = parse(view.filing.body.as_bytes()).unwrap() else {
        panic!("a notification");
    };
    let Rows::New(rows) = body.rows else {
        panic!("new computers");
    };
    let products: Vec<&str> = rows.iter().map(|row| row.items.product.as_str()).collect();
    assert_eq!(products, ["KG-60", "KG-61"]);
    let registered: Vec<ReviewRow> = bench
        .rows_of(id)
        .await
        .into_iter()
        .filter(|row| row.state == RowState::Registered)
        .collect();
    let phases = [
        bench
            .phase(registered.first().unwrap().computer.unwrap())
            .await,
        bench
            .phase(registered.last().unwrap().computer.unwrap())
            .await,
    ];
    assert!(matches!(phases[0], ComputerPhase::Notified { as_of } if as_of.filing == filed.filing));
    assert!(matches!(phases[1], ComputerPhase::Exempt { .. }));
    bench.app.integrate().await.unwrap();
    let report = bench.app.fsck(&[]).await.unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[tokio::test]
async fn the_same_computer_in_three_files_is_one_with_three_sources() {
    let bench = Bench::at(NOW).await;
    let bom = r#"{ "bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": { "component": {
        "type": "device", "bom-ref": "gw", "name": "ＫＧ－６０", "manufacturer": { "name": "（株）架空電機" } } } }"#;
    let export = "Model,Manufacturer,Serial Number\nKG-60,架空電機,SN1\n";
    let id = bench
        .upload(vec![
            table(&[
                "SN1,KG-60,㈱架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
                "SN2,KG-60,㈱架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
            ]),
            file("cmdb.csv", export),
            file("bom.json", bom),
        ])
        .await;
    let rows = bench.rows_of(id).await;
    let states: Vec<RowState> = rows.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [
            RowState::Ready,
            RowState::Ready,
            RowState::Duplicate,
            RowState::Duplicate
        ]
    );
    let first = rows.first().unwrap();
    assert_eq!(first.found.sources, [(1, 1), (2, 0)]);
    for other in rows.iter().skip(2) {
        assert_eq!(other.found.same, Some(Same::Row(0, 1)));
    }
    bench
        .decide_rows(
            id,
            Selection::Rows(vec![(2, 0)]),
            RowChange {
                keep_apart: Some(true),
                ..RowChange::default()
            },
        )
        .await;
    let rows = bench.rows_of(id).await;
    assert_eq!(rows.last().unwrap().state, RowState::Problem);
}

#[tokio::test]
async fn what_is_in_the_register_is_found_again_as_often_as_it_is_there() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let mut input = gateway(facility);
    input.product = "KG-60".to_owned();
    let known = bench.add(&input).await;
    let row = "KG-60,架空電機,中央給電指令所,,二号(iii),機器,2026-12-01,";
    let id = bench
        .upload(vec![table(&[&format!("X-1,{row}"), &format!("X-2,{row}")])])
        .await;
    let rows = bench.rows_of(id).await;
    let first = rows.first().unwrap();
    assert_eq!(first.state, RowState::Duplicate);
    assert_eq!(first.found.same, Some(Same::Computer(known.computer)));
    assert_eq!(rows.last().unwrap().state, RowState::Ready);
}

#[tokio::test]
async fn what_columns_and_words_mean_is_remembered_by_the_organisation() {
    let bench = Bench::at(NOW).await;
    let text = "品,作,所,しゅ,何,いつ\nKG-60,架空電機,中央給電指令所,FW,機器,2026-12-01\n";
    bench.facility().await;
    let id = bench.upload(vec![file("a.csv", text)]).await;
    let first = bench.rows_of(id).await;
    assert!(codes(&first.first().unwrap().found).contains(&("product", "missing")));
    let choice = SheetChoice {
        position: 0,
        taken: true,
        heading: Some(1),
        heading_rows: Some(1),
        meanings: [
            Column::Product,
            Column::Maker,
            Column::Facility,
            Column::Class,
            Column::Unit,
            Column::IntroducedOn,
        ]
        .map(Some)
        .to_vec(),
    };
    let version = bench.version_of(id).await;
    bench
        .app
        .map_import(&bench.compliance(), id, version, &[choice], &[])
        .await
        .unwrap();
    let (sheets, words) = bench
        .app
        .import_sheets(&bench.compliance(), id)
        .await
        .unwrap();
    assert_eq!(words, [("FW".to_owned(), 1)]);
    assert_eq!(
        sheets.first().unwrap().columns.first().unwrap().samples,
        ["KG-60"]
    );
    let version = bench.version_of(id).await;
    bench
        .app
        .map_import(
            &bench.compliance(),
            id,
            version,
            &[],
            &[("FW".to_owned(), AssetClass::Nigo3)],
        )
        .await
        .unwrap();
    let rows = bench.rows_of(id).await;
    assert_eq!(rows.first().unwrap().state, RowState::Ready);

    let next = bench.upload(vec![file("b.csv", text)]).await;
    let rows = bench.rows_of(next).await;
    assert_eq!(rows.first().unwrap().state, RowState::Ready);
    assert_eq!(rows.first().unwrap().found.class, Some(AssetClass::Nigo3));
}

#[tokio::test]
async fn a_decision_on_many_rows_mends_them_and_can_be_taken_back() {
    let bench = Bench::at(NOW).await;
    let facility = bench.facility().await;
    let id = bench
        .upload(vec![table(&[
            "A-1,KG-60,架空電機,,,,,,",
            "A-2,KG-61,架空電機,,,,,,",
            "A-3,KG-62,架空電機,,,一号,機器,2026-12-01,",
        ])])
        .await;
    assert_eq!(bench.counts_of(id).await.problem, 3);
    let change = RowChange {
        facility: Some(facility),
        class: Some(AssetClass::Nigo3),
        unit: Some(NotifiedUnit::ApplianceHardware),
        introduced_on: Some("2026-12-01".to_owned()),
        ..RowChange::default()
    };
    bench
        .decide_rows(id, Selection::All(Some("problem")), change)
        .await;
    assert_eq!(bench.counts_of(id).await.ready, 3);
    bench
        .decide_rows(
            id,
            Selection::Rows(vec![(0, 1)]),
            RowChange {
                left_out: Some(true),
                ..RowChange::default()
            },
        )
        .await;
    let counts = bench.counts_of(id).await;
    assert_eq!((counts.ready, counts.left_out, counts.all()), (2, 1, 3));

    let version = bench.version_of(id).await;
    let undo = DecideRows {
        selection: Selection::All(None),
        change: None,
    };
    bench
        .app
        .decide_import_rows(&bench.compliance(), id, version, &undo)
        .await
        .unwrap();
    assert_eq!(bench.counts_of(id).await.problem, 3);
    let stale = bench
        .app
        .decide_import_rows(&bench.compliance(), id, version, &undo)
        .await;
    assert!(matches!(stale, Err(AppError::Stale)));
}

#[tokio::test]
async fn an_import_is_nobody_elses_and_ends_once() {
    let bench = Bench::at(NOW).await;
    let row = "A-1,KG-60,架空電機,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,";
    let id = bench.upload(vec![table(&[row])]).await;
    let stranger = bench.actor(bench.world.railway, Role::Compliance);
    let seen = bench.app.view_import(&stranger, id).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
    let sheet = bench.app.import_error_sheet(&stranger, id, 0, &Codes).await;
    assert!(matches!(sheet, Err(AppError::NotFound)));
    let uploaded = bench
        .app
        .upload_import(&bench.approver(), None, vec![table(&[row])])
        .await;
    assert!(matches!(uploaded, Err(AppError::Forbidden)));

    let version = bench.version_of(id).await;
    let unregistered = bench
        .app
        .file_import(&bench.approver(), id, ContactInput::default())
        .await;
    assert!(matches!(
        unregistered,
        Err(AppError::Conflict("import_not_registered"))
    ));
    bench
        .app
        .register_import(&bench.compliance(), id, version)
        .await
        .unwrap();
    let again = bench
        .app
        .register_import(&bench.compliance(), id, version)
        .await;
    assert!(matches!(again, Err(AppError::Conflict("import_closed"))));

    let other = bench
        .upload(vec![table(&["A-9,KG-99,架空電機,,,,,,"])])
        .await;
    let version = bench.version_of(other).await;
    let nothing = bench
        .app
        .register_import(&bench.compliance(), other, version)
        .await;
    assert!(matches!(
        nothing,
        Err(AppError::Conflict("import_nothing_ready"))
    ));
    bench
        .app
        .drop_import(&bench.compliance(), other, version)
        .await
        .unwrap();
    assert_eq!(bench.counts_of(other).await.all(), 0);
}
