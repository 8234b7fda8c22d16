//! `criteria check|compile`: from a list of criteria to the file that a warrant approves.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};
use select::criteria::{Draft, Form, LineError, parse};
use serde_json::json;

use crate::files::{read_text, write_new};
use crate::report::{Report, Verdict};

#[derive(Subcommand)]
pub(crate) enum CriteriaCommand {
    /// Name every line that cannot be used.
    Check(Sources),
    /// Write the canonical file and print the digest that a warrant has to name.
    Compile {
        #[command(flatten)]
        sources: Sources,
        /// File to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Sources {
    /// Lists of criteria: CSV, or JSON lines when the name ends in .jsonl.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub(crate) fn criteria(command: &CriteriaCommand) -> anyhow::Result<Report> {
    let (sources, out) = match command {
        CriteriaCommand::Check(sources) => (sources, None),
        CriteriaCommand::Compile { sources, out } => (sources, Some(out.as_path())),
    };
    let began = Instant::now();
    let mut draft = Draft::default();
    let mut problems = Vec::new();
    for file in &sources.files {
        let text = read_text(file)?;
        if let Err(errors) = parse(form_of(file), &text, &mut draft) {
            problems.extend(errors.into_iter().map(|error| (file.clone(), error)));
        }
    }
    if !problems.is_empty() {
        return Ok(tell_problems(&problems));
    }
    let (bytes, compiled) = draft.compile();
    let mut report = Report::new(Verdict::Done);
    report.both("criteria", "criteria", compiled.criteria);
    report.both("values", "values", compiled.values);
    report.both("duplicates", "given twice", compiled.duplicates);
    report.both("digest", "digest", crate::files::sha256(&bytes));
    if let Some(out) = out {
        write_new(out, &bytes)?;
        report.both("file_bytes", "file, bytes", bytes.len());
    }
    report.both("took_ms", "took, ms", began.elapsed().as_millis());
    report.both("peak_memory_kib", "peak memory, KiB", peak_memory_kib());
    Ok(report)
}

fn form_of(file: &Path) -> Form {
    if file.extension().is_some_and(|ending| ending == "jsonl") {
        Form::JsonLines
    } else {
        Form::Csv
    }
}

fn tell_problems(problems: &[(PathBuf, LineError)]) -> Report {
    let mut report = Report::new(Verdict::Negative);
    let mut facts = Vec::new();
    for (file, error) in problems {
        report.line(format!("{}: {error}", file.display()));
        facts.push(json!({
            "file": file.display().to_string(),
            "line": error.line,
            "problem": error.problem.to_string(),
        }));
    }
    report.fact("problems", json!(facts));
    report
}

/// The largest resident size so far, as Linux counts it; empty elsewhere.
fn peak_memory_kib() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.unwrap_or_default().split_whitespace().next();
    words.unwrap_or_default().to_owned()
}
