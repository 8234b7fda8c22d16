//! What the home page of a large operator asks for.

use std::time::Instant;

use app::incidents::{AwarenessInput, NewCase};
use model::incidents::{AwarenessKind, Precision};

use crate::instance::Instance;
use crate::rate::Latencies;

/// Cases that the page shows.
const CASES_SHOWN: u32 = 5;

/// Brings the register to `computers` and opens `cases`.
pub(crate) async fn fill(instance: &Instance, computers: u32, cases: u32) {
    let (app, actor) = (&instance.app, instance.actor());
    let page = app
        .computers(actor, &app::assets::ComputerFilter::default(), None, 1)
        .await
        .unwrap();
    let there = u32::try_from(page.total).unwrap();
    instance.computers(8, computers.saturating_sub(there)).await;
    for number in 0..cases {
        let case = NewCase {
            title: format!("計測用事案 {number}"),
            kind: AwarenessKind::Incident,
            awareness: AwarenessInput {
                aware_at: app.now(),
                precision: Precision::Exact,
                source: "計測".to_owned(),
            },
            form: None,
            judgement: None,
        };
        app.open_case(actor, &case, None).await.unwrap();
    }
}

/// Asks again and again, as the page does each time it is shown.
pub(crate) async fn measure(instance: &Instance, times: usize) -> Latencies {
    let (app, actor) = (&instance.app, instance.actor());
    let mut seen = Vec::new();
    for _ in 0..times {
        let started = Instant::now();
        app.operator_due(actor).await.unwrap();
        app.open_cases(actor, CASES_SHOWN).await.unwrap();
        app.open_corrections(actor, None, CASES_SHOWN)
            .await
            .unwrap();
        seen.push(started.elapsed());
    }
    Latencies::of(seen)
}
