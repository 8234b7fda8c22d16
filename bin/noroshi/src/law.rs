//! `noroshi law`: asks the rule book at the command line.
//!
//! Answers go to `out`; a question without an answer goes to standard error with exit code 2.

mod pack;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};
use statute::{Answer, Answers, DueQuestion, Mode, Reason, RuleBook, Topic};

/// Exit code of a refusal.
const REFUSED: u8 = 2;

/// Ask the rule book.
#[derive(Debug, Subcommand)]
pub(crate) enum LawCommand {
    /// Show an entry of the rule book with every version.
    Show(Show),
    /// Say when something is due.
    Due(DueArgs),
    /// Say which class a computer is.
    Classify(ClassifyArgs),
    /// Rule packs from outside the program.
    #[command(subcommand)]
    Pack(pack::PackCommand),
}

/// Arguments of `law show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The key, such as `report.full`; a key that ends in a dot lists everything under it.
    key: String,
    #[command(flatten)]
    common: Common,
}

/// Arguments of `law due`.
#[derive(Debug, Args)]
pub(crate) struct DueArgs {
    /// The key, such as `report.full` or `asset.notify.new`.
    key: String,
    /// The day of the event in Japan: awareness, introduction or change.
    #[arg(long, value_name = "DATE")]
    trigger: String,
    /// The day the operator was designated.
    #[arg(long, value_name = "DATE")]
    designated_on: Option<String>,
    /// The day the computer became a specified important computer.
    #[arg(long, value_name = "DATE")]
    became_on: Option<String>,
    /// Rehearse rules that are not in force (演習).
    #[arg(long)]
    exercise: bool,
    #[command(flatten)]
    common: Common,
}

/// Arguments of `law classify`.
#[derive(Debug, Args)]
pub(crate) struct ClassifyArgs {
    /// Questions answered yes, by code.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    yes: Vec<String>,
    /// Questions answered no, by code.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    no: Vec<String>,
    /// List the questions and their codes instead.
    #[arg(long)]
    questions: bool,
    #[command(flatten)]
    common: Common,
}

/// Options of every `law` command.
#[derive(Debug, Args)]
struct Common {
    /// The date of the law; today, or for `due` the day of the event.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Settings of an instance: answer from its rule pack in force, where it has one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// How to print an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Why a question at the command line has no answer.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{field}: {reason}")]
    Date {
        field: &'static str,
        reason: statute::calendar::DateTextError,
    },
    #[error("the rule book has no key {key}（規則集にありません）")]
    UnknownKey { key: String },
    #[error("{key} is not in force on {on}（この日に施行されていません）")]
    NotInForce { key: String, on: Date },
    #[error("{reason}\n{}", reason.text_ja())]
    Due { reason: statute::DueRefusal },
    #[error("{reason}（この質問はありません）")]
    Question { reason: statute::UnknownQuestion },
}

/// Answers `command`; `today` is the day in Japan when no date of the law is given.
pub(crate) fn run(
    command: &LawCommand,
    out: &mut dyn Write,
    today: Date,
) -> anyhow::Result<ExitCode> {
    let answer = match command {
        LawCommand::Show(show) => answer_show(&book_for(&show.common)?, show, today),
        LawCommand::Due(due) => answer_due(&book_for(&due.common)?, due),
        LawCommand::Classify(classify) => {
            answer_classify(&book_for(&classify.common)?, classify, today)
        }
        LawCommand::Pack(command) => return pack::run(command, out),
    };
    match answer {
        Ok(text) => {
            writeln!(out, "{}", text.trim_end()).context("write the answer")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            writeln!(io::stderr(), "{refusal}").context("write the refusal")?;
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// The program's own rule book, or that of an instance.
fn book_for(common: &Common) -> anyhow::Result<RuleBook> {
    match &common.config {
        None => RuleBook::embedded().context("read the rule book"),
        Some(config) => pack::rule_book_of(config),
    }
}

fn answer_due(book: &RuleBook, args: &DueArgs) -> Result<String, Refusal> {
    let mut question = DueQuestion::new(&args.key, read_date(book, "--trigger", &args.trigger)?);
    question.designated_on = read_optional(book, "--designated-on", args.designated_on.as_ref())?;
    question.became_on = read_optional(book, "--became-on", args.became_on.as_ref())?;
    question.on = read_optional(book, "--on", args.common.on.as_ref())?;
    let mode = if args.exercise {
        Mode::Exercise
    } else {
        Mode::Real
    };
    let due = statute::due(book, &question, mode).map_err(|reason| Refusal::Due { reason })?;
    match args.common.format {
        Format::Json => Ok(pretty(&statute::json::due(&due))),
        Format::Text => {
            let mut lines = vec![
                format!("{}  {}", due.key, due.basis_ja),
                line("法定期限 legal limit", due.legal_limit),
                line("満了日 unrolled", due.unrolled),
                line("控えめな期限 conservative", due.conservative_limit),
                format!("確からしさ confidence: {}", due.confidence),
            ];
            push_reasons(&mut lines, &due.reasons);
            Ok(lines.join("\n"))
        }
    }
}

fn answer_show(book: &RuleBook, args: &Show, today: Date) -> Result<String, Refusal> {
    let asked = read_optional(book, "--on", args.common.on.as_ref())?;
    let on = asked.unwrap_or(today);
    let keys: Vec<&str> = book
        .keys()
        .filter(|key| *key == args.key || (args.key.ends_with('.') && key.starts_with(&args.key)))
        .collect();
    if keys.is_empty() {
        return Err(Refusal::UnknownKey {
            key: args.key.clone(),
        });
    }
    let mut versions = Vec::new();
    for key in keys {
        for entry in book.history(key) {
            if asked.is_none_or(|day| entry.covers(day)) {
                versions.push(statute::json::entry(entry, on));
            }
        }
    }
    if versions.is_empty() {
        return Err(Refusal::NotInForce {
            key: args.key.clone(),
            on,
        });
    }
    match args.common.format {
        Format::Json => Ok(pretty(&json!({
            "on": on.to_string(),
            "rule_book": book.digest().to_hex(),
            "entries": versions,
        }))),
        Format::Text => {
            let texts: Vec<String> = versions.iter().map(entry_text).collect();
            Ok(texts.join("\n\n"))
        }
    }
}

fn answer_classify(book: &RuleBook, args: &ClassifyArgs, today: Date) -> Result<String, Refusal> {
    let on = read_optional(book, "--on", args.common.on.as_ref())?.unwrap_or(today);
    if args.questions {
        let questions = statute::questions(book, Topic::Class, on);
        return Ok(match args.common.format {
            Format::Json => pretty(&Value::Array(
                questions.iter().map(statute::json::question).collect(),
            )),
            Format::Text => questions
                .iter()
                .map(|each| {
                    format!(
                        "{}\n  {}\n  {}\n  （{}）",
                        each.code, each.text_ja, each.text_en, each.help_ja
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
        });
    }
    let mut answers = Answers::new();
    for code in &args.no {
        answers.set(code, Answer::No);
    }
    for code in &args.yes {
        answers.set(code, Answer::Yes);
    }
    let found =
        statute::classify(book, &answers, on).map_err(|reason| Refusal::Question { reason })?;
    match args.common.format {
        Format::Json => Ok(pretty(&statute::json::classified(&found))),
        Format::Text => {
            let class = found.outcome.class().map_or("-", |class| class.code());
            let group = found.group.map_or("-", |group| group.code());
            let mut lines = vec![
                format!("結果 outcome: {}", found.outcome.code()),
                format!("区分 class: {class}"),
                format!("報告の群 report group: {group}"),
                format!("確からしさ confidence: {}", found.confidence),
            ];
            if !found.open_questions.is_empty() {
                lines.push(format!(
                    "未回答 open questions: {}",
                    found.open_questions.join(", ")
                ));
            }
            push_reasons(&mut lines, &found.reasons);
            Ok(lines.join("\n"))
        }
    }
}

fn entry_text(entry: &Value) -> String {
    let text = |name: &str| match entry.get(name) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut lines = vec![
        format!(
            "{}  {} / {}",
            text("key"),
            text("label_ja"),
            text("label_en")
        ),
        format!("  値 value: {} {}", text("value"), text("unit")),
        format!("  根拠 basis: {} ({})", text("basis_ja"), text("basis")),
        format!(
            "  期間 from {} ({}) to {}, in force: {}",
            text("from"),
            text("from_precision"),
            text("to"),
            text("in_force")
        ),
        format!(
            "  確からしさ confidence: {}, source: {}",
            text("confidence"),
            text("source")
        ),
    ];
    if entry.get("note_ja").is_some_and(Value::is_string) {
        lines.push(format!("  {} {}", text("note_ja"), text("note_en")));
    }
    lines.join("\n")
}

fn line(name: &str, day: Option<Date>) -> String {
    match day {
        Some(day) => format!(
            "{name}: {day}  {}",
            statute::calendar::format_western_date(day)
        ),
        None => format!("{name}: -"),
    }
}

fn push_reasons(lines: &mut Vec<String>, reasons: &[Reason]) {
    lines.push("理由 reasons:".to_owned());
    for reason in reasons {
        lines.push(format!(
            "  - {} [{}; {}]",
            reason.text_ja, reason.basis, reason.confidence
        ));
        lines.push(format!("    {}", reason.text_en));
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

fn read_optional(
    book: &RuleBook,
    field: &'static str,
    raw: Option<&String>,
) -> Result<Option<Date>, Refusal> {
    raw.map(|raw| read_date(book, field, raw)).transpose()
}

fn read_date(book: &RuleBook, field: &'static str, raw: &str) -> Result<Date, Refusal> {
    statute::calendar::parse_date(book, raw).map_err(|reason| Refusal::Date { field, reason })
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use clap::Parser;
    use jiff::civil::date;
    use serde_json::Value;

    use super::{LawCommand, run};

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(subcommand)]
        command: LawCommand,
    }

    fn ask(arguments: &[&str]) -> (ExitCode, String) {
        let cli = Cli::try_parse_from([&["law"], arguments].concat()).expect("valid arguments");
        let mut out = Vec::new();
        let code = run(&cli.command, &mut out, date(2026, 11, 22)).expect("an answer");
        (code, String::from_utf8(out).expect("UTF-8"))
    }

    fn ask_json(arguments: &[&str]) -> Value {
        let (code, text) = ask(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code, ExitCode::SUCCESS);
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn due_prints_the_three_days_as_iso_dates() {
        let due = ask_json(&["due", "report.full", "--trigger", "2026-11-20"]);
        assert_eq!(due["legal_limit"], "2026-12-21");
        assert_eq!(due["unrolled"], "2026-12-20");
        assert_eq!(due["conservative_limit"], "2026-12-19");
        assert_eq!(due["basis"], "ORD 4(2)");
        assert_eq!(due["confidence"], "derived");
        assert_eq!(due["reasons"][1]["code"], "first_day_excluded");
    }

    #[test]
    fn a_date_in_the_japanese_era_is_understood() {
        let due = ask_json(&["due", "report.full", "--trigger", "令和８年11月20日（金）"]);
        assert_eq!(due["legal_limit"], "2026-12-21");
    }

    #[test]
    fn where_the_law_fixes_no_number_the_limit_is_null_with_the_reason() {
        let due = ask_json(&["due", "report.prompt", "--trigger", "2026-11-20"]);
        assert_eq!(due["legal_limit"], Value::Null);
        assert_eq!(due["reasons"][0]["code"], "no_number_in_law");
    }

    #[test]
    fn a_refusal_has_exit_code_2_and_prints_no_answer() {
        let refused: &[&[&str]] = &[
            &["due", "report.full", "--trigger", "2026-09-30"],
            &[
                "due",
                "report.full",
                "--trigger",
                "2026-11-20",
                "--on",
                "2026-09-30",
            ],
            &["due", "asset.notify.designated", "--trigger", "2026-11-20"],
            &["due", "asset.notify.rule_change", "--trigger", "2026-11-20"],
            &["due", "penalty.order_breach", "--trigger", "2026-11-20"],
            &["due", "no.such.key", "--trigger", "2026-11-20"],
            &["due", "report.full", "--trigger", "2026-02-30"],
            &["show", "no.such.key"],
            &["show", "report.full", "--on", "2026-09-30"],
            &["classify", "--yes", "no_such_question"],
        ];
        for arguments in refused {
            let (code, text) = ask(arguments);
            assert_eq!(code, ExitCode::from(2), "{arguments:?}");
            assert_eq!(text, "", "{arguments:?}");
        }
    }

    #[test]
    fn show_says_that_a_rule_of_phase_4_is_not_in_force() {
        let shown = ask_json(&["show", "basis.selection"]);
        let entry = &shown["entries"][0];
        assert_eq!(entry["in_force"], false);
        assert_eq!(entry["from"], "2027-11-22");
        assert_eq!(entry["from_precision"], "not_later_than");
    }

    #[test]
    fn an_exercise_may_rehearse_what_is_not_in_force() {
        let due = ask_json(&[
            "due",
            "report.full",
            "--trigger",
            "2026-09-01",
            "--exercise",
        ]);
        assert_eq!(due["in_force"], false);
        assert_eq!(due["reasons"][0]["code"], "exercise_not_in_force");
    }

    #[test]
    fn classify_names_class_and_report_group() {
        let found = ask_json(&["classify", "--yes", "part_of_facility"]);
        assert_eq!(found["class"], "ichigo");
        assert_eq!(found["report_group"], "A");
    }

    #[test]
    fn classify_lists_its_questions_in_both_languages() {
        let questions = ask_json(&["classify", "--questions"]);
        assert_eq!(questions[0]["code"], "part_of_facility");
        assert!(questions[0]["text_ja"].is_string() && questions[0]["text_en"].is_string());
    }
}
