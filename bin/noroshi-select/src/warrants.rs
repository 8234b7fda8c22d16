//! `warrant verify`: what a warrant allows, and whether it would be admitted now.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use warrant::{Direction, Warrant};

use crate::files::{read_trust, read_warrant};
use crate::report::{Report, Verdict};
use crate::{Program, clock};

#[derive(Subcommand)]
pub(crate) enum WarrantCommand {
    /// Verify the signatures of a warrant and explain it.
    Verify {
        /// Warrant (signed note).
        file: PathBuf,
        /// Trust file: keys of the committee's members and of equipment.
        #[arg(long, value_name = "FILE")]
        trust: PathBuf,
    },
}

pub(crate) fn warrant(command: &WarrantCommand, program: &Program) -> anyhow::Result<Report> {
    let WarrantCommand::Verify { file, trust } = command;
    let trust = read_trust(trust)?;
    let warrant = read_warrant(file, &trust)?;
    let book = (program.rules)()?;
    let now = clock::now();
    let usable = warrant
        .in_time(now)
        .and_then(|()| warrant.in_law(&book, now));
    let verdict = match usable {
        Ok(()) => Verdict::Done,
        Err(_) => Verdict::Negative,
    };
    let mut report = Report::new(verdict);
    explain(&warrant, &mut report);
    let needed = trust.threshold();
    report.both("threshold", "signatures needed", needed);
    match usable {
        Ok(()) => {
            report.line("now                   usable");
            report.fact("usable", json!(true));
        }
        Err(refusal) => {
            report.line(format!(
                "now                   not usable ({}): {refusal}",
                refusal.code()
            ));
            report.fact("usable", json!(false));
            report.fact("refused", json!(refusal.code()));
        }
    }
    Ok(report)
}

fn explain(warrant: &Warrant, report: &mut Report) {
    let terms = warrant.terms();
    let conditions = &terms.conditions;
    report.both("purpose", "purpose", warrant.purpose().code());
    report.both("digest", "digest", warrant.digest());
    report.both("measure", "measure", &terms.measure);
    report.line(format!(
        "{:<22}{} ({})",
        "kind",
        terms.kind.japanese(),
        terms.kind
    ));
    report.fact("kind", json!(terms.kind));
    report.both("basis", "legal basis", terms.basis.join(", "));
    report.both("equipment", "equipment", &terms.equipment);
    let lines: Vec<String> = terms.lines.iter().map(ToString::to_string).collect();
    report.both("lines", "lines", lines.join(", "));
    let directions = terms.directions.iter();
    let directions: Vec<&str> = directions.map(|one| Direction::japanese(*one)).collect();
    report.both("directions", "directions", directions.join(", "));
    report.both("criteria", "criteria", terms.criteria);
    report.both("valid_from", "valid from", terms.valid_from);
    report.both("valid_until", "valid until", terms.valid_until);
    let information: Vec<&str> = conditions
        .information
        .iter()
        .map(|one| one.code())
        .collect();
    report.both("information", "information", information.join(", "));
    report.both(
        "retention_days",
        "retention, days",
        conditions.retention_days,
    );
    let limit = conditions
        .kept_packets_per_hour
        .map_or("none".to_owned(), |limit| limit.to_string());
    report.both("kept_packets_per_hour", "kept packets an hour", limit);
    report.both("signers", "signed by", warrant.signers().join(", "));
}
