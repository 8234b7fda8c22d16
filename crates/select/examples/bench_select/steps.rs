//! The same selection by addresses, step by step from the naive loop to what the engine does. All steps must keep the
//! same packets.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Instant;

use clap::Args;
use select::criteria::Index;
use select::decode::{Tunnels, decode};
use select::input::Capture;
use select::lanes::{Lane, Lanes};
use select::prefixes::{Place, PrefixTable};
use select::{FlowLimits, Frame, Funnel, Glance, between};

use crate::{Count, busy_ns, floor, median, scope, seconds};

/// What the steps work on.
#[derive(Args, Debug)]
pub(crate) struct Steps {
    /// The capture.
    input: PathBuf,
    /// A compiled criteria file of addresses only.
    criteria: PathBuf,
    /// A prefix table.
    prefixes: PathBuf,
    /// The addresses as CSV, for the steps that have no compiled file.
    list: PathBuf,
    /// Turns.
    #[arg(long, default_value_t = 5)]
    times: usize,
}

/// Trees and hash sets, as one would write it first.
struct Naive {
    ranges: BTreeMap<IpAddr, (IpAddr, Place)>,
    addresses: HashSet<IpAddr>,
}

/// A packet as an object of its own.
struct Object {
    octets: Vec<u8>,
    ends: Option<(IpAddr, IpAddr)>,
}

/// Processor time and wall time, in nanoseconds, and what was kept.
type Took = (u64, u64, u64);

pub(crate) fn run(steps: &Steps) {
    let text = fs::read_to_string(&steps.prefixes).unwrap();
    let table = PrefixTable::parse(&text).unwrap();
    let index = Index::open(&fs::read(&steps.criteria).unwrap()).unwrap();
    let naive = Naive::read(&text, &fs::read_to_string(&steps.list).unwrap());
    let input = steps.input.as_path();
    let funnel = || Funnel::new(&index, &table, scope(), FlowLimits::default());
    let ways: [(&str, &dyn Fn() -> Took); 6] = [
        ("bare loop of reads", &|| {
            timed(|| {
                floor(input);
                0
            })
        }),
        ("naive: whole file, objects, trees", &|| {
            timed(|| naive.objects(input))
        }),
        ("one block, borrowed frames, trees", &|| {
            timed(|| naive.borrowed(input))
        }),
        ("flat tables, frame by frame", &|| {
            timed(|| each(input, funnel()))
        }),
        ("64 frames side by side", &|| {
            timed(|| at_once(input, funnel()))
        }),
        ("the same, two threads", &|| {
            threads(input, &Glance::new(&index, &table, scope()), funnel())
        }),
    ];
    let mut seen: Vec<Vec<Took>> = vec![Vec::new(); ways.len()];
    for _ in 0..steps.times {
        for ((_, way), seen) in ways.iter().zip(&mut seen) {
            seen.push(way());
        }
    }
    let least = median(seen[0].iter().map(|took| took.0).collect());
    let kept = seen[1][0].2;
    for ((name, _), seen) in ways.iter().zip(&seen).skip(1) {
        assert!(
            seen.iter().all(|took| took.2 == kept),
            "{name} keeps others"
        );
    }
    println!("{kept} packets kept by each");
    for ((name, _), seen) in ways.iter().zip(&seen) {
        let busy = median(seen.iter().map(|took| took.0).collect());
        let wall = median(seen.iter().map(|took| took.1).collect());
        println!(
            "{name:36} {:.3} s processor, {:.3} s wall, {:.2} times the bare loop",
            seconds(busy),
            seconds(wall),
            busy as f64 / least as f64
        );
    }
}

fn timed(work: impl FnOnce() -> u64) -> Took {
    let (busy, wall) = (busy_ns(), Instant::now());
    let kept = work();
    (busy_ns() - busy, nanoseconds(wall), kept)
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap()
}

impl Naive {
    fn read(table: &str, addresses: &str) -> Self {
        let range = |row: &str| {
            let mut words = row.split(' ');
            let first: IpAddr = words.next()?.parse().ok()?;
            let last = words.next()?.parse().ok()?;
            let place = match words.next()? {
                "domestic" => Place::Domestic,
                "foreign" => Place::Foreign,
                _ => Place::Undetermined,
            };
            Some((first, (last, place)))
        };
        let address = |row: &str| row.split(',').nth(2)?.parse().ok();
        Self {
            ranges: table.lines().filter_map(range).collect(),
            addresses: addresses.lines().filter_map(address).collect(),
        }
    }

    fn place(&self, address: IpAddr) -> Place {
        let before = self.ranges.range(..=address).next_back();
        match before {
            Some((_, (last, place))) if address <= *last => *place,
            _ => Place::Undetermined,
        }
    }

    fn keeps(&self, (source, destination): (IpAddr, IpAddr)) -> bool {
        let direction = between(self.place(source), self.place(destination));
        direction.is_some_and(|direction| scope().directions.contain(direction))
            && (self.addresses.contains(&source) || self.addresses.contains(&destination))
    }

    /// Everything in memory, every packet an object.
    fn objects(&self, input: &Path) -> u64 {
        let file = fs::read(input).unwrap();
        let mut capture = Capture::open(file.as_slice()).unwrap();
        let mut kept = Vec::new();
        while let Some(frame) = capture.next_frame().unwrap() {
            let object = Object {
                octets: vec![0; usize::try_from(frame.wire_len()).unwrap()],
                ends: ends(&frame),
            };
            if object.ends.is_some_and(|ends| self.keeps(ends)) {
                kept.push(object);
            }
        }
        kept.iter()
            .filter(|object| !object.octets.is_empty())
            .count() as u64
    }

    /// One block at a time, nothing copied.
    fn borrowed(&self, input: &Path) -> u64 {
        let mut capture = Capture::open(File::open(input).unwrap()).unwrap();
        let mut kept = 0;
        while let Some(frame) = capture.next_frame().unwrap() {
            kept += u64::from(ends(&frame).is_some_and(|ends| self.keeps(ends)));
        }
        kept
    }
}

fn ends(frame: &Frame<'_>) -> Option<(IpAddr, IpAddr)> {
    let packet = decode(frame, Tunnels::Open).ok()?;
    Some(packet.inner.addresses())
}

fn each(input: &Path, mut funnel: Funnel<'_>) -> u64 {
    let mut sink = Count::default();
    let mut capture = Capture::open(File::open(input).unwrap()).unwrap();
    while let Some(frame) = capture.next_frame().unwrap() {
        funnel.packet(&frame, &mut sink);
    }
    funnel.finish(&mut sink).kept_total().packets
}

fn at_once(input: &Path, mut funnel: Funnel<'_>) -> u64 {
    let mut sink = Count::default();
    let mut capture = Capture::open(File::open(input).unwrap()).unwrap();
    while let Some(frames) = capture.next_frames().unwrap() {
        funnel.frames(frames, &mut sink);
    }
    funnel.finish(&mut sink).kept_total().packets
}

fn threads(input: &Path, glance: &Glance<'_>, funnel: Funnel<'_>) -> Took {
    let began = Instant::now();
    let file = File::open(input).unwrap();
    let lanes = Lanes::open(&file).unwrap().unwrap();
    let desk = Mutex::new((0, funnel, Count::default()));
    let turned = Condvar::new();
    let busy = AtomicU64::new(0);
    let read = || {
        let mut lane = Lane::default();
        while let Some(part) = lanes.take(&mut lane, || false) {
            lane.sift(glance);
            let turn = desk.lock().unwrap();
            let mut turn = turned
                .wait_while(turn, |turn| turn.0 != part.number)
                .unwrap();
            let (next, funnel, sink) = &mut *turn;
            funnel.sifted(lane.decided(), lane.left(), lane.last_ns(), sink);
            *next += 1;
            drop(turn);
            turned.notify_all();
        }
        busy.fetch_add(busy_ns(), Ordering::Relaxed);
    };
    thread::scope(|scope| {
        scope.spawn(read);
        scope.spawn(read);
    });
    let (_, funnel, mut sink) = desk.into_inner().unwrap();
    let kept = funnel.finish(&mut sink).kept_total().packets;
    (busy.into_inner(), nanoseconds(began), kept)
}
