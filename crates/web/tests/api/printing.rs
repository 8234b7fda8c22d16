use http::{StatusCode, header};
use ledger::Receipt;

use crate::bench::{Answer, Bench, fill_prompt};

fn words(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(answer.headers[header::CONTENT_DISPOSITION], "attachment");
    String::from_utf8(answer.octets.clone()).unwrap()
}

#[tokio::test]
async fn a_printed_filing_holds_its_answers_and_the_filed_octets() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (_, filing) = bench.file_prompt().await;
    let seen = approver.get(&format!("/api/v1/filings/{filing}")).await;
    let seen = seen.json(StatusCode::OK);
    let number = seen["number"].as_str().unwrap();
    let printed = approver
        .get(&format!("/api/v1/filings/{filing}/document.pdf"))
        .await;
    let text = words(&printed);
    assert!(text.contains(number), "{text}");
    let (_, embedded) = text
        .split_once(&format!("[filing-{number}.json]\n"))
        .unwrap();
    let embedded: serde_json::Value = serde_json::from_str(embedded).unwrap();
    assert_eq!(embedded, seen["body"]);
}

#[tokio::test]
async fn a_printed_receipt_holds_the_receipt_file_of_each_log() {
    let bench = Bench::new().await;
    let approver = bench.approver().await;
    let (_, filing) = bench.file_prompt().await;
    bench.app.integrate().await.unwrap();
    let list = approver
        .get(&format!("/api/v1/filings/{filing}/receipts"))
        .await
        .json(StatusCode::OK);
    let printed = approver
        .get(&format!("/api/v1/filings/{filing}/receipt.pdf"))
        .await;
    let text = words(&printed);
    let files: Vec<&str> = text.split("\n[receipt-").skip(1).collect();
    assert_eq!(files.len(), list["items"].as_array().unwrap().len());
    for (file, item) in files.iter().zip(list["items"].as_array().unwrap()) {
        let (name, content) = file.split_once("]\n").unwrap();
        assert!(name.ends_with(&format!("-{}.json", item["log"].as_str().unwrap())));
        let receipt = Receipt::parse(content.as_bytes()).unwrap();
        assert_eq!(receipt.origin().as_str(), item["origin"].as_str().unwrap());
    }
    assert!(
        text.contains("（令和8年）（日本標準時）"),
        "the time of record: {text}"
    );
}

#[tokio::test]
async fn printing_what_others_filed_is_an_act_of_reading_and_hidden_from_those_who_may_not_know() {
    let bench = Bench::new().await;
    let officer = bench.officer().await;
    let (_, filing) = bench.file_prompt().await;
    let path = format!("/api/v1/filings/{filing}/document.pdf");
    words(&bench.approver().await.get(&path).await);
    assert_eq!(bench.acts(&filing, "content.read").await, 0);
    words(&officer.get(&path).await);
    assert_eq!(bench.acts(&filing, "content.read").await, 1);
    let unknown = format!("/api/v1/filings/{}/document.pdf", uuid::Uuid::nil());
    let none = officer.get(&unknown).await;
    none.refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn a_printed_draft_says_that_it_cannot_be_filed() {
    let bench = Bench::new().await;
    let csirt = bench.csirt().await;
    let case = bench.open_case().await;
    fill_prompt(&csirt, &case).await;
    let printed = csirt.get(&format!("/api/v1/cases/{case}/draft.pdf")).await;
    let text = words(&printed);
    assert!(text.contains("下書き・提出不可"), "{text}");
    let officer = bench.officer().await;
    let none = officer
        .get(&format!("/api/v1/cases/{case}/draft.pdf"))
        .await;
    none.refused(StatusCode::NOT_FOUND, "not_found");
}
