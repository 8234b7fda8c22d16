//! What every operation refuses, walked over the description of the API, so that a new one cannot be forgotten.

use http::{Method, Request, StatusCode, header};
use ids::Role;
use serde_json::{Value, json};

use crate::bench::{AWARE, Bench, Client};
use crate::register::notify_one;

/// One operation with everything a request needs.
struct Operation {
    id: String,
    method: Method,
    path: String,
    names_a_thing: bool,
    needs_version: bool,
    has_json_body: bool,
}

/// All operations, with names of things put in.
fn operations(fill: &dyn Fn(&str, &str) -> String) -> Vec<Operation> {
    let document = serde_json::to_value(web::api::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut filled = path.clone();
            while let Some((before, rest)) = filled.split_once('{') {
                let (name, after) = rest.split_once('}').unwrap();
                filled = format!("{before}{}{after}", fill(path, name));
            }
            if path.ends_with("/attachments/{digest}") && method == "put" {
                filled.push_str("?name=a.txt");
            } else if path.ends_with("/check") {
                filled.push_str("?kind=prompt");
            } else if path.ends_with("/search") {
                filled.push_str("?q=x");
            }
            let headers = operation["parameters"].as_array();
            let needs_version =
                headers.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"));
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: filled,
                names_a_thing: path.contains('{'),
                needs_version,
                has_json_body: operation["requestBody"]["content"]["application/json"].is_object(),
            });
        }
    }
    found
}

/// A body that an operation can read.
fn body_of(id: &str) -> Value {
    let facility = json!({ "name": "a", "category": "b" });
    let computer = json!({ "facility": NIL, "unit": "os", "product": "a", "maker": "b", "introduced_on": "2026-11-01" });
    let awareness = json!({ "kind": "incident", "aware_at": AWARE, "source": "a" });
    match id {
        "post_facilities" => facility,
        "put_facilities_id" => json!({ "facility": facility }),
        "post_computers" => computer,
        "put_computers_id" => json!({ "computer": computer, "reason": "a" }),
        "post_computers_id_end" => json!({ "ended_on": "2026-11-20" }),
        "post_notifications" => json!({ "duty": "new", "computers": [{ "id": NIL }] }),
        "post_cases" => json!({ "title": "a", "awareness": awareness }),
        "post_cases_id_awareness" => awareness,
        "post_cases_id_awareness_awareness_corrections" => {
            json!({ "reason": "a", "aware_at": AWARE, "source": "b" })
        }
        "post_cases_id_reports" => json!({ "kind": "prompt" }),
        "post_cases_id_withdrawal" => json!({ "reason": "mistake", "explanation": "a" }),
        "patch_cases_id_draft" => json!({ "fields": {} }),
        "post_decisions" => {
            json!({ "summary": "a", "reason": "b", "recheck_on": "2026-12-22" })
        }
        "post_filings_id_checks" => json!({ "result": "meets" }),
        "post_filings_id_corrections" | "post_corrections_id_answer" => json!({ "text": "a" }),
        _ => json!({}),
    }
}

const NIL: &str = "00000000-0000-0000-0000-000000000000";

async fn send(client: &Client, operation: &Operation) -> crate::bench::Answer {
    let mut request = Request::builder()
        .method(operation.method.clone())
        .uri(&operation.path);
    if operation.needs_version {
        request = request.header(header::IF_MATCH, "\"1\"");
    }
    let body = if operation.has_json_body {
        request = request.header(header::CONTENT_TYPE, "application/json");
        body_of(&operation.id).to_string()
    } else if operation.method == Method::PUT {
        "x".to_owned()
    } else {
        String::new()
    };
    client.send(request, body.into()).await
}

fn nil(_: &str, name: &str) -> String {
    match name {
        "digest" => "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881".to_owned(),
        "index" => "0".to_owned(),
        "log" => "meti".to_owned(),
        _ => NIL.to_owned(),
    }
}

#[tokio::test]
async fn no_operation_answers_without_a_valid_token() {
    let bench = Bench::new().await;
    let strange = bench.with_token(Some("noroshi_made_up"));
    let other = bench.with_token(Some("made-up"));
    for operation in operations(&nil) {
        for client in [&bench.nobody(), &strange, &other] {
            let answer = send(client, &operation).await;
            answer.refused(StatusCode::UNAUTHORIZED, "unauthenticated");
            assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        }
    }
}

#[tokio::test]
async fn another_operator_finds_nothing_under_any_operation_that_names_a_thing() {
    let bench = Bench::new().await;
    let (case, report) = bench.file_prompt().await;
    let notification = notify_one(&bench).await;
    let compliance = bench.compliance().await;
    let list = compliance.get("/api/v1/computers").await;
    let computer = list.json(StatusCode::OK)["items"][0].clone();
    let csirt = bench.csirt().await;
    let shown = csirt.get(&format!("/api/v1/cases/{case}")).await;
    let shown = shown.json(StatusCode::OK);
    let ask = json!({ "text": "確認してください" });
    let corrections = format!("/api/v1/filings/{report}/corrections");
    let asked = bench.officer().await.post(&corrections, &ask).await;
    let correction = asked.text_of(StatusCode::CREATED, "correction");
    let undecided = bench.open_case().await;
    let decision =
        json!({ "case": undecided, "summary": "a", "reason": "b", "recheck_on": "2026-12-22" });
    let decided = csirt.post("/api/v1/decisions", &decision).await;
    let decision = decided.text_of(StatusCode::CREATED, "decision");

    let fill = |path: &str, name: &str| match name {
        "id" if path.contains("/cases/") => case.clone(),
        "id" if path.ends_with("/forwarding") => notification.clone(),
        "id" if path.contains("/filings/") => report.clone(),
        "id" if path.contains("/computers/") => computer["id"].as_str().unwrap().to_owned(),
        "id" if path.contains("/facilities/") => computer["facility"].as_str().unwrap().to_owned(),
        "id" if path.contains("/corrections/") => correction.clone(),
        "id" if path.contains("/decisions/") => decision.clone(),
        "awareness" => shown["awareness"][0]["id"].as_str().unwrap().to_owned(),
        other => nil(path, other),
    };
    let roles = [Role::Approver, Role::Csirt, Role::Compliance, Role::Viewer];
    let mut walked = 0;
    for role in roles {
        let stranger = bench.stranger(role).await;
        for operation in operations(&fill) {
            if !operation.names_a_thing {
                continue;
            }
            walked += 1;
            let answer = send(&stranger, &operation).await;
            let found = answer.refused(StatusCode::NOT_FOUND, "not_found");
            assert!(found.get("errors").is_none(), "{}", operation.id);
        }
    }
    assert!(4 * 25 < walked, "{walked}");
}

#[tokio::test]
async fn an_id_a_body_or_a_type_that_cannot_be_read_is_said_so_in_a_problem_document() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let bad_id = csirt.get("/api/v1/cases/17").await;
    bad_id.refused(StatusCode::BAD_REQUEST, "bad-request");
    let request =
        || Request::post("/api/v1/cases").header(header::CONTENT_TYPE, "application/json");
    let torn = csirt.send(request(), "{\"title\":".into()).await;
    torn.refused(StatusCode::BAD_REQUEST, "bad-request");
    let wrong_kind = csirt.send(request(), "[]".into()).await;
    wrong_kind.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    let plain = Request::post("/api/v1/cases").header(header::CONTENT_TYPE, "text/plain");
    let plain = csirt.send(plain, "{}".into()).await;
    plain.refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type");
    let key = csirt
        .post_once("/api/v1/cases", &"k".repeat(201), &crate::bench::new_case())
        .await;
    key.refused(StatusCode::BAD_REQUEST, "idempotency_key");
    let nowhere = csirt.get("/api/v1/no-such-thing").await;
    nowhere.refused(StatusCode::NOT_FOUND, "not-found");
    let wrong = csirt
        .send(Request::delete("/api/v1/cases"), "".into())
        .await;
    wrong.refused(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed");
}

#[tokio::test]
async fn the_words_of_a_refusal_follow_the_language_and_its_code_does_not() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let path = format!("/api/v1/cases/{NIL}");
    let mut words = Vec::new();
    for language in ["ja", "en"] {
        let request = Request::get(&path).header(header::ACCEPT_LANGUAGE, language);
        let answer = csirt.send(request, "".into()).await;
        let problem = answer.refused(StatusCode::NOT_FOUND, "not_found");
        words.push(problem["title"].as_str().unwrap().to_owned());
    }
    assert_ne!(words[0], words[1]);
}
