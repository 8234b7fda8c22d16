use app::desks::{DeskFilter, DeskState};
use policy::Actor;

use crate::bench::Bench;

/// How many reports of a desk's open list wait for too long, by the count and by the entries.
async fn overlooked(bench: &Bench, actor: &Actor) -> (usize, usize) {
    let filter = DeskFilter {
        state: DeskState::Open,
        ..DeskFilter::default()
    };
    let queue = bench
        .app
        .desk_queue(actor, &filter, None, 50)
        .await
        .unwrap();
    let marked = queue.items.iter().filter(|item| item.overlooked);
    (queue.overlooked, marked.count())
}

#[tokio::test]
async fn a_report_that_nobody_opens_is_held_up_to_the_desk_until_somebody_does() {
    let bench = Bench::at("2026-11-22T12:00:00+09:00").await;
    let (_, filing) = bench.prompt().await;
    bench.app.drain_jobs().await.unwrap();
    let (officer, analyst) = (bench.officer(), bench.analyst());
    bench.set("2026-11-23T12:00:00+09:00");
    assert_eq!(overlooked(&bench, &officer).await, (0, 0), "24 hours");
    bench.set("2026-11-23T12:00:01+09:00");
    assert_eq!(overlooked(&bench, &officer).await, (1, 1));
    assert_eq!(overlooked(&bench, &analyst).await, (1, 1));
    bench.app.view_filing(&officer, filing).await.unwrap();
    assert_eq!(overlooked(&bench, &officer).await, (0, 0));
    assert_eq!(
        overlooked(&bench, &analyst).await,
        (1, 1),
        "each desk opens its own"
    );
}
