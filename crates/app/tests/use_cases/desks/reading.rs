use app::AppError;
use app::desks::CaseEvent;
use app::desks::CorrectionReply;
use serde_json::json;

use crate::bench::Bench;

const NOON: &str = "2026-11-22T12:00:00+09:00";

#[tokio::test]
async fn every_way_of_reading_what_others_filed_leaves_a_leaf_before_it_is_shown() {
    let bench = Bench::at(NOON).await;
    let (case, filing) = bench.prompt().await;
    let officer = bench.officer();
    let desk = bench.world.meti.uuid();
    bench.app.view_filing(&officer, filing).await.unwrap();
    assert_eq!(bench.acts(filing.uuid(), "content.read").await, 1);
    bench.app.filing_history(&officer, filing).await.unwrap();
    assert_eq!(bench.acts(filing.uuid(), "content.read").await, 2);
    bench.app.desk_case(&officer, case).await.unwrap();
    assert_eq!(bench.acts(case.uuid(), "content.read").await, 1);
    bench.queue_of(&officer).await;
    assert_eq!(bench.acts(desk, "content.read").await, 1);
    bench
        .app
        .search_filings(&officer, "あかつき", None, 50)
        .await
        .unwrap();
    assert_eq!(bench.acts(desk, "content.read").await, 2);

    let read_by = bench.app.read_by(&bench.approver(), filing).await.unwrap();
    assert_eq!(read_by.len(), 2);
    bench
        .app
        .view_filing(&bench.approver(), filing)
        .await
        .unwrap();
    assert_eq!(
        bench.acts(filing.uuid(), "content.read").await,
        2,
        "the owner's own reading is none"
    );
}

#[tokio::test]
async fn another_operator_or_desk_finds_nothing_anywhere() {
    let bench = Bench::at(NOON).await;
    let (case, filing) = bench.prompt().await;
    for stranger in [bench.stranger(), bench.other_desk()] {
        assert!(matches!(
            bench.app.view_filing(&stranger, filing).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            bench.app.filing_history(&stranger, filing).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            bench.app.receipts(&stranger, filing).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            bench.app.read_by(&stranger, filing).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            bench.app.desk_case(&stranger, case).await,
            Err(AppError::NotFound)
        ));
        let found = bench
            .app
            .search_filings(&stranger, "あかつき", None, 50)
            .await
            .unwrap();
        assert!(found.items.is_empty() && found.next.is_none());
    }
}

#[tokio::test]
async fn a_search_finds_words_however_they_are_written() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let number = bench
        .app
        .view_filing(&bench.approver(), filing)
        .await
        .unwrap()
        .filing
        .number;
    for words in [
        "あかつき電力",
        "髙橋",
        "高橋",
        "０３－００００",
        number.as_str(),
    ] {
        let found = bench
            .app
            .search_filings(&bench.officer(), words, None, 50)
            .await
            .unwrap();
        assert_eq!(found.items.len(), 1, "{words}");
    }
    for words in ["", "  ", "-"] {
        let refused = bench
            .app
            .search_filings(&bench.officer(), words, None, 50)
            .await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{words:?}");
    }
    assert!(
        bench
            .app
            .search_filings(&bench.officer(), "%", None, 50)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn the_timeline_of_a_case_holds_awareness_filings_and_corrections_in_order() {
    let bench = Bench::at(NOON).await;
    let (case, filing) = bench.prompt().await;
    bench.set("2026-11-22T13:00:00+09:00");
    let request = bench.ask(filing, "/answers/address").await;
    bench.set("2026-11-22T14:00:00+09:00");
    let reply = CorrectionReply {
        text: "直しました",
        value: Some(json!({ "state": "filled", "text": "大阪市" })),
        seen: None,
    };
    bench
        .app
        .answer_correction(&bench.approver(), request, reply, None)
        .await
        .unwrap();
    let timeline = bench.app.desk_case(&bench.officer(), case).await.unwrap();
    let events: Vec<&str> = timeline
        .moments
        .iter()
        .map(|moment| match &moment.event {
            CaseEvent::Aware { .. } => "aware",
            CaseEvent::Filed(_) => "filed",
            CaseEvent::Checked { .. } => "checked",
            CaseEvent::Requested { .. } => "requested",
            CaseEvent::Answered { .. } => "answered",
            CaseEvent::Opened { .. } => "opened",
        })
        .collect();
    assert_eq!(events, ["aware", "filed", "requested", "answered", "filed"]);
}
