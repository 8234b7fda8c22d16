use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use ureq::http::Method;

use super::connection::{Change, Connection, in_query};
use super::facility;
use super::failure::Failure;
use super::input::{self, day, optional_day};
use super::key::Key;
use super::output::{Format, Printer, text};

/// What can be done with computers.
#[derive(Debug, Subcommand)]
pub(crate) enum ComputerCommand {
    /// List the computers, newest first.
    List(ListArgs),
    /// Enter a computer.
    Add(Box<AddArgs>),
}

/// Arguments of `computer list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Phase, such as `draft`, `notified` or `exempt`.
    #[arg(long)]
    phase: Option<String>,
    /// Facility, by name or id.
    #[arg(long)]
    facility: Option<String>,
    /// Part of a product or maker, in any writing.
    #[arg(long)]
    search: Option<String>,
    /// Most computers wanted.
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Arguments of `computer add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Everything from a JSON or TOML file with the fields of the API; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["unit", "class", "yes", "no", "product", "maker", "introduced_on", "became_specified_on", "note"])]
    file: Option<PathBuf>,
    /// Facility, by name or id.
    #[arg(long, required_unless_present = "file")]
    facility: Option<String>,
    /// `appliance_hw`, `os`, `middleware`, `application` or `cloud_service`.
    #[arg(long, required_unless_present = "file")]
    unit: Option<String>,
    /// Class, such as `nigo_3`; without it the answers decide.
    #[arg(long)]
    class: Option<String>,
    /// Questions on the class answered yes, by code (`noroshi law classify --questions`).
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    yes: Vec<String>,
    /// Questions on the class answered no, by code.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    no: Vec<String>,
    /// Product or cloud service, as it is filed.
    #[arg(long, required_unless_present = "file")]
    product: Option<String>,
    /// Manufacturer or provider, as it is filed.
    #[arg(long, required_unless_present = "file")]
    maker: Option<String>,
    /// Day of introduction.
    #[arg(long, value_name = "DATE", required_unless_present = "file")]
    introduced_on: Option<String>,
    /// Day it became specified by a change of the facility order.
    #[arg(long, value_name = "DATE")]
    became_specified_on: Option<String>,
    /// Remark for the house; not filed.
    #[arg(long)]
    note: Option<String>,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl ComputerCommand {
    pub(super) fn format(&self) -> Format {
        match self {
            Self::List(args) => args.format,
            Self::Add(args) => args.format,
        }
    }
}

pub(super) fn run(
    command: &ComputerCommand,
    server: &Connection,
    out: Printer<'_>,
) -> Result<(), Failure> {
    match command {
        ComputerCommand::List(args) => list(args, server, out),
        ComputerCommand::Add(args) => add(args, server, out),
    }
}

fn list(args: &ListArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let mut filters = Vec::new();
    if let Some(phase) = &args.phase {
        filters.push(in_query("phase", phase));
    }
    if let Some(wanted) = &args.facility {
        filters.push(in_query("facility", &facility_id(server, wanted)?));
    }
    if let Some(search) = &args.search {
        filters.push(in_query("q", search));
    }
    let items = server.get_all(&format!("/computers?{}", filters.join("&")), args.limit)?;
    let lines: Vec<String> = items.iter().map(line).collect();
    out.print(&json!({ "items": items }), &lines)
}

fn line(computer: &Value) -> String {
    format!(
        "{}  {:<10} {:<9} {:<10}  {}（{}）",
        text(computer, "id"),
        text(computer, "phase"),
        text(computer, "class"),
        text(computer, "due_on"),
        text(computer, "product"),
        text(computer, "maker"),
    )
}

fn add(args: &AddArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let mut body = match &args.file {
        Some(path) => input::document(path)?,
        None => of_flags(args)?,
    };
    let Value::Object(fields) = &mut body else {
        return Err(Failure::unable("the file holds no computer"));
    };
    let named = args
        .facility
        .as_deref()
        .or_else(|| fields.get("facility")?.as_str());
    if let Some(named) = named {
        let id = facility_id(server, named)?;
        fields.insert("facility".to_owned(), Value::String(id));
    }
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let added = server.send(Change::new(Method::POST, "/computers", &body)?.under(&key))?;
    let lines = [
        format!("登録しました entered: {}", text(&added, "id")),
        format!(
            "届け出るには to notify it: noroshi notify new {}",
            text(&added, "id")
        ),
    ];
    out.print(&added, &lines)
}

fn of_flags(args: &AddArgs) -> Result<Value, Failure> {
    let mut answers = Map::new();
    for (codes, answer) in [(&args.no, "no"), (&args.yes, "yes")] {
        for code in codes {
            answers.insert(code.clone(), answer.into());
        }
    }
    let introduced_on = args.introduced_on.as_deref().unwrap_or_default();
    Ok(json!({
        "unit": args.unit,
        "class": args.class,
        "class_answers": answers,
        "product": args.product,
        "maker": args.maker,
        "introduced_on": day("--introduced-on", introduced_on)?,
        "became_specified_on":
            optional_day("--became-specified-on", args.became_specified_on.as_ref())?,
        "note": args.note,
    }))
}

/// The id of a facility that is named by it or by its name in the house.
fn facility_id(server: &Connection, wanted: &str) -> Result<String, Failure> {
    if wanted.parse::<ids::FacilityId>().is_ok() {
        return Ok(wanted.to_owned());
    }
    let known = facility::all(server)?;
    let mut found = known.iter().filter(|each| text(each, "name") == wanted);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(text(one, "id").to_owned()),
        (Some(_), Some(_)) => Err(Failure::unable(format!(
            "two facilities are called {wanted}; use the id (noroshi facility list)"
        ))),
        (None, _) => Err(Failure::unable(format!(
            "no facility is called {wanted} (noroshi facility list, noroshi facility add)"
        ))),
    }
}
