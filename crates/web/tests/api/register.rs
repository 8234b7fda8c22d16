use http::{Method, StatusCode};
use ids::Role;
use serde_json::{Value, json};

use crate::bench::{Bench, Client};

fn facility() -> Value {
    json!({ "name": "中央給電指令所", "category": "中央給電指令所の設備" })
}

/// A computer that is to be notified.
fn gateway(facility: &str) -> Value {
    json!({
        "facility": facility,
        "unit": "appliance_hw",
        "class": "nigo_3",
        "product": "架空ゲートウェイ KG-60",
        "maker": "架空電機株式会社",
        "introduced_on": "2026-11-01",
    })
}

async fn add_facility(client: &Client) -> String {
    let added = client.post("/api/v1/facilities", &facility()).await;
    added.text_of(StatusCode::CREATED, "id")
}

/// A notification of one computer.
pub(crate) async fn notify_one(bench: &Bench) -> String {
    let compliance = bench.compliance().await;
    let facility = add_facility(&compliance).await;
    let added = compliance
        .post("/api/v1/computers", &gateway(&facility))
        .await;
    let computer = added.text_of(StatusCode::CREATED, "id");
    let body = json!({ "duty": "new", "computers": [{ "id": computer }] });
    let approver = bench.approver().await;
    let filed = approver.post("/api/v1/notifications", &body).await;
    filed.text_of(StatusCode::CREATED, "filing")
}

#[tokio::test]
async fn a_facility_is_entered_once_and_changed_only_by_who_read_it() {
    let bench = Bench::new().await;
    let compliance = bench.compliance().await;
    let added = compliance
        .post_once("/api/v1/facilities", "f-1", &facility())
        .await;
    let id = added.text_of(StatusCode::CREATED, "id");
    let again = compliance
        .post_once("/api/v1/facilities", "f-1", &facility())
        .await;
    assert_eq!(again.text_of(StatusCode::CREATED, "id"), id);
    let path = format!("/api/v1/facilities/{id}");
    let shown = compliance.get(&path).await;
    assert_eq!(shown.json(StatusCode::OK)["name"], "中央給電指令所");
    let change =
        json!({ "facility": { "name": "給電指令所", "category": "中央給電指令所の設備" } });
    let (tag, put) = (shown.tag(), Method::PUT);
    let done = compliance
        .json(put.clone(), &path, &[("if-match", &tag)], &change)
        .await;
    assert_eq!(done.json(StatusCode::OK)["name"], "給電指令所");
    let stale = compliance
        .json(put.clone(), &path, &[("if-match", &tag)], &change)
        .await;
    stale.refused(StatusCode::CONFLICT, "stale");
    let odd = compliance
        .json(put.clone(), &path, &[("if-match", "7")], &change)
        .await;
    odd.refused(StatusCode::BAD_REQUEST, "if_match");
    let untagged = compliance.json(put, &path, &[], &change).await;
    untagged.refused(StatusCode::PRECONDITION_REQUIRED, "if_match_missing");
    let list = compliance.get("/api/v1/facilities").await;
    assert_eq!(list.json(StatusCode::OK)["items"][0]["id"], id);
    let nameless = json!({ "name": "", "category": "x" });
    let nameless = compliance.post("/api/v1/facilities", &nameless).await;
    nameless.names(&[("/name", "text.empty")]);
}

#[tokio::test]
async fn a_computer_goes_from_the_register_to_its_notification_its_change_and_its_end() {
    let bench = Bench::new().await;
    let (compliance, approver) = (bench.compliance().await, bench.approver().await);
    let facility = add_facility(&compliance).await;
    let computers = "/api/v1/computers";
    let body = gateway(&facility);
    let added = compliance.post_once(computers, "c-1", &body).await;
    let id = added.text_of(StatusCode::CREATED, "id");
    let again = compliance.post_once(computers, "c-1", &body).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "id"), id);
    let path = format!("{computers}/{id}");
    let shown = compliance.get(&path).await;
    let detail = shown.json(StatusCode::OK);
    assert_eq!(detail["duty"], "new");
    assert!(detail["due"]["legal_limit"].is_string());

    let wanted =
        json!({ "duty": "new", "computers": [{ "id": id, "version": detail["version"] }] });
    let refused = compliance.post("/api/v1/notifications", &wanted).await;
    refused.refused(StatusCode::FORBIDDEN, "forbidden");
    let filed = approver
        .post_once("/api/v1/notifications", "n-1", &wanted)
        .await;
    let filing = filed.text_of(StatusCode::CREATED, "filing");
    let again = approver
        .post_once("/api/v1/notifications", "n-1", &wanted)
        .await;
    assert_eq!(again.text_of(StatusCode::CREATED, "filing"), filing);
    let twice = approver.post("/api/v1/notifications", &wanted).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);

    let tag = compliance.get(&path).await.tag();
    let mut changed = body.clone();
    changed["product"] = json!("架空ゲートウェイ KG-70");
    let change = json!({ "computer": changed, "changed_on": "2026-11-20", "reason": "更新" });
    let done = compliance
        .json(Method::PUT, &path, &[("if-match", &tag)], &change)
        .await;
    done.json(StatusCode::OK);
    let stale = compliance
        .json(Method::PUT, &path, &[("if-match", &tag)], &change)
        .await;
    stale.refused(StatusCode::CONFLICT, "stale");
    let end = format!("{path}/end");
    let ended = json!({ "ended_on": "2026-11-21" });
    let done = compliance
        .json(Method::POST, &end, &[("if-match", &done.tag())], &ended)
        .await;
    done.json(StatusCode::OK);
    let odd = json!({ "ended_on": "昨日" });
    let odd = compliance
        .json(Method::POST, &end, &[("if-match", &done.tag())], &odd)
        .await;
    odd.names(&[("/ended_on", "day_form")]);
}

#[tokio::test]
async fn a_list_of_computers_goes_on_and_is_filtered_and_wrong_values_are_named() {
    let bench = Bench::new().await;
    let compliance = bench.compliance().await;
    let facility = add_facility(&compliance).await;
    for number in 1..=3 {
        let mut body = gateway(&facility);
        body["product"] = json!(format!("架空装置 {number}"));
        let added = compliance.post("/api/v1/computers", &body).await;
        added.json(StatusCode::CREATED);
    }
    let page = compliance.get("/api/v1/computers?limit=2").await;
    let page = page.json(StatusCode::OK);
    assert_eq!(page["total"], 3);
    let next = page["next"].as_str().unwrap();
    let rest = format!("/api/v1/computers?limit=2&cursor={next}");
    let rest = compliance.get(&rest).await.json(StatusCode::OK);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    let none = compliance.get("/api/v1/computers?phase=exempt").await;
    assert_eq!(none.json(StatusCode::OK)["items"], json!([]));
    let wrong = compliance.get("/api/v1/computers?phase=lost").await;
    wrong.names(&[("/phase", "code_unknown")]);
    let mut body = gateway(&facility);
    body["unit"] = json!("teapot");
    body["class"] = json!("yongo");
    let wrong = compliance.post("/api/v1/computers", &body).await;
    wrong.names(&[("/unit", "code_unknown"), ("/class", "code_unknown")]);
    let mut body = gateway(&facility);
    body["product"] = json!("長".repeat(201));
    let long = compliance.post("/api/v1/computers", &body).await;
    long.names(&[("/product", "text.too_long")]);
    let viewer = bench.client(bench.world.power, Role::Viewer).await;
    let refused = viewer.post("/api/v1/computers", &gateway(&facility)).await;
    refused.refused(StatusCode::FORBIDDEN, "forbidden");
}

#[tokio::test]
async fn the_committee_reads_the_logs_and_nobody_else_knows_of_them() {
    let bench = Bench::new().await;
    bench.file_prompt().await;
    bench.app.integrate().await.unwrap();
    let auditor = bench.client(bench.world.committee, Role::Auditor).await;
    let logs = auditor.get("/api/v1/logs").await.json(StatusCode::OK);
    let log = logs[0]["code"].as_str().unwrap();
    let entries = format!("/api/v1/logs/{log}/entries");
    let page = auditor.get(&format!("{entries}?limit=1")).await;
    let page = page.json(StatusCode::OK);
    let index = page["entries"][0]["index"].as_u64().unwrap();
    let proof = auditor.get(&format!("{entries}/{index}")).await;
    assert_eq!(proof.json(StatusCode::OK)["holds"], true);
    let approver = bench.approver().await;
    for path in ["/api/v1/logs", &entries, &format!("{entries}/{index}")] {
        let refused = approver.get(path).await;
        refused.refused(StatusCode::NOT_FOUND, "not_found");
    }
}

#[tokio::test]
async fn differences_are_listed_by_limit_and_others_see_none_of_them() {
    let bench = Bench::new().await;
    let compliance = bench.compliance().await;
    let facility = add_facility(&compliance).await;
    let added = compliance
        .post("/api/v1/computers", &gateway(&facility))
        .await;
    let computer = added.text_of(StatusCode::CREATED, "id");
    let path = "/api/v1/reconciliation";
    let found = compliance.get(path).await.json(StatusCode::OK);
    assert_eq!(found["total"], 1);
    let item = &found["items"][0];
    assert_eq!(item["kind"], "not_notified");
    assert_eq!(item["computer"], computer.as_str());
    assert_eq!(item["due_on"], "2027-03-01");
    let kind = compliance.get("/api/v1/reconciliation?kind=changed").await;
    assert_eq!(kind.json(StatusCode::OK)["total"], 0);
    let unknown = compliance.get("/api/v1/reconciliation?state=gone").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);

    let body = json!({ "duty": "new", "computers": [{ "id": computer }] });
    let approver = bench.approver().await;
    approver
        .post("/api/v1/notifications", &body)
        .await
        .text_of(StatusCode::CREATED, "filing");
    assert_eq!(compliance.get(path).await.json(StatusCode::OK)["total"], 0);
    let closed = compliance
        .get("/api/v1/reconciliation?state=closed")
        .await
        .json(StatusCode::OK);
    assert_eq!(closed["items"][0]["closed_why"], "notified");
}
