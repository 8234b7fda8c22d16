//! Imports of many rows go on beside the request.

use app::AppError;
use app::assets::ContactInput;
use app::assets::import::{ImportStep, ImportWork, StepBegun};
use ids::ImportId;

use super::table;
use crate::assets::fixture::NOW;
use crate::bench::Bench;

/// Rows of the large table; a step of them goes on beside the request.
const ROWS: u32 = 600;

async fn large(bench: &Bench) -> ImportId {
    let lines: Vec<String> = (0..ROWS)
        .map(|number| {
            format!(
                "A-{number},KG-{number},架空電機,設備{},計測用設備,二号(iii),機器,2026-12-01,",
                number % 7
            )
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    bench.upload(vec![table(&lines)]).await
}

async fn work(bench: &Bench, id: ImportId) -> ImportWork {
    bench
        .app
        .import_work(&bench.compliance(), id)
        .await
        .unwrap()
}

#[tokio::test]
async fn many_rows_are_registered_and_filed_beside_the_request_once_though_asked_twice() {
    let bench = Bench::at(NOW).await;
    let id = large(&bench).await;
    let version = bench.version_of(id).await;
    let who = bench.compliance();
    for _ in 0..2 {
        let begun = bench
            .app
            .begin_register_import(&who, id, version)
            .await
            .unwrap();
        assert_eq!(begun, StepBegun::GoesOn);
    }
    bench.app.finish_import_work().await;
    assert_eq!(work(&bench, id).await, ImportWork::Rests);
    assert_eq!(bench.counts_of(id).await.registered, ROWS);
    assert_eq!(bench.leaves(id.uuid()).await.len(), 1);

    let approver = bench.approver();
    for _ in 0..2 {
        let begun = bench
            .app
            .begin_file_import(&approver, id, ContactInput::default())
            .await
            .unwrap();
        assert_eq!(begun, StepBegun::GoesOn);
    }
    bench.app.finish_import_work().await;
    let filed = bench.app.view_import(&who, id).await.unwrap().head;
    assert_eq!(filed.phase, "filed");
    let filing = filed.filing.unwrap();
    let again = bench
        .app
        .begin_file_import(&approver, id, ContactInput::default())
        .await
        .unwrap();
    assert_eq!(again, StepBegun::Done);
    let after = bench.app.view_import(&who, id).await.unwrap().head;
    assert_eq!(after.filing, Some(filing));
    bench.app.integrate().await.unwrap();
    let report = bench.app.fsck(&[]).await.unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[tokio::test]
async fn a_step_that_is_not_done_leaves_everything_as_it_was_and_says_why() {
    let bench = Bench::at(NOW).await;
    let id = large(&bench).await;
    let version = bench.version_of(id).await;
    let who = bench.compliance();
    bench
        .app
        .begin_register_import(&who, id, version)
        .await
        .unwrap();
    // The step waits for the turn of the writer; before it, someone gives the import up.
    bench.app.drop_import(&who, id, version).await.unwrap();
    bench.app.finish_import_work().await;
    assert_eq!(
        work(&bench, id).await,
        ImportWork::Failed {
            step: ImportStep::Register,
            code: "import_closed"
        }
    );
    let filter = store::ComputerFilter::default();
    let page = bench.app.computers(&who, &filter, None, 10).await.unwrap();
    assert_eq!(page.total, 0);
}

#[tokio::test]
async fn what_can_be_refused_at_once_is_refused_before_a_step_begins() {
    let bench = Bench::at(NOW).await;
    let id = large(&bench).await;
    let version = bench.version_of(id).await;
    let who = bench.compliance();
    let stale = bench.app.begin_register_import(&who, id, version + 1).await;
    assert!(matches!(stale, Err(AppError::Stale)));
    let early = bench
        .app
        .begin_file_import(&bench.approver(), id, ContactInput::default())
        .await;
    assert!(matches!(
        early,
        Err(AppError::Conflict("import_not_registered"))
    ));
    assert_eq!(work(&bench, id).await, ImportWork::Rests);
}
