mod mail;
mod platform;

use std::collections::BTreeMap;

use app::AppError;
use app::filing::AttachmentUpload;
use app::incidents::{ReportKind, Typed};
use app::submissions::{
    HappenedInput, LimitKind, NextStep, Papers, SubmissionInput, SubmissionOverview, SubmissionRow,
};
use ids::{CaseId, Role};
use jiff::civil::date;
use model::incidents::AwarenessKind;
use model::submissions::{SubmissionEventKind, SubmissionStage, SubmissionState};
use statute::Answer;

use crate::approvals::fixture::code;
use crate::bench::{Bench, instant};
use crate::incidents::fixture::T1;

const NOW: &str = "2026-11-22T03:40:00+09:00";

fn row<'a>(overview: &'a SubmissionOverview, code: &str) -> &'a SubmissionRow {
    overview
        .rows
        .iter()
        .find(|row| row.entry.code() == code)
        .unwrap()
}

async fn overview(bench: &Bench, case: CaseId) -> SubmissionOverview {
    bench
        .app
        .submission_overview(&bench.csirt(), case)
        .await
        .unwrap()
}

async fn told(bench: &Bench, case: CaseId, name: &str, value: &str) -> &'static str {
    let answers = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    code(
        bench
            .app
            .answer_submission_items(&bench.csirt(), case, &answers)
            .await,
    )
}

fn by_telephone(addressee: &str, number: &str) -> SubmissionInput {
    SubmissionInput {
        addressee: addressee.to_owned(),
        stage: SubmissionStage::Prompt,
        desk: "個人情報保護委員会 監視・監督室".to_owned(),
        happened_at: Some(instant("2026-11-22T03:35:00+09:00")),
        number: number.to_owned(),
        note: "電話で伝え、受付番号を聞いた".to_owned(),
        copy: None,
    }
}

/// A case whose common form says that personal data may have leaked.
async fn leak(bench: &Bench) -> CaseId {
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let fields = [
        ("personal_data", Typed::text("suspected")),
        (
            "summary",
            Typed::text("顧客の情報を扱うサーバが暗号化された"),
        ),
        ("attack_method", Typed::text("遠隔保守の入口から侵入")),
    ];
    bench.type_in(case, &fields).await;
    case
}

#[tokio::test]
async fn one_look_says_who_still_lacks_the_case_and_why() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let seen = overview(&bench, case).await;
    assert_eq!(row(&seen, "minister").next, Some(NextStep::Prompt));
    let commission = row(&seen, "privacy_commission");
    assert_eq!(commission.needed, Answer::Unknown);
    assert_eq!(commission.next, Some(NextStep::AnswerForm));
    assert_eq!(row(&seen, "police").next, Some(NextStep::Decide));

    bench
        .type_in(case, &[("personal_data", Typed::text("suspected"))])
        .await;
    bench.file(case, ReportKind::Prompt).await;
    let seen = overview(&bench, case).await;
    let minister = row(&seen, "minister");
    assert_eq!(minister.next, Some(NextStep::Full));
    let way = minister.portal.as_ref().unwrap();
    assert_eq!(way.state, SubmissionState::Sent);
    assert!(!way.desk.0.is_empty());
    let commission = row(&seen, "privacy_commission");
    assert_eq!(commission.needed, Answer::Yes);
    assert_eq!(commission.next, Some(NextStep::Prompt));
    assert!(commission.entry.basis_ja.contains("第26条"));

    bench.app.drain_jobs().await.unwrap();
    let seen = overview(&bench, case).await;
    let way = row(&seen, "prime_minister").portal.clone().unwrap();
    assert_eq!(way.state, SubmissionState::Delivered);
}

#[tokio::test]
async fn the_commission_has_clocks_of_its_own_and_the_shorter_one_until_the_purpose_is_known() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let limits = row(&overview(&bench, case).await, "privacy_commission")
        .limits
        .clone();
    let guideline = LimitKind::Guideline { least: 3, most: 5 };
    assert_eq!(limits[0].kind, guideline);
    // 30 days from Sunday the 22nd end on Tuesday 22 December.
    assert_eq!(limits[1].kind, LimitKind::Day(date(2026, 12, 22)));
    let name = "privacy_commission.improper_purpose";
    assert_eq!(told(&bench, case, name, "yes").await, "done");
    let limits = row(&overview(&bench, case).await, "privacy_commission")
        .limits
        .clone();
    assert_eq!(limits[1].kind, LimitKind::Day(date(2027, 1, 21)));
    assert_eq!(limits[1].entry.key, "report.appi.full.improper_purpose");
}

#[tokio::test]
async fn nothing_that_the_common_form_says_is_asked_again() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let content = bench
        .app
        .submission_content(&bench.csirt(), case, "privacy_commission")
        .await
        .unwrap();
    let reason = content.items.iter().find(|item| item.number == 4).unwrap();
    assert_eq!(reason.taken.len(), 1);
    assert!(reason.ask.is_none());
    let missing = content.missing();
    let name = "privacy_commission.data_items";
    assert_eq!(told(&bench, case, name, "氏名、住所").await, "done");
    let content = bench
        .app
        .submission_content(&bench.csirt(), case, "privacy_commission")
        .await
        .unwrap();
    assert_eq!(content.missing(), missing - 1);
    let unknown = told(&bench, case, "privacy_commission.cause", "x").await;
    assert_eq!(unknown, "invalid");
    assert_eq!(
        told(&bench, case, "police.needed", "maybe").await,
        "invalid"
    );
}

#[tokio::test]
async fn technical_matters_go_out_without_the_name_of_the_operator() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let input = SubmissionInput {
        desk: "JPCERT/CC インシデント対応窓口".to_owned(),
        ..by_telephone("jpcert", "")
    };
    let id = bench
        .app
        .record_submission(&bench.csirt(), case, input, Papers::default(), None)
        .await
        .unwrap();
    let file = bench.app.view_submission(&bench.csirt(), id).await.unwrap();
    let body = &file.submission.body;
    assert!(body.contains("遠隔保守の入口から侵入"));
    assert!(!body.contains("operator_name"));
    assert!(!body.contains("暗号化された"));
    assert!(!body.contains("髙橋"));
}

#[tokio::test]
async fn what_was_handed_over_is_frozen_with_number_and_copy_and_bound_by_a_leaf() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let copy = AttachmentUpload {
        content: b"%PDF-1.7 stamped".to_vec(),
        claimed_type: Some("application/pdf".to_owned()),
    };
    let input = SubmissionInput {
        copy: Some(("控え.pdf".to_owned(), copy)),
        ..by_telephone("privacy_commission", "個情-2026-0417")
    };
    let record = |input: SubmissionInput| {
        let (app, csirt) = (bench.app.clone(), bench.csirt());
        async move {
            app.record_submission(&csirt, case, input, Papers::default(), Some("once"))
                .await
        }
    };
    let id = record(input.clone()).await.unwrap();
    // Sent twice, recorded once.
    assert_eq!(record(input).await.unwrap(), id);

    let before = bench.app.view_submission(&bench.csirt(), id).await.unwrap();
    assert_eq!(before.number(), Some("個情-2026-0417"));
    assert_eq!(before.state(), SubmissionState::Sent);
    assert_eq!(before.files.len(), 2);
    let json = &before.files[0];
    let (_, content) = bench
        .app
        .submission_paper(&bench.csirt(), id, json.digest)
        .await
        .unwrap();
    assert_eq!(content, before.submission.body.as_bytes());
    let seen = overview(&bench, case).await;
    let commission = row(&seen, "privacy_commission");
    assert_eq!(commission.next, Some(NextStep::Full));
    assert!(!commission.is_open());
    assert_eq!(commission.submissions.len(), 1);

    // What is typed afterwards does not reach what was handed over.
    bench
        .type_in(case, &[("attack_method", Typed::text("別の手口"))])
        .await;
    let after = bench.app.view_submission(&bench.csirt(), id).await.unwrap();
    assert_eq!(after, before);

    let leaves = bench.leaves(id.uuid()).await;
    assert_eq!(leaves.len(), 1);
    assert_eq!(leaves[0]["act"], "submission.recorded");
    let text = leaves[0].to_string();
    for table in ["submission", "submission_file", "submission_event"] {
        assert!(text.contains(&format!("[\"{table}\"")), "{table}");
    }
    assert!(!text.contains("暗号化"));
}

#[tokio::test]
async fn silence_is_shown_and_an_answer_ends_it() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    bench.file(case, ReportKind::Prompt).await;
    bench.app.drain_jobs().await.unwrap();
    let id = bench
        .app
        .record_submission(
            &bench.csirt(),
            case,
            by_telephone("police", ""),
            Papers::default(),
            None,
        )
        .await
        .unwrap();
    let open = |cases: Vec<SubmissionOverview>| {
        cases
            .iter()
            .flat_map(|case| &case.rows)
            .filter(|row| row.silent)
            .map(|row| row.entry.code().to_owned())
            .collect::<Vec<_>>()
    };
    let silent = bench.app.open_submissions(&bench.csirt(), 5).await.unwrap();
    assert!(open(silent).is_empty());
    bench.set("2026-11-26T10:00:00+09:00");
    let silent = bench.app.open_submissions(&bench.csirt(), 5).await.unwrap();
    assert_eq!(open(silent), ["minister", "prime_minister", "police"]);
    let answered = HappenedInput {
        kind: SubmissionEventKind::Checked,
        happened_at: Some(instant("2026-11-26T09:50:00+09:00")),
        number: String::new(),
        note: "担当者から電話".to_owned(),
    };
    bench
        .app
        .record_submission_event(&bench.csirt(), id, &answered)
        .await
        .unwrap();
    let silent = bench.app.open_submissions(&bench.csirt(), 5).await.unwrap();
    assert_eq!(open(silent), ["minister", "prime_minister"]);
    let seen = overview(&bench, case).await;
    assert_eq!(row(&seen, "police").state, SubmissionState::Checked);
}

#[tokio::test]
async fn a_submission_without_desk_or_from_the_future_is_refused_and_so_is_one_to_the_minister() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let record = |input: SubmissionInput| {
        let (app, csirt) = (bench.app.clone(), bench.csirt());
        async move {
            app.record_submission(&csirt, case, input, Papers::default(), None)
                .await
        }
    };
    let wrong = SubmissionInput {
        desk: " ".to_owned(),
        happened_at: Some(instant("2026-11-22T05:00:00+09:00")),
        ..by_telephone("police", "")
    };
    let Err(AppError::Invalid(problems)) = record(wrong).await else {
        panic!("taken");
    };
    let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["desk", "happened_at"]);
    assert_eq!(
        code(record(by_telephone("minister", "")).await),
        "submission_by_report"
    );
    assert_eq!(code(record(by_telephone("nobody", "")).await), "not_found");
}

#[tokio::test]
async fn only_the_operators_own_people_see_and_record_submissions() {
    let bench = Bench::at(NOW).await;
    let case = leak(&bench).await;
    let id = bench
        .app
        .record_submission(
            &bench.approver(),
            case,
            by_telephone("police", "1"),
            Papers::default(),
            None,
        )
        .await
        .unwrap();
    let world = &bench.world;
    let strangers = [
        bench.actor(world.meti, Role::DeskOfficer),
        bench.actor(world.cabinet_office, Role::CabinetAnalyst),
        bench.actor(world.committee, Role::Auditor),
        bench.actor(world.railway, Role::Csirt),
    ];
    for stranger in strangers {
        let seen = bench.app.view_submission(&stranger, id).await;
        assert_eq!(code(seen), "not_found");
        let seen = bench.app.submission_overview(&stranger, case).await;
        assert_eq!(code(seen), "not_found");
        let input = by_telephone("police", "2");
        let done = bench
            .app
            .record_submission(&stranger, case, input, Papers::default(), None)
            .await;
        assert_eq!(code(done), "not_found");
    }
    let viewer = bench.actor(bench.world.power, Role::Viewer);
    assert!(bench.app.view_submission(&viewer, id).await.is_ok());
    let input = by_telephone("police", "2");
    let done = bench
        .app
        .record_submission(&viewer, case, input, Papers::default(), None)
        .await;
    assert_eq!(code(done), "forbidden");
}
