//! The same captures through tcpdump and tshark. Differences are listed with their reasons, or fail.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::corpus::{captures, frames};
use super::fixtures::{Collect, index, scope, table};
use crate::FlowLimits;
use crate::bytes::{be16, be32, be128};
use crate::criteria::{Draft, DraftName, Form, Index, NameKind, parse};
use crate::decode::{Pair, Transport, Tunnels, decode};
use crate::frame::{Frame, LinkType};
use crate::funnel::Funnel;
use crate::input::Capture;
use crate::names::dns;
use crate::prefixes::{Place, PrefixTable, Range};

/// Whether a program is there; a line says so when it is not.
fn installed(program: &str) -> bool {
    let answer = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let there = answer.is_ok();
    if !there {
        println!("skipped: {program} is not installed (cargo xtask tools)");
    }
    there
}

/// The addresses of an untagged frame by their places alone.
fn raw_pair(frame: &Frame<'_>) -> Option<Pair> {
    let bytes = frame.bytes();
    match be16(bytes, 12)? {
        0x0800 => Some(Pair::V4 {
            source: be32(bytes, 26)?,
            destination: be32(bytes, 30)?,
        }),
        0x86dd => Some(Pair::V6 {
            source: be128(bytes, 22)?,
            destination: be128(bytes, 38)?,
        }),
        _ => None,
    }
}

#[test]
fn address_matches_equal_those_of_tcpdump_on_untagged_untunnelled_frames() {
    if !installed("tcpdump") {
        return;
    }
    let (mut files, mut matched, mut refused_in_all) = (0, 0, 0);
    for path in captures() {
        let Some((frames, _)) = frames(&path) else {
            continue;
        };
        if frames.is_empty() || frames.iter().any(|frame| frame.link != LinkType::ETHERNET) {
            continue;
        }
        let mut hosts = BTreeSet::new();
        for frame in frames.iter().step_by(3) {
            if let Some(pair) = raw_pair(&frame.frame()) {
                let (source, destination) = pair.addresses();
                hosts.extend([source.to_canonical(), destination.to_canonical()]);
            }
        }
        let hosts: Vec<IpAddr> = hosts.into_iter().step_by(2).take(40).collect();
        if hosts.is_empty() {
            continue;
        }
        let texts: Vec<String> = hosts.iter().map(IpAddr::to_string).collect();
        let rows: Vec<(&str, &str)> = texts
            .iter()
            .map(|text| ("address", text.as_str()))
            .collect();
        let index = index(&rows);
        let is_met = |pair: &Pair| {
            let mut met = false;
            index.match_addresses(pair, |_, _| met = true);
            met
        };
        let (mut ours, mut refused) = (0_u64, 0_u64);
        for owned in &frames {
            let frame = owned.frame();
            let Some(raw) = raw_pair(&frame) else {
                continue;
            };
            match decode(&frame, Tunnels::Closed) {
                Ok(packet) => ours += u64::from(is_met(&packet.inner)),
                // A header that contradicts itself: we count it as malformed, tcpdump matches its octets.
                Err(_) => refused += u64::from(is_met(&raw)),
            }
        }
        let filter: Vec<String> = hosts
            .iter()
            .map(|host| match host {
                IpAddr::V4(host) => format!("ip host {host}"),
                IpAddr::V6(host) => format!("ip6 host {host}"),
            })
            .collect();
        let output = Command::new("tcpdump")
            .arg("-r")
            .arg(&path)
            .args(["-w", "-", &filter.join(" or ")])
            .stderr(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(ours + refused, count(&output.stdout), "{}", path.display());
        files += 1;
        matched += ours;
        refused_in_all += refused;
    }
    println!(
        "{files} captures, {matched} packets matched alike, {refused_in_all} malformed ones besides"
    );
    assert!(files == 0 || (500 < files && 10_000 < matched));
}

fn count(file: &[u8]) -> u64 {
    let Ok(mut capture) = Capture::open(file) else {
        return 0;
    };
    let mut count = 0;
    while let Ok(Some(_)) = capture.next_frame() {
        count += 1;
    }
    count
}

/// Rows of tab-separated fields.
fn tshark(path: &Path, filter: &str, fields: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new("tshark");
    command.arg("-n").arg("-r").arg(path);
    // Fragments and segments are put together by us only where the design says so.
    command.args(["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]);
    command.args([
        "-Y",
        filter,
        "-T",
        "fields",
        "-E",
        "separator=/t",
        "-E",
        "aggregator= ",
    ]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.stderr(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

const DNS: [u16; 2] = [53, 5353];

/// Captures whose DNS names differ, and why.
const DNS_EXCEPTIONS: &[(&str, &str)] = &[(
    "tests_pcap_arkime_synthetic.pcap",
    "Geneve sent from port 6081 to another; RFC 8926 fixes the destination port, tshark takes either",
)];

/// Questions by the number of the frame, from one.
fn our_questions(path: &std::path::PathBuf) -> BTreeMap<u64, BTreeSet<String>> {
    let mut found: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let Some((frames, _)) = frames(path) else {
        return found;
    };
    for (owned, number) in frames.iter().zip(1_u64..) {
        let Ok(packet) = decode(&owned.frame(), Tunnels::Open) else {
            continue;
        };
        let Transport::Udp {
            source,
            destination,
            payload,
        } = packet.transport
        else {
            continue;
        };
        if DNS.contains(&source) || DNS.contains(&destination) {
            dns::questions(payload.0, |name| {
                found
                    .entry(number)
                    .or_default()
                    .insert(name.as_str().to_owned());
            });
        }
    }
    found
}

#[test]
fn dns_names_equal_those_of_tshark_but_for_the_listed_exceptions() {
    if !installed("tshark") {
        return;
    }
    let (mut files, mut names) = (0, 0);
    let mut differences = Vec::new();
    for path in captures() {
        let ours = our_questions(&path);
        if ours.is_empty() {
            continue;
        }
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        if DNS_EXCEPTIONS.iter().any(|(name, _)| *name == file) {
            continue;
        }
        let mut theirs: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        let filter = "dns.qry.name && (udp.port == 53 || udp.port == 5353) && !icmp && !icmpv6";
        for row in tshark(&path, filter, &["frame.number", "dns.qry.name"]) {
            let [number, found] = row.as_slice() else {
                continue;
            };
            let found = found
                .split(' ')
                .map(|name| name.trim_end_matches('.').to_lowercase())
                .filter(|name| !name.is_empty() && name != "<root>");
            theirs
                .entry(number.parse().unwrap())
                .or_default()
                .extend(found);
        }
        theirs.retain(|_, names| !names.is_empty());
        if ours != theirs {
            let only = |a: &BTreeMap<u64, BTreeSet<String>>,
                        b: &BTreeMap<u64, BTreeSet<String>>| {
                a.iter()
                    .find(|(number, names)| b.get(number) != Some(names))
                    .map(|(n, names)| format!("{n} {names:?}"))
            };
            differences.push(format!(
                "{file}: ours {:?}, tshark's {:?}",
                only(&ours, &theirs),
                only(&theirs, &ours)
            ));
        }
        files += 1;
        names += ours.len();
    }
    println!("{files} captures, {names} packets with names");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Captures whose server names differ, and why.
const SERVER_EXCEPTIONS: &[(&str, &str)] = &[(
    "tests_quic_vn.pcap",
    "tshark does not open QUIC after a version negotiation; the name is there",
)];

const TLS: [u16; 13] = [
    443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443,
];
const QUIC: [u16; 3] = [443, 853, 8443];

/// Ends that every name in the corpus has, so that criteria for them meet all names.
const ENDS: &[&str] = &[
    "com",
    "net",
    "org",
    "io",
    "de",
    "jp",
    "edu",
    "gov",
    "us",
    "uk",
    "cn",
    "ru",
    "fr",
    "nl",
    "ch",
    "me",
    "co",
    "tv",
    "local",
    "test",
    "example",
    "invalid",
    "arpa",
    "info",
    "biz",
    "eu",
    "to",
    "ms",
    "app",
    "dev",
    "cloud",
    "in",
    "br",
    "kr",
    "tw",
    "it",
    "es",
    "ca",
    "au",
    "se",
    "no",
    "fi",
    "pl",
    "cz",
    "at",
    "be",
    "dk",
    "localhost",
    "onion",
    "xyz",
    "im",
    "goog",
    "network",
    "vg",
    "server4:443",
];

/// An index that any server name with a known end meets.
fn every_server() -> Index {
    let mut draft = Draft::default();
    let text = "id,kind,value,reason\nall,server_name,.any.example,every name\n";
    parse(Form::Csv, text, &mut draft).unwrap();
    for end in ENDS {
        draft.names.push(DraftName {
            kind: NameKind::Server,
            suffix: true,
            text: (*end).into(),
            criterion: 0,
        });
    }
    Index::open(&draft.compile().0).unwrap()
}

/// Every address is abroad, so that direction hides nothing.
fn all_foreign() -> PrefixTable {
    let range = |v6, last| Range {
        v6,
        first: 0,
        last,
        place: Place::Foreign,
    };
    let ranges = [range(false, u128::from(u32::MAX)), range(true, u128::MAX)];
    PrefixTable::of(table().origin().clone(), String::new(), &ranges)
}

/// Ends and name of each connection.
type Servers = BTreeSet<String>;

fn our_servers(path: &std::path::PathBuf, index: &Index, table: &PrefixTable) -> Servers {
    let Some((frames, _)) = frames(path) else {
        return Servers::new();
    };
    let limits = FlowLimits {
        idle_ns: u64::MAX,
        ..FlowLimits::default()
    };
    let mut funnel = Funnel::new(index, table, scope(), limits);
    let mut sink = Collect::default();
    for frame in &frames {
        funnel.packet(&frame.frame(), &mut sink);
    }
    let _ = funnel.finish(&mut sink);
    sink.said
        .iter()
        .filter_map(|said| {
            let ends = said.ends.rsplit_once(' ')?.0;
            Some(format!("{ends} {}", said.server.as_ref()?))
        })
        .collect()
}

fn their_servers(path: &Path) -> Servers {
    let fields = [
        "ip.src",
        "ip.dst",
        "ipv6.src",
        "ipv6.dst",
        "tcp.srcport",
        "tcp.dstport",
        "udp.srcport",
        "udp.dstport",
        "tls.handshake.extensions_server_name",
    ];
    let mut found = Servers::new();
    for row in tshark(path, "tls.handshake.extensions_server_name", &fields) {
        let [s4, d4, s6, d6, ts, td, us, ud, names] = row.as_slice() else {
            continue;
        };
        // The innermost of each; inside IPv6 in IPv4 that is the IPv6 one.
        let last = |text: &String| text.rsplit(' ').next().unwrap_or_default().to_owned();
        let (source, destination) = if s6.is_empty() {
            (last(s4), last(d4))
        } else {
            (last(s6), last(d6))
        };
        let (from, to, ports) = if td.is_empty() {
            (last(us), last(ud), &QUIC[..])
        } else {
            (last(ts), last(td), &TLS[..])
        };
        let (from, to): (u16, u16) = (from.parse().unwrap(), to.parse().unwrap());
        if ports.contains(&to) {
            for name in names.split(' ') {
                found.insert(format!(
                    "{source} {destination} {:?} {}",
                    Some((from, to)),
                    name.to_lowercase()
                ));
            }
        }
    }
    found
}

#[test]
fn server_names_equal_those_of_tshark_but_for_the_listed_exceptions() {
    if !installed("tshark") {
        return;
    }
    let (index, table) = (every_server(), all_foreign());
    let (mut files, mut names) = (0, 0);
    let mut differences = Vec::new();
    for path in captures() {
        let Some((frames, _)) = frames(&path) else {
            continue;
        };
        let is_asked = |owned: &super::reference::Owned| {
            let packet = decode(&owned.frame(), Tunnels::Open).ok();
            packet
                .and_then(|packet| packet.transport.ports())
                .is_some_and(|(_, to)| TLS.contains(&to))
        };
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        if !frames.iter().any(is_asked) || SERVER_EXCEPTIONS.iter().any(|(name, _)| *name == file) {
            continue;
        }
        let ours = our_servers(&path, &index, &table);
        let theirs = their_servers(&path);
        files += 1;
        names += ours.len();
        if ours != theirs {
            let here: Vec<_> = ours.difference(&theirs).take(3).collect();
            let there: Vec<_> = theirs.difference(&ours).take(3).collect();
            differences.push(format!(
                "{file}: only ours {here:?}, only tshark's {there:?}"
            ));
        }
    }
    println!("{files} captures, {names} connections with names");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
