use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use app::AppError;
use app::maintenance::FsckReport;
use clap::Args;
use serde_json::{Value, json};

use crate::backup::print_problems;
use crate::ledger::{ConfigArg, Format, read_checkpoint, with_app};

/// Exit codes: 0 clean, 1 problems, 2 not checked.
const PROBLEMS: u8 = 1;
const NOT_CHECKED: u8 = 2;

/// Arguments of `ledger fsck`.
#[derive(Debug, Args)]
pub(crate) struct FsckCommand {
    #[command(flatten)]
    config: ConfigArg,
    /// A checkpoint kept outside, best one that a witness co-signed; may be given several times.
    #[arg(long, value_name = "CHECKPOINT")]
    against: Vec<PathBuf>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(command: &FsckCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match check(command) {
        Ok(report) => {
            match command.format {
                Format::Text => print_text(&report, command.against.is_empty(), out)?,
                Format::Json => writeln!(out, "{:#}", to_json(&report))?,
            }
            Ok(if report.is_clean() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(PROBLEMS)
            })
        }
        Err(error) => {
            writeln!(std::io::stderr(), "not checked: {error:#}")?;
            Ok(ExitCode::from(NOT_CHECKED))
        }
    }
}

fn check(command: &FsckCommand) -> anyhow::Result<FsckReport> {
    let mut against = Vec::new();
    for path in &command.against {
        against.push(read_checkpoint(path)?);
    }
    with_app(&command.config, async |app| {
        match app.fsck(&against).await {
            Err(AppError::Invalid(_)) => {
                anyhow::bail!("a checkpoint given with --against is of another instance")
            }
            other => Ok(other?),
        }
    })
}

fn print_text(report: &FsckReport, alone: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    for log in &report.logs {
        write!(out, "{}: {} leaves", log.origin, log.leaves)?;
        if 0 < log.waiting {
            write!(out, ", {} waiting", log.waiting)?;
        }
        if 0 < log.lost {
            write!(out, ", {} lost in a restore", log.lost)?;
        }
        write!(
            out,
            ", {} checkpoints, {} co-signatures",
            log.checkpoints, log.cosignatures
        )?;
        match log.head {
            Some(head) => writeln!(out, ", root {}", head.root)?,
            None => writeln!(out, ", no root")?,
        }
    }
    let rows: u64 = report.rows.iter().map(|(_, count)| count).sum();
    writeln!(out, "{rows} official rows, {} attachments", report.objects)?;
    print_problems(report, out)?;
    if !report.is_clean() {
        writeln!(out, "NOT CLEAN: {} problems", report.problem_count)?;
    } else if alone {
        writeln!(
            out,
            "clean. Whoever has the log keys could still have rewritten everything; --against a co-signed checkpoint shows it"
        )?;
    } else {
        writeln!(out, "clean")?;
    }
    Ok(())
}

fn to_json(report: &FsckReport) -> Value {
    let logs: Vec<Value> = report
        .logs
        .iter()
        .map(|log| {
            json!({
                "log": log.log,
                "origin": log.origin,
                "leaves": log.leaves,
                "waiting": log.waiting,
                "checkpoints": log.checkpoints,
                "cosignatures": log.cosignatures,
                "root": log.head.map(|head| head.root.to_base64()),
                "lost": log.lost,
            })
        })
        .collect();
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            json!({
                "kind": problem.kind,
                "table": problem.table,
                "key": problem.key,
                "log": problem.leaf.as_ref().map(|(log, _)| log),
                "index": problem.leaf.as_ref().map(|(_, index)| index),
            })
        })
        .collect();
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|(table, count)| json!({ "table": table, "rows": count }))
        .collect();
    json!({
        "clean": report.is_clean(),
        "logs": logs,
        "tables": rows,
        "attachments": report.objects,
        "problem_count": report.problem_count,
        "problems": problems,
    })
}
