use http::{Method, Request, StatusCode};
use ids::{Role, TokenScope};
use serde_json::{Value, json};

use crate::bench::{AWARE, Bench, fill_prompt, instant, new_case};

#[tokio::test]
async fn a_program_reports_an_incident_in_all_stages_and_keeps_its_receipts() {
    let bench = Bench::new().await;
    let (csirt, approver) = (bench.csirt().await, bench.approver().await);
    let case = bench.open_case().await;
    let path = format!("/api/v1/cases/{case}");
    let shown = csirt.get(&path).await.json(StatusCode::OK);
    assert_eq!(shown["phase"], "open");
    assert_eq!(shown["clocks"][0]["full"]["legal_limit"], "2026-12-22");
    assert_eq!(
        shown["clocks"][0]["prompt"]["legal_limit"],
        Value::Null,
        "the law fixes no number"
    );

    fill_prompt(&csirt, &case).await;
    let attached = csirt
        .attach(&case, "%E3%83%AD%E3%82%B0.txt", "不審な通信".as_bytes())
        .await;
    let attached = attached.json(StatusCode::OK);
    assert_eq!(attached["file_name"], "ログ.txt");
    assert_eq!(attached["media_type"], "text/plain");

    let check = csirt.get(&format!("{path}/check?kind=prompt")).await;
    let check = check.json(StatusCode::OK);
    assert_eq!(check["problems"], json!([]));
    let reports = format!("{path}/reports");
    let prompt = json!({ "kind": "prompt", "draft_version": check["draft_version"] });
    let filed = csirt.post_once(&reports, "prompt-1", &prompt).await;
    let filing = filed.text_of(StatusCode::CREATED, "filing");
    assert_eq!(
        filed.headers["location"],
        format!("/api/v1/filings/{filing}")
    );

    // The same request again is the same filing.
    let again = csirt.post_once(&reports, "prompt-1", &prompt).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "filing"), filing);

    bench.clock.set(instant("2026-12-01T10:00:00+09:00"));
    let update = approver.post(&reports, &json!({ "kind": "update" })).await;
    update.json(StatusCode::CREATED);
    fill_full(&csirt, &path).await;
    let full = approver.post(&reports, &json!({ "kind": "full" })).await;
    full.json(StatusCode::CREATED);
    let shown = csirt.get(&path).await.json(StatusCode::OK);
    assert_eq!(shown["phase"], "full_filed");
    let kinds: Vec<&str> = shown["filings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|filing| filing["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["incident_prompt", "incident_update", "incident_full"]
    );
}

async fn fill_full(client: &crate::bench::Client, path: &str) {
    let draft = format!("{path}/draft");
    let check = client.get(&format!("{path}/check?kind=full")).await;
    let check = check.json(StatusCode::OK);
    let mut fields = serde_json::Map::new();
    for section in check["sections"].as_array().unwrap() {
        for field in section["fields"].as_array().unwrap() {
            if !field["lacks"].is_null() {
                let key = field["key"].as_str().unwrap().to_owned();
                fields.insert(key, json!({ "state": "unknown" }));
            }
        }
    }
    fields.insert(
        "summary".to_owned(),
        json!({ "text": "監視端末が外部と通信した" }),
    );
    let computers = json!({ "computers": [{ "product": "監視サーバ" }] });
    fields.insert("computers".to_owned(), computers);
    let tag = client.get(&draft).await.tag();
    let body = json!({ "fields": fields });
    let saved = client
        .json(Method::PATCH, &draft, &[("if-match", &tag)], &body)
        .await;
    saved.json(StatusCode::OK);
}

#[tokio::test]
async fn the_wizard_says_which_code_why_and_to_whom_and_stores_nothing() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let body = json!({ "sheet": { "group": "A", "answers": { "malware_ran": "yes" } } });
    let need = csirt.post("/api/v1/need-to-report", &body).await;
    let need = need.json(StatusCode::OK);
    assert_eq!(need["finding"]["outcome"], "reportable");
    assert!(need["event"].is_string());
    assert!(!need["finding"]["reasons"].as_array().unwrap().is_empty());
    assert_eq!(need["addressees"].as_array().unwrap().len(), 2);
    let cases = csirt.get("/api/v1/cases").await.json(StatusCode::OK);
    assert_eq!(cases["items"], json!([]));

    let wrong = json!({ "sheet": { "group": "C" } });
    let wrong = csirt.post("/api/v1/need-to-report", &wrong).await;
    wrong.names(&[("/group", "code_unknown")]);
    let officer = bench.officer().await;
    let asked = officer.post("/api/v1/need-to-report", &body).await;
    asked.refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn a_case_is_opened_once_for_a_key_and_the_key_is_good_for_nothing_else() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let first = csirt.post_once("/api/v1/cases", "k-1", &new_case()).await;
    let case = first.text_of(StatusCode::CREATED, "case");
    assert_eq!(first.headers["location"], format!("/api/v1/cases/{case}"));
    let again = csirt.post_once("/api/v1/cases", "k-1", &new_case()).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "case"), case);
    let mut other = new_case();
    other["title"] = json!("別の事案");
    let other = csirt.post_once("/api/v1/cases", "k-1", &other).await;
    other.refused(StatusCode::CONFLICT, "idempotency_key_reused");
    let cases = csirt.get("/api/v1/cases").await.json(StatusCode::OK);
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_of_cases_goes_on_where_the_page_before_ended() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let mut opened = Vec::new();
    for minute in 1..=3 {
        let now = format!("2026-11-22T04:0{minute}:00+09:00");
        bench.clock.set(instant(&now));
        let case = csirt.post("/api/v1/cases", &new_case()).await;
        opened.push(case.text_of(StatusCode::CREATED, "case"));
    }
    opened.reverse();
    let first = csirt.get("/api/v1/cases?limit=2").await;
    let first = first.json(StatusCode::OK);
    let next = first["next"].as_str().unwrap();
    let rest = csirt
        .get(&format!("/api/v1/cases?limit=2&cursor={next}"))
        .await;
    let rest = rest.json(StatusCode::OK);
    assert_eq!(rest["next"], Value::Null);
    let mut seen = Vec::new();
    for page in [&first, &rest] {
        for item in page["items"].as_array().unwrap() {
            seen.push(item["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(seen, opened);
    let wrong = csirt.get("/api/v1/cases?cursor=x").await;
    wrong.names(&[("/cursor", "cursor_unknown")]);
}

#[tokio::test]
async fn bad_fields_of_a_case_are_all_named() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let mut body = new_case();
    body["title"] = json!("");
    body["awareness"]["aware_at"] = json!("2026-11-23T03:17:00+09:00");
    let answer = csirt.post("/api/v1/cases", &body).await;
    answer.names(&[("/title", "text.empty"), ("/aware_at", "awareness.future")]);
    body["awareness"]["aware_at"] = json!("昨日の夜");
    let answer = csirt.post("/api/v1/cases", &body).await;
    answer.names(&[("/aware_at", "instant_form")]);
    body["awareness"]["kind"] = json!("accident");
    let answer = csirt.post("/api/v1/cases", &body).await;
    answer.names(&[("/kind", "code_unknown"), ("/aware_at", "instant_form")]);
    let mut unknown = new_case();
    unknown["surprise"] = json!(1);
    let answer = csirt.post("/api/v1/cases", &unknown).await;
    answer.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
}

#[tokio::test]
async fn a_near_miss_becomes_an_incident_and_a_corrected_time_keeps_the_earlier_one() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let mut body = new_case();
    body["awareness"]["kind"] = json!("near_miss");
    let opened = csirt.post("/api/v1/cases", &body).await;
    let case = opened.text_of(StatusCode::CREATED, "case");
    let path = format!("/api/v1/cases/{case}/awareness");
    let incident = json!({ "kind": "incident", "aware_at": "2026-11-22T03:50:00+09:00",
        "approximate": true, "source": "解析で侵入を確かめた" });
    bench.clock.set(instant("2026-11-22T04:10:00+09:00"));
    let added = csirt.post_once(&path, "a-1", &incident).await;
    let id = added.text_of(StatusCode::CREATED, "awareness");
    let again = csirt.post_once(&path, "a-1", &incident).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "awareness"), id);

    let corrections = format!("{path}/{id}/corrections");
    let correction = json!({ "reason": "時計がずれていた", "aware_at": "2026-11-22T03:40:00+09:00",
        "source": "解析で侵入を確かめた" });
    bench.clock.set(instant("2026-11-22T04:20:00+09:00"));
    let corrected = csirt.post(&corrections, &correction).await;
    corrected.json(StatusCode::CREATED);
    let twice = csirt.post(&corrections, &correction).await;
    twice.refused(StatusCode::CONFLICT, "awareness.superseded");
    let shown = csirt.get(&format!("/api/v1/cases/{case}")).await;
    let shown = shown.json(StatusCode::OK);
    let records = shown["awareness"].as_array().unwrap();
    assert_eq!(records.len(), 3);
    assert_eq!(records[1]["superseded"], true);
    assert_eq!(records[1]["approximate"], true);
    assert_eq!(records[2]["corrects"], id);
    assert_eq!(shown["clocks"][1]["state"], "superseded");
    assert_eq!(
        instant(shown["clocks"][0]["aware_at"].as_str().unwrap()),
        instant(AWARE)
    );

    let mut nameless = correction;
    nameless["reason"] = json!(" ");
    let nameless = csirt.post(&corrections, &nameless).await;
    nameless.names(&[("/reason", "text.empty")]);
}

#[tokio::test]
async fn two_programs_that_write_one_field_meet_a_conflict_and_lose_nothing_else() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    let draft = format!("/api/v1/cases/{case}/draft");
    let tag = csirt.get(&draft).await.tag();
    assert_eq!(tag, "\"0\"");
    let save = |fields: Value, tag: String| {
        let (csirt, draft) = (csirt.clone(), draft.clone());
        async move {
            let body = json!({ "fields": fields });
            csirt
                .json(Method::PATCH, &draft, &[("if-match", &tag)], &body)
                .await
        }
    };
    let first = save(json!({ "summary": { "text": "甲" } }), tag.clone()).await;
    first.json(StatusCode::OK);
    assert_eq!(first.tag(), "\"1\"");
    let second = json!({ "summary": { "text": "乙" }, "address": { "text": "東京都" } });
    let second = save(second, tag).await;
    let problem = second.refused(StatusCode::CONFLICT, "draft_conflict");
    assert_eq!(problem["errors"][0]["pointer"], "/fields/summary");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    let shown = csirt.get(&draft).await.json(StatusCode::OK);
    assert_eq!(shown["fields"]["summary"]["text"], "甲");
    assert_eq!(shown["fields"]["address"]["text"], "東京都");

    let unknown = save(json!({ "no/such": { "text": "x" } }), "\"2\"".to_owned()).await;
    unknown.names(&[("/fields/no~1such", "field.unknown")]);
    let state = save(json!({ "summary": { "state": "?" } }), "\"2\"".to_owned()).await;
    state.names(&[("/fields/summary/state", "code_unknown")]);
    let untagged = csirt
        .json(Method::PATCH, &draft, &[], &json!({ "fields": {} }))
        .await;
    untagged.refused(StatusCode::PRECONDITION_REQUIRED, "if_match_missing");
}

#[tokio::test]
async fn a_case_that_changed_since_it_was_read_is_not_rearranged() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let path = format!("/api/v1/cases/{}", bench.open_case().await);
    let tag = csirt.get(&path).await.tag();
    let body = json!({ "title": "監視端末", "form": "form2_ransomware" });
    let done = csirt
        .json(Method::PATCH, &path, &[("if-match", &tag)], &body)
        .await;
    let shown = done.json(StatusCode::OK);
    assert_eq!(shown["form"], "form2_ransomware");
    assert_eq!(shown["title"], "監視端末");
    let stale = csirt
        .json(Method::PATCH, &path, &[("if-match", &tag)], &body)
        .await;
    stale.refused(StatusCode::CONFLICT, "stale");
    let wrong = json!({ "form": "form9" });
    let wrong = csirt
        .json(Method::PATCH, &path, &[("if-match", &done.tag())], &wrong)
        .await;
    wrong.names(&[("/form", "code_unknown")]);
}

#[tokio::test]
async fn an_incomplete_draft_is_not_filed_and_each_field_is_named_in_its_place() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    let reports = format!("/api/v1/cases/{case}/reports");
    let lacking = csirt.post(&reports, &json!({ "kind": "prompt" })).await;
    lacking.names(&[("/fields/contact_name", "field.missing")]);
    let unknown = csirt.post(&reports, &json!({ "kind": "final" })).await;
    unknown.names(&[("/kind", "code_unknown")]);
    let explained = json!({ "kind": "prompt", "explanation": "誤記" });
    let explained = csirt.post(&reports, &explained).await;
    explained.names(&[("/explanation", "correction_only")]);
    fill_prompt(&csirt, &case).await;
    let checked = json!({ "kind": "prompt", "draft_version": 0 });
    let stale = csirt.post(&reports, &checked).await;
    stale.refused(StatusCode::CONFLICT, "stale");
    let early = format!("/api/v1/cases/{case}/check?kind=correction");
    let early = csirt.get(&early).await;
    early.refused(StatusCode::CONFLICT, "case.phase");
}

#[tokio::test]
async fn only_the_approver_files_in_full_and_withdraws_and_a_withdrawn_case_stays() {
    let bench = Bench::new().await;
    let (csirt, approver) = (bench.csirt().await, bench.approver().await);
    let (case, _) = bench.file_prompt().await;
    let path = format!("/api/v1/cases/{case}");
    let full = json!({ "kind": "full" });
    let refused = csirt.post(&format!("{path}/reports"), &full).await;
    refused.refused(StatusCode::FORBIDDEN, "forbidden");
    let withdrawal = json!({ "reason": "mistake", "explanation": "試験の通信だった" });
    let address = format!("{path}/withdrawal");
    let refused = csirt.post(&address, &withdrawal).await;
    refused.refused(StatusCode::FORBIDDEN, "forbidden");
    let wrong = json!({ "reason": "tired", "explanation": "x" });
    approver
        .post(&address, &wrong)
        .await
        .names(&[("/reason", "code_unknown")]);
    let done = approver.post_once(&address, "w-1", &withdrawal).await;
    let filing = done.text_of(StatusCode::CREATED, "filing");
    let again = approver.post_once(&address, "w-1", &withdrawal).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "filing"), filing);
    let twice = approver.post(&address, &withdrawal).await;
    twice.refused(StatusCode::CONFLICT, "case.phase");
    let shown = csirt.get(&path).await.json(StatusCode::OK);
    assert_eq!(shown["phase"], "withdrawn");
    let draft = csirt.get(&format!("{path}/draft")).await;
    draft.refused(StatusCode::CONFLICT, "case.phase");
}

#[tokio::test]
async fn a_correction_of_a_filed_report_is_a_new_version_with_its_reason() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (case, first) = bench.file_prompt().await;
    let reports = format!("/api/v1/cases/{case}/reports");
    let body = json!({ "kind": "correction" });
    let silent = approver.post(&reports, &body).await;
    silent.names(&[("/explanation", "text.empty")]);
    let body = json!({ "kind": "correction", "explanation": "所在地の誤記" });
    let filed = approver.post(&reports, &body).await;
    let second = filed.text_of(StatusCode::CREATED, "filing");
    let shown = approver.get(&format!("/api/v1/filings/{second}")).await;
    let shown = shown.json(StatusCode::OK);
    assert_eq!(shown["supersedes"], first);
    assert_eq!(shown["kind"], "incident_correction");
}

#[tokio::test]
async fn a_file_is_taken_under_its_digest_only_and_can_be_taken_out_again() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    let content = b"%PDF-1.7 made up";
    let kept = csirt.attach(&case, "a.pdf", content).await;
    let kept = kept.json(StatusCode::OK);
    assert_eq!(kept["media_type"], "application/pdf");
    let again = csirt.attach(&case, "a.pdf", content).await;
    assert_eq!(again.json(StatusCode::OK), kept);
    let digest = kept["digest"].as_str().unwrap();
    let path = format!("/api/v1/cases/{case}/attachments/{digest}");
    let other = Request::put(format!("{path}?name=a.pdf"));
    let other = csirt.send(other, "something else".into()).await;
    other.names(&[("/digest", "digest_differs")]);
    let nameless = csirt.send(Request::put(&path), "x".into()).await;
    nameless.refused(StatusCode::BAD_REQUEST, "bad-request");
    let short = format!("/api/v1/cases/{case}/attachments/abc?name=a");
    let short = csirt.send(Request::put(short), "x".into()).await;
    short.names(&[("/digest", "digest_form")]);
    let empty = csirt.attach(&case, "a.txt", b"").await;
    empty.names(&[("/attachment", "attachment_empty")]);
    let gone = csirt.send(Request::delete(&path), "".into()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let draft = csirt.get(&format!("/api/v1/cases/{case}/draft")).await;
    assert_eq!(draft.json(StatusCode::OK)["attachments"], json!([]));
}

#[tokio::test]
async fn a_file_above_the_limit_is_refused() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    let limit = usize::try_from(bench.app.config().limits.attachment_bytes).unwrap();
    let fits = csirt.attach(&case, "fits.bin", &vec![1; limit]).await;
    fits.json(StatusCode::OK);
    let large = csirt.attach(&case, "large.bin", &vec![1; limit + 1]).await;
    large.refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
}

#[tokio::test]
async fn a_decision_not_to_report_is_kept_and_can_be_taken_back() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    let body = json!({
        "case": case,
        "summary": "試験の通信",
        "sheet": { "group": "A", "answers": { "malware_ran": "no" } },
        "reason": "社内の試験と確かめた",
        "recheck_on": "2026-12-22",
    });
    let done = csirt.post_once("/api/v1/decisions", "d-1", &body).await;
    let id = done.text_of(StatusCode::CREATED, "decision");
    let again = csirt.post_once("/api/v1/decisions", "d-1", &body).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "decision"), id);
    let shown = csirt.get(&format!("/api/v1/decisions/{id}")).await;
    let shown = shown.json(StatusCode::OK);
    assert_eq!(shown["standing"], true);
    assert_eq!(shown["case"], case);
    let register = csirt.get("/api/v1/decisions").await.json(StatusCode::OK);
    assert_eq!(register["items"].as_array().unwrap().len(), 1);
    let path = format!("/api/v1/cases/{case}");
    let reopened = csirt.post(&format!("{path}/reopen"), &json!({})).await;
    assert_eq!(reopened.json(StatusCode::OK)["phase"], "open");
    let twice = csirt.post(&format!("{path}/reopen"), &json!({})).await;
    twice.refused(StatusCode::CONFLICT, "case.phase");
    let mut past = body;
    past["recheck_on"] = json!("2026-11-22");
    let past = csirt.post("/api/v1/decisions", &past).await;
    past.names(&[("/recheck_on", "recheck.not_ahead")]);
}

#[tokio::test]
async fn a_judgement_may_be_chosen_by_a_person_or_come_from_the_answers() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let mut body = new_case();
    body["judgement"] = Value::Null;
    let opened = csirt.post("/api/v1/cases", &body).await;
    let case = opened.text_of(StatusCode::CREATED, "case");
    fill_prompt(&csirt, &case).await;
    let reports = format!("/api/v1/cases/{case}/reports");
    let unjudged = csirt.post(&reports, &json!({ "kind": "prompt" })).await;
    unjudged.refused(StatusCode::CONFLICT, "case.no_judgement");
    let judgements = format!("/api/v1/cases/{case}/judgements");
    let nothing = csirt.post(&judgements, &json!({ "event": "storm" })).await;
    nothing.names(&[("/event", "code_unknown")]);
    let chosen = csirt
        .post(&judgements, &json!({ "event": "incident" }))
        .await;
    assert_eq!(chosen.json(StatusCode::OK)["event"], "incident");
    let filed = csirt.post(&reports, &json!({ "kind": "prompt" })).await;
    filed.json(StatusCode::CREATED);
}

#[tokio::test]
async fn a_draft_on_the_newest_form_stays_as_it_is_when_it_is_moved() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    fill_prompt(&csirt, &case).await;
    let path = format!("/api/v1/cases/{case}/draft");
    let before = csirt.get(&path).await.json(StatusCode::OK);
    let moved = csirt.post(&format!("{path}/migration"), &json!({})).await;
    let moved = moved.json(StatusCode::OK);
    assert_eq!(moved["fields"], before["fields"]);
    assert_eq!(moved["standing"], "current");
}

#[tokio::test]
async fn a_token_does_only_what_it_was_issued_for() {
    let bench = Bench::new().await;
    let power = bench.world.power;
    let reader = bench.scoped(power, Role::Csirt, &[TokenScope::Read]).await;
    let writer = [TokenScope::Read, TokenScope::Write];
    let writer = bench.scoped(power, Role::Csirt, &writer).await;
    let opened = reader.post("/api/v1/cases", &new_case()).await;
    opened.refused(StatusCode::FORBIDDEN, "forbidden");
    let opened = writer.post("/api/v1/cases", &new_case()).await;
    let case = opened.text_of(StatusCode::CREATED, "case");
    fill_prompt(&writer, &case).await;
    let reports = format!("/api/v1/cases/{case}/reports");
    let filed = writer.post(&reports, &json!({ "kind": "prompt" })).await;
    filed.refused(StatusCode::FORBIDDEN, "forbidden");
    let filed = bench.csirt().await;
    let filed = filed.post(&reports, &json!({ "kind": "prompt" })).await;
    filed.json(StatusCode::CREATED);
}
