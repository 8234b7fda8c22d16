//! `run`: from a warrant to sealed segments and statements.

mod desk;
mod guard;
mod output;
mod source;
mod team;

use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

use anyhow::Context as _;
use clap::Args;
use ids::Digest;
use jiff::Timestamp;
use ledger::durable;
use segment::{PseudonymTerms, Pseudonymiser, SegmentFolder, SegmentTerms};
use select::criteria::Index;
use select::live::Listening;
use select::prefixes::{PrefixTable, Purpose as TablePurpose};
use select::spread::Spread;
use select::{Directions, FlowLimits, Funnel, Glance, Scope};
use serde_json::json;
use statute::RuleBook;
use warrant::{
    Admission, Counts, CriteriaDigest, EquipmentId, LineId, PrefixTableDigest, Purpose, Request,
    RunId, RunStatement, Says, StopReason, Tally, TimeRule, Trust, TunnelRule, Watch, masking,
};

use self::desk::{Alone, Interval};
use self::guard::Guard;
use self::output::Output;
use self::source::{Origin, Pass, Readers, Source};
use self::team::Team;
use crate::Program;
use crate::clock::{self, Steady};
use crate::files::{read_engine_key, read_text, read_trust, read_warrant, read_whole};
use crate::refusal::Refused;
use crate::report::{Report, Verdict};
use crate::statements::{Chain, pseudonyms_in, segments_in};

#[derive(Args)]
pub(crate) struct RunArgs {
    /// Warrant (signed note).
    #[arg(long, value_name = "FILE")]
    warrant: PathBuf,
    /// Trust file: keys of the committee's members and of equipment.
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// Key with which this equipment signs statements.
    #[arg(long, value_name = "FILE")]
    engine_key: PathBuf,
    /// Compiled criteria.
    #[arg(long, value_name = "FILE")]
    criteria: PathBuf,
    /// Table of domestic addresses.
    #[arg(long, value_name = "FILE")]
    prefixes: PathBuf,
    /// The line whose copied traffic this is.
    #[arg(long, value_name = "ID")]
    line: LineId,
    /// Name of this equipment; a warrant for another is refused.
    #[arg(long, value_name = "ID")]
    equipment: Option<EquipmentId>,
    #[command(flatten)]
    origin: Origin,
    /// With --live: also take in what is addressed to others, as copies of traffic are.
    #[arg(long, requires = "live")]
    promiscuous: bool,
    /// Threads that select; one more reads. Flow records are for one.
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "ipfix",
        value_parser = clap::value_parser!(u8).range(1..=16))]
    threads: u8,
    /// Output folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where a revocation note would appear [default: the warrant's path with .revoked added].
    #[arg(long, value_name = "FILE")]
    revocation: Option<PathBuf>,
}

impl RunArgs {
    const fn listening(&self) -> Listening {
        if self.promiscuous {
            Listening::Promiscuous
        } else {
            Listening::Own
        }
    }
}

/// Everything a run stands on, verified. Made before the first byte of input is read.
struct Ground {
    trust: Trust,
    book: RuleBook,
    admission: Admission,
    index: Index,
    table: PrefixTable,
    table_digest: PrefixTableDigest,
}

pub(crate) fn run(args: &RunArgs, program: &Program) -> anyhow::Result<Report> {
    let began = clock::now();
    let steady = Steady::begin();
    let ground = Ground::verify(args, (program.rules)()?, began)?;
    let engine_key = read_engine_key(&args.engine_key, &ground.trust)?;
    let mut chain = Chain::open(&args.out, &engine_key, &ground.trust)?;
    let run = run_id(&ground, began)?;
    let pseudonyms = ground.begin_pseudonyms(args, &run, began)?;
    let folder = segments_in(&args.out);
    let (folder, removed) = SegmentFolder::open(&folder).map_err(Refused::Segment)?;
    let terms = SegmentTerms::of(ground.admission.warrant(), &run, ground.facts());
    let output = Output::new(&ground.admission, folder, terms, pseudonyms);

    // Opened before the run is stated, so that a source that cannot be opened is a refusal and no run.
    let source = Source::open(&args.origin, args.listening())?;
    let watch = Watch::begin(ground.admission.clone());
    let guard = Guard::begin(watch, ground.guarded(args, program), steady)?;
    let mut log = RunLog::begin(&ground, run, began);
    // Stated before anything is read, so that a run that is killed is not a run that never was.
    log.state(&mut chain, Interval::default(), None, 0)?;

    let mut cut = |interval| log.state(&mut chain, interval, None, guard.clock_steps());
    let (mut stop, last, failed) = match source {
        Source::Flows(mut flows) => {
            let mut desk = Alone::new(ground.funnel(), output);
            let stop = flows.feed(&mut Pass::begin(&guard, &mut desk, &mut cut))?;
            let (last, failed) = desk.finish();
            (stop, last, failed)
        }
        Source::Packets(mut packets) if args.threads == 1 => {
            let mut desk = Alone::new(ground.funnel(), output);
            let stop = packets.feed(None, &mut Pass::begin(&guard, &mut desk, &mut cut))?;
            let (last, failed) = desk.finish();
            (stop, last, failed)
        }
        Source::Packets(mut packets) => {
            let threads = usize::from(args.threads);
            let funnels = (0..threads).map(|_| ground.funnel()).collect();
            let spread = Spread::new(threads, ground.scope().tunnels);
            let readers = Readers {
                count: args.threads,
                glance: ground.glance(),
            };
            let output = Mutex::new(output);
            thread::scope(|scope| {
                let mut desk = Team::begin(scope, funnels, ground.glance(), spread, &output)?;
                let mut pass = Pass::begin(&guard, &mut desk, &mut cut);
                let stop = packets.feed(Some(&readers), &mut pass)?;
                let (last, failed) = desk.finish()?;
                anyhow::Ok((stop, last, failed))
            })?
        }
    };
    if failed {
        stop = StopReason::OutputFailed;
    }
    let steps = guard.clock_steps();
    drop(guard);
    log.state(&mut chain, last, Some(stop), steps)?;
    Ok(log.tell(stop, removed))
}

impl Ground {
    fn verify(args: &RunArgs, book: RuleBook, now: Timestamp) -> anyhow::Result<Self> {
        let trust = read_trust(&args.trust)?;
        let warrant = read_warrant(&args.warrant, &trust)?;
        let index = Index::open(&read_whole(&args.criteria)?)?;
        let request = Request {
            line: &args.line,
            equipment: args.equipment.as_ref(),
            criteria: CriteriaDigest::new(Digest::from_bytes(*index.digest())),
            source: args.origin.kind(),
            at: now,
        };
        let admission = warrant.admit(&book, &request).map_err(Refused::Warrant)?;
        let table = PrefixTable::parse(&read_text(&args.prefixes)?)?;
        let fits = match warrant.purpose() {
            Purpose::Real => table.origin().purpose == TablePurpose::Operation,
            Purpose::Exercise => true,
        };
        if !fits {
            return Err(Refused::TablePurpose.into());
        }
        let table_digest = table.digest().parse().context("read the table's digest")?;
        Ok(Self {
            trust,
            book,
            admission,
            index,
            table,
            table_digest,
        })
    }

    /// Makes the key of pseudonyms; its wrapped form is durable before the first record.
    fn begin_pseudonyms(
        &self,
        args: &RunArgs,
        run: &RunId,
        now: Timestamp,
    ) -> anyhow::Result<Pseudonymiser> {
        let warrant = self.admission.warrant();
        let segments = SegmentTerms::of(warrant, run, Vec::new());
        let (made, key_file) = Pseudonymiser::begin(&PseudonymTerms {
            purpose: warrant.purpose(),
            run,
            warrant: *warrant.digest(),
            to: warrant.terms().reidentification_key,
            expires: segments.expires(now).map_err(Refused::Segment)?,
            masking: masking(&self.book, statute::calendar::jst::day_of(now)),
        })
        .map_err(Refused::Segment)?;
        let folder = pseudonyms_in(&args.out);
        durable::create_directory(&folder).context("make the folder of pseudonym keys")?;
        durable::replace(&folder.join(format!("{run}.key")), &key_file)
            .and_then(|()| durable::sync_directory(&folder))
            .context("write the key of pseudonyms")?;
        Ok(made)
    }

    fn funnel(&self) -> Funnel<'_> {
        Funnel::new(
            &self.index,
            &self.table,
            self.scope(),
            FlowLimits::default(),
        )
    }

    fn glance(&self) -> Glance<'_> {
        Glance::new(&self.index, &self.table, self.scope())
    }

    fn scope(&self) -> Scope {
        let terms = self.admission.warrant().terms();
        let mut directions = Directions::NONE;
        for direction in &terms.directions {
            directions = directions.with(*direction);
        }
        let (from_ns, until_ns) = match terms.conditions.time {
            TimeRule::Recorded => (0, u64::MAX),
            TimeRule::Period => (
                nanoseconds(terms.valid_from),
                nanoseconds(terms.valid_until),
            ),
        };
        Scope {
            directions,
            tunnels: match terms.conditions.tunnels {
                TunnelRule::Outer => select::decode::Tunnels::Closed,
                TunnelRule::Inner => select::decode::Tunnels::Open,
            },
            from_ns,
            until_ns,
        }
    }

    fn facts(&self) -> Vec<(String, String)> {
        let terms = self.admission.warrant().terms();
        vec![
            ("criteria".to_owned(), terms.criteria.to_string()),
            ("prefixes".to_owned(), self.table_digest.to_string()),
            ("line".to_owned(), self.admission.line().to_string()),
        ]
    }

    fn guarded(&self, args: &RunArgs, program: &Program) -> guard::Guarded {
        let mut beside = args.warrant.clone().into_os_string();
        beside.push(".revoked");
        guard::Guarded {
            book: self.book.clone(),
            trust: self.trust.clone(),
            revocation: args.revocation.clone().unwrap_or(beside.into()),
            hour: program.hour,
        }
    }
}

/// Statements of one run, and what they come to.
struct RunLog {
    part: RunStatement,
    total: Counts,
    records: u64,
    segments: usize,
}

impl RunLog {
    fn begin(ground: &Ground, run: RunId, began: Timestamp) -> Self {
        let warrant = ground.admission.warrant();
        let terms = warrant.terms();
        Self {
            part: RunStatement {
                run,
                part: 0,
                from: began,
                until: began,
                stop: None,
                measure: terms.measure.clone(),
                warrant: *warrant.digest(),
                equipment: terms.equipment.clone(),
                line: ground.admission.line().clone(),
                criteria: terms.criteria,
                prefixes: ground.table_digest,
                rules: Digest::from_bytes(*ground.book.digest().as_bytes()),
                pending_before: Tally::default(),
                pending_after: Tally::default(),
                counts: Counts::default(),
                segments: Vec::new(),
                clock_steps: 0,
            },
            total: Counts::default(),
            records: 0,
            segments: 0,
        }
    }

    /// States one interval and begins the next.
    fn state(
        &mut self,
        chain: &mut Chain<'_>,
        interval: Interval,
        stop: Option<StopReason>,
        clock_steps: u64,
    ) -> anyhow::Result<()> {
        let now = clock::now();
        let Interval {
            counts,
            pending,
            segments,
        } = interval;
        self.total.merge(&counts);
        self.records = counts.records().saturating_add(self.records);
        self.segments = self.segments.saturating_add(segments.len());
        self.part.until = now;
        self.part.pending_after = pending;
        self.part.counts = counts;
        self.part.segments = segments;
        self.part.stop = stop;
        self.part.clock_steps = clock_steps;
        chain.state(now, Says::Run(Box::new(self.part.clone())))?;
        self.part.part = self.part.part.saturating_add(1);
        self.part.from = now;
        self.part.pending_before = pending;
        Ok(())
    }

    fn tell(&self, stop: StopReason, removed: u64) -> Report {
        let verdict = match stop {
            StopReason::EndOfInput | StopReason::Requested => Verdict::Done,
            StopReason::Expired
            | StopReason::BeforePeriod
            | StopReason::Revoked
            | StopReason::RevocationUnclear
            | StopReason::BasisEnded
            | StopReason::InputFailed
            | StopReason::OutputFailed => Verdict::Stopped,
        };
        let mut report = Report::new(verdict);
        report.both("run", "run", &self.part.run);
        report.both("stop", "ended because", stop);
        let shown = |tally: Tally| format!("{} packets, {} bytes", tally.packets, tally.bytes);
        report.both("received", "in", shown(self.total.received()));
        report.both("kept", "kept", shown(self.total.kept_total()));
        report.both("dropped", "dropped", shown(self.total.dropped_total()));
        report.both("lost", "lost", shown(self.total.lost_total()));
        let balanced = self.total.check(Tally::default(), Tally::default()).is_ok();
        report.both(
            "balanced",
            "adds up",
            if balanced { "exactly" } else { "no" },
        );
        report.fact("records", json!(self.records));
        report.line(format!(
            "{:<22}{} in {} segments",
            "records", self.records, self.segments
        ));
        if removed != 0 {
            report.both("removed", "unsealed files removed", removed);
        }
        report
    }
}

/// `exercise-` first in an exercise, then the second and chance, so that no two runs share a name.
fn run_id(ground: &Ground, began: Timestamp) -> anyhow::Result<RunId> {
    let mut chance = [0_u8; 4];
    getrandom::fill(&mut chance)?;
    let prefix = match ground.admission.warrant().purpose() {
        Purpose::Real => "run",
        Purpose::Exercise => "exercise-run",
    };
    let name = format!("{prefix}-{}-{}", began.as_second(), hex::encode(chance));
    RunId::parse(&name).context("name the run")
}

fn nanoseconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_nanosecond()).unwrap_or(0)
}
