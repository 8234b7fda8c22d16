use http::StatusCode;
use ids::Role;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::register::notify_one;

#[tokio::test]
async fn the_queue_of_a_desk_holds_what_is_addressed_to_it_and_reading_it_is_an_act() {
    let bench = Bench::new().await;
    let (_, filing) = bench.file_prompt().await;
    let desk = bench.world.meti.to_string();
    let before = bench.acts(&desk, "content.read").await;
    let queue = bench.officer().await.get("/api/v1/queue").await;
    let queue = queue.json(StatusCode::OK);
    assert_eq!(queue["items"][0]["id"], filing);
    assert_eq!(queue["items"][0]["limits"]["running"], true);
    assert_eq!(bench.acts(&desk, "content.read").await, before + 1);
    let incoming = bench.analyst().await.get("/api/v1/queue?state=all").await;
    assert_eq!(incoming.json(StatusCode::OK)["items"][0]["id"], filing);
    let fsa = bench.client(bench.world.fsa, Role::DeskOfficer).await;
    let empty = fsa.get("/api/v1/queue").await.json(StatusCode::OK);
    assert_eq!(empty["items"], json!([]));
    let operator = bench.approver().await.get("/api/v1/queue").await;
    operator.refused(StatusCode::NOT_FOUND, "not_found");
    let wrong = bench.officer().await.get("/api/v1/queue?state=new").await;
    wrong.names(&[("/state", "code_unknown")]);
}

#[tokio::test]
async fn a_desk_records_its_formal_check_once_and_says_what_lacks() {
    let bench = Bench::new().await;
    let (_, filing) = bench.file_prompt().await;
    let officer = bench.officer().await;
    let path = format!("/api/v1/filings/{filing}/checks");
    let lacks = json!({ "result": "lacks" });
    let silent = officer.post(&path, &lacks).await;
    silent.names(&[("/note", "check_note_missing")]);
    let wrong = officer.post(&path, &json!({ "result": "maybe" })).await;
    wrong.names(&[("/result", "code_unknown")]);
    let meets = json!({ "result": "meets" });
    let done = officer.post_once(&path, "c-1", &meets).await;
    let check = done.text_of(StatusCode::CREATED, "check");
    let again = officer.post_once(&path, "c-1", &meets).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "check"), check);
    assert_eq!(bench.acts(&filing, "filing.checked").await, 1);
    let viewer = bench.client(bench.world.meti, Role::DeskViewer).await;
    let refused = viewer.post(&path, &meets).await;
    refused.refused(StatusCode::FORBIDDEN, "forbidden");
    let fsa = bench.client(bench.world.fsa, Role::DeskOfficer).await;
    let refused = fsa.post(&path, &meets).await;
    refused.refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn a_request_for_correction_is_answered_in_place_with_a_new_version() {
    let bench = Bench::new().await;
    let (approver, officer) = (bench.approver().await, bench.officer().await);
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}/corrections");
    let ask = json!({ "field": "/answers/address", "text": "番地まで記載してください", "wanted_by": "2026-12-01" });
    let asked = officer.post_once(&path, "q-1", &ask).await;
    let id = asked.text_of(StatusCode::CREATED, "correction");
    let again = officer.post_once(&path, "q-1", &ask).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "correction"), id);
    let nowhere = json!({ "field": "/answers/no_such", "text": "x" });
    let nowhere = officer.post(&path, &nowhere).await;
    nowhere.names(&[("/field", "correction_field_unknown")]);
    let past = json!({ "text": "x", "wanted_by": "2026-11-01" });
    let past = officer.post(&path, &past).await;
    past.names(&[("/wanted_by", "correction_day_past")]);

    let open = approver.get("/api/v1/corrections").await;
    let open = open.json(StatusCode::OK);
    assert_eq!(open["items"][0]["request"]["id"], id);
    let thread = format!("/api/v1/corrections/{id}");
    let shown = approver.get(&thread).await.json(StatusCode::OK);
    assert_eq!(shown["present"]["text"], "東京都千代田区霞が関1-1");
    assert_eq!(shown["may_answer"], true);
    let desk = officer.get(&thread).await;
    desk.refused(StatusCode::NOT_FOUND, "not_found");

    let answer = format!("{thread}/answer");
    let reply = json!({ "text": "補いました", "seen": shown["latest"]["id"],
        "value": { "state": "filled", "text": "東京都千代田区霞が関1-1-1" } });
    let csirt = bench.csirt().await.post(&answer, &reply).await;
    csirt.refused(StatusCode::FORBIDDEN, "forbidden");
    let unfit = json!({ "text": "補いました", "value": 7 });
    let unfit = approver.post(&answer, &unfit).await;
    unfit.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    let huge = json!({ "text": "補いました", "value": 1.5e71 });
    let huge = approver.post_once(&answer, "r-0", &huge).await;
    huge.names(&[("/value", "number_form")]);
    let done = approver.post_once(&answer, "r-1", &reply).await;
    let version = done.text_of(StatusCode::CREATED, "filing");
    let again = approver.post_once(&answer, "r-1", &reply).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "filing"), version);
    let twice = approver.post(&answer, &reply).await;
    twice.refused(StatusCode::CONFLICT, "correction_answered");
    let shown = approver.get(&format!("/api/v1/filings/{version}")).await;
    let shown = shown.json(StatusCode::OK);
    assert_eq!(
        shown["body"]["answers"]["address"]["text"],
        "東京都千代田区霞が関1-1-1"
    );
}

#[tokio::test]
async fn an_answer_from_an_older_version_is_stale_and_an_explanation_makes_no_version() {
    let bench = Bench::new().await;
    let (approver, officer) = (bench.approver().await, bench.officer().await);
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}/corrections");
    let mut asked = Vec::new();
    for field in ["/answers/address", "/answers/contact_phone", ""] {
        let ask = json!({ "field": field, "text": "確認してください" });
        let done = officer.post(&path, &ask).await;
        let id = done.text_of(StatusCode::CREATED, "correction");
        asked.push(format!("/api/v1/corrections/{id}/answer"));
    }
    let reply = |text: &str| json!({ "text": "直しました", "seen": filing, "value": { "state": "filled", "text": text } });
    let first = approver.post(&asked[0], &reply("東京都港区1-1")).await;
    first.json(StatusCode::CREATED);
    let second = approver.post(&asked[1], &reply("03-1111-1111")).await;
    second.refused(StatusCode::CONFLICT, "stale");
    let explained = json!({ "text": "記載のとおりです" });
    let explained = approver.post(&asked[2], &explained).await;
    assert_eq!(explained.json(StatusCode::CREATED)["filing"], Value::Null);
}

#[tokio::test]
async fn a_notification_reaches_the_cabinet_office_only_when_it_is_passed_on() {
    let bench = Bench::new().await;
    let (officer, analyst) = (bench.officer().await, bench.analyst().await);
    let filing = notify_one(&bench).await;
    let path = format!("/api/v1/filings/{filing}");
    let before = analyst.get(&path).await;
    before.refused(StatusCode::NOT_FOUND, "not_found");
    let forwarding = format!("{path}/forwarding");
    let operator = bench.approver().await.post(&forwarding, &json!({})).await;
    operator.refused(StatusCode::FORBIDDEN, "forbidden");
    let done = officer.post_once(&forwarding, "f-1", &json!({})).await;
    let id = done.text_of(StatusCode::CREATED, "forwarding");
    let again = officer.post_once(&forwarding, "f-1", &json!({})).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "forwarding"), id);
    let twice = officer.post(&forwarding, &json!({})).await;
    twice.refused(StatusCode::CONFLICT, "already_forwarded");
    let after = analyst.get(&path).await.json(StatusCode::OK);
    assert_eq!(after["forwardings"][0]["id"], id);
    let (_, report) = bench.file_prompt().await;
    let report = format!("/api/v1/filings/{report}/forwarding");
    let report = officer.post(&report, &json!({})).await;
    report.refused(StatusCode::FORBIDDEN, "forbidden");
}

#[tokio::test]
async fn a_desk_names_who_handles_a_filing_and_gives_it_to_another_desk_once() {
    let bench = Bench::new().await;
    let officer = bench.officer().await;
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}");
    let me = officer.get("/api/v1/me").await;
    let me = me.text_of(StatusCode::OK, "person");
    let handlers = officer.get("/api/v1/queue/handlers").await;
    let handlers = handlers.json(StatusCode::OK);
    assert!(
        handlers
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["person"] == me.as_str())
    );
    let assignment = format!("{path}/assignment");
    let done = officer.put(&assignment, &json!({ "person": me })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    let mine = officer.get("/api/v1/queue?whose=mine").await;
    assert_eq!(
        mine.json(StatusCode::OK)["items"].as_array().unwrap().len(),
        1
    );
    let wrong = json!({ "person": filing });
    let wrong = officer.put(&assignment, &wrong).await;
    wrong.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    let operator = bench.approver().await.put(&assignment, &json!({})).await;
    operator.refused(StatusCode::FORBIDDEN, "forbidden");

    let transfer = format!("{path}/transfer");
    let elsewhere = json!({ "to": filing, "reason": "管轄のため" });
    let elsewhere = officer.post(&transfer, &elsewhere).await;
    elsewhere.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
}

#[tokio::test]
async fn the_timeline_of_a_case_shows_each_side_what_it_may_know() {
    let bench = Bench::new().await;
    let (case, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/cases/{case}/timeline");
    let kinds = |timeline: &Value| -> Vec<String> {
        let events = timeline["events"].as_array().unwrap();
        let kind = |event: &Value| event["event"].as_str().unwrap().to_owned();
        events.iter().map(kind).collect()
    };
    let own = bench.csirt().await.get(&path).await.json(StatusCode::OK);
    assert_eq!(kinds(&own), ["aware", "opened", "judged", "filed"]);
    let desk = bench.officer().await.get(&path).await.json(StatusCode::OK);
    assert_eq!(kinds(&desk), ["aware", "filed"]);
    assert_eq!(desk["events"][1]["filing"], filing);
    assert_eq!(bench.acts(&case, "content.read").await, 1);
    let working_papers = format!("/api/v1/cases/{case}");
    let shown = bench.officer().await.get(&working_papers).await;
    shown.refused(StatusCode::NOT_FOUND, "not_found");
}
