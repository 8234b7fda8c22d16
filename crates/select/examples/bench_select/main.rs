//! Measures the funnel: `cargo xtask bench select` builds and runs this.
//!
//! Floor and funnel read the same file in turns, each in this process; what is reported is processor time of the
//! process, as the kernel counts it, and the ratio of the medians. Loading the index and the table is timed apart.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    reason = "a measurement that cannot be set up has failed; it prints what it saw"
)]

mod steps;

use std::fs::{self, File};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use select::criteria::Index;
use select::decode::Tunnels;
use select::input::{BLOCK, Capture};
use select::prefixes::PrefixTable;
use select::{Directions, FlowLimits, Funnel, Scope, Selected, Sink, Taken, feed};

/// Measures selection on one capture.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Only reads, as the floor beside whole programs.
    Floor {
        /// The capture.
        input: PathBuf,
    },
    /// From the naive loop to what the engine does, step by step.
    Steps(steps::Steps),
    /// Reads and selects in turns.
    Run {
        /// The capture.
        input: PathBuf,
        /// A compiled criteria file.
        criteria: PathBuf,
        /// A prefix table.
        prefixes: PathBuf,
        /// Turns.
        #[arg(long, default_value_t = 7)]
        times: usize,
    },
}

fn main() {
    match Arguments::parse().command {
        Command::Floor { input } => floor(&input),
        Command::Steps(given) => steps::run(&given),
        Command::Run {
            input,
            criteria,
            prefixes,
            times,
        } => run(&input, &criteria, &prefixes, times),
    }
}

/// Counts what it receives.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn take(&mut self, record: &Selected<'_>) -> Taken {
        self.0 += record.tally.packets;
        Taken::Yes
    }
}

fn run(input: &Path, criteria: &Path, prefixes: &Path, times: usize) {
    let before = busy_ns();
    let table = PrefixTable::parse(&fs::read_to_string(prefixes).unwrap()).unwrap();
    let middle = busy_ns();
    let index = Index::open(&fs::read(criteria).unwrap()).unwrap();
    println!(
        "open: table {:.3} s, criteria {:.4} s",
        seconds(middle - before),
        seconds(busy_ns() - middle)
    );
    let (mut floors, mut scans) = (Vec::new(), Vec::new());
    let (mut packets, mut kept) = (0, 0);
    for _ in 0..times {
        floors.push(timed(|| floor(input)));
        scans.push(timed(|| {
            let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
            let mut sink = Count::default();
            let mut capture = Capture::open(File::open(input).unwrap()).unwrap();
            let _ = feed(&mut capture, &mut funnel, &mut sink, |_, _, _| {
                ControlFlow::Continue(())
            })
            .unwrap();
            let counts = funnel.finish(&mut sink);
            packets = counts.received().packets;
            kept = counts.kept_total().packets;
            assert_eq!(sink.0, kept);
        }));
    }
    let (floor, scan) = (median(floors), median(scans));
    println!(
        "{packets} packets, {kept} kept; floor {:.3} s, scan {:.3} s: {:.2} times the floor, {:.1} ns a packet; peak {}",
        seconds(floor),
        seconds(scan),
        scan as f64 / floor as f64,
        scan as f64 / packets as f64,
        peak()
    );
}

const fn scope() -> Scope {
    Scope {
        directions: Directions::ALL,
        tunnels: Tunnels::Open,
        from_ns: 0,
        until_ns: u64::MAX,
    }
}

/// The least that reading a file costs.
fn floor(input: &Path) {
    let mut file = File::open(input).unwrap();
    let mut block = vec![0; BLOCK];
    while file.read(&mut block).unwrap() != 0 {
        std::hint::black_box(&block);
    }
}

fn timed(work: impl FnOnce()) -> u64 {
    let before = busy_ns();
    work();
    busy_ns() - before
}

/// Nanoseconds this thread has run.
fn busy_ns() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or_default().replace('\t', " ")
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}
