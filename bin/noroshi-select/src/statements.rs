//! The chain of statements of an output folder: adding to it, verifying it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use ids::Digest;
use jiff::Timestamp;
use ledger::{SignerKey, durable};
use segment::{SegmentFolder, SegmentState};
use serde_json::json;
use warrant::{
    ChainReport, DropReason, LossReason, RunReport, Says, SealedSegment, Statement, Tally, Trust,
    verify_chain,
};

use crate::files::{read_small, read_trust};
use crate::refusal::Refused;
use crate::report::{Report, Verdict};

const ENGINE: &str = concat!("noroshi-select ", env!("CARGO_PKG_VERSION"));
const ENDING: &str = ".note";

#[derive(Subcommand)]
pub(crate) enum StatementCommand {
    /// Verify every statement of a folder, that all packets are accounted for, and that the segments stand.
    Verify {
        /// Output folder of runs.
        dir: PathBuf,
        /// Trust file: keys of the committee's members and of equipment.
        #[arg(long, value_name = "FILE")]
        trust: PathBuf,
        /// Digest of the last statement at an earlier inspection, which has to be in the chain.
        #[arg(long, value_name = "DIGEST")]
        known: Option<Digest>,
        /// The statements alone, without the segments beside them.
        #[arg(long)]
        without_segments: bool,
    },
}

/// Folders of an output folder.
pub(crate) fn segments_in(dir: &Path) -> PathBuf {
    dir.join("segments")
}

pub(crate) fn pseudonyms_in(dir: &Path) -> PathBuf {
    dir.join("pseudonyms")
}

fn statements_in(dir: &Path) -> PathBuf {
    dir.join("statements")
}

/// The end of a chain, to which statements are added. One writer at a time.
pub(crate) struct Chain<'k> {
    folder: PathBuf,
    key: &'k SignerKey,
    trust: &'k Trust,
    next: u64,
    head: Option<Digest>,
    _lock: File,
}

impl<'k> Chain<'k> {
    /// Opens the chain of a folder, made where it is missing, and verifies all of it.
    pub(crate) fn open(dir: &Path, key: &'k SignerKey, trust: &'k Trust) -> anyhow::Result<Self> {
        let folder = statements_in(dir);
        durable::create_directory(&folder).context("make the folder of statements")?;
        let lock = durable::lock(&folder).map_err(|_| Refused::Locked)?;
        let report = read_chain(dir, trust, None)?;
        Ok(Self {
            folder,
            key,
            trust,
            next: report.statements,
            head: report.head,
            _lock: lock,
        })
    }

    /// Signs a statement, stores it durably, and goes on from it.
    pub(crate) fn state(&mut self, at: Timestamp, says: Says) -> anyhow::Result<Digest> {
        let statement = Statement {
            sequence: self.next,
            previous: self.head,
            at,
            engine: ENGINE.to_owned(),
            trust: *self.trust.digest(),
            says,
        };
        let (note, digest) = statement.sign(self.trust.purpose(), self.key)?;
        let path = self.folder.join(format!("{:08}{ENDING}", self.next));
        durable::replace(&path, note.as_bytes()).context("write a statement")?;
        durable::sync_directory(&self.folder).context("write a statement")?;
        self.next = self.next.saturating_add(1);
        self.head = Some(digest);
        Ok(digest)
    }
}

/// Reads and verifies every statement of a folder.
pub(crate) fn read_chain(
    dir: &Path,
    trust: &Trust,
    known: Option<&Digest>,
) -> anyhow::Result<ChainReport> {
    let folder = statements_in(dir);
    let mut paths = Vec::new();
    let entries = fs::read_dir(&folder).with_context(|| format!("list {}", folder.display()))?;
    for entry in entries {
        let path = entry
            .with_context(|| format!("list {}", folder.display()))?
            .path();
        if path.extension().is_some_and(|ending| ending == "note") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut notes = Vec::new();
    for path in &paths {
        notes.push(read_small(path)?);
    }
    let report = verify_chain(notes.iter().map(Vec::as_slice), trust, known);
    Ok(report.map_err(Refused::Chain)?)
}

pub(crate) fn statement(command: &StatementCommand) -> anyhow::Result<Report> {
    let StatementCommand::Verify {
        dir,
        trust,
        known,
        without_segments,
    } = command;
    let trust = read_trust(trust)?;
    let chain = match read_chain(dir, &trust, known.as_ref()) {
        Ok(chain) => chain,
        Err(error) => return not_believed(error),
    };
    let findings = if *without_segments {
        Vec::new()
    } else {
        compare(&chain, dir)?
    };
    let unclosed = chain.runs.iter().filter(|run| run.stop.is_none());
    let mut findings = findings;
    findings.extend(unclosed.map(|run| format!("run {} was never closed", run.run)));
    let verdict = if findings.is_empty() {
        Verdict::Done
    } else {
        Verdict::Negative
    };
    let mut report = Report::new(verdict);
    report.both("statements", "statements", chain.statements);
    let head = chain
        .head
        .map_or("none".to_owned(), |head| head.to_string());
    report.both("head", "last digest", head);
    let runs: Vec<_> = chain
        .runs
        .iter()
        .map(|run| tell_run(run, &mut report))
        .collect();
    report.fact("runs", json!(runs));
    report.both("segments", "segments", chain.segments.len());
    report.both("destroyed", "destroyed", chain.destroyed.len());
    report.both("restored", "identifiers restored", chain.restored);
    for finding in &findings {
        report.line(format!("finding: {finding}"));
    }
    report.fact("findings", json!(findings));
    Ok(report)
}

/// A chain that is not believed is an answer; anything else is a failure.
fn not_believed(error: anyhow::Error) -> anyhow::Result<Report> {
    let Some(Refused::Chain(reason)) = error.downcast_ref::<Refused>() else {
        return Err(error);
    };
    let mut report = Report::new(Verdict::Negative);
    report.line(format!("not believed: {reason}"));
    report.fact("not_believed", json!(reason.to_string()));
    Ok(report)
}

/// Compares the segments that are stated with those that stand in the folder.
fn compare(chain: &ChainReport, dir: &Path) -> anyhow::Result<Vec<String>> {
    let folder = SegmentFolder::at(&segments_in(dir));
    let listed = if folder.path().exists() {
        folder.list().map_err(Refused::Segment)?
    } else {
        Vec::new()
    };
    let mut findings = Vec::new();
    for stated in &chain.segments {
        let found = listed.iter().find(|one| one.terms.name == stated.name);
        let Some(found) = found else {
            findings.push(format!("segment {} is missing", stated.name));
            continue;
        };
        let state = folder.verify(found).map_err(Refused::Segment)?;
        if state != SegmentState::Whole || !same(stated, found) {
            findings.push(format!(
                "segment {} is not the one that was stated",
                stated.name
            ));
        }
    }
    for found in &listed {
        let stated = chain
            .segments
            .iter()
            .any(|one| one.name == found.terms.name);
        if !stated {
            findings.push(format!("segment {} was never stated", found.terms.name));
        }
    }
    Ok(findings)
}

fn same(stated: &SealedSegment, found: &segment::Listed) -> bool {
    found.terms.digest == Some(stated.digest) && found.key_digest == stated.key_digest
}

/// Tells of a run in lines; gives the same as JSON.
fn tell_run(run: &RunReport, report: &mut Report) -> serde_json::Value {
    let counts = &run.counts;
    let stop = run.stop.map_or("not closed", |stop| stop.code());
    report.line(format!("run {}: {stop}", run.run));
    let mut dropped = Vec::new();
    for reason in DropReason::ALL {
        dropped.push((reason.code(), counts.dropped(*reason)));
    }
    let mut lost = Vec::new();
    for reason in LossReason::ALL {
        lost.push((reason.code(), counts.lost(*reason)));
    }
    let shown = |name: &str, tally: Tally| {
        format!(
            "  {name:<20}{} packets, {} bytes",
            tally.packets, tally.bytes
        )
    };
    report.line(shown("in", counts.received()));
    report.line(shown("kept", counts.kept_total()));
    report.line(shown("dropped", counts.dropped_total()));
    for (code, tally) in dropped.iter().filter(|(_, tally)| !tally.is_zero()) {
        report.line(shown(&format!("  {code}"), *tally));
    }
    report.line(shown("lost", counts.lost_total()));
    for (code, tally) in lost.iter().filter(|(_, tally)| !tally.is_zero()) {
        report.line(shown(&format!("  {code}"), *tally));
    }
    let wire = |tally: Tally| json!({"packets": tally.packets, "bytes": tally.bytes});
    let reasons = |list: &[(&str, Tally)]| -> serde_json::Map<String, serde_json::Value> {
        let some = list.iter().filter(|(_, tally)| !tally.is_zero());
        some.map(|(code, tally)| ((*code).to_owned(), wire(*tally)))
            .collect()
    };
    json!({
        "run": run.run,
        "stop": run.stop,
        "warrant": run.first.warrant,
        "received": wire(counts.received()),
        "kept": wire(counts.kept_total()),
        "dropped": reasons(&dropped),
        "lost": reasons(&lost),
        "records": counts.records(),
        "clock_steps": run.clock_steps,
    })
}
