//! The class of many rows from one set of answers.

use app::AppError;
use app::assets::import::{RowChange, RowState, Selection};
use ids::ImportId;
use statute::{Answer, Answers, AssetClass, ClassOutcome};

use super::table;
use crate::assets::fixture::{NOW, problems};
use crate::bench::Bench;

/// Rows that say no class.
const ROWS: [&str; 3] = [
    "A-1,KG-60,架空電機,中央給電指令所,中央給電指令所の設備,,機器,2026-12-01,",
    "A-2,KG-61,架空電機,中央給電指令所,中央給電指令所の設備,,機器,2026-12-01,",
    "A-3,KG-62,架空電機,中央給電指令所,中央給電指令所の設備,二号(iii),機器,2026-12-01,",
];

async fn classify(
    bench: &Bench,
    id: ImportId,
    selection: Selection,
    answers: &Answers,
) -> Result<u32, AppError> {
    let version = bench.version_of(id).await;
    bench
        .app
        .classify_import_rows(&bench.compliance(), id, version, selection, answers)
        .await
}

#[tokio::test]
async fn answers_give_the_chosen_rows_their_class_and_stay_with_each_computer() {
    let bench = Bench::at(NOW).await;
    let id = bench.upload(vec![table(&ROWS)]).await;
    let answers = Answers::new().yes(&["part_of_facility"]);
    let chosen = Selection::All(Some(RowState::Problem.code()));
    assert_eq!(classify(&bench, id, chosen, &answers).await.unwrap(), 2);
    let rows = bench.rows_of(id).await;
    let classes: Vec<Option<AssetClass>> = rows.iter().map(|row| row.found.class).collect();
    assert_eq!(
        classes,
        [
            Some(AssetClass::Ichigo),
            Some(AssetClass::Ichigo),
            Some(AssetClass::Nigo3)
        ]
    );
    // A class that someone chooses afterwards no longer rests on the answers.
    bench
        .decide_rows(
            id,
            Selection::Rows(vec![rows[1].key]),
            RowChange {
                class: Some(AssetClass::Nigo3),
                ..RowChange::default()
            },
        )
        .await;
    let version = bench.version_of(id).await;
    bench
        .app
        .register_import(&bench.compliance(), id, version)
        .await
        .unwrap();
    let mut kept = Vec::new();
    for row in bench.rows_of(id).await {
        let computer = row.computer.unwrap();
        let view = bench
            .app
            .view_computer(&bench.compliance(), computer)
            .await
            .unwrap();
        let revision = view.computer.current().unwrap();
        kept.push((
            revision.items.class,
            revision.class_answers.get("part_of_facility"),
        ));
    }
    assert_eq!(
        kept,
        [
            (AssetClass::Ichigo, Answer::Yes),
            (AssetClass::Nigo3, Answer::Unknown),
            (AssetClass::Nigo3, Answer::Unknown)
        ]
    );
}

#[tokio::test]
async fn rows_that_are_not_specified_are_left_out_and_can_be_taken_in_again() {
    let bench = Bench::at(NOW).await;
    let id = bench.upload(vec![table(&ROWS)]).await;
    let mut answers = Answers::new();
    let today = bench.app.today();
    while let Some(asked) = bench.app.class_wizard(&answers, today).unwrap().next {
        answers.set(asked.code, Answer::No);
    }
    let outcome = bench.app.class_wizard(&answers, today).unwrap().found;
    assert_eq!(outcome.outcome, ClassOutcome::NotSpecified);
    let first = Selection::Rows(vec![(0, 1)]);
    classify(&bench, id, first.clone(), &answers).await.unwrap();
    let rows = bench.rows_of(id).await;
    assert_eq!(rows.first().unwrap().state, RowState::LeftOut);
    let specified = Answers::new().yes(&["part_of_facility"]);
    classify(&bench, id, first, &specified).await.unwrap();
    let rows = bench.rows_of(id).await;
    assert_eq!(rows.first().unwrap().state, RowState::Ready);
}

#[tokio::test]
async fn nothing_is_decided_without_answers_or_without_rows() {
    let bench = Bench::at(NOW).await;
    let id = bench.upload(vec![table(&ROWS)]).await;
    let all = Selection::All(None);
    let open = classify(&bench, id, all, &Answers::new())
        .await
        .unwrap_err();
    assert_eq!(problems(&open), [("class".to_owned(), "class_missing")]);
    let answers = Answers::new().yes(&["part_of_facility"]);
    let none = classify(&bench, id, Selection::Rows(Vec::new()), &answers).await;
    assert_eq!(
        problems(&none.unwrap_err()),
        [("rows".to_owned(), "import_rows_missing")]
    );
}
