use app::AppError;
use app::desks::{CorrectionReply, NewCheck, NewCorrectionRequest};
use ids::{FilingKind, Role};
use jiff::civil::date;
use model::filing::FormalResult;
use serde_json::json;

use crate::bench::Bench;

const NOON: &str = "2026-11-22T12:00:00+09:00";

fn reply(text: &str) -> CorrectionReply<'_> {
    CorrectionReply {
        text,
        value: None,
        seen: None,
    }
}

fn corrected(value: &str) -> CorrectionReply<'static> {
    CorrectionReply {
        text: "誤記を直しました",
        value: Some(json!({ "state": "filled", "text": value })),
        seen: None,
    }
}

#[tokio::test]
async fn a_corrected_field_becomes_a_new_version_for_everyone_who_has_the_old_one() {
    let bench = Bench::at(NOON).await;
    let (case, filing) = bench.prompt().await;
    let request = bench.ask(filing, "/answers/address").await;
    let done = bench
        .app
        .answer_correction(&bench.approver(), request, corrected("東京都港区1-1"), None)
        .await
        .unwrap();
    let new = done.filing.unwrap();
    let view = bench.app.view_filing(&bench.approver(), new).await.unwrap();
    assert_eq!(view.filing.kind, FilingKind::IncidentCorrection);
    assert_eq!(view.filing.supersedes, Some(filing));
    assert_eq!(view.filing.case, Some(case));
    assert_eq!(bench.sent_to(new).await, bench.sent_to(filing).await);
    let body: serde_json::Value = serde_json::from_str(&view.filing.body).unwrap();
    assert_eq!(body["answers"]["address"]["text"], "東京都港区1-1");
    assert_eq!(body["request"], request.to_string());

    let old = bench
        .app
        .view_filing(&bench.approver(), filing)
        .await
        .unwrap();
    assert_eq!(old.successor, Some(new));
    assert_eq!(
        old.corrections[0].answer.as_ref().unwrap().filing,
        Some(new)
    );
    let history = bench
        .app
        .filing_history(&bench.approver(), new)
        .await
        .unwrap();
    let changed: Vec<&str> = history.versions[1]
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert!(changed.contains(&"/answers/address"), "{changed:?}");
}

#[tokio::test]
async fn a_request_is_answered_once_and_the_same_key_tells_the_same_outcome() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let request = bench.ask(filing, "/answers/address").await;
    let approver = bench.approver();
    let answer = || {
        bench
            .app
            .answer_correction(&approver, request, corrected("東京都港区1-1"), Some("k-1"))
    };
    let first = answer().await.unwrap();
    assert_eq!(answer().await.unwrap(), first);
    let again = bench
        .app
        .answer_correction(&approver, request, reply("もう一度"), None)
        .await;
    assert!(
        matches!(again, Err(AppError::Conflict("correction_answered"))),
        "{again:?}"
    );
    let other = bench
        .app
        .answer_correction(&approver, request, reply("別の内容"), Some("k-1"))
        .await;
    assert!(
        matches!(other, Err(AppError::Conflict("idempotency_key_reused"))),
        "{other:?}"
    );
}

#[tokio::test]
async fn an_explanation_alone_makes_no_new_version() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let request = bench.ask(filing, "").await;
    let done = bench
        .app
        .answer_correction(&bench.approver(), request, reply("記載のとおりです"), None)
        .await
        .unwrap();
    assert_eq!(done.filing, None);
    assert_eq!(bench.acts(filing.uuid(), "correction.answered").await, 1);
    assert!(
        bench
            .app
            .open_corrections(&bench.approver(), None, 50)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_second_correction_begins_from_the_first_and_not_from_the_old_version() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let (one, two) = (
        bench.ask(filing, "/answers/address").await,
        bench.ask(filing, "/answers/contact_phone").await,
    );
    let approver = bench.approver();
    let first = bench
        .app
        .answer_correction(&approver, one, corrected("東京都港区1-1"), None)
        .await
        .unwrap()
        .filing
        .unwrap();
    let stale = CorrectionReply {
        seen: Some(filing),
        ..corrected("03-1111-1111")
    };
    let refused = bench
        .app
        .answer_correction(&approver, two, stale, None)
        .await;
    assert!(matches!(refused, Err(AppError::Stale)), "{refused:?}");
    let second = bench
        .app
        .answer_correction(&approver, two, corrected("03-1111-1111"), None)
        .await
        .unwrap()
        .filing
        .unwrap();
    let view = bench.app.view_filing(&approver, second).await.unwrap();
    assert_eq!(view.filing.supersedes, Some(first));
    let body: serde_json::Value = serde_json::from_str(&view.filing.body).unwrap();
    assert_eq!(body["answers"]["address"]["text"], "東京都港区1-1");
    assert_eq!(body["answers"]["contact_phone"]["text"], "03-1111-1111");
}

#[tokio::test]
async fn when_the_operator_became_aware_cannot_be_overwritten_by_an_answer() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let request = bench.ask(filing, "/awareness/0/aware_at").await;
    let reply = CorrectionReply {
        value: Some(json!("2026-11-22T00:00:00Z")),
        ..reply("訂正します")
    };
    let refused = bench
        .app
        .answer_correction(&bench.approver(), request, reply, None)
        .await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn a_value_that_does_not_fit_the_field_or_changes_nothing_is_refused() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let request = bench.ask(filing, "/answers/address").await;
    for value in [
        json!({ "state": "filled", "text": "東京都千代田区霞が関1-1" }),
        json!({ "state": "investigating" }),
        json!({ "state": "filled", "yes_no": true }),
        json!({ "state": "filled", "text": "あ".repeat(201) }),
        json!(7),
    ] {
        let reply = CorrectionReply {
            value: Some(value.clone()),
            ..reply("直しました")
        };
        let refused = bench
            .app
            .answer_correction(&bench.approver(), request, reply, None)
            .await;
        assert!(
            matches!(refused, Err(AppError::Invalid(_))),
            "{value} {refused:?}"
        );
    }
    assert_eq!(
        bench
            .app
            .open_corrections(&bench.approver(), None, 50)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

#[tokio::test]
async fn a_request_needs_a_field_of_the_document_a_text_and_no_day_in_the_past() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let officer = bench.officer();
    let good = NewCorrectionRequest {
        field: "/answers/summary",
        text: "概要を記載してください",
        wanted_by: Some(date(2026, 11, 22)),
    };
    for bad in [
        NewCorrectionRequest {
            field: "/answers/nothing",
            ..good
        },
        NewCorrectionRequest { text: "  ", ..good },
        NewCorrectionRequest {
            wanted_by: Some(date(2026, 11, 21)),
            ..good
        },
    ] {
        let refused = bench
            .app
            .request_correction(&officer, filing, bad, None)
            .await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    }
    bench
        .app
        .request_correction(&officer, filing, good, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn only_the_approver_answers_and_strangers_find_no_request() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let request = bench.ask(filing, "/answers/address").await;
    let csirt = bench
        .app
        .answer_correction(&bench.csirt(), request, reply("確認中です"), None)
        .await;
    assert!(matches!(csirt, Err(AppError::Forbidden)), "{csirt:?}");
    assert!(
        !bench
            .app
            .view_correction(&bench.csirt(), request)
            .await
            .unwrap()
            .may_answer
    );
    for stranger in [bench.stranger(), bench.other_desk(), bench.analyst()] {
        let refused = bench.app.view_correction(&stranger, request).await;
        assert!(matches!(refused, Err(AppError::NotFound)));
    }
    let refused = bench
        .app
        .answer_correction(&bench.stranger(), request, reply("他社です"), None)
        .await;
    assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    assert!(
        bench
            .app
            .open_corrections(&bench.stranger(), None, 50)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_check_that_finds_something_missing_says_what() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let officer = bench.officer();
    let check = |result, note, key| {
        bench
            .app
            .check_form(&officer, filing, NewCheck { result, note }, key)
    };
    let refused = check(FormalResult::Lacks, " ", None).await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    let first = check(FormalResult::Meets, "", Some("once")).await.unwrap();
    assert_eq!(
        check(FormalResult::Meets, "", Some("once")).await.unwrap(),
        first
    );
    assert_eq!(bench.acts(filing.uuid(), "filing.checked").await, 1);
    let analyst = bench
        .app
        .check_form(
            &bench.analyst(),
            filing,
            NewCheck {
                result: FormalResult::Meets,
                note: "",
            },
            None,
        )
        .await;
    assert!(matches!(analyst, Err(AppError::Forbidden)), "{analyst:?}");
    let viewer = bench.actor(bench.world.meti, Role::DeskViewer);
    let viewer = bench
        .app
        .check_form(
            &viewer,
            filing,
            NewCheck {
                result: FormalResult::Meets,
                note: "",
            },
            None,
        )
        .await;
    assert!(matches!(viewer, Err(AppError::Forbidden)), "{viewer:?}");
}

#[tokio::test]
async fn open_requests_go_on_page_by_page_oldest_first() {
    let bench = Bench::at(NOON).await;
    let (_, filing) = bench.prompt().await;
    let mut asked = Vec::new();
    for _ in 0..5 {
        asked.push(bench.ask(filing, "/answers/address").await);
    }
    asked.sort();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = bench
            .app
            .open_corrections(&bench.approver(), cursor.as_deref(), 2)
            .await
            .unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|open| open.request.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    // All were asked at the same moment, so their ids decide.
    assert_eq!(seen, asked);
    let refused = bench
        .app
        .open_corrections(&bench.approver(), Some("1.x"), 2)
        .await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
}
