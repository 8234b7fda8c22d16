mod answers;
mod file;
mod open;
mod text;

use clap::{Args, Subcommand};
use ids::CaseId;
use serde_json::{Value, json};

use super::connection::Connection;
use super::failure::Failure;
use super::output::{Format, Printer};

/// What can be done with incident cases (Act Art. 5).
#[derive(Debug, Subcommand)]
pub(crate) enum IncidentCommand {
    /// Open a case with the first moment of awareness (認知).
    Open(Box<open::OpenArgs>),
    /// Record a further moment of awareness: so a near miss becomes an incident.
    Aware(open::AwareArgs),
    /// Note the code that the event falls under, from answers to 「これは報告が必要か」.
    Judge(open::JudgeArgs),
    /// List the cases, opened last first.
    List(ListArgs),
    /// Show a case with its limits and what was filed.
    Show(ShowArgs),
    /// Save answers and files in the draft of the next report, without filing it.
    Draft(file::DraftArgs),
    /// File the prompt report (速報).
    Prompt(file::FileArgs),
    /// File an update (続報).
    Update(file::FileArgs),
    /// File the full report (詳報).
    Full(file::FileArgs),
}

/// Arguments of `incident list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Most cases wanted.
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Arguments of `incident show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The case.
    case: CaseId,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A stage of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Prompt,
    Update,
    Full,
}

impl Stage {
    /// Code of the API.
    fn code(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Update => "update",
            Self::Full => "full",
        }
    }
}

impl IncidentCommand {
    pub(super) fn format(&self) -> Format {
        match self {
            Self::Open(args) => args.format,
            Self::Aware(args) => args.format,
            Self::Judge(args) => args.format,
            Self::List(args) => args.format,
            Self::Show(args) => args.format,
            Self::Draft(args) => args.format,
            Self::Prompt(args) | Self::Update(args) | Self::Full(args) => args.format,
        }
    }
}

pub(super) fn run(
    command: &IncidentCommand,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    match command {
        IncidentCommand::Open(args) => open::open(args, server, out),
        IncidentCommand::Aware(args) => open::aware(args, server, out),
        IncidentCommand::Judge(args) => open::judge(args, server, out),
        IncidentCommand::List(args) => list(args, server, out),
        IncidentCommand::Show(args) => show(args, server, out),
        IncidentCommand::Draft(args) => file::draft(args, server, out),
        IncidentCommand::Prompt(args) => file::file(Stage::Prompt, args, server, out),
        IncidentCommand::Update(args) => file::file(Stage::Update, args, server, out),
        IncidentCommand::Full(args) => file::file(Stage::Full, args, server, out),
    }
}

fn list(args: &ListArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let items = server.get_all("/cases", args.limit)?;
    let lines: Vec<String> = items.iter().map(text::case_line).collect();
    out.print(&json!({ "items": items }), &lines)
}

fn show(args: &ShowArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let case: Value = server.get(&format!("/cases/{}", args.case))?;
    let lines = text::case_lines(&case);
    out.print(&case, &lines)
}
