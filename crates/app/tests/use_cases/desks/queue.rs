use app::AppError;
use app::desks::{DeskFilter, DeskState};
use app::incidents::ReportKind;
use jiff::civil::date;
use model::incidents::{AwarenessKind, Lateness};

use crate::bench::Bench;
use crate::desks::fixture::AWARE;

#[tokio::test]
async fn the_queue_stands_in_the_order_of_the_legal_time_that_remains() {
    let bench = Bench::at("2026-11-29T12:00:00+09:00").await;
    let mut filed = Vec::new();
    for aware in [
        "2026-11-28T10:00:00+09:00",
        AWARE,
        "2026-11-25T10:00:00+09:00",
    ] {
        let case = bench.open(AwarenessKind::Incident, aware).await;
        bench.complete_prompt(case).await;
        filed.push(bench.file(case, ReportKind::Prompt).await.filing);
    }
    let queue = bench.queue_of(&bench.officer()).await;
    let order: Vec<_> = queue.items.iter().map(|item| item.head.id).collect();
    assert_eq!(order, [filed[1], filed[2], filed[0]]);
    let limits = &queue.items[0].limits;
    assert_eq!(limits.open_until(), Some(date(2026, 12, 22)));
    assert_eq!(limits.lateness, Some(Lateness::OnTime));

    let page = bench
        .app
        .desk_queue(&bench.officer(), &DeskFilter::default(), None, 2)
        .await
        .unwrap();
    let next = page.next.unwrap().to_string().parse().unwrap();
    let rest = bench
        .app
        .desk_queue(&bench.officer(), &DeskFilter::default(), Some(next), 2)
        .await
        .unwrap();
    assert_eq!(rest.items[0].head.id, filed[0]);
    assert!(rest.next.is_none());
}

#[tokio::test]
async fn a_full_report_stops_the_clock_that_the_desk_sees() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (case, _) = bench.prompt().await;
    bench.set("2026-12-25T12:00:00+09:00");
    let late = bench.queue_of(&bench.analyst()).await;
    assert_eq!(late.items[0].limits.lateness, Some(Lateness::Overdue));
    bench.complete_full(case).await;
    let full = bench.file(case, ReportKind::Full).await.filing;
    let view = bench.app.view_filing(&bench.officer(), full).await.unwrap();
    assert!(!view.limits.running);
    assert_eq!(view.limits.lateness, Some(Lateness::FiledLate));
}

#[tokio::test]
async fn a_full_report_stops_the_clock_in_the_operators_own_list() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (case, _) = bench.prompt().await;
    bench.set("2026-12-10T12:00:00+09:00");
    bench.complete_full(case).await;
    bench.file(case, ReportKind::Full).await;
    bench.set("2027-01-25T12:00:00+09:00");
    let approver = bench.approver();
    let own = bench.app.own_filings(&approver, None, None, 50);
    let (items, _) = own.await.unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        assert!(!item.limits.running);
        assert_eq!(item.limits.lateness, Some(Lateness::OnTime));
    }
}

#[tokio::test]
async fn a_desk_sees_only_what_was_addressed_to_it() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    bench.prompt().await;
    let all = DeskFilter {
        state: DeskState::All,
        ..DeskFilter::default()
    };
    assert!(
        bench
            .app
            .desk_queue(&bench.other_desk(), &all, None, 50)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        bench
            .app
            .desk_queue(&bench.officer(), &all, None, 50)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    assert_eq!(bench.queue_of(&bench.analyst()).await.items.len(), 1);
    let refused = bench
        .app
        .desk_queue(&bench.approver(), &all, None, 50)
        .await;
    assert!(matches!(refused, Err(AppError::NotFound)));
    assert!(
        bench
            .app
            .own_filings(&bench.stranger(), None, None, 50)
            .await
            .unwrap()
            .0
            .is_empty()
    );
    assert_eq!(
        bench
            .app
            .own_filings(&bench.approver(), None, None, 50)
            .await
            .unwrap()
            .0
            .len(),
        1
    );
}
