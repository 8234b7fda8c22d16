use clap::{Args, Subcommand};
use serde_json::{Value, json};
use ureq::http::Method;

use super::connection::{Change, Connection};
use super::failure::Failure;
use super::input::optional_day;
use super::key::Key;
use super::output::{Format, Printer, text};

/// What can be done with facilities.
#[derive(Debug, Subcommand)]
pub(crate) enum FacilityCommand {
    /// List the facilities.
    List(ListArgs),
    /// Enter a facility.
    Add(AddArgs),
}

/// Arguments of `facility list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Arguments of `facility add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Name in the house; not filed.
    #[arg(long)]
    name: String,
    /// Category in the words of the facility order; filed.
    #[arg(long)]
    category: String,
    /// Day of installation.
    #[arg(long, value_name = "DATE")]
    installed_on: Option<String>,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl FacilityCommand {
    pub(super) fn format(&self) -> Format {
        match self {
            Self::List(args) => args.format,
            Self::Add(args) => args.format,
        }
    }
}

pub(super) fn run(
    command: &FacilityCommand,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    match command {
        FacilityCommand::List(_) => {
            let items = all(server)?;
            let lines: Vec<String> = items.iter().map(line).collect();
            out.print(&json!({ "items": items }), &lines)
        }
        FacilityCommand::Add(args) => {
            let body = json!({
                "name": args.name,
                "category": args.category,
                "installed_on": optional_day("--installed-on", args.installed_on.as_ref())?,
            });
            let key = Key::choose(args.idempotency_key.as_deref())?;
            let change = Change::new(Method::POST, "/facilities", &body)?.under(&key);
            let added = server.send(change)?;
            let lines = [line(&added)];
            out.print(&added, &lines)
        }
    }
}

/// Every facility of the own register.
pub(super) fn all(server: &Connection) -> Result<Vec<Value>, Failure> {
    server.get_all("/facilities", usize::MAX)
}

fn line(facility: &Value) -> String {
    format!(
        "{}  {}（{}）",
        text(facility, "id"),
        text(facility, "name"),
        text(facility, "category")
    )
}
