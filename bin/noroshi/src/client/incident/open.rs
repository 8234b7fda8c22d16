use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ids::CaseId;
use serde_json::{Map, Value, json};
use ureq::http::Method;

use crate::client::connection::{Change, Connection};
use crate::client::failure::Failure;
use crate::client::input;
use crate::client::key::Key;
use crate::client::output::{Format, Printer, text};

/// What the operator became aware of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// An event that may have been the cause of an incident (Act Art. 5).
    NearMiss,
    /// An incident.
    Incident,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::NearMiss => "near_miss",
            Self::Incident => "incident",
        }
    }
}

/// Answers to 「これは報告が必要か」.
#[derive(Debug, Args)]
struct Judgement {
    /// Report group of the computer: A or B (`noroshi law classify`).
    #[arg(long)]
    group: Option<String>,
    /// Questions answered yes, by code.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    yes: Vec<String>,
    /// Questions answered no, by code.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    no: Vec<String>,
    /// Code of the event, where a person chose it.
    #[arg(long, value_name = "CODE")]
    event: Option<String>,
}

impl Judgement {
    /// As the API takes it; `None` where nothing was answered.
    fn body(&self) -> Option<Value> {
        if self.yes.is_empty() && self.no.is_empty() && self.event.is_none() {
            return None;
        }
        let mut answers = Map::new();
        for (codes, answer) in [(&self.no, "no"), (&self.yes, "yes")] {
            for code in codes {
                answers.insert(code.clone(), answer.into());
            }
        }
        Some(json!({
            "sheet": { "group": self.group, "answers": answers },
            "event": self.event,
        }))
    }
}

/// Arguments of `incident open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// Everything from a JSON or TOML file with the fields of the API; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["title", "kind", "aware_at", "approximate", "source", "form", "group", "yes", "no", "event"])]
    file: Option<PathBuf>,
    /// What the case is called in the house; not filed.
    #[arg(long, required_unless_present = "file")]
    title: Option<String>,
    /// What the operator became aware of.
    #[arg(long, value_enum, required_unless_present = "file")]
    kind: Option<Kind>,
    /// When: `2026-11-22 03:17` or `令和8年11月22日 3時17分` in Japan, or with an offset (RFC 3339).
    #[arg(long, value_name = "WHEN", required_unless_present = "file")]
    aware_at: Option<String>,
    /// The time is an estimate (推定).
    #[arg(long)]
    approximate: bool,
    /// Who noticed what, and from where it is known.
    #[arg(long, required_unless_present = "file")]
    source: Option<String>,
    /// Sheet: `form1_ddos`, `form2_ransomware` or `form3_other`, which is the default.
    #[arg(long)]
    form: Option<String>,
    #[command(flatten)]
    judgement: Judgement,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Arguments of `incident aware`.
#[derive(Debug, Args)]
pub(crate) struct AwareArgs {
    /// The case.
    case: CaseId,
    /// What the operator became aware of.
    #[arg(long, value_enum)]
    kind: Kind,
    /// When, as for `incident open`.
    #[arg(long, value_name = "WHEN")]
    aware_at: String,
    /// The time is an estimate (推定).
    #[arg(long)]
    approximate: bool,
    /// Who noticed what, and from where it is known.
    #[arg(long)]
    source: String,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Arguments of `incident judge`.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// The case.
    case: CaseId,
    #[command(flatten)]
    judgement: Judgement,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

pub(super) fn open(args: &OpenArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let body = match &args.file {
        Some(path) => input::document(path)?,
        None => json!({
            "title": args.title,
            "awareness": awareness(
                args.kind.unwrap_or(Kind::Incident),
                args.aware_at.as_deref().unwrap_or_default(),
                args.approximate,
                args.source.as_deref().unwrap_or_default(),
            )?,
            "form": args.form,
            "judgement": args.judgement.body(),
        }),
    };
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let opened = server.send(Change::new(Method::POST, "/cases", &body)?.under(&key))?;
    let case = text(&opened, "case");
    let lines = [
        format!("事案を開きました opened: {case}"),
        format!("速報するには to report: noroshi incident prompt {case} --answers FILE"),
    ];
    out.print(&opened, &lines)
}

pub(super) fn aware(
    args: &AwareArgs,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    let body = awareness(args.kind, &args.aware_at, args.approximate, &args.source)?;
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let path = format!("/cases/{}/awareness", args.case);
    let recorded = server.send(Change::new(Method::POST, path, &body)?.under(&key))?;
    let lines = [format!(
        "認知を記録しました recorded: {}",
        text(&recorded, "awareness")
    )];
    out.print(&recorded, &lines)
}

pub(super) fn judge(
    args: &JudgeArgs,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    let Some(body) = args.judgement.body() else {
        return Err(Failure::unable("give --yes, --no or --event"));
    };
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let path = format!("/cases/{}/judgements", args.case);
    let judged = server.send(Change::new(Method::POST, path, &body)?.under(&key))?;
    let lines = [format!("報告の種別 event: {}", text(&judged, "event"))];
    out.print(&judged, &lines)
}

fn awareness(
    kind: Kind,
    aware_at: &str,
    approximate: bool,
    source: &str,
) -> Result<Value, Failure> {
    Ok(json!({
        "kind": kind.code(),
        "aware_at": input::instant("--aware-at", aware_at)?,
        "approximate": approximate,
        "source": source,
    }))
}
