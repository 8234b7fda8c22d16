use http::{StatusCode, header};
use ids::Role;
use ledger::Receipt;
use serde_json::{Value, json};

use crate::bench::{Bench, fill_prompt};

#[tokio::test]
async fn a_receipt_stands_ready_in_the_log_of_each_addressee_and_its_file_is_that_of_the_log() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (_, filing) = bench.file_prompt().await;
    bench.app.integrate().await.unwrap();
    let path = format!("/api/v1/filings/{filing}/receipts");
    let list = approver.get(&path).await.json(StatusCode::OK);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "the Minister and the Prime Minister");
    for item in items {
        assert_eq!(item["state"], "ready");
        assert_eq!(item["proves"], "arrival");
        let file = approver.get(item["href"].as_str().unwrap()).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.headers[header::CONTENT_TYPE], "application/json");
        let receipt = Receipt::parse(&file.octets).unwrap();
        assert_eq!(receipt.origin().as_str(), item["origin"].as_str().unwrap());
        assert_eq!(receipt.index(), item["index"].as_u64().unwrap());
    }
    let none = approver.get(&format!("{path}/fsa")).await;
    none.refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn a_receipt_that_no_checkpoint_covers_yet_is_pending_and_not_a_failure() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}/receipts");
    let list = approver.get(&path).await.json(StatusCode::OK);
    assert_eq!(list["items"][0]["state"], "pending");
    assert_eq!(list["items"][0]["href"], Value::Null);
    let log = list["items"][0]["log"].as_str().unwrap();
    let file = approver.get(&format!("{path}/{log}")).await;
    file.refused(StatusCode::CONFLICT, "receipt_pending");
}

#[tokio::test]
async fn what_a_program_of_an_authority_reads_is_an_act_and_the_operator_sees_it() {
    let bench = Bench::new().await;
    let (approver, officer) = (bench.approver().await, bench.officer().await);
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}");
    let own = approver.get(&path).await.json(StatusCode::OK);
    assert_eq!(bench.acts(&filing, "content.read").await, 0);
    let seen = officer.get(&path).await.json(StatusCode::OK);
    assert_eq!(bench.acts(&filing, "content.read").await, 1);
    assert_eq!(seen["body"], own["body"]);
    assert_eq!(seen["allowed"], json!(["check", "request_correction"]));
    let history = officer.get(&format!("{path}/history")).await;
    assert_eq!(
        history.json(StatusCode::OK)["versions"][0]["filing"]["id"],
        filing
    );
    assert_eq!(bench.acts(&filing, "content.read").await, 2);

    let reads = approver.get(&format!("{path}/reads")).await;
    let reads = reads.json(StatusCode::OK);
    assert_eq!(reads["items"].as_array().unwrap().len(), 2);
    assert_eq!(reads["items"][0]["organisation"]["en"], "METI");
    let reads = officer.get(&format!("{path}/reads")).await;
    reads.refused(StatusCode::FORBIDDEN, "forbidden");
}

#[tokio::test]
async fn a_filed_file_is_read_back_as_it_was_sent_and_an_authoritys_reading_is_an_act() {
    let bench = Bench::new().await;
    let (csirt, officer) = (bench.csirt().await, bench.officer().await);
    let case = bench.open_case().await;
    fill_prompt(&csirt, &case).await;
    let content = "通信記録\n".as_bytes();
    let kept = csirt.attach(&case, "log.txt", content).await;
    let digest = kept.text_of(StatusCode::OK, "digest");
    let reports = format!("/api/v1/cases/{case}/reports");
    let filed = csirt.post(&reports, &json!({ "kind": "prompt" })).await;
    let filing = filed.text_of(StatusCode::CREATED, "filing");
    let path = format!("/api/v1/filings/{filing}/attachments/{digest}");
    let file = csirt.get(&path).await;
    assert_eq!(file.octets, content);
    assert_eq!(
        file.headers[header::CONTENT_TYPE],
        "application/octet-stream"
    );
    assert_eq!(bench.acts(&filing, "content.read").await, 0);
    assert_eq!(officer.get(&path).await.octets, content);
    assert_eq!(bench.acts(&filing, "content.read").await, 1);
    let other = format!("/api/v1/filings/{filing}/attachments/{}", "0".repeat(64));
    let other = csirt.get(&other).await;
    other.refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn each_lists_and_finds_what_it_may_see_and_nothing_else() {
    let bench = Bench::new().await;
    let (_, filing) = bench.file_prompt().await;
    let approver = bench.approver().await;
    let officer = bench.officer().await;
    let analyst = bench.analyst().await;
    for reader in [&approver, &officer, &analyst] {
        let list = reader.get("/api/v1/filings").await.json(StatusCode::OK);
        assert_eq!(list["items"][0]["id"], filing);
        let found = reader.get("/api/v1/filings/search?q=akatsuki").await;
        found.json(StatusCode::OK);
        let words = "/api/v1/filings/search?q=%E3%81%82%E3%81%8B%E3%81%A4%E3%81%8D";
        let found = reader.get(words).await.json(StatusCode::OK);
        assert_eq!(found["items"][0]["id"], filing);
    }
    let stranger = bench.stranger(Role::Approver).await;
    let fsa = bench.client(bench.world.fsa, Role::DeskOfficer).await;
    for reader in [&stranger, &fsa] {
        let list = reader.get("/api/v1/filings").await.json(StatusCode::OK);
        assert_eq!(list["items"], json!([]));
        let words = "/api/v1/filings/search?q=%E3%81%82%E3%81%8B%E3%81%A4%E3%81%8D";
        let found = reader.get(words).await.json(StatusCode::OK);
        assert_eq!(found["items"], json!([]));
    }
    let wrong = approver.get("/api/v1/filings?kind=poem").await;
    wrong.names(&[("/kind", "code_unknown")]);
    let wrong = approver.get("/api/v1/filings?cursor=here").await;
    wrong.names(&[("/cursor", "cursor_unknown")]);
    let empty = approver.get("/api/v1/filings/search?q=%20").await;
    empty.names(&[("/q", "search_empty")]);
}

#[tokio::test]
async fn a_list_of_filings_goes_on_where_the_page_before_ended() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (_, first) = bench.file_prompt().await;
    bench
        .clock
        .set(crate::bench::instant("2026-11-22T05:00:00+09:00"));
    let (_, second) = bench.file_prompt().await;
    let page = approver.get("/api/v1/filings?limit=1").await;
    let page = page.json(StatusCode::OK);
    assert_eq!(page["items"][0]["id"], second);
    let next = page["next"].as_str().unwrap();
    let rest = format!("/api/v1/filings?limit=1&cursor={next}");
    let rest = approver.get(&rest).await.json(StatusCode::OK);
    assert_eq!(rest["items"][0]["id"], first);
    assert_eq!(rest["next"], Value::Null);
}
