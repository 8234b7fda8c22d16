use app::AppError;
use app::desks::StatisticsPeriod;
use ids::FilingKind;
use jiff::civil::date;

use crate::bench::Bench;

const NOVEMBER: StatisticsPeriod = StatisticsPeriod {
    from: date(2026, 11, 1),
    to: date(2026, 11, 30),
};

#[tokio::test]
async fn a_desk_counts_what_arrived_there_and_the_counting_is_an_act() {
    let bench = Bench::at("2026-11-22T09:47:00+09:00").await;
    let (_, filing) = bench.prompt().await;
    let officer = bench.officer();
    let statistics = bench.app.desk_statistics(&officer, NOVEMBER).await.unwrap();
    let prompts = statistics
        .kinds
        .iter()
        .find(|(kind, _)| *kind == FilingKind::IncidentPrompt)
        .unwrap();
    assert_eq!(prompts.1, [1]);
    // Aware at 03:17, filed at 09:47: six and a half hours.
    assert_eq!(statistics.prompt.median_minutes, Some(390));
    assert_eq!(statistics.prompt.classes, [0, 1, 0, 0, 0]);
    let sectors: Vec<_> = statistics
        .sectors
        .iter()
        .map(|(entry, count)| (entry.as_ref().map(|entry| entry.key.as_str()), *count))
        .collect();
    assert_eq!(sectors, [(Some("sector.electricity"), 1)]);
    assert_eq!(
        bench
            .acts(officer.organisation.uuid(), "content.read")
            .await,
        1
    );

    let elsewhere = bench
        .app
        .desk_statistics(&bench.other_desk(), NOVEMBER)
        .await
        .unwrap();
    assert!(
        elsewhere.sectors.is_empty(),
        "another ministry's desk counts nothing of {filing}"
    );
    let before = StatisticsPeriod {
        from: date(2026, 10, 1),
        to: date(2026, 10, 31),
    };
    let earlier = bench.app.desk_statistics(&officer, before).await.unwrap();
    assert!(earlier.sectors.is_empty());
    for nobody in [bench.approver(), bench.stranger()] {
        let refused = bench.app.desk_statistics(&nobody, NOVEMBER).await;
        assert!(matches!(refused, Err(AppError::NotFound)));
    }
}
