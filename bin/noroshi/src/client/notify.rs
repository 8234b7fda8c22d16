use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ids::ComputerId;
use serde_json::{Value, json};
use ureq::http::Method;

use super::connection::{Change, Connection};
use super::failure::Failure;
use super::input;
use super::key::Key;
use super::output::{Format, Printer, text};

/// What is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Duty {
    /// Computers that were introduced or became specified (様式第一).
    New,
    /// Changes of what was notified (様式第二).
    Change,
    /// Ends of use (様式第二).
    Retirement,
}

/// Arguments of `notify`.
#[derive(Debug, Args)]
pub(crate) struct NotifyArgs {
    /// What is notified.
    #[arg(value_enum, required_unless_present = "file")]
    duty: Option<Duty>,
    /// The computers, by id (`noroshi computer list`).
    #[arg(required_unless_present = "file")]
    computers: Vec<ComputerId>,
    /// Everything from a JSON or TOML file with the fields of the API; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["duty", "computers", "department", "contact_name", "phone", "mail"])]
    file: Option<PathBuf>,
    /// Department that answers questions.
    #[arg(long, default_value = "")]
    department: String,
    /// Person who answers questions.
    #[arg(long, default_value = "")]
    contact_name: String,
    /// Telephone for questions.
    #[arg(long, default_value = "")]
    phone: String,
    /// Mail address for questions.
    #[arg(long, default_value = "")]
    mail: String,
    /// Key of an earlier, unanswered attempt.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

pub(super) fn run(args: &NotifyArgs, server: &Connection, out: Printer<'_>) -> Result<(), Failure> {
    let body = match &args.file {
        Some(path) => input::document(path)?,
        None => of_flags(args),
    };
    let key = Key::choose(args.idempotency_key.as_deref())?;
    let mut filed = server.send(Change::new(Method::POST, "/notifications", &body)?.under(&key))?;
    let lines = filed_lines(&filed);
    if let Value::Object(fields) = &mut filed {
        fields.insert("idempotency_key".to_owned(), key.as_str().into());
    }
    out.print(&filed, &lines)
}

fn of_flags(args: &NotifyArgs) -> Value {
    let duty = args.duty.map(|duty| match duty {
        Duty::New => "new",
        Duty::Change => "change",
        Duty::Retirement => "retirement",
    });
    let computers: Vec<Value> = args
        .computers
        .iter()
        .map(|id| json!({ "id": id.to_string() }))
        .collect();
    json!({
        "duty": duty,
        "computers": computers,
        "contact": {
            "department": args.department,
            "name": args.contact_name,
            "phone": args.phone,
            "mail": args.mail,
        },
    })
}

/// What a person is told of a filing that was taken in.
pub(super) fn filed_lines(filed: &Value) -> Vec<String> {
    vec![
        format!("提出しました filed: {}", text(filed, "number")),
        format!("到達 arrived: {}", text(filed, "arrived_at")),
        format!("提出物 filing: {}", text(filed, "filing")),
        format!(
            "受付の証明 receipt: noroshi receipt get {}",
            text(filed, "filing")
        ),
    ]
}
