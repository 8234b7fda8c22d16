//! What the written names of an import mean.

use app::AppError;
use app::assets::import::{RowState, Same};
use app::names::LearnName;

use super::table;
use crate::assets::fixture::{NOW, problems};
use crate::bench::Bench;

const ROWS: [&str; 4] = [
    "A-1,FortiGate 60F,フォーティネットジャパン合同会社,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
    "A-2,ＦｏｒｔｉＧａｔｅ－６０Ｆ,ﾌｫｰﾃｨﾈｯﾄｼﾞｬﾊﾟﾝ(同),中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
    "A-3,FortiGate 100F,Fortinet Inc.,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
    "A-4,架空装置,架空電機,中央給電指令所,中央給電指令所の設備,一号,機器,2026-12-01,",
];

fn meant(maker: &str, product: &str) -> LearnName {
    LearnName {
        maker: maker.to_owned(),
        product: product.to_owned(),
        maker_id: "fortinet".to_owned(),
        product_id: "fortinet.fortigate".to_owned(),
    }
}

#[tokio::test]
async fn a_spelling_is_confirmed_once_for_all_its_rows_and_known_in_the_next_import() {
    let bench = Bench::at(NOW).await;
    let who = bench.compliance();
    let id = bench.upload(vec![table(&ROWS)]).await;
    let page = bench.app.import_spellings(&who, id, 20, 0).await.unwrap();
    assert_eq!((page.confirmed, page.open, page.more), (0, 3, false));
    let first = page.spellings.first().unwrap();
    assert_eq!((first.product.as_str(), first.rows), ("FortiGate 60F", 2));
    let best = first.suggestions.first().unwrap();
    assert!(best.preselected);
    assert_eq!(best.product_id.as_deref(), Some("fortinet.fortigate"));

    let version = bench.version_of(id).await;
    let name = meant(&first.maker, &first.product);
    bench
        .app
        .confirm_import_names(&who, id, version, &[name])
        .await
        .unwrap();
    let page = bench.app.import_spellings(&who, id, 20, 0).await.unwrap();
    assert_eq!((page.confirmed, page.open), (1, 2));
    let rows = bench.rows_of(id).await;
    assert_eq!(rows.first().unwrap().found.product, "FortiGate 60F");
    assert_eq!(
        rows.first().unwrap().found.maker,
        "フォーティネットジャパン合同会社"
    );

    let next = bench.upload(vec![table(&ROWS)]).await;
    let page = bench.app.import_spellings(&who, next, 20, 0).await.unwrap();
    assert_eq!((page.confirmed, page.open), (1, 2));
}

#[tokio::test]
async fn two_writings_of_one_maker_are_the_same_computer_once_someone_confirms_them() {
    let bench = Bench::at(NOW).await;
    let who = bench.compliance();
    let line = |maker: &str, product: &str| {
        format!(",{product},{maker},中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,")
    };
    let lines = [
        line("フォーティネットジャパン合同会社", "FortiGate 60F"),
        line("Fortinet Inc.", "FortiGate 60F"),
        line("Fortinet Inc.", "FortiGate 100F"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let id = bench.upload(vec![table(&lines)]).await;
    let states = |rows: Vec<app::assets::import::ReviewRow>| -> Vec<RowState> {
        rows.iter().map(|row| row.state).collect()
    };
    assert_eq!(states(bench.rows_of(id).await), [RowState::Ready; 3]);

    let version = bench.version_of(id).await;
    let names = [
        meant("フォーティネットジャパン合同会社", "FortiGate 60F"),
        meant("Fortinet Inc.", "FortiGate 60F"),
        meant("Fortinet Inc.", "FortiGate 100F"),
    ];
    bench
        .app
        .confirm_import_names(&who, id, version, &names)
        .await
        .unwrap();
    let rows = bench.rows_of(id).await;
    assert_eq!(rows[1].found.same, Some(Same::Row(0, 1)));
    assert_eq!(
        states(rows),
        [RowState::Ready, RowState::Duplicate, RowState::Ready]
    );
}

#[tokio::test]
async fn names_are_refused_when_the_master_has_them_not_or_the_import_was_changed() {
    let bench = Bench::at(NOW).await;
    let who = bench.compliance();
    let id = bench.upload(vec![table(&ROWS)]).await;
    let version = bench.version_of(id).await;
    let confirm = |version, name| {
        let (app, who) = (bench.app.clone(), who.clone());
        async move { app.confirm_import_names(&who, id, version, &[name]).await }
    };
    let good = meant("Fortinet Inc.", "FortiGate 100F");
    let unknown = LearnName {
        maker_id: "nobody".to_owned(),
        ..good.clone()
    };
    let refused = confirm(version, unknown).await.unwrap_err();
    assert_eq!(problems(&refused), [("meant".to_owned(), "name_unknown")]);
    assert!(matches!(
        confirm(version + 1, good).await,
        Err(AppError::Stale)
    ));
    let page = bench.app.import_spellings(&who, id, 20, 0).await.unwrap();
    assert_eq!(page.confirmed, 0);
}
