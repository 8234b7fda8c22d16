//! A client that files reports and notifications, and asks again with the same key when it gets no answer.

use std::time::Duration;

use ids::Digest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::api::{Api, Ask};
use crate::patience;
use crate::server::Server;

/// 03:17 in Japan on the day the law comes into force.
const AWARE_AT: &str = "2026-11-22T03:17:00+09:00";
/// A draft is nobody else's here: later than any version.
const ANY_VERSION: i64 = i64::MAX;

/// An acknowledged filing.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) filing: String,
    pub(crate) number: String,
    pub(crate) what: What,
    /// How it was filed, to be told the same again.
    pub(crate) again: Ask,
}

/// What was filed; its name is one that no other has.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A prompt report of a case, with the content of its attachment.
    Report {
        case: String,
        title: String,
        content: String,
    },
    /// A notification of a computer.
    Notification { computer: String, product: String },
}

#[derive(Clone)]
pub(crate) struct Filer {
    pub(crate) api: Api,
    facility: String,
}

impl Filer {
    pub(crate) fn new(server: &Server) -> Self {
        Self::with_patience(server, patience::LIMIT).unwrap()
    }

    /// Asks a damaged instance, which may never answer; that is an answer too.
    pub(crate) fn of_damaged(server: &Server) -> Result<Self, String> {
        Self::with_patience(server, Duration::from_secs(20))
    }

    fn with_patience(server: &Server, patience: Duration) -> Result<Self, String> {
        let api = Api::new(server, patience);
        let facilities = api.ask(&Ask::get("/facilities?limit=1"))?;
        let facility = facilities["items"][0]["id"].as_str();
        Ok(Self {
            facility: facility.ok_or("no facility")?.to_owned(),
            api,
        })
    }

    /// Files a report or a notification in turn. Returns when it is acknowledged.
    pub(crate) fn file(&self, client: usize, number: usize) -> Filed {
        let filed = if number.is_multiple_of(2) {
            self.try_report(client, number)
        } else {
            self.try_notify(client, number)
        };
        match filed {
            Ok(filed) => filed,
            Err(refused) => panic!("{refused}"),
        }
    }

    /// Opens a case, attaches a file and files a prompt report.
    pub(crate) fn try_report(&self, client: usize, number: usize) -> Result<Filed, String> {
        let title = format!("事案 {client}-{number}");
        let content = format!("client {client}, log line {number}\n").repeat(50);
        let open = json!({
            "title": title,
            "awareness": { "kind": "incident", "aware_at": AWARE_AT, "source": "監視の当直が警報を見た" },
            "form": "form3_other",
            "judgement": { "sheet": { "group": "A", "answers": { "malware_ran": "yes" } } },
        });
        let open = Ask::json("POST", "/cases", open).key(&format!("open-{client}-{number}"));
        let case = text(&self.api.ask(&open)?, "case");
        // Items 1 and 2, which are complete at the prompt stage.
        let fields = json!({ "fields": {
            "corporate_number": { "text": "7010001000017" },
            "address": { "text": "東京都千代田区霞が関1-1" },
            "contact_name": { "text": "髙橋 𠮷江" },
            "contact_phone": { "text": "03-0000-0000" },
        } });
        let draft = Ask::json("PATCH", format!("/cases/{case}/draft"), fields);
        self.api.ask(&draft.version(ANY_VERSION))?;
        let digest = Digest::from_bytes(Sha256::digest(content.as_bytes()).into());
        let place = format!("/cases/{case}/attachments/{digest}?name=log.txt");
        self.api
            .ask(&Ask::octets("PUT", place, content.as_bytes()))?;
        let report = json!({ "kind": "prompt" });
        let again = Ask::json("POST", format!("/cases/{case}/reports"), report)
            .key(&format!("report-{client}-{number}"));
        let what = What::Report {
            case,
            title,
            content,
        };
        self.acknowledged(again, what)
    }

    /// Enters a computer and notifies it.
    pub(crate) fn try_notify(&self, client: usize, number: usize) -> Result<Filed, String> {
        let product = format!("関門ゲート {client}-{number}");
        let body = json!({
            "facility": self.facility,
            "unit": "appliance_hw",
            "class": "nigo_3",
            "product": product,
            "maker": "架空電機",
            "introduced_on": "2026-11-20",
        });
        let add = Ask::json("POST", "/computers", body).key(&format!("add-{client}-{number}"));
        let computer = text(&self.api.ask(&add)?, "id");
        let body = json!({
            "duty": "new",
            "computers": [{ "id": computer }],
            "contact": { "department": "設備部", "name": "髙橋 𠮷江", "phone": "03-0000-0000", "mail": "a@example.jp" },
        });
        let again =
            Ask::json("POST", "/notifications", body).key(&format!("notify-{client}-{number}"));
        self.acknowledged(again, What::Notification { computer, product })
    }

    fn acknowledged(&self, again: Ask, what: What) -> Result<Filed, String> {
        let filed = self.api.ask(&again)?;
        Ok(Filed {
            filing: text(&filed, "filing"),
            number: text(&filed, "number"),
            what,
            again,
        })
    }

    /// Every entry of a list.
    pub(crate) fn all(&self, path: &str) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.api.ask(&Ask::get(format!("{path}?limit=200{cursor}")));
            let page = page.unwrap();
            entries.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else {
                return entries;
            };
            cursor = format!("&cursor={next}");
        }
    }
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect(name).to_owned()
}
