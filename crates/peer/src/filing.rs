//! The requests by which a report is filed. Each may be cut off anywhere: the whole is repeated, and what was done is found.

use std::collections::{BTreeMap, BTreeSet};

use app::peers::{Outgoing, PeerFailure, RemotePlace};
use formats::filing::{Body, Report, ReportedAwareness};
use ids::{AwarenessId, CaseId, FilingId};
use jiff::Timestamp;
use model::incidents::Precision;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ureq::http::Method;

use crate::api::{Api, Ask, Failed};
use crate::http::in_query;

/// No draft has this version, so that nothing new is filed by asking what came of a key.
const NO_VERSION: i64 = -1;

#[derive(Deserialize)]
struct Opened {
    case: CaseId,
}

#[derive(Deserialize)]
struct Filed {
    filing: FilingId,
    number: String,
    arrived_at: Timestamp,
}

#[derive(Deserialize)]
struct Case {
    form: String,
    version: i64,
    event: Option<String>,
    awareness: Vec<Moment>,
}

#[derive(Deserialize)]
struct Moment {
    id: AwarenessId,
    kind: String,
    aware_at: Timestamp,
    source: String,
    corrects: Option<AwarenessId>,
}

#[derive(Deserialize)]
struct Draft {
    version: i64,
    form_version: String,
    fields: BTreeMap<String, Value>,
    attachments: Vec<Attached>,
}

#[derive(Deserialize)]
struct Attached {
    digest: String,
    file_name: String,
}

/// Files a report; the same report again files nothing more.
pub(crate) fn file(api: &Api, report: &Outgoing) -> Result<RemotePlace, PeerFailure> {
    let case = match report.remote_case {
        Some(case) => case,
        None => open(api, report)?,
    };
    let filed = match &report.body {
        Body::Withdrawal(body) => {
            let wanted = json!({
                "reason": body.reason.code(),
                "explanation": body.explanation.as_str(),
            });
            let path = format!("/cases/{case}/withdrawal");
            api.send(Ask::json(Method::POST, path, wanted).key(key("file", report.filing)))?
        }
        Body::Incident(body) => file_report(api, case, report, &body.report)?,
        Body::Correction(body) => file_report(api, case, report, &body.report)?,
        Body::Notification(_) => {
            return Err(PeerFailure::Refused("not_a_report".to_owned()));
        }
    };
    let filed: Filed = read(filed)?;
    Ok(RemotePlace {
        case,
        filing: filed.filing,
        number: filed.number,
        filed_at: filed.arrived_at,
    })
}

fn file_report(
    api: &Api,
    case: CaseId,
    outgoing: &Outgoing,
    report: &Report,
) -> Result<Value, PeerFailure> {
    if let Some(filed) = earlier(api, case, outgoing)? {
        return Ok(filed);
    }
    prepare(api, case, outgoing, report)?;
    let draft: Draft = api.get(&format!("/cases/{case}/draft"))?;
    if draft.form_version != outgoing.body.head().form_version.as_str() {
        return Err(PeerFailure::Form);
    }
    fill(api, case, outgoing, &draft)?;
    attach(api, case, outgoing, &draft)?;
    let draft: Draft = api.get(&format!("/cases/{case}/draft"))?;
    Ok(ask_to_file(api, case, outgoing, draft.version)?)
}

/// What was filed under the key of this report before.
fn earlier(api: &Api, case: CaseId, outgoing: &Outgoing) -> Result<Option<Value>, PeerFailure> {
    match ask_to_file(api, case, outgoing, NO_VERSION) {
        Ok(filed) => Ok(Some(filed)),
        Err(Failed::Refused(409, refusal)) if refusal.code != "idempotency_key_reused" => Ok(None),
        Err(failed) => Err(failed.into()),
    }
}

fn ask_to_file(
    api: &Api,
    case: CaseId,
    outgoing: &Outgoing,
    version: i64,
) -> Result<Value, Failed> {
    let wanted = match &outgoing.body {
        Body::Correction(body) => json!({
            "kind": "correction",
            "draft_version": version,
            "explanation": body.explanation.as_str(),
            "request": body.request.map(|id| id.to_string()),
        }),
        body => json!({
            "kind": body.report().map(|report| report.stage.code()),
            "draft_version": version,
        }),
    };
    let path = format!("/cases/{case}/reports");
    api.send(Ask::json(Method::POST, path, wanted).key(key("file", outgoing.filing)))
}

fn open(api: &Api, report: &Outgoing) -> Result<CaseId, PeerFailure> {
    let wanted = json!({
        "title": report.title,
        "awareness": awareness(&report.opening),
    });
    let opened =
        api.send(Ask::json(Method::POST, "/cases", wanted).key(key("case", report.case)))?;
    Ok(read::<Opened>(opened)?.case)
}

/// Makes the case there what it is here: its moments of awareness, its sheet, its judgement.
fn prepare(
    api: &Api,
    case: CaseId,
    outgoing: &Outgoing,
    report: &Report,
) -> Result<(), PeerFailure> {
    let there: Case = api.get(&format!("/cases/{case}"))?;
    let mut known: BTreeMap<AwarenessId, AwarenessId> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for moment in &report.awareness {
        let same = |seen: &&Moment| {
            seen.kind == moment.kind.code()
                && seen.aware_at == moment.aware_at
                && seen.source == moment.source.as_str()
                && seen.corrects.is_some() == moment.corrects.is_some()
                && !met.contains(&seen.id)
        };
        let id = match there.awareness.iter().find(same) {
            Some(seen) => seen.id,
            None => add_awareness(api, case, moment, &known)?,
        };
        met.insert(id);
        known.insert(moment.id, id);
    }
    let there: Case = api.get(&format!("/cases/{case}"))?;
    if there.form != report.form.code() {
        let path = format!("/cases/{case}");
        let wanted = json!({ "form": report.form.code() });
        api.send(Ask::json(Method::PATCH, path, wanted).made_from(there.version))?;
    }
    if there.event.as_deref() != Some(report.event_code.code()) {
        let path = format!("/cases/{case}/judgements");
        let wanted = json!({ "event": report.event_code.code() });
        api.send(Ask::json(Method::POST, path, wanted).key(key("judge", outgoing.filing)))?;
    }
    Ok(())
}

fn add_awareness(
    api: &Api,
    case: CaseId,
    moment: &ReportedAwareness,
    known: &BTreeMap<AwarenessId, AwarenessId>,
) -> Result<AwarenessId, PeerFailure> {
    #[derive(Deserialize)]
    struct Added {
        awareness: AwarenessId,
    }
    let mut wanted = awareness(moment);
    let path = match &moment.corrects {
        None => format!("/cases/{case}/awareness"),
        Some((of, reason)) => {
            let of = known.get(of).ok_or(PeerFailure::Answer)?;
            if let Value::Object(fields) = &mut wanted {
                fields.remove("kind");
                fields.insert("reason".to_owned(), reason.as_str().into());
            }
            format!("/cases/{case}/awareness/{of}/corrections")
        }
    };
    let added = api.send(Ask::json(Method::POST, path, wanted).key(key("aware", moment.id)))?;
    Ok(read::<Added>(added)?.awareness)
}

fn awareness(moment: &ReportedAwareness) -> Value {
    json!({
        "kind": moment.kind.code(),
        "aware_at": moment.aware_at.to_string(),
        "approximate": moment.precision == Precision::Approximate,
        "source": moment.source.as_str(),
    })
}

/// Makes the answers of the draft those of the report; what the report does not say is emptied.
fn fill(api: &Api, case: CaseId, outgoing: &Outgoing, draft: &Draft) -> Result<(), PeerFailure> {
    let mut fields = Map::new();
    for (name, typed) in &outgoing.fields {
        let typed = serde_json::to_value(typed).map_err(|_| PeerFailure::Answer)?;
        if draft.fields.get(name) != Some(&typed) {
            fields.insert(name.clone(), typed);
        }
    }
    for name in draft.fields.keys() {
        if !outgoing.fields.contains_key(name) {
            fields.insert(name.clone(), json!({}));
        }
    }
    if fields.is_empty() {
        return Ok(());
    }
    let path = format!("/cases/{case}/draft");
    let wanted = json!({ "fields": fields });
    api.send(Ask::json(Method::PATCH, path, wanted).made_from(draft.version))?;
    Ok(())
}

/// Makes the files of the draft those of the report.
fn attach(api: &Api, case: CaseId, outgoing: &Outgoing, draft: &Draft) -> Result<(), PeerFailure> {
    let wanted: BTreeMap<String, &str> = outgoing
        .files
        .iter()
        .map(|file| (file.digest.to_string(), file.name.as_str()))
        .collect();
    for there in &draft.attachments {
        if wanted.get(&there.digest) != Some(&there.file_name.as_str()) {
            let path = format!("/cases/{case}/attachments/{}", there.digest);
            api.send(Ask::bare(Method::DELETE, path))?;
        }
    }
    for file in &outgoing.files {
        let digest = file.digest.to_string();
        let there = draft
            .attachments
            .iter()
            .any(|there| there.digest == digest && there.file_name == file.name);
        if !there {
            let name = in_query("name", &file.name);
            let path = format!("/cases/{case}/attachments/{digest}?{name}");
            api.send(Ask::octets(path, &file.content))?;
        }
    }
    Ok(())
}

/// What makes a request one that is done once.
fn key(what: &str, id: impl std::fmt::Display) -> String {
    format!("noroshi-peer/{what}/{id}")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, PeerFailure> {
    serde_json::from_value(value).map_err(|_| PeerFailure::Answer)
}
