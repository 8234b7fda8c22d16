//! The slow reference: every rule compared with every packet, streams kept whole, nothing bounded or compiled.
//!
//! It shares the decoder with the funnel, which is compared with tcpdump and tshark, and nothing else.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use warrant::Direction;

use crate::decode::{Skip, Tcp, Transport, Tunnels, decode};
use crate::frame::{Frame, LinkType};

/// A frame with its own octets.
#[derive(Clone)]
pub(super) struct Owned {
    pub(super) link: LinkType,
    pub(super) time_ns: u64,
    pub(super) wire_len: u32,
    pub(super) bytes: Vec<u8>,
}

impl Owned {
    pub(super) fn frame(&self) -> Frame<'_> {
        Frame::new(self.link, self.time_ns, self.wire_len, &self.bytes)
    }
}

/// What became of how many packets, by kind and direction or by reason.
pub(super) type Fates = BTreeMap<String, u64>;
/// For each set of criteria and ends: how many packets.
pub(super) type Records = BTreeMap<(Vec<u32>, String), u64>;

const DNS: [u16; 3] = [53, 5353, 5355];
const TLS: [u16; 13] = [
    443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443,
];
const SMTP: [u16; 3] = [25, 587, 2525];
const START: usize = 16 * 1024;
/// Beyond this a stream is not looked at here.
const FAR: usize = 1 << 22;

type Key = (IpAddr, IpAddr, u16, u16);

struct Stream {
    speech: &'static str,
    base: u32,
    /// By place; nothing where it has not come.
    octets: Vec<Option<u8>>,
    waiting: Vec<(u64, String)>,
    met: Vec<u32>,
    lost: Option<&'static str>,
    done: bool,
}

pub(super) struct Reference<'r> {
    pub(super) rows: &'r [(&'r str, &'r str)],
    pub(super) place: &'r dyn Fn(IpAddr) -> char,
    pub(super) fates: Fates,
    pub(super) records: Records,
    streams: HashMap<Key, Stream>,
}

impl<'r> Reference<'r> {
    pub(super) fn new(rows: &'r [(&'r str, &'r str)], place: &'r dyn Fn(IpAddr) -> char) -> Self {
        Self {
            rows,
            place,
            fates: Fates::new(),
            records: Records::new(),
            streams: HashMap::new(),
        }
    }

    pub(super) fn run(mut self, frames: &[Owned]) -> (Fates, Records) {
        for frame in frames {
            self.packet(frame);
        }
        for (_, stream) in std::mem::take(&mut self.streams) {
            self.settle(&stream, Some("lost stopped"));
        }
        (self.fates, self.records)
    }

    fn count(&mut self, fate: &str, packets: u64) {
        if packets != 0 {
            *self.fates.entry(fate.to_owned()).or_default() += packets;
        }
    }

    fn keep(&mut self, criteria: &[u32], direction: &str, ends: &str, packets: u64) {
        if packets == 0 {
            return;
        }
        let mut criteria = criteria.to_vec();
        criteria.sort_unstable();
        criteria.dedup();
        let order = [
            "address",
            "prefix",
            "port",
            "dns_name",
            "server_name",
            "ja4",
            "mail",
            "signature",
        ];
        let kind = criteria
            .iter()
            .map(|number| self.rows[*number as usize].0)
            .min_by_key(|kind| order.iter().position(|other| other == kind))
            .unwrap();
        self.count(&format!("kept {kind} {direction}"), packets);
        *self.records.entry((criteria, ends.to_owned())).or_default() += packets;
    }

    fn packet(&mut self, owned: &Owned) {
        let frame = owned.frame();
        let is_cut = owned.bytes.len() < owned.wire_len as usize;
        let packet = match decode(&frame, Tunnels::Open) {
            Ok(packet) => packet,
            Err(Skip::Cut) if is_cut => return self.count("lost truncated", 1),
            Err(skip) => return self.count(&format!("dropped {}", skip.reason().code()), 1),
        };
        let (source, destination) = packet.inner.addresses();
        let direction = match ((self.place)(source), (self.place)(destination)) {
            ('f', 'd') => Direction::Inbound,
            ('d', 'f') => Direction::Outbound,
            ('f', 'f') => Direction::Transit,
            ('d', 'd') => return self.count("dropped domestic", 1),
            _ => return self.count("dropped undetermined", 1),
        }
        .code();
        let ends = format!(
            "{source} {destination} {:?} {direction}",
            packet.transport.ports()
        );
        let mut met = self.addresses(source, destination);
        let Some((from, to)) = packet.transport.ports() else {
            if !met.is_empty() {
                return self.keep(&met, direction, &ends, 1);
            }
            return match packet.transport {
                Transport::Fragment { .. } => self.count("lost fragment", 1),
                Transport::Other {
                    protocol: 6 | 17 | 132,
                } if is_cut => self.count("lost truncated", 1),
                _ => self.count("dropped no_criterion", 1),
            };
        };
        let mut fate = "dropped no_criterion";
        met.extend(self.ports(packet.transport.protocol(), from, to));
        let payload = packet.transport.payload();
        let (signatures, gate_is_open) = self.signatures(payload, direction, from, to);
        if is_cut && gate_is_open && signatures.is_empty() {
            fate = "lost truncated";
        }
        met.extend(signatures);
        if let Transport::Udp { .. } = packet.transport
            && (DNS.contains(&from) || DNS.contains(&to))
        {
            let (names, whole) = questions(payload);
            for name in names {
                met.extend(self.named("dns_name", &name));
            }
            if !whole && is_cut {
                fate = "lost truncated";
            }
        }
        if let Transport::Tcp(tcp) = packet.transport {
            let speech = if TLS.contains(&to) {
                "server_name"
            } else if SMTP.contains(&to) {
                "mail"
            } else if DNS.contains(&from) || DNS.contains(&to) {
                "dns_name"
            } else {
                ""
            };
            if !speech.is_empty() {
                let key = (source, destination, from, to);
                match self.stream(key, speech, &tcp, &ends, &mut met) {
                    Some("") => return,
                    Some(lost) => fate = lost,
                    None => {}
                }
            }
        }
        if met.is_empty() {
            self.count(fate, 1);
        } else {
            self.keep(&met, direction, &ends, 1);
        }
    }

    fn numbered(&self, kind: &'r str) -> impl Iterator<Item = (u32, &'r str)> {
        let rows = (0_u32..).zip(self.rows);
        rows.filter(move |(_, row)| row.0 == kind)
            .map(|(number, row)| (number, row.1))
    }

    fn addresses(&self, source: IpAddr, destination: IpAddr) -> Vec<u32> {
        let mut met = Vec::new();
        for (number, value) in self.numbered("address") {
            let address: IpAddr = value.parse().unwrap();
            if address == source || address == destination {
                met.push(number);
            }
        }
        for (number, value) in self.numbered("prefix") {
            let (address, length) = value.split_once('/').unwrap();
            let (address, length): (IpAddr, usize) =
                (address.parse().unwrap(), length.parse().unwrap());
            if bits(address).len() == bits(source).len()
                && [source, destination]
                    .iter()
                    .any(|end| bits(*end)[..length] == bits(address)[..length])
            {
                met.push(number);
            }
        }
        met
    }

    fn ports(&self, protocol: u8, from: u16, to: u16) -> Vec<u32> {
        self.numbered("port")
            .filter(|(_, value)| {
                let (name, ports) = value.split_once('/').unwrap();
                let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
                let range = first.parse::<u16>().unwrap()..=last.parse::<u16>().unwrap();
                let number = [("tcp", 6), ("udp", 17), ("sctp", 132)]
                    .iter()
                    .find(|known| known.0 == name)
                    .unwrap()
                    .1;
                number == protocol && (range.contains(&from) || range.contains(&to))
            })
            .map(|(number, _)| number)
            .collect()
    }

    fn signatures(&self, payload: &[u8], direction: &str, from: u16, to: u16) -> (Vec<u32>, bool) {
        let (mut met, mut any_gate) = (Vec::new(), false);
        for (number, value) in self.numbered("signature") {
            let (text, gate) = value.split_once('|').unwrap();
            let (directions, ports) = gate.split_once(',').unwrap();
            let open = ports.split(' ').any(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let range = first.parse::<u16>().unwrap()..=last.parse::<u16>().unwrap();
                range.contains(&from) || range.contains(&to)
            });
            if !open || !directions.split(' ').any(|one| one == direction) {
                continue;
            }
            any_gate = true;
            let wanted = text.strip_prefix("text:").unwrap().as_bytes();
            if payload.windows(wanted.len()).any(|window| window == wanted) {
                met.push(number);
            }
        }
        (met, any_gate)
    }

    /// Criteria that a name in lower case meets.
    fn named(&self, kind: &'r str, name: &str) -> Vec<u32> {
        let fits = |value: &str| match (kind, value.strip_prefix('.')) {
            ("mail", _) if value.starts_with('@') => name.ends_with(value),
            ("mail", _) | (_, None) => name == value,
            (_, Some(suffix)) => name == suffix || name.ends_with(value),
        };
        self.numbered(kind)
            .filter(|(_, value)| fits(value))
            .map(|(number, _)| number)
            .collect()
    }

    /// Nothing: the packet is its own. Empty: the stream has it. Else it is lost with its stream.
    fn stream(
        &mut self,
        key: Key,
        speech: &'static str,
        tcp: &Tcp<'_>,
        ends: &str,
        met: &mut Vec<u32>,
    ) -> Option<&'static str> {
        let syn = tcp.flags & Tcp::SYN != 0;
        let base = if syn {
            tcp.sequence.wrapping_add(1)
        } else {
            tcp.sequence
        };
        if syn && self.streams.get(&key).is_some_and(|old| old.base != base) {
            let old = self.streams.remove(&key).unwrap();
            self.settle(&old, None);
        }
        let like_hello = matches!(
            tcp.payload,
            [22, 3, 0..=4] | [22, 3, 0..=4, _] | [22, 3, 0..=4, _, _] | [22, 3, 0..=4, _, _, 1, ..]
        );
        let may_begin = syn || (speech == "server_name" && like_hello);
        if !self.streams.contains_key(&key) && !may_begin {
            return None;
        }
        let mut stream = self.streams.remove(&key).unwrap_or_else(|| Stream {
            speech,
            base,
            octets: Vec::new(),
            waiting: Vec::new(),
            met: Vec::new(),
            lost: None,
            done: false,
        });
        if !stream.done && stream.lost.is_none() {
            let offset = base.wrapping_sub(stream.base);
            for (octet, place) in tcp.payload.iter().zip(0_u32..) {
                let place = offset.wrapping_add(place) as usize;
                if place < FAR {
                    if stream.octets.len() <= place {
                        stream.octets.resize(place + 1, None);
                    }
                    stream.octets[place].get_or_insert(*octet);
                }
            }
        }
        if !stream.done && stream.lost.is_none() && !tcp.payload.is_empty() {
            self.look(&mut stream);
        }
        if stream.done && stream.met.is_empty() {
            self.settle(&stream, None);
            return None;
        }
        let answer = match stream.lost {
            Some(reason) if stream.met.is_empty() => {
                for (packets, _) in std::mem::take(&mut stream.waiting) {
                    self.count(reason, packets);
                }
                Some(reason)
            }
            _ if met.is_empty() => {
                stream.waiting.push((1, ends.to_owned()));
                Some("")
            }
            _ => {
                met.extend(&stream.met);
                None
            }
        };
        let looking = stream.met.is_empty() && stream.lost.is_none();
        if tcp.flags & Tcp::RST != 0 || (looking && tcp.flags & Tcp::FIN != 0) {
            self.settle(&stream, None);
        } else {
            self.streams.insert(key, stream);
        }
        answer
    }

    fn settle(&mut self, stream: &Stream, cut_off: Option<&'static str>) {
        let whole: Vec<u8> = contiguous(&stream.octets);
        let waits = whole.len() < stream.octets.len() || unfinished(stream, &whole);
        for (packets, ends) in &stream.waiting {
            if stream.met.is_empty() {
                let fate = match (cut_off, waits && !stream.done) {
                    (Some(reason), _) => reason,
                    (None, true) => "lost reassembly",
                    (None, false) => "dropped no_criterion",
                };
                self.count(fate, *packets);
            } else {
                let direction = ends.rsplit(' ').next().unwrap();
                self.keep(&stream.met, direction, ends, *packets);
            }
        }
    }

    /// Looks at the whole start of a stream from its first octet.
    fn look(&self, stream: &mut Stream) {
        let octets = contiguous(&stream.octets);
        match stream.speech {
            "server_name" => {
                match server_name(&octets) {
                    Ok(Some(name)) => {
                        stream.met = self.named("server_name", &name);
                        stream.done = true;
                    }
                    Ok(None) => stream.done = true,
                    Err(()) => {}
                }
                if !stream.done && START < stream.octets.len() {
                    stream.lost = Some("lost reassembly");
                }
            }
            "mail" => {
                let lines = octets.split(|octet| *octet == b'\n');
                let count = octets.split(|octet| *octet == b'\n').count() - 1;
                for (line, number) in lines.take(count).zip(0..) {
                    let line = String::from_utf8_lossy(line).to_lowercase();
                    let word = line.split_whitespace().next().unwrap_or_default();
                    let greets = ["ehlo", "helo", "lhlo", "noop", "rset", "quit"].contains(&word);
                    if (number == 0 && !greets) || ["data", "bdat", "starttls"].contains(&word) {
                        stream.done = true;
                        return;
                    }
                    if line.starts_with("mail from:") || line.starts_with("rcpt to:") {
                        let path = line.split_once(':').unwrap().1.trim_start();
                        if let Some((address, _)) =
                            path.strip_prefix('<').and_then(|rest| rest.split_once('>'))
                        {
                            let address = match address
                                .strip_prefix('@')
                                .and_then(|rest| rest.split_once(':'))
                            {
                                Some((_, address)) => address,
                                None => address,
                            };
                            stream.met.extend(self.named("mail", address));
                        }
                    }
                }
            }
            _ => {
                let mut rest = octets.as_slice();
                while let [high, low, after @ ..] = rest {
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    let Some(message) = after.get(..length) else {
                        break;
                    };
                    for name in questions(message).0 {
                        stream.met.extend(self.named("dns_name", &name));
                    }
                    rest = &after[length..];
                }
            }
        }
    }
}

/// Octets that wait for more.
fn unfinished(stream: &Stream, whole: &[u8]) -> bool {
    match stream.speech {
        "server_name" => !whole.is_empty(),
        "mail" => !whole.is_empty() && whole.last() != Some(&b'\n'),
        _ => {
            let mut rest = whole;
            while let [high, low, after @ ..] = rest {
                match after.get(usize::from(u16::from_be_bytes([*high, *low]))..) {
                    Some(next) => rest = next,
                    None => break,
                }
            }
            !rest.is_empty()
        }
    }
}

fn contiguous(octets: &[Option<u8>]) -> Vec<u8> {
    octets.iter().map_while(|octet| *octet).collect()
}

fn bits(address: IpAddr) -> Vec<bool> {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    octets
        .iter()
        .flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1 == 1))
        .collect()
}

/// Names of all questions, and whether all were there.
fn questions(message: &[u8]) -> (Vec<String>, bool) {
    let mut names = Vec::new();
    let Some(count) = message.get(4..6) else {
        return (names, false);
    };
    let mut at = 12;
    for _ in 0..u16::from_be_bytes([count[0], count[1]]).min(16) {
        let Some((labels, end)) = labels(message, at, 140) else {
            return (names, false);
        };
        let plain = |label: &Vec<u8>| {
            label
                .iter()
                .all(|octet| octet.is_ascii_graphic() && *octet != b'.')
        };
        let text: Vec<String> = labels
            .iter()
            .map(|label| String::from_utf8_lossy(label).to_lowercase())
            .collect();
        let text = text.join(".");
        if !labels.is_empty() && labels.iter().all(plain) && text.len() <= 255 {
            names.push(text);
        }
        at = end + 4;
        if message.len() < at {
            return (names, false);
        }
    }
    (names, true)
}

/// At most `steps` labels and jumps.
fn labels(message: &[u8], at: usize, steps: u8) -> Option<(Vec<Vec<u8>>, usize)> {
    let steps = steps.checked_sub(1)?;
    let length = usize::from(*message.get(at)?);
    match length {
        0 => Some((Vec::new(), at + 1)),
        1..=63 => {
            let label = message.get(at + 1..at + 1 + length)?.to_vec();
            let (mut rest, end) = labels(message, at + 1 + length, steps)?;
            rest.insert(0, label);
            Some((rest, end))
        }
        192.. => {
            let target = usize::from(
                u16::from_be_bytes([*message.get(at)?, *message.get(at + 1)?]) & 0x3fff,
            );
            if at <= target {
                return None;
            }
            Some((labels(message, target, steps)?.0, at + 2))
        }
        _ => None,
    }
}

/// The server name; nothing when there is none or this is no hello; an error when more is needed.
fn server_name(stream: &[u8]) -> Result<Option<String>, ()> {
    let mut message = Vec::new();
    let mut at = 0;
    loop {
        if let [kind, a, b, c, body @ ..] = message.as_slice() {
            let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
            if *kind != 1 || START < length {
                return Ok(None);
            }
            if length <= body.len() {
                return Ok(in_hello(&body[..length]));
            }
        } else if message.first().is_some_and(|kind| *kind != 1) {
            return Ok(None);
        }
        let head = stream.get(at..).unwrap_or_default();
        for (octet, wanted) in head.iter().zip([22, 3]) {
            if *octet != wanted {
                return Ok(None);
            }
        }
        let [_, _, minor, high, low, ..] = head else {
            return Err(());
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if (at == 0 && 4 < *minor) || length == 0 || 16_384 + 2048 < length {
            return Ok(None);
        }
        let end = (at + 5 + length).min(stream.len());
        message.extend_from_slice(&stream[at + 5..end]);
        at = at + 5 + length;
    }
}

fn in_hello(body: &[u8]) -> Option<String> {
    let block = |at: usize| -> Option<usize> {
        Some(usize::from(u16::from_be_bytes([
            *body.get(at)?,
            *body.get(at + 1)?,
        ])))
    };
    let mut at = 34;
    at += 1 + usize::from(*body.get(at)?);
    at += 2 + block(at)?;
    at += 1 + usize::from(*body.get(at)?);
    let end = at + 2 + block(at)?;
    at += 2;
    body.get(..end)?;
    while at + 4 <= end {
        let (kind, length) = (block(at)?, block(at + 2)?);
        if end < at + 4 + length {
            return None;
        }
        if kind == 0 {
            let name_len = block(at + 7)?;
            if *body.get(at + 6)? != 0 || length < 5 + name_len {
                return None;
            }
            let name = body.get(at + 9..at + 9 + name_len)?;
            let name = name.strip_suffix(b".").unwrap_or(name);
            let plain =
                !name.is_empty() && name.len() <= 255 && name.iter().all(u8::is_ascii_graphic);
            return plain.then(|| String::from_utf8_lossy(name).to_lowercase());
        }
        at += 4 + length;
    }
    None
}
