use std::fs;

use app::peers::{PeerStanding, VERIFIED};
use app::{Clock as _, SystemClock};
use ids::Digest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::api::{Api, wait};
use crate::instance::{Instance, Way, verify};
use crate::line::{Cut, Line};

/// A case with a file and answers, and its prompt report filed; the case and the filing.
fn file_prompt(operator: &Api) -> (String, String) {
    let aware_at = an_hour_ago();
    let opened = operator.post(
        "/cases",
        &json!({
            "title": "社内での名前",
            "awareness": { "kind": "incident", "aware_at": aware_at, "source": "当直が警報を見た" },
            "form": "form2_ransomware",
            "judgement": { "event": "cause_i" },
        }),
    );
    let case = opened["case"].as_str().unwrap().to_owned();
    operator.draft(
        &case,
        &json!({
            "address": { "text": "東京都千代田区霞が関1-1" },
            "contact_name": { "text": "髙橋 𠮷江" },
            "contact_phone": { "text": "03-0000-0000" },
            "summary": { "state": "investigating", "reason": "ログを解析している" },
        }),
    );
    let log = "Nov 29 23:50:01 jump sshd: accepted\n".repeat(3_000);
    let digest = Digest::from_bytes(Sha256::digest(log.as_bytes()).into());
    let file = format!("/cases/{case}/attachments/{digest}?name=auth.log");
    operator.put(&file, log.as_bytes());
    let path = format!("/cases/{case}/reports");
    let filed = operator.post(&path, &json!({ "kind": "prompt" }));
    (case, filed["filing"].as_str().unwrap().to_owned())
}

/// An hour ago.
fn an_hour_ago() -> String {
    let now = SystemClock.now().as_second();
    jiff::Timestamp::from_second(now - 3_600)
        .unwrap()
        .to_string()
}

/// Filings of the sample operator's case at the authority that came from the operator's instance.
fn reports_there(there: &Api) -> Vec<Value> {
    let cases = there.get("/cases");
    let ours = cases["items"].as_array().unwrap().iter().filter(|case| {
        let title = case["title"].as_str().unwrap();
        title.starts_with("operator.noroshi.example")
    });
    let mut reports = Vec::new();
    for case in ours {
        let id = case["id"].as_str().unwrap();
        let shown = there.get(&format!("/cases/{id}"));
        reports.extend(shown["filings"].as_array().unwrap().clone());
    }
    reports
}

#[test]
fn a_report_travels_on_over_a_cut_line_once_and_its_receipt_verifies() {
    let authority = Instance::new("authority.noroshi.example");
    let operator = Instance::new("operator.noroshi.example");
    let trust = authority.trust();
    let running = authority.serve();
    let line = Line::to(
        &running.url,
        &[Cut::InRequest, Cut::BeforeAnswer, Cut::InAnswer],
    );
    operator.pass_on(&Way {
        address: &line.address,
        token: &authority.token,
        trust: &trust,
    });
    let own = operator.serve();
    let here = Api::new(&own.url, &operator.token);
    let there = Api::new(&running.url, &authority.token);
    let officer = Api::new(&running.url, &authority.officer);

    let (_, filing) = file_prompt(&here);
    wait("the receipt is verified", || {
        let view = operator.passage(&filing);
        (view.standing == PeerStanding::Proven).then_some(())
    });
    let reports = reports_there(&there);
    assert_eq!(reports.len(), 1, "{reports:?}");
    let asked = line.asked();
    for (kind, times) in &asked {
        // What was done though no answer came is found, and not asked for again.
        let found = ["PATCH ", "PUT "].iter().any(|how| kind.starts_with(how))
            || ["/judgements", "/reports"]
                .iter()
                .any(|what| kind.ends_with(what));
        let least = if found { 2 } else { 4 };
        assert!(least <= *times, "{kind} was asked {times} times: {asked:?}");
    }
    assert!(10 <= asked.len(), "{asked:?}");

    let view = operator.passage(&filing);
    let remote = view.row.remote.clone().unwrap();
    assert_eq!(reports[0]["number"], remote.number);
    assert!(view.filing.filed_at < remote.filed_at);
    assert!(2 <= view.receipts.len());
    let keys = operator.path("trust.txt");
    for receipt in &view.receipts {
        assert_eq!(receipt.verdict, VERIFIED, "{}", receipt.log);
        let path = operator.path(&format!("receipt-{}.json", receipt.log));
        fs::write(&path, &receipt.receipt).unwrap();
        assert_eq!(
            verify(&keys, &path),
            Some(3),
            "valid, but no witness has signed"
        );
    }

    // The desk opens it, checks it and asks for a correction; the operator sees all three.
    let at = remote.filing.to_string();
    officer.get(&format!("/filings/{at}"));
    let asked = json!({ "field": "/answers/contact_phone", "text": "番号を確かめてください" });
    let asked = officer.post(&format!("/filings/{at}/corrections"), &asked);
    let request = asked["correction"].as_str().unwrap();
    line.cut_anew(&[Cut::InAnswer, Cut::InRequest]);
    let open = wait("the request comes back", || {
        let open = here.get("/corrections");
        let found = open["items"].as_array().unwrap().iter();
        let mut found = found.filter(|item| item.to_string().contains(request));
        found.next().cloned()
    });
    assert!(open.to_string().contains("番号を確かめてください"));
    assert!(operator.passage(&filing).row.opened_at.is_some());

    let shown = here.get(&format!("/filings/{filing}"));
    let mut value = shown["body"]["answers"]["contact_phone"].clone();
    value["text"] = json!("03-0000-0001");
    let answer = json!({ "text": "直しました", "value": value });
    let answered = here.post(&format!("/corrections/{request}/answer"), &answer);
    let corrected = answered["filing"].as_str().unwrap();
    wait("the corrected report is proven", || {
        let view = operator.passage(corrected);
        (view.standing == PeerStanding::Proven).then_some(())
    });
    let reports = reports_there(&there);
    assert_eq!(reports.len(), 2, "{reports:?}");
    let first = there.get(&format!("/filings/{at}"));
    let answer = &first["corrections"][0]["answer"];
    assert_eq!(answer["text"], "直しました", "{first}");
    assert_eq!(answer["filing"], reports[1]["id"]);
}

#[test]
fn a_receipt_under_another_key_is_shown_as_doubted_and_a_refused_token_as_refused() {
    let authority = Instance::new("authority.noroshi.example");
    let operator = Instance::new("operator.noroshi.example");
    // The same name, other keys: what somebody who poses as the authority has.
    let impostor = Instance::new("authority.noroshi.example");
    let running = authority.serve();
    operator.pass_on(&Way {
        address: &running.url,
        token: "noroshi_made-up",
        trust: &impostor.trust(),
    });
    let (code, said) = operator.check_peers();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the token is not accepted"), "{said}");
    let there = Api::new(&running.url, &authority.token);
    let filing = {
        let own = operator.serve();
        let here = Api::new(&own.url, &operator.token);
        let (_, filing) = file_prompt(&here);
        wait("it is refused", || {
            let view = operator.passage(&filing);
            (view.standing == PeerStanding::Refused).then_some(())
        });
        filing
    };
    assert_eq!(
        operator.passage(&filing).row.last_error.as_deref(),
        Some("token")
    );
    assert_eq!(reports_there(&there).len(), 0);

    // With a token that is accepted it goes out at the next attempt; what comes back is not believed.
    operator.pass_on(&Way {
        address: &running.url,
        token: &authority.token,
        trust: &impostor.trust(),
    });
    let (code, said) = operator.check_peers();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("reports can travel on"), "{said}");
    operator.retry(&filing);
    let own = operator.serve();
    let view = wait("a receipt comes", || {
        let view = operator.passage(&filing);
        (!view.receipts.is_empty()).then_some(view)
    });
    assert_eq!(view.standing, PeerStanding::Doubted);
    for receipt in &view.receipts {
        assert_ne!(receipt.verdict, VERIFIED);
    }
    assert_eq!(reports_there(&there).len(), 1);
    drop(own);
}
