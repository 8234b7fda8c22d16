//! Frames, captures, tables and criteria made by code. Addresses are those set aside for documentation.

use std::fmt::Write as _;

use warrant::{CriterionKind, Direction, Tally};

use crate::FlowLimits;
use crate::criteria::{Draft, Form, Index, NamePorts, parse};
use crate::decode::Tunnels;
use crate::direction::Directions;
use crate::frame::{Frame, LinkType};
use crate::funnel::{Funnel, Scope};
use crate::prefixes::PrefixTable;
use crate::record::{Selected, Sink, Taken};

pub(super) const DOMESTIC: [u8; 4] = [192, 0, 2, 10];
pub(super) const FOREIGN: [u8; 4] = [198, 51, 100, 20];
pub(super) const FAR: [u8; 4] = [203, 0, 113, 30];
pub(super) const PRIVATE: [u8; 4] = [10, 0, 0, 1];

pub(super) const TABLE: &str = "noroshi-prefixes 1\npurpose exercise\ndate 2026-01-01\nsource test\nsource-digest \
0000000000000000000000000000000000000000000000000000000000000000\ncountry JP\n192.0.2.0 192.0.2.255 domestic\n\
198.51.100.0 198.51.100.255 foreign\n203.0.113.0 203.0.113.255 foreign\n\
2001:db8:1:: 2001:db8:1:ffff:ffff:ffff:ffff:ffff domestic\n2001:db8:2:: 2001:db8:2:ffff:ffff:ffff:ffff:ffff foreign\n";

pub(super) fn table() -> PrefixTable {
    PrefixTable::parse(TABLE).unwrap()
}

/// An index of rows `kind,value`; each is a criterion of its own, `c00000`, `c00001` and so on.
pub(super) fn index(rows: &[(&str, &str)]) -> Index {
    index_with(rows, NamePorts::default())
}

pub(super) fn index_with(rows: &[(&str, &str)], ports: NamePorts) -> Index {
    let mut text = String::from("id,kind,value,reason,directions,ports\n");
    for (number, (kind, value)) in rows.iter().enumerate() {
        let (value, gate) = value.split_once('|').unwrap_or((value, ","));
        let _ = writeln!(text, "c{number:05},{kind},{value},test,{gate}");
    }
    let mut draft = Draft::default();
    draft.set_ports(ports);
    parse(Form::Csv, &text, &mut draft).unwrap();
    Index::open(&draft.compile().0).unwrap()
}

pub(super) fn scope() -> Scope {
    Scope {
        directions: Directions::ALL,
        tunnels: Tunnels::Open,
        from_ns: 0,
        until_ns: u64::MAX,
    }
}

/// What a record said, kept for comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) criteria: Vec<u32>,
    pub(super) packets: u64,
    pub(super) dns: Option<String>,
    pub(super) server: Option<String>,
    pub(super) ja4: Option<String>,
    pub(super) mail: Vec<String>,
    pub(super) signature: Option<u32>,
    pub(super) ends: String,
}

#[derive(Default)]
pub(super) struct Collect {
    pub(super) said: Vec<Said>,
    pub(super) shown: String,
    pub(super) answer: Option<Taken>,
}

impl Sink for Collect {
    fn take(&mut self, record: &Selected<'_>) -> Taken {
        assert_ne!(record.direction, Direction::Domestic);
        assert!(record.first_ns <= record.last_ns);
        let (source, destination) = record.addresses();
        self.said.push(Said {
            criteria: record.criteria().iter().map(|id| id.number()).collect(),
            packets: record.tally.packets,
            dns: record.dns_name().map(str::to_owned),
            server: record.server_name().map(str::to_owned),
            ja4: record.ja4().map(str::to_owned),
            mail: record.mail().map(str::to_owned).collect(),
            signature: record.signature.map(|(_, offset)| offset),
            ends: format!(
                "{source} {destination} {:?} {}",
                record.ports,
                record.direction.code()
            ),
        });
        let _ = write!(self.shown, "{record:?}");
        self.answer.unwrap_or(Taken::Yes)
    }
}

/// Runs frames of Ethernet through a funnel and checks that nothing is unaccounted for.
pub(super) fn run(index: &Index, scope: Scope, frames: &[Vec<u8>]) -> (warrant::Counts, Collect) {
    let table = table();
    let mut funnel = Funnel::new(index, &table, scope, FlowLimits::default());
    let mut sink = Collect::default();
    for (bytes, time) in frames.iter().zip(1_u64..) {
        funnel.packet(&frame_at(bytes, time * 1_000_000), &mut sink);
    }
    let counts = funnel.finish(&mut sink);
    counts.check(Tally::default(), Tally::default()).unwrap();
    (counts, sink)
}

pub(super) fn kept(counts: &warrant::Counts, kind: CriterionKind) -> u64 {
    Direction::ALL
        .iter()
        .map(|direction| counts.kept(kind, *direction).packets)
        .sum()
}

pub(super) fn frame(bytes: &[u8]) -> Frame<'_> {
    frame_at(bytes, 1)
}

pub(super) fn frame_at(bytes: &[u8], time_ns: u64) -> Frame<'_> {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    Frame::new(LinkType::ETHERNET, time_ns, wire_len, bytes)
}

fn len16(bytes: &[u8], extra: usize) -> [u8; 2] {
    u16::try_from(bytes.len() + extra).unwrap().to_be_bytes()
}

pub(super) fn ethernet(kind: u16, inside: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(inside);
    bytes
}

pub(super) fn ipv4(source: [u8; 4], destination: [u8; 4], protocol: u8, inside: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0];
    bytes.extend_from_slice(&len16(inside, 20));
    bytes.extend_from_slice(&[0, 0, 0, 0, 64, protocol, 0, 0]);
    bytes.extend_from_slice(&source);
    bytes.extend_from_slice(&destination);
    bytes.extend_from_slice(inside);
    bytes
}

pub(super) fn ipv6(source: u128, destination: u128, next: u8, inside: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend_from_slice(&len16(inside, 0));
    bytes.extend_from_slice(&[next, 64]);
    bytes.extend_from_slice(&source.to_be_bytes());
    bytes.extend_from_slice(&destination.to_be_bytes());
    bytes.extend_from_slice(inside);
    bytes
}

pub(super) fn udp(source: u16, destination: u16, inside: &[u8]) -> Vec<u8> {
    let mut bytes = source.to_be_bytes().to_vec();
    bytes.extend_from_slice(&destination.to_be_bytes());
    bytes.extend_from_slice(&len16(inside, 8));
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(inside);
    bytes
}

pub(super) fn tcp(ports: (u16, u16), sequence: u32, flags: u8, inside: &[u8]) -> Vec<u8> {
    let mut bytes = ports.0.to_be_bytes().to_vec();
    bytes.extend_from_slice(&ports.1.to_be_bytes());
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&[0, 0, 0, 0, 0x50, flags, 1, 0, 0, 0, 0, 0]);
    bytes.extend_from_slice(inside);
    bytes
}

/// A packet from abroad into the country.
pub(super) fn inbound(protocol: u8, inside: &[u8]) -> Vec<u8> {
    ethernet(0x0800, &ipv4(FOREIGN, DOMESTIC, protocol, inside))
}

pub(super) fn dns_query(name: &str) -> Vec<u8> {
    let mut bytes = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).unwrap());
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.extend_from_slice(&[0, 0, 1, 0, 1]);
    bytes
}

fn block16(inside: &[u8]) -> Vec<u8> {
    let mut bytes = len16(inside, 0).to_vec();
    bytes.extend_from_slice(inside);
    bytes
}

/// A client hello as a handshake message, padded by an unknown extension of `padding` octets.
pub(super) fn hello_message(name: &str, padding: usize) -> Vec<u8> {
    let mut list = vec![0];
    list.extend(block16(name.as_bytes()));
    let mut extensions = vec![0, 0];
    extensions.extend(block16(&block16(&list)));
    extensions.extend_from_slice(&[0, 43, 0, 3, 2, 3, 4, 0, 16, 0, 5, 0, 3, 2, b'h', b'2']);
    extensions.extend_from_slice(&[0xff, 0x55]);
    extensions.extend(block16(&vec![7; padding]));
    let mut body = vec![3, 3];
    body.extend_from_slice(&[9; 32]);
    body.push(0);
    body.extend(block16(&[0x13, 0x01, 0x13, 0x02]));
    body.extend_from_slice(&[1, 0]);
    body.extend(block16(&extensions));
    let mut message = vec![1, 0];
    message.extend(block16(&body));
    message
}

/// The same in records of at most `record` octets.
pub(super) fn hello(name: &str, padding: usize, record: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    for part in hello_message(name, padding).chunks(record) {
        stream.extend_from_slice(&[22, 3, 1]);
        stream.extend(block16(part));
    }
    stream
}

/// A classic capture of Ethernet frames in microseconds, little-endian.
pub(super) fn pcap(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
    ];
    for (frame, time) in frames.iter().zip(1_u32..) {
        let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
        file.extend_from_slice(&time.to_le_bytes());
        file.extend_from_slice(&[0; 4]);
        file.extend_from_slice(&length);
        file.extend_from_slice(&length);
        file.extend_from_slice(frame);
    }
    file
}
