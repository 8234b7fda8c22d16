use app::AppError;
use app::incidents::{CorrectionInput, EventKind, ReportKind, Typed, WithdrawalInput};
use ids::{FilingKind, Role};
use model::filing::AddresseeRole;
use model::incidents::{AwarenessKind, CaseStep, ClockState, Lateness, WithdrawalReason};

use super::fixture::{T1, awareness};
use crate::bench::{Bench, instant};

#[tokio::test]
async fn a_near_miss_becomes_an_incident_and_is_reported_in_all_stages() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::NearMiss, T1).await;
    bench.complete_prompt(case).await;
    let prompt = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await
        .unwrap();
    assert!(prompt.number.starts_with("HK-2026-"));

    bench.set("2026-11-25T10:00:00+09:00");
    let t2 = "2026-11-25T09:00:00+09:00";
    bench
        .app
        .add_awareness(
            &bench.csirt(),
            case,
            AwarenessKind::Incident,
            &awareness(t2),
            None,
        )
        .await
        .unwrap();
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    let aware: Vec<_> = view.clocks.iter().map(|clock| clock.aware_at).collect();
    assert_eq!(
        aware,
        [instant(T1), instant(t2)],
        "t1 stays, t2 has a clock of its own"
    );
    assert_eq!(
        view.leading.unwrap().aware_at,
        instant(T1),
        "the earliest leads"
    );
    assert!(view.clocks[1].prompt_filed.is_none());

    // Nothing is typed again: the draft begins from what was filed.
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(draft.typed("contact_name").text, "髙橋 𠮷江");
    bench.file(case, ReportKind::Update).await;
    bench.set("2026-12-10T10:00:00+09:00");
    bench.complete_full(case).await;
    let full = bench.file(case, ReportKind::Full).await;

    let view = bench.app.view_case(&bench.approver(), case).await.unwrap();
    assert_eq!(view.case.phase().code(), "full_filed");
    assert!(
        view.clocks
            .iter()
            .all(|clock| clock.state == ClockState::Answered)
    );
    let kinds: Vec<FilingKind> = view.filings.iter().map(|filing| filing.kind).collect();
    assert_eq!(
        kinds,
        [
            FilingKind::IncidentPrompt,
            FilingKind::IncidentUpdate,
            FilingKind::IncidentFull
        ]
    );
    let history = bench.app.case_history(&bench.csirt(), case).await.unwrap();
    assert_eq!(history[0].version.head.id, full.filing);
    let changed: Vec<&str> = history[0]
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert!(changed.contains(&"/answers/summary"), "{changed:?}");
    assert!(history[2].changes.is_empty());
}

#[tokio::test]
async fn a_report_goes_to_the_minister_and_the_prime_minister_at_once() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let filed = bench.file(case, ReportKind::Prompt).await;
    let view = bench
        .app
        .view_filing(&bench.approver(), filed.filing)
        .await
        .unwrap();
    let roles: Vec<AddresseeRole> = view.addressees.iter().map(|(to, _)| to.role).collect();
    assert!(roles.contains(&AddresseeRole::Minister), "{roles:?}");
    assert!(roles.contains(&AddresseeRole::PrimeMinister), "{roles:?}");
    for (desk, role) in [
        (bench.world.meti, Role::DeskOfficer),
        (bench.world.cabinet_office, Role::CabinetAnalyst),
    ] {
        let officer = bench.actor(desk, role);
        assert!(bench.app.view_filing(&officer, filed.filing).await.is_ok());
    }
    let elsewhere = bench.actor(bench.world.mlit, Role::DeskOfficer);
    assert!(matches!(
        bench.app.view_filing(&elsewhere, filed.filing).await,
        Err(AppError::NotFound)
    ));
}

#[tokio::test]
async fn the_prompt_stage_names_every_field_of_items_one_and_two_that_is_missing() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    // The last digit is wrong: the check digit comes first.
    let number = Typed::text("7010001000018");
    bench.type_in(case, &[("corporate_number", number)]).await;
    let Err(AppError::Invalid(problems)) = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await
    else {
        panic!("refused");
    };
    let fields: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.code))
        .collect();
    assert!(fields.contains(&("address", "field.missing")), "{fields:?}");
    assert!(
        fields.contains(&("contact_phone", "field.missing")),
        "{fields:?}"
    );
    // The profile fills in what is known.
    assert!(
        !fields.iter().any(|(field, _)| *field == "operator_name"),
        "{fields:?}"
    );
    assert!(
        fields.contains(&("corporate_number", "corporate_number.check_digit")),
        "{fields:?}"
    );
}

#[tokio::test]
async fn at_the_full_stage_an_inquiry_needs_a_reason_and_all_seven_items_an_answer() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let full = ReportKind::Full;
    let refused = bench
        .app
        .file_report(&bench.approver(), case, &full, None, None)
        .await;
    assert!(matches!(refused, Err(AppError::Invalid(problems)) if 5 < problems.len()));
    bench.complete_full(case).await;
    let open = Typed::state(formats::answers::AnswerState::Investigating, "");
    bench.type_in(case, &[("summary", open)]).await;
    let refused = bench
        .app
        .file_report(&bench.approver(), case, &full, None, None)
        .await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("refused");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].field.as_str(), problems[0].code),
        ("summary", "field.reason_missing")
    );
    let open = Typed::state(
        formats::answers::AnswerState::Investigating,
        "12月10日までに調べる",
    );
    bench.type_in(case, &[("summary", open)]).await;
    bench.file(case, full).await;
}

#[tokio::test]
async fn the_csirt_files_the_prompt_stage_alone_and_nothing_else() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_full(case).await;
    let refused = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Full, None, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert!(view.steps.contains(&CaseStep::FilePrompt));
    assert!(!view.steps.contains(&CaseStep::FileFull));
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    let refused = bench
        .app
        .file_report(&viewer, case, &ReportKind::Prompt, None, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn filing_asks_for_a_fresh_second_factor() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let mut stale = bench.csirt();
    stale.step_up = policy::StepUp::Stale;
    let refused = bench
        .app
        .file_report(&stale, case, &ReportKind::Prompt, None, None)
        .await;
    assert!(matches!(refused, Err(AppError::StepUpRequired)));
}

#[tokio::test]
async fn a_duplicate_submit_files_once() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let csirt = bench.csirt();
    let kind = ReportKind::Prompt;
    let first = bench
        .app
        .file_report(&csirt, case, &kind, None, Some("k1"))
        .await
        .unwrap();
    let again = bench
        .app
        .file_report(&csirt, case, &kind, None, Some("k1"))
        .await
        .unwrap();
    assert_eq!(first, again);
    let other = bench
        .app
        .file_report(&csirt, case, &ReportKind::Update, None, Some("k1"))
        .await;
    assert!(matches!(
        other,
        Err(AppError::Conflict("idempotency_key_reused"))
    ));
    let without = bench.app.file_report(&csirt, case, &kind, None, None).await;
    assert!(
        matches!(without, Err(AppError::Conflict("case.phase"))),
        "{without:?}"
    );
    let view = bench.app.view_case(&csirt, case).await.unwrap();
    assert_eq!(view.filings.len(), 1);
}

#[tokio::test]
async fn a_draft_that_changed_after_it_was_checked_is_not_filed() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let checked = bench
        .app
        .view_draft(&bench.csirt(), case)
        .await
        .unwrap()
        .version;
    bench
        .type_in(case, &[("summary", Typed::text("別の人の追記"))])
        .await;
    let refused = bench
        .app
        .file_report(
            &bench.csirt(),
            case,
            &ReportKind::Prompt,
            Some(checked),
            None,
        )
        .await;
    assert!(matches!(refused, Err(AppError::Stale)));
}

#[tokio::test]
async fn a_full_report_after_the_limit_is_filed_late_and_says_so() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_full(case).await;
    let now = instant("2027-01-20T10:00:00+09:00");
    bench.clock.set(now);
    let clock = |view: &app::incidents::CaseView| view.clocks[0].full_lateness(now, 7);
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert_eq!(clock(&view), Some(Lateness::Overdue));
    // No number is ever shown for 速やかに.
    assert_eq!(view.clocks[0].prompt.legal_limit, None);
    bench.file(case, ReportKind::Full).await;
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert_eq!(clock(&view), Some(Lateness::FiledLate));
}

#[tokio::test]
async fn a_correction_is_a_new_version_at_the_stage_of_what_it_corrects() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let prompt = bench.file(case, ReportKind::Prompt).await;
    bench
        .type_in(case, &[("address", Typed::text("東京都港区1-2"))])
        .await;
    let input = CorrectionInput {
        explanation: "所在地が移転前のものだった".to_owned(),
        request: None,
    };
    let corrected = bench.file(case, ReportKind::Correction(input)).await;
    let view = bench
        .app
        .view_filing(&bench.approver(), corrected.filing)
        .await
        .unwrap();
    assert_eq!(view.filing.supersedes, Some(prompt.filing));
    let body = formats::filing::parse(view.filing.body.as_bytes()).unwrap();
    assert_eq!(body.report().unwrap().stage, statute::ReportStage::Prompt);
    let history = bench.app.case_history(&bench.csirt(), case).await.unwrap();
    let paths: Vec<&str> = history[0]
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert!(paths.contains(&"/answers/address"), "{paths:?}");
}

#[tokio::test]
async fn a_withdrawn_report_stays_as_it_was_filed_and_its_clock_stops() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    bench.file(case, ReportKind::Prompt).await;
    let input = WithdrawalInput {
        reason: WithdrawalReason::NotReportable,
        explanation: "自社の試験による通信だった".to_owned(),
    };
    let refused = bench
        .app
        .withdraw_report(&bench.csirt(), case, &input, None)
        .await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    bench
        .app
        .withdraw_report(&bench.approver(), case, &input, None)
        .await
        .unwrap();
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert_eq!(view.case.phase().code(), "withdrawn");
    assert_eq!(view.filings.len(), 2);
    assert_eq!(view.clocks[0].state, ClockState::Stopped);
    assert!(matches!(
        bench.app.view_draft(&bench.csirt(), case).await,
        Err(AppError::Conflict("case.phase"))
    ));
}

#[tokio::test]
async fn a_report_before_the_law_is_in_force_is_refused() {
    let bench = Bench::at("2026-09-20T04:00:00+09:00").await;
    let mut new = super::fixture::new_case(AwarenessKind::Incident, "2026-09-20T03:17:00+09:00");
    new.judgement = None;
    let case = bench
        .app
        .open_case(&bench.csirt(), &new, None)
        .await
        .unwrap()
        .case;
    let view = bench.app.view_case(&bench.csirt(), case).await.unwrap();
    assert!(view.leading.is_none(), "the law of that day knows no duty");
    let refused = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await;
    assert!(
        matches!(refused, Err(AppError::NotInForce(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn another_operator_learns_of_nothing() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let other = bench.actor(bench.world.railway, Role::Csirt);
    let app = &bench.app;
    let nothing = |error: AppError| assert!(matches!(error, AppError::NotFound), "{error:?}");
    nothing(app.view_case(&other, case).await.unwrap_err());
    nothing(app.view_draft(&other, case).await.unwrap_err());
    nothing(app.case_timeline(&other, case).await.unwrap_err());
    nothing(app.case_history(&other, case).await.unwrap_err());
    nothing(
        app.preview_report(&other, case, &ReportKind::Prompt)
            .await
            .unwrap_err(),
    );
    nothing(
        app.file_report(&other, case, &ReportKind::Prompt, None, None)
            .await
            .unwrap_err(),
    );
    assert!(
        app.list_cases(&other, None, 50)
            .await
            .unwrap()
            .cases
            .is_empty()
    );
    assert_eq!(app.open_cases(&other, 50).await.unwrap().total, 0);
}

#[tokio::test]
async fn every_official_row_of_a_case_is_bound_by_one_leaf() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::NearMiss, T1).await;
    bench.complete_prompt(case).await;
    let filed = bench.file(case, ReportKind::Prompt).await;
    let mut leaves = bench.leaves(case.uuid()).await;
    leaves.extend(bench.leaves(filed.filing.uuid()).await);
    let mut bound = std::collections::BTreeMap::new();
    for leaf in &leaves {
        for row in leaf["rows"].as_array().unwrap() {
            let acts: &mut Vec<String> = bound
                .entry((row[0].to_string(), row[1].to_string()))
                .or_default();
            let act = format!("{}@{}", leaf["act"], leaf["log"]);
            acts.push(act);
        }
    }
    assert!(bound.keys().any(|(table, _)| table == "\"awareness\""));
    assert!(bound.keys().any(|(table, _)| table == "\"filing\""));
    for (row, acts) in bound {
        let kinds: std::collections::BTreeSet<&str> = acts
            .iter()
            .map(|act| act.split('@').next().unwrap())
            .collect();
        assert_eq!(kinds.len(), 1, "{row:?} {acts:?}");
    }
}

#[tokio::test]
async fn the_timeline_tells_the_story_of_the_case_in_order() {
    let bench = Bench::at("2026-11-22T04:00:00+09:00").await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    bench.set("2026-11-22T05:00:00+09:00");
    bench.file(case, ReportKind::Prompt).await;
    let events = bench.app.case_timeline(&bench.csirt(), case).await.unwrap();
    assert!(matches!(events[0].kind, EventKind::Aware { .. }));
    assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert!(
        events
            .iter()
            .any(|event| matches!(event.kind, EventKind::Filed { .. }))
    );
}
