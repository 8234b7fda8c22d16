//! Every capture of the corpus: read to its end, accounted for, and equal to the slow reference.

use std::collections::BTreeSet;
use std::fs::File;
use std::net::IpAddr;
use std::path::PathBuf;

use warrant::{CriterionKind, Direction, DropReason, LossReason, Tally};

use super::fixtures::{Collect, Said, index_with, scope, table};
use super::reference::{Fates, Owned, Records, Reference};
use crate::FlowLimits;
use crate::criteria::NamePorts;
use crate::decode::{Tunnels, decode};
use crate::direction::Directions;
use crate::funnel::{Funnel, Scope};
use crate::input::{Capture, list};
use crate::prefixes::{Place, PrefixTable, Range};

/// The captures beside the checkout, or those `NOROSHI_CORPUS` points at. Empty, with a line that says so, where
/// they are absent.
pub(super) fn captures() -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder =
        std::env::var_os("NOROSHI_CORPUS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let files = list(&folder.join("pcap"))
        .map(|listing| listing.files)
        .unwrap_or_default();
    if files.is_empty() {
        println!(
            "skipped: no captures in {}; set NOROSHI_CORPUS",
            folder.display()
        );
    }
    files
}

/// All frames of a file, and how many records could not be read.
pub(super) fn frames(path: &PathBuf) -> Option<(Vec<Owned>, u64)> {
    let mut capture = Capture::open(File::open(path).unwrap()).ok()?;
    let mut frames = Vec::new();
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => frames.push(Owned {
                link: frame.link(),
                time_ns: frame.time_ns(),
                wire_len: frame.wire_len(),
                bytes: frame.bytes().to_vec(),
            }),
            Ok(None) => return Some((frames, 0)),
            Err(error) => return Some((frames, u64::from(error.loses_a_record()))),
        }
    }
}

/// Sorts even private addresses, so that captures of test networks reach every part of the funnel.
fn place_of(address: IpAddr) -> Place {
    let (top, net) = match address {
        IpAddr::V4(address) => {
            let [a, _, _, d] = address.octets();
            (a, d >> 4)
        }
        IpAddr::V6(address) => (0, address.octets()[15] >> 4),
    };
    match (top, net % 4) {
        (127 | 255, _) => Place::Undetermined,
        (_, 0) => Place::Domestic,
        (_, 3) if top == 10 => Place::Undetermined,
        (_, _) => Place::Foreign,
    }
}

/// A table with exactly the addresses of these frames.
fn table_of(frames: &[Owned]) -> PrefixTable {
    let mut seen: BTreeSet<(bool, u128)> = BTreeSet::new();
    for frame in frames {
        if let Ok(packet) = decode(&frame.frame(), Tunnels::Open) {
            let (source, destination) = packet.inner.addresses();
            for end in [source, destination] {
                seen.insert(match end {
                    IpAddr::V4(address) => (false, u128::from(address.to_bits())),
                    IpAddr::V6(address) => (true, address.to_bits()),
                });
            }
        }
    }
    let ranges: Vec<Range> = seen
        .into_iter()
        .map(|(v6, number)| {
            let address = if v6 {
                IpAddr::V6(number.into())
            } else {
                IpAddr::V4(u32::try_from(number).unwrap().into())
            };
            Range {
                v6,
                first: number,
                last: number,
                place: place_of(address),
            }
        })
        .collect();
    PrefixTable::of(table().origin().clone(), String::new(), &ranges)
}

/// Criteria drawn from what the frames hold, so that many are met.
fn rows_of(frames: &[Owned]) -> Vec<(&'static str, String)> {
    let mut rows: Vec<(&'static str, String)> = [
        ("port", "udp/123"),
        ("port", "tcp/20-23"),
        ("dns_name", ".com"),
        ("dns_name", ".in-addr.arpa"),
        ("dns_name", ".example.org"),
        ("server_name", ".google.com"),
        ("server_name", ".facebook.com"),
        ("server_name", ".mozilla.org"),
        ("mail", "@gmail.com"),
        ("mail", "@patriots.in"),
        (
            "signature",
            "text:HTTP/1.1|soto_uchi soto_soto,80 8000-8080",
        ),
        ("signature", "text:GET /|soto_uchi uchi_soto soto_soto,80"),
    ]
    .into_iter()
    .filter(|row| row.1 != ".com")
    .map(|(kind, value)| (kind, value.to_owned()))
    .collect();
    let mut addresses = BTreeSet::new();
    for frame in frames.iter().step_by(7) {
        if let Ok(packet) = decode(&frame.frame(), Tunnels::Open) {
            addresses.insert(packet.inner.addresses().0);
        }
    }
    for (address, number) in addresses.into_iter().zip(0..40) {
        let address = address.to_canonical();
        match address {
            IpAddr::V4(four) if number % 5 == 0 && 0 < four.octets()[0] => {
                let [a, b, c, _] = four.octets();
                rows.push(("prefix", format!("{a}.{b}.{c}.0/24")));
            }
            IpAddr::V4(_) | IpAddr::V6(_) if number % 5 == 1 => {
                rows.push(("address", address.to_string()));
            }
            IpAddr::V4(_) | IpAddr::V6(_) => {}
        }
    }
    rows
}

fn fates_of(counts: &warrant::Counts) -> Fates {
    let mut fates = Fates::new();
    for kind in CriterionKind::ALL {
        for direction in Direction::ALL {
            let name = format!("kept {} {}", kind.code(), direction.code());
            fates.insert(name, counts.kept(*kind, *direction).packets);
        }
    }
    for reason in DropReason::ALL {
        fates.insert(
            format!("dropped {}", reason.code()),
            counts.dropped(*reason).packets,
        );
    }
    for reason in LossReason::ALL {
        fates.insert(
            format!("lost {}", reason.code()),
            counts.lost(*reason).packets,
        );
    }
    fates.retain(|_, packets| *packets != 0);
    fates
}

fn records_of(sink: &Collect) -> Records {
    let mut records = Records::new();
    for said in &sink.said {
        *records
            .entry((said.criteria.clone(), said.ends.clone()))
            .or_default() += said.packets;
    }
    records
}

/// What selecting from a file comes to, as a run does it: several frames at once, or one by one.
fn selected(path: &PathBuf, funnel: Funnel<'_>, at_once: bool) -> (warrant::Counts, Vec<Said>) {
    let mut capture = Capture::open(File::open(path).unwrap()).unwrap();
    let (mut funnel, mut sink) = (funnel, Collect::default());
    loop {
        let next = if at_once {
            let next = capture.next_frames();
            next.map(|frames| frames.map(|frames| funnel.frames(frames, &mut sink)))
        } else {
            let next = capture.next_frame();
            next.map(|frame| frame.map(|frame| funnel.packet(&frame, &mut sink)))
        };
        match next {
            Ok(Some(())) => {}
            Ok(None) => break,
            Err(error) => {
                if error.loses_a_record() {
                    funnel.unreadable();
                }
                break;
            }
        }
    }
    (funnel.finish(&mut sink), sink.said)
}

#[test]
fn a_glance_at_many_frames_comes_to_what_looking_at_each_does() {
    let (mut files, mut glanced) = (0, 0);
    for path in captures() {
        let Some((frames, _)) = frames(&path) else {
            continue;
        };
        let rows = rows_of(&frames);
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|(kind, value)| (*kind, value.as_str()))
            .collect();
        let (addresses, _): (Vec<_>, Vec<_>) = rows
            .iter()
            .partition(|(kind, _)| ["address", "prefix"].contains(kind));
        let middle = frames.get(frames.len() / 2).map_or(0, |one| one.time_ns);
        let table = table_of(&frames);
        let narrow = Scope {
            directions: Directions::NONE.with(Direction::Inbound),
            tunnels: Tunnels::Closed,
            from_ns: 0,
            until_ns: middle,
        };
        for (rows, scope) in [
            (rows, scope()),
            (addresses.clone(), scope()),
            (addresses, narrow),
        ] {
            let index = index_with(&rows, NamePorts::default());
            let limits = FlowLimits {
                idle_ns: u64::MAX,
                ..FlowLimits::default()
            };
            let funnel = || Funnel::new(&index, &table, scope, limits);
            let (counts, mut said) = selected(&path, funnel(), true);
            let (each, mut said_of_each) = selected(&path, funnel(), false);
            assert_eq!(counts, each, "{}", path.display());
            said.sort_unstable();
            said_of_each.sort_unstable();
            assert_eq!(said, said_of_each, "{}", path.display());
            glanced += counts.dropped_total().packets;
        }
        files += 1;
    }
    println!("{files} captures, {glanced} packets dropped");
    assert!(files == 0 || 1000 < files);
}

#[test]
fn the_funnel_equals_the_slow_reference_on_every_capture() {
    let limits = FlowLimits {
        idle_ns: u64::MAX,
        ..FlowLimits::default()
    };
    let ports = NamePorts {
        quic: Vec::new(),
        ..NamePorts::default()
    };
    let (mut files, mut packets, mut kept) = (0, 0, 0);
    for path in captures() {
        let Some((frames, unreadable)) = frames(&path) else {
            continue;
        };
        let rows = rows_of(&frames);
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|(kind, value)| (*kind, value.as_str()))
            .collect();
        let index = index_with(&rows, ports.clone());
        let table = table_of(&frames);
        let mut funnel = Funnel::new(&index, &table, scope(), limits);
        let mut sink = Collect::default();
        for frame in &frames {
            funnel.packet(&frame.frame(), &mut sink);
        }
        for _ in 0..unreadable {
            funnel.unreadable();
        }
        let counts = funnel.finish(&mut sink);
        counts.check(Tally::default(), Tally::default()).unwrap();
        assert_eq!(
            counts.received().packets,
            frames.len() as u64 + unreadable,
            "{}",
            path.display()
        );

        let place = |address: IpAddr| match place_of(address) {
            Place::Domestic => 'd',
            Place::Foreign => 'f',
            Place::Undetermined => 'u',
        };
        let (mut fates, records) = Reference::new(&rows, &place).run(&frames);
        if unreadable != 0 {
            *fates.entry("lost truncated".to_owned()).or_default() += unreadable;
        }
        assert_eq!(fates_of(&counts), fates, "{}", path.display());
        assert_eq!(records_of(&sink), records, "{}", path.display());
        files += 1;
        packets += frames.len();
        kept += counts.kept_total().packets;
    }
    println!("{files} captures, {packets} packets, {kept} kept");
    assert!(files == 0 || (1000 < files && 10_000 < kept));
}
