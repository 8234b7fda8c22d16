use app::AppError;
use app::incidents::AwarenessInput;
use model::incidents::{AwarenessKind, ClockState, Precision};

use super::fixture::{T1, awareness, new_case};
use crate::bench::{Bench, instant};

const NOW: &str = "2026-11-22T04:00:00+09:00";

#[tokio::test]
async fn awareness_in_the_future_is_refused_with_every_other_wrong_field() {
    let bench = Bench::at(NOW).await;
    let mut new = new_case(AwarenessKind::Incident, "2026-11-22T04:00:01+09:00");
    new.title = String::new();
    new.awareness.source = " ".to_owned();
    let Err(AppError::Invalid(problems)) = bench.app.open_case(&bench.csirt(), &new, None).await
    else {
        panic!("refused");
    };
    let found: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.code))
        .collect();
    assert_eq!(
        found,
        [
            ("title", "text.empty"),
            ("aware_at", "awareness.future"),
            ("source", "text.empty")
        ]
    );
}

#[tokio::test]
async fn a_corrected_awareness_needs_a_reason_and_the_earlier_one_stays_visible() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let csirt = bench.csirt();
    let view = bench.app.view_case(&csirt, case).await.unwrap();
    let first = view.case.awareness().records()[0].id;
    let earlier = AwarenessInput {
        precision: Precision::Approximate,
        ..awareness("2026-11-21T23:50:00+09:00")
    };
    let refused = bench
        .app
        .correct_awareness(&csirt, case, first, "", &earlier, None)
        .await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    bench
        .app
        .correct_awareness(
            &csirt,
            case,
            first,
            "監視装置の時計が遅れていた",
            &earlier,
            None,
        )
        .await
        .unwrap();
    let view = bench.app.view_case(&csirt, case).await.unwrap();
    assert_eq!(view.case.awareness().records().len(), 2);
    assert_eq!(view.case.awareness().records()[0].aware_at, instant(T1));
    assert_eq!(view.clocks[0].state, ClockState::Superseded);
    assert_eq!(view.leading.unwrap().aware_at, earlier.aware_at);
    let again = bench
        .app
        .correct_awareness(&csirt, case, first, "もう一度", &earlier, None)
        .await;
    assert!(
        matches!(again, Err(AppError::Conflict("awareness.superseded"))),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_case_opened_twice_with_one_key_is_one_case() {
    let bench = Bench::at(NOW).await;
    let new = new_case(AwarenessKind::Incident, T1);
    let first = bench
        .app
        .open_case(&bench.csirt(), &new, Some("k"))
        .await
        .unwrap();
    let again = bench
        .app
        .open_case(&bench.csirt(), &new, Some("k"))
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(
        bench
            .app
            .list_cases(&bench.csirt(), None, 50)
            .await
            .unwrap()
            .cases
            .len(),
        1
    );
}

#[tokio::test]
async fn the_home_page_shows_the_earliest_of_many_open_cases_first() {
    let bench = Bench::at("2026-12-01T00:00:00+09:00").await;
    let mut expected = Vec::new();
    for minute in (0..30).rev() {
        let aware = format!("2026-11-22T03:{minute:02}:00+09:00");
        bench.open(AwarenessKind::Incident, &aware).await;
        expected.push(instant(&aware));
    }
    expected.reverse();
    let home = bench.app.open_cases(&bench.csirt(), 10).await.unwrap();
    assert_eq!(home.total, 30);
    let shown: Vec<_> = home
        .cases
        .iter()
        .map(|case| case.clock.as_ref().unwrap().aware_at)
        .collect();
    assert_eq!(shown, expected[..10]);
}

#[tokio::test]
async fn the_list_of_cases_goes_on_where_it_stopped() {
    let bench = Bench::at(NOW).await;
    for _ in 0..5 {
        bench.open(AwarenessKind::Incident, T1).await;
    }
    let first = bench.app.list_cases(&bench.csirt(), None, 3).await.unwrap();
    let cursor = first.next.clone().unwrap();
    let second = bench
        .app
        .list_cases(&bench.csirt(), Some(&cursor), 3)
        .await
        .unwrap();
    assert_eq!((first.cases.len(), second.cases.len()), (3, 2));
    assert!(second.next.is_none());
    let ids: std::collections::BTreeSet<_> = first
        .cases
        .iter()
        .chain(&second.cases)
        .map(|entry| entry.case.id().to_string())
        .collect();
    assert_eq!(ids.len(), 5);
    let wrong = bench.app.list_cases(&bench.csirt(), Some("x"), 3).await;
    assert!(matches!(wrong, Err(AppError::Invalid(_))));
}
