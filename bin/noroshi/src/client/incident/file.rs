use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use ids::{CaseId, Digest};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use ureq::http::Method;

use super::Stage;
use super::answers::AnswerArgs;
use crate::client::connection::{Change, Connection, in_query};
use crate::client::failure::Failure;
use crate::client::key::Key;
use crate::client::notify::filed_lines;
use crate::client::output::{Format, Printer};

/// No draft has this version, so that nothing new is filed by asking what came of a key.
const NO_VERSION: i64 = -1;

/// What goes into the draft.
#[derive(Debug, Args)]
struct Content {
    #[command(flatten)]
    answers: AnswerArgs,
    /// File to be filed with the report; may be given several times.
    #[arg(long, value_name = "PATH")]
    attach: Vec<PathBuf>,
}

/// Arguments of `incident draft`.
#[derive(Debug, Args)]
pub(crate) struct DraftArgs {
    /// The case.
    case: CaseId,
    #[command(flatten)]
    content: Content,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Arguments of `incident prompt`, `update` and `full`.
#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// The case.
    case: CaseId,
    #[command(flatten)]
    content: Content,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Saves answers and files, and shows the draft as it is then.
pub(super) fn draft(
    args: &DraftArgs,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    save(args.case, &args.content, server)?;
    let draft = read_draft(args.case, server)?;
    let mut lines = vec![format!(
        "下書き draft: version {}",
        draft.get("version").unwrap_or(&Value::Null)
    )];
    let fields = draft.get("fields").and_then(Value::as_object);
    for (key, field) in fields.into_iter().flatten() {
        lines.push(format!("  {key}: {field}"));
    }
    let files = draft.get("attachments").and_then(Value::as_array);
    for file in files.into_iter().flatten() {
        lines.push(format!("  添付 file: {file}"));
    }
    out.print(&draft, &lines)
}

/// Saves answers and files, then files the draft as it is then.
pub(super) fn file(
    stage: Stage,
    args: &FileArgs,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let mut filed = if let Some(filed) = earlier(stage, args.case, &key, server)? {
        filed
    } else {
        save(args.case, &args.content, server)?;
        let draft = read_draft(args.case, server)?;
        let version = draft.get("version").and_then(Value::as_i64);
        report(stage, args.case, version, &key, server)?
    };
    let lines = filed_lines(&filed);
    if let Value::Object(fields) = &mut filed {
        fields.insert("idempotency_key".to_owned(), key.as_str().into());
    }
    out.print(&filed, &lines)
}

/// What was filed under a key before, so that a repeated command does not begin the draft of the next report.
fn earlier(
    stage: Stage,
    case: CaseId,
    key: &Key,
    server: &Connection,
) -> Result<Option<Value>, Failure> {
    if !key.may_be_repeated() {
        return Ok(None);
    }
    match report(stage, case, Some(NO_VERSION), key, server) {
        Ok(filed) => Ok(Some(filed)),
        Err(Failure::Refused(problem))
            if problem.status == 409 && problem.code != "idempotency_key_reused" =>
        {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn report(
    stage: Stage,
    case: CaseId,
    version: Option<i64>,
    key: &Key,
    server: &Connection,
) -> Result<Value, Failure> {
    let body = json!({ "kind": stage.code(), "draft_version": version });
    let path = format!("/cases/{case}/reports");
    server.send(Change::new(Method::POST, path, &body)?.under(key))
}

fn read_draft(case: CaseId, server: &Connection) -> Result<Value, Failure> {
    server.get(&format!("/cases/{case}/draft"))
}

fn save(case: CaseId, content: &Content, server: &Connection) -> Result<(), Failure> {
    let fields = content.answers.fields()?;
    if !fields.is_empty() {
        let draft = read_draft(case, server)?;
        let version = draft.get("version").and_then(Value::as_i64).unwrap_or(0);
        let body = json!({ "fields": fields });
        let path = format!("/cases/{case}/draft");
        let change = Change::new(Method::PATCH, path, &body)?;
        server.send(change.made_from(version))?;
    }
    for path in &content.attach {
        attach(case, path, server)?;
    }
    Ok(())
}

fn attach(case: CaseId, path: &Path, server: &Connection) -> Result<(), Failure> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("{}: not a file name", path.display()))?;
    let content = fs::read(path).with_context(|| path.display().to_string())?;
    let digest = Digest::from_bytes(Sha256::digest(&content).into());
    let query = in_query("name", name);
    server.send(Change {
        method: Method::PUT,
        path: format!("/cases/{case}/attachments/{digest}?{query}"),
        content_type: "application/octet-stream",
        body: content,
        key: None,
        version: None,
    })?;
    Ok(())
}
