use app::AppError;
use app::incidents::{EventSheet, NewDecision, RecordedDecision};
use jiff::civil::date;
use model::incidents::{AwarenessKind, RecheckState};
use statute::{Answers, EventCode, EventOutcome, ReportGroup};

use super::fixture::{T1, awareness};
use crate::bench::Bench;

fn decision(summary: &str, recheck_on: jiff::civil::Date) -> NewDecision {
    NewDecision {
        case: None,
        summary: summary.to_owned(),
        group: ReportGroup::B,
        answers: Answers::new().no(&["malware_ran", "intruded", "disrupted", "trace_of_incident"]),
        reason: "自社の訓練で送ったメールだった".to_owned(),
        recheck_on,
    }
}

async fn decide(bench: &Bench, summary: &str, recheck_on: jiff::civil::Date) -> RecordedDecision {
    bench
        .app
        .decide_not_to_report(&bench.csirt(), &decision(summary, recheck_on), None)
        .await
        .unwrap()
}

#[tokio::test]
async fn plain_answers_give_code_reasons_and_addressees() {
    let bench = Bench::at("2026-11-22T03:17:00+09:00").await;
    let sheet = EventSheet {
        group: ReportGroup::A,
        answers: Answers::new().yes(&["malware_ran"]),
        aware_on: bench.app.today(),
    };
    let found = bench.app.judge_event(&bench.csirt(), &sheet).await.unwrap();
    assert_eq!(found.finding.outcome, EventOutcome::Reportable);
    assert_eq!(found.event, Some(EventCode::Incident));
    assert!(!found.finding.reasons.is_empty());
    assert!(
        found
            .addressees
            .iter()
            .any(|to| to.organisation.id == bench.world.cabinet_office)
    );
    // With nothing answered the first question is asked.
    let blank = EventSheet {
        answers: Answers::new(),
        ..sheet
    };
    let found = bench.app.judge_event(&bench.csirt(), &blank).await.unwrap();
    assert_eq!(found.finding.outcome, EventOutcome::Unclear);
    assert_eq!(
        found.next.as_deref(),
        found
            .questions
            .first()
            .map(|question| question.code.as_str())
    );
}

#[tokio::test]
async fn a_decision_not_to_report_is_official_and_the_next_to_look_at_stands_first() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let late = decide(&bench, "訓練メール", date(2027, 2, 1)).await;
    let soon = decide(&bench, "誤検知", date(2026, 12, 1)).await;
    assert!(soon.number.starts_with("HF-2026-"));
    let leaves = bench.leaves(soon.case.uuid()).await;
    assert_eq!(leaves[0]["rows"][0][0], "no_report_decision");
    bench.set("2026-12-01T09:00:00+09:00");
    let listed = bench
        .app
        .list_decisions(&bench.csirt(), None, 50)
        .await
        .unwrap()
        .decisions;
    let order: Vec<_> = listed.iter().map(|view| view.id).collect();
    assert_eq!(order, [soon.decision, late.decision]);
    assert_eq!(listed[0].recheck, RecheckState::Due);
    assert_eq!(listed[1].recheck, RecheckState::Resting);
    let home = bench.app.open_cases(&bench.csirt(), 10).await.unwrap();
    assert_eq!((home.total, home.rechecks_due), (0, 1));
    let due: Vec<_> = home.rechecks.iter().map(|due| due.id).collect();
    assert_eq!(due, [soon.decision]);
}

#[tokio::test]
async fn the_register_of_decisions_goes_on_page_by_page_and_names_each_once() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let mut expected = Vec::new();
    for day in [3, 1, 2, 1, 4] {
        let decided = decide(&bench, "誤検知", date(2026, 12, day)).await;
        expected.push((day == 2, day, decided.decision));
        if day == 2 {
            let actor = bench.csirt();
            bench.app.reopen_case(&actor, decided.case).await.unwrap();
        }
    }
    expected.sort();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = bench
            .app
            .list_decisions(&bench.csirt(), cursor.as_deref(), 2)
            .await
            .unwrap();
        assert!(page.decisions.len() <= 2);
        seen.extend(page.decisions.iter().map(|view| view.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = expected.into_iter().map(|(_, _, id)| id).collect();
    assert_eq!(seen, expected);
    for wrong in ["", "0", "2.2026-12-01.x", "0.2026-12-01.x", "1.x.y"] {
        let refused = bench
            .app
            .list_decisions(&bench.csirt(), Some(wrong), 2)
            .await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{wrong}");
    }
    // The home page counts all that are due and names the first.
    bench.set("2026-12-03T09:00:00+09:00");
    let home = bench.app.open_cases(&bench.csirt(), 2).await.unwrap();
    assert_eq!((home.rechecks.len(), home.rechecks_due), (2, 3));
}

#[tokio::test]
async fn a_decision_taken_back_stays_in_the_register_behind_those_that_stand() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let first = decide(&bench, "誤検知", date(2026, 12, 1)).await;
    let other = decide(&bench, "訓練メール", date(2027, 2, 1)).await;
    bench
        .app
        .reopen_case(&bench.csirt(), first.case)
        .await
        .unwrap();
    let listed = bench
        .app
        .list_decisions(&bench.csirt(), None, 50)
        .await
        .unwrap()
        .decisions;
    let order: Vec<_> = listed.iter().map(|view| (view.id, view.standing)).collect();
    assert_eq!(order, [(other.decision, true), (first.decision, false)]);
    // What turned out to be an incident is reported in the same case.
    bench
        .app
        .add_awareness(
            &bench.csirt(),
            first.case,
            AwarenessKind::Incident,
            &awareness(T1),
            None,
        )
        .await
        .unwrap();
    let view = bench
        .app
        .view_case(&bench.csirt(), first.case)
        .await
        .unwrap();
    assert_eq!(view.case.phase().code(), "open");
    assert_eq!(view.case.parts().decisions.len(), 1);
}

#[tokio::test]
async fn a_day_to_look_again_lies_ahead_and_every_wrong_field_is_named() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let mut new = decision(" ", date(2026, 11, 22));
    new.reason = String::new();
    let refused = bench
        .app
        .decide_not_to_report(&bench.csirt(), &new, None)
        .await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("refused");
    };
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["summary", "reason", "recheck_on"]);
}

#[tokio::test]
async fn the_approver_reads_the_register_and_does_not_write_it() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let new = decision("誤検知", date(2026, 12, 1));
    let refused = bench
        .app
        .decide_not_to_report(&bench.approver(), &new, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    assert!(
        bench
            .app
            .list_decisions(&bench.approver(), None, 50)
            .await
            .unwrap()
            .decisions
            .is_empty()
    );
}
