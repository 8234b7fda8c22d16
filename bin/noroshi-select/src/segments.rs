//! Segments of an output folder: list, verify, destroy, open.

mod print;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use segment::{OpenSegment, SegmentFolder, SegmentState};
use serde_json::json;
use warrant::{DestroyedSegment, ExpiryStatement, Says};

use crate::clock;
use crate::files::{read_engine_key, read_private_key, read_trust};
use crate::refusal::Refused;
use crate::report::{Format, Report, Verdict};
use crate::statements::{Chain, segments_in};

#[derive(Subcommand)]
pub(crate) enum SegmentsCommand {
    /// List the sealed segments of a folder.
    List {
        /// Output folder of runs.
        dir: PathBuf,
    },
    /// Compare every segment with the digest its key is bound to.
    Verify {
        /// Output folder of runs.
        dir: PathBuf,
    },
    /// Destroy the segments whose time is up, wrapped keys first, and state it.
    Expire(ExpireArgs),
    /// Print the records of all segments, at the analysis office.
    Open(OpenArgs),
}

#[derive(Args)]
pub(crate) struct ExpireArgs {
    /// Output folder of runs.
    dir: PathBuf,
    /// Trust file: keys of the committee's members and of equipment.
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// Key with which this equipment signs statements.
    #[arg(long, value_name = "FILE")]
    engine_key: PathBuf,
}

#[derive(Args)]
pub(crate) struct OpenArgs {
    /// Output folder of runs.
    dir: PathBuf,
    /// Private key of the analysis office.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

pub(crate) fn segments(command: &SegmentsCommand, format: Format) -> anyhow::Result<Report> {
    match command {
        SegmentsCommand::List { dir } => list(dir),
        SegmentsCommand::Verify { dir } => verify(dir),
        SegmentsCommand::Expire(args) => expire(args),
        SegmentsCommand::Open(args) => open(args, format),
    }
}

fn list(dir: &Path) -> anyhow::Result<Report> {
    let folder = SegmentFolder::at(&segments_in(dir));
    let mut report = Report::new(Verdict::Done);
    let mut facts = Vec::new();
    for listed in folder.list().map_err(Refused::Segment)? {
        let terms = &listed.terms;
        report.line(format!(
            "{}  {}  {} records  to be destroyed by {}",
            terms.name,
            listed.purpose.code(),
            terms.records,
            terms.expires
        ));
        facts.push(json!({
            "name": terms.name,
            "purpose": listed.purpose.code(),
            "records": terms.records,
            "expires": terms.expires,
            "warrant": terms.warrant,
        }));
    }
    report.fact("segments", json!(facts));
    Ok(report)
}

fn verify(dir: &Path) -> anyhow::Result<Report> {
    let folder = SegmentFolder::at(&segments_in(dir));
    let mut verdict = Verdict::Done;
    let mut states = Vec::new();
    for listed in folder.list().map_err(Refused::Segment)? {
        let state = folder.verify(&listed).map_err(Refused::Segment)?;
        if state != SegmentState::Whole {
            verdict = Verdict::Negative;
        }
        states.push((listed.terms.name, state.code()));
    }
    let mut report = Report::new(verdict);
    for (name, state) in &states {
        report.line(format!("{name}  {state}"));
    }
    let facts: Vec<_> = states
        .iter()
        .map(|(name, state)| json!({"name": name, "state": state}))
        .collect();
    report.fact("segments", json!(facts));
    Ok(report)
}

/// Each segment is stated as soon as it is gone, so that a crash between two leaves at most one unstated.
fn expire(args: &ExpireArgs) -> anyhow::Result<Report> {
    let trust = read_trust(&args.trust)?;
    let key = read_engine_key(&args.engine_key, &trust)?;
    let mut chain = Chain::open(&args.dir, &key, &trust)?;
    let folder = SegmentFolder::at(&segments_in(&args.dir));
    let now = clock::now();
    let mut report = Report::new(Verdict::Done);
    let mut names = Vec::new();
    for listed in folder.expired(now).map_err(Refused::Segment)? {
        if listed.purpose != trust.purpose() {
            return Err(Refused::Purpose.into());
        }
        let digest = folder.destroy(&listed).map_err(Refused::Segment)?;
        let destroyed = DestroyedSegment {
            name: listed.terms.name.clone(),
            digest,
            expires: listed.terms.expires_at().map_err(Refused::Segment)?,
        };
        let destroyed = vec![destroyed];
        chain.state(clock::now(), Says::Expiry(ExpiryStatement { destroyed }))?;
        report.line(format!("destroyed {}", listed.terms.name));
        names.push(listed.terms.name);
    }
    if names.is_empty() {
        report.line("no segment is due");
    }
    report.fact("destroyed", json!(names));
    Ok(report)
}

fn open(args: &OpenArgs, format: Format) -> anyhow::Result<Report> {
    let key = read_private_key(&args.key)?;
    let folder = SegmentFolder::at(&segments_in(&args.dir));
    let mut out = print::Records::begin(format)?;
    for listed in folder.list().map_err(Refused::Segment)? {
        let mut open = OpenSegment::open(&folder, &listed, &key).map_err(Refused::Segment)?;
        while let Some(records) = open.next_records().map_err(Refused::Segment)? {
            for record in &records {
                out.print(&listed.terms.name, record)?;
            }
        }
    }
    out.finish()?;
    Ok(Report::new(Verdict::Done))
}
