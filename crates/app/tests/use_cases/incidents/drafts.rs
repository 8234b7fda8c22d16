use std::collections::BTreeMap;

use app::AppError;
use app::filing::AttachmentUpload;
use app::incidents::{FormStanding, ReportKind, SectionState, Seen, Typed, TypedComputer};
use ids::{FilingKind, Role};
use model::incidents::AwarenessKind;
use statute::ReportStage;
use store::rows::drafts::Draft;

use super::fixture::{T1, typed};
use crate::bench::Bench;

const NOW: &str = "2026-11-22T04:00:00+09:00";

fn page(token: &str, shown: &[(&str, &str)]) -> Seen {
    Seen::Page {
        token: token.to_owned(),
        marks: shown
            .iter()
            .map(|(key, text)| ((*key).to_owned(), Typed::text(*text).mark()))
            .collect(),
    }
}

#[tokio::test]
async fn two_people_who_edit_different_fields_lose_nothing() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let csirt = bench.csirt();
    let shown = [("summary", ""), ("chronology", "")];
    let mine = typed(&[
        ("summary", Typed::text("甲の概要")),
        ("chronology", Typed::default()),
    ]);
    let theirs = typed(&[
        ("summary", Typed::default()),
        ("chronology", Typed::text("乙の時系列")),
    ]);
    bench
        .app
        .save_draft(&csirt, case, &mine, &page("a", &shown))
        .await
        .unwrap();
    let saved = bench
        .app
        .save_draft(&csirt, case, &theirs, &page("b", &shown))
        .await
        .unwrap();
    assert!(saved.conflicts.is_empty());
    let draft = bench.app.view_draft(&csirt, case).await.unwrap();
    assert_eq!(draft.typed("summary").text, "甲の概要");
    assert_eq!(draft.typed("chronology").text, "乙の時系列");
}

#[tokio::test]
async fn a_field_that_two_people_changed_comes_back_with_both_values_and_the_rest_is_saved() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let csirt = bench.csirt();
    let shown = [("summary", ""), ("chronology", "")];
    let first = typed(&[("summary", Typed::text("甲"))]);
    bench
        .app
        .save_draft(&csirt, case, &first, &page("a", &shown))
        .await
        .unwrap();
    let second = typed(&[
        ("summary", Typed::text("乙")),
        ("chronology", Typed::text("時系列")),
    ]);
    let saved = bench
        .app
        .save_draft(&csirt, case, &second, &page("b", &shown))
        .await
        .unwrap();
    assert_eq!(saved.conflicts.len(), 1);
    assert_eq!(saved.conflicts[0].theirs.text, "甲");
    assert_eq!(saved.conflicts[0].mine.text, "乙");
    assert!(!saved.conflicts[0].by_name.is_empty());
    let draft = bench.app.view_draft(&csirt, case).await.unwrap();
    assert_eq!(draft.typed("summary").text, "甲");
    assert_eq!(draft.typed("chronology").text, "時系列");
}

#[tokio::test]
async fn a_program_with_an_older_version_is_told_of_the_field_only() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let csirt = bench.csirt();
    let one = typed(&[("summary", Typed::text("甲"))]);
    let read = bench
        .app
        .save_draft(&csirt, case, &one, &Seen::Version(0))
        .await
        .unwrap()
        .version;
    let two = typed(&[("summary", Typed::text("乙"))]);
    bench
        .app
        .save_draft(&csirt, case, &two, &Seen::Version(read))
        .await
        .unwrap();
    let three = typed(&[
        ("summary", Typed::text("丙")),
        ("chronology", Typed::text("丙の時系列")),
    ]);
    let saved = bench
        .app
        .save_draft(&csirt, case, &three, &Seen::Version(read))
        .await
        .unwrap();
    assert_eq!(saved.conflicts.len(), 1);
    let unknown = typed(&[("colour", Typed::text("赤"))]);
    let refused = bench
        .app
        .save_draft(&csirt, case, &unknown, &Seen::Version(read))
        .await;
    assert!(matches!(refused, Err(AppError::Invalid(_))));
}

#[tokio::test]
async fn people_who_save_at_the_same_moment_lose_nothing() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let csirt = bench.csirt();
    let keys = [
        "summary",
        "chronology",
        "affected_services",
        "attack_method",
    ];
    let saves = keys.map(|key| {
        let (app, csirt) = (bench.app.clone(), csirt.clone());
        tokio::spawn(async move {
            let fields = typed(&[(key, Typed::text(key))]);
            app.save_draft(&csirt, case, &fields, &page(key, &[(key, "")]))
                .await
        })
    });
    for save in saves {
        save.await.unwrap().unwrap();
    }
    let draft = bench.app.view_draft(&csirt, case).await.unwrap();
    for key in keys {
        assert_eq!(draft.typed(key).text, key);
    }
}

#[tokio::test]
async fn what_is_wrong_is_kept_as_typed_and_its_section_says_so() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench
        .type_in(case, &[("occurred_at", Typed::text("2026-13-40"))])
        .await;
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(draft.typed("occurred_at").text, "2026-13-40");
    let sections = bench.app.sections(&draft, ReportStage::Prompt);
    assert_eq!(sections.len(), 7);
    let state = |item: u8| {
        sections
            .iter()
            .find(|section| section.item == item)
            .unwrap()
            .state
    };
    assert_eq!(state(3), SectionState::ToCorrect);
    assert_eq!(state(5), SectionState::NotBegun);
    assert_eq!(
        state(1),
        SectionState::Done,
        "awareness is known from the case"
    );
}

#[tokio::test]
async fn full_width_digits_and_japanese_eras_are_read() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let mut pasted = Typed::text("令和８年１１月２０日");
    pasted.time = "３時１７分".to_owned();
    bench.type_in(case, &[("occurred_at", pasted)]).await;
    bench.complete_prompt(case).await;
    let filed = bench.file(case, ReportKind::Prompt).await;
    let view = bench
        .app
        .view_filing(&bench.approver(), filed.filing)
        .await
        .unwrap();
    assert!(view.filing.body.contains("2026-11-20T03:17:00+09:00"));
}

#[tokio::test]
async fn detection_before_occurrence_is_a_warning_and_no_refusal() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let fields = [
        ("occurred_at", Typed::text("2026-11-21")),
        ("detected_at", Typed::text("2026-11-20")),
    ];
    bench.type_in(case, &fields).await;
    let preview = bench
        .app
        .preview_report(&bench.csirt(), case, &ReportKind::Prompt)
        .await
        .unwrap();
    assert!(preview.problems.is_empty(), "{:?}", preview.problems);
    let codes: Vec<&str> = preview
        .warnings
        .iter()
        .map(|warning| warning.code.code())
        .collect();
    assert_eq!(codes, ["warning.detected_before_occurrence"]);
    assert!(preview.may_file);
    assert!(preview.readers.len() > 2);
}

#[tokio::test]
async fn rare_characters_reach_the_authority_as_typed() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let product = "𠮷野製ルータ🗼 髙性能 葛\u{E0100}城";
    let computer = TypedComputer {
        product: product.to_owned(),
        ..TypedComputer::default()
    };
    let computers = Typed {
        computers: vec![computer],
        ..Typed::default()
    };
    bench.type_in(case, &[("computers", computers)]).await;
    let filed = bench.file(case, ReportKind::Prompt).await;
    let desk = bench.actor(bench.world.meti, Role::DeskOfficer);
    let view = bench.app.view_filing(&desk, filed.filing).await.unwrap();
    assert!(view.filing.body.contains(product));
}

#[tokio::test]
async fn a_product_of_more_than_200_characters_is_refused_and_kept() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let computer = TypedComputer {
        product: "長".repeat(201),
        ..TypedComputer::default()
    };
    let computers = Typed {
        computers: vec![computer],
        ..Typed::default()
    };
    bench
        .type_in(case, &[("computers", computers.clone())])
        .await;
    let refused = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await;
    let Err(AppError::Invalid(problems)) = refused else {
        panic!("refused");
    };
    assert_eq!(
        (problems[0].field.as_str(), problems[0].code),
        ("computers", "text.too_long")
    );
    let draft = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(draft.typed("computers"), computers);
}

#[tokio::test]
async fn a_draft_outlives_the_session_and_is_there_for_the_next() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench
        .type_in(case, &[("summary", Typed::text("途中まで"))])
        .await;
    // The session ends; the next login comes hours later, and a colleague looks too.
    bench.set("2026-11-22T20:00:00+09:00");
    for actor in [bench.csirt(), bench.approver()] {
        let draft = bench.app.view_draft(&actor, case).await.unwrap();
        assert_eq!(draft.typed("summary").text, "途中まで");
    }
}

#[tokio::test]
async fn a_draft_on_a_form_that_is_gone_is_moved_and_nothing_is_lost_silently() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    let mut tx = bench.app.store().begin("test.old_draft").await.unwrap();
    let field = |text: &str| {
        serde_json::json!({
            "typed": { "text": text }, "version": 1, "at": 0,
            "by": bench.csirt().person.to_string(),
        })
    };
    let body = serde_json::json!({
        "fields": { "summary": field("概要"), "colour_of_the_alarm": field("赤") },
        "attachments": [],
    });
    let draft = Draft {
        id: bench.world.id(),
        owner: bench.world.power,
        kind: FilingKind::IncidentPrompt,
        subject: Some(case.uuid()),
        form_version: "2026-09-01.1".to_owned(),
        body: body.to_string(),
        updated_by: bench.csirt().person,
        updated_at: bench.app.now(),
        created_at: bench.app.now(),
        version: 1,
    };
    tx.insert_draft(&draft).await.unwrap();
    tx.commit().await.unwrap();
    let view = bench.app.view_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(view.standing, FormStanding::Gone);
    let refused = bench
        .app
        .file_report(&bench.csirt(), case, &ReportKind::Prompt, None, None)
        .await;
    assert!(
        matches!(refused, Err(AppError::Conflict("draft.form_gone"))),
        "{refused:?}"
    );
    let view = bench.app.migrate_draft(&bench.csirt(), case).await.unwrap();
    assert_eq!(view.standing, FormStanding::Current);
    assert_eq!(view.typed("summary").text, "概要");
    let left: BTreeMap<_, _> = view.left;
    assert_eq!(left.get("colour_of_the_alarm"), Some(&Typed::text("赤")));
    bench.complete_prompt(case).await;
    bench.file(case, ReportKind::Prompt).await;
}

#[tokio::test]
async fn a_file_is_checked_kept_and_filed_with_the_report() {
    let bench = Bench::at(NOW).await;
    let case = bench.open(AwarenessKind::Incident, T1).await;
    bench.complete_prompt(case).await;
    let upload = |content: Vec<u8>, claimed: &str| AttachmentUpload {
        content,
        claimed_type: Some(claimed.to_owned()),
    };
    let app = &bench.app;
    let csirt = bench.csirt();
    let limit = usize::try_from(app.config().limits.attachment_bytes).unwrap();
    let big = upload(vec![b'a'; limit + 1], "text/plain");
    assert!(matches!(
        app.attach_to_draft(&csirt, case, "large.log", big).await,
        Err(AppError::TooLarge("attachment_too_large"))
    ));
    let exactly = upload(vec![b'a'; limit], "text/plain");
    app.attach_to_draft(&csirt, case, "20MB.log", exactly)
        .await
        .unwrap();
    let lying = upload(b"MZ\x90\x00".to_vec(), "application/pdf");
    let refused = app.attach_to_draft(&csirt, case, "report.pdf", lying).await;
    assert!(
        matches!(&refused, Err(AppError::Invalid(problems)) if problems[0].code == "attachment_other_type"),
        "{refused:?}"
    );
    let note = upload("身代金の要求文".as_bytes().to_vec(), "text/plain");
    let kept = app
        .attach_to_draft(&csirt, case, "ノート.txt", note)
        .await
        .unwrap();
    let filed = bench.file(case, ReportKind::Prompt).await;
    let view = app
        .view_filing(&bench.approver(), filed.filing)
        .await
        .unwrap();
    let names: Vec<&str> = view
        .attachments
        .iter()
        .map(|file| file.file_name.as_str())
        .collect();
    assert_eq!(names, ["20MB.log", "ノート.txt"]);
    assert!(view.filing.body.contains(&kept.digest.to_string()));
    assert!(matches!(
        app.detach_from_draft(&bench.approver(), case, kept.digest)
            .await,
        Err(AppError::Forbidden)
    ));
}
