//! Copied traffic and the lists it is compared with.

use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use select::criteria::{Draft, Form, Index, parse};
use select::decode::Tunnels;
use select::input::Capture;
use select::netflow::Collector;
use select::prefixes::{Builder, Format, PrefixTable, Purpose};
use select::{Directions, FlowLimits, Frame, Funnel, LinkType, Scope, Selected, Sink, Taken, feed};
use warrant::Tally;

const CRITERIA: &str = "id,kind,value,reason,directions,ports\n\
    a,address,198.51.100.20,fuzz,,\n\
    a,prefix,2001:db8:2::/48,fuzz,,\n\
    b,port,udp/4000-5000,fuzz,,\n\
    c,dns_name,.bad.example,fuzz,,\n\
    d,server_name,.bad.example,fuzz,,\n\
    e,ja4,t13d020400_62ed6f6ca7ad_6b1d1dc50b4d,fuzz,,\n\
    f,mail,@bad.example,fuzz,,\n\
    g,signature,text:command,fuzz,soto_uchi soto_soto,0-65535\n";

const RANGES: &str = "0.0.0.0,127.255.255.255,JP\n128.0.0.0,255.255.255.255,US\n::/1,JP\n8000::/1,US\n\
    2001:db8:1::/48,JP\n2001:db8:2::/48,US\n";

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut draft = Draft::default();
    parse(Form::Csv, CRITERIA, &mut draft).expect("the criteria");
    Index::open(&draft.compile().0).expect("the compiled criteria")
});

static TABLE: LazyLock<PrefixTable> = LazyLock::new(|| {
    let mut builder = Builder::new(Purpose::Exercise, "JP");
    builder.add(Format::Csv, RANGES).expect("the ranges");
    let text = builder.finish("2026-01-01", "fuzz").expect("a table");
    PrefixTable::parse(&text).expect("the table")
});

/// Small tables, so that they overflow.
const LIMITS: FlowLimits = FlowLimits {
    flows: 8,
    starts: 2,
    idle_ns: 1_000_000_000,
    report_ns: 1_000_000_000,
};

struct Check;

impl Sink for Check {
    fn take(&mut self, record: &Selected<'_>) -> Taken {
        assert!(!record.criteria().is_empty(), "kept without a criterion");
        assert!(record.tally.packets != 0, "a record of nothing");
        assert!(record.first_ns <= record.last_ns);
        Taken::Yes
    }
}

fn funnel(tunnels: Tunnels) -> Funnel<'static> {
    let scope = Scope {
        directions: Directions::ALL,
        tunnels,
        from_ns: 0,
        until_ns: u64::MAX,
    };
    Funnel::new(&INDEX, &TABLE, scope, LIMITS)
}

fn balance(funnel: Funnel<'_>) {
    let counts = funnel.finish(&mut Check);
    counts
        .check(Tally::default(), Tally::default())
        .expect("every packet has one disposition");
}

/// A capture: whatever it holds, every packet has one disposition, looked at with others or alone.
pub(crate) fn capture(octets: &[u8]) {
    let Ok(mut capture) = Capture::open(octets) else {
        return;
    };
    let mut at_once = funnel(Tunnels::Open);
    let _ended = feed(&mut capture, &mut at_once, &mut Check, |_, _, _| {
        ControlFlow::Continue(())
    });
    let mut each = funnel(Tunnels::Open);
    if let Ok(mut capture) = Capture::open(octets) {
        loop {
            match capture.next_frame() {
                Ok(Some(frame)) => each.packet(&frame, &mut Check),
                Ok(None) => break,
                Err(error) => {
                    if error.loses_a_record() {
                        each.unreadable();
                    }
                    break;
                }
            }
        }
    }
    assert_eq!(
        at_once.counts().received(),
        each.counts().received(),
        "frames found at once are those found one by one"
    );
    balance(at_once);
    balance(each);
}

/// A frame on the link that the first two octets name.
pub(crate) fn frame(octets: &[u8]) {
    let Some(([high, low], bytes)) = octets.split_first_chunk::<2>() else {
        return;
    };
    let link = LinkType(u16::from_be_bytes([*high & 1, *low]));
    for tunnels in [Tunnels::Open, Tunnels::Closed] {
        let mut funnel = funnel(tunnels);
        let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        funnel.packet(&Frame::new(link, 1, wire_len, bytes), &mut Check);
        funnel.packet(&Frame::new(link, 2, u32::MAX, bytes), &mut Check);
        balance(funnel);
    }
}

/// A conversation: the first octet picks the port, the second the length of segments, the rest is what is said.
pub(crate) fn stream(octets: &[u8]) {
    let Some(([port, segment], said)) = octets.split_first_chunk::<2>() else {
        return;
    };
    let (protocol, port) = match port % 5 {
        0 => (6, 443),
        1 => (6, 25),
        2 => (6, 53),
        3 => (17, 443),
        _ => (17, 53_u16),
    };
    let mut funnel = funnel(Tunnels::Open);
    let mut sequence = 0_u32;
    for (part, time) in said
        .chunks(usize::from(*segment).max(1).saturating_mul(8))
        .zip(1..)
    {
        let length = u16::try_from(part.len()).unwrap_or(0);
        let mut packet = vec![
            0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 200, 1, 1, 1, 9, 1, 1, 1,
        ];
        packet.extend_from_slice(&[0x9c, 0x40]);
        packet.extend_from_slice(&port.to_be_bytes());
        if protocol == 6 {
            packet.extend_from_slice(&sequence.to_be_bytes());
            packet.extend_from_slice(&[
                0,
                0,
                0,
                0,
                0x50,
                if time == 1 { 2 } else { 24 },
                0,
                0,
                0,
                0,
                0,
                0,
            ]);
            sequence = sequence.wrapping_add(u32::from(length));
            sequence = sequence.wrapping_add(u32::from(time == 1));
        } else {
            packet.extend_from_slice(&length.wrapping_add(8).to_be_bytes());
            packet.extend_from_slice(&[0, 0]);
        }
        packet.extend_from_slice(part);
        let wire_len = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        funnel.packet(
            &Frame::new(LinkType::RAW, time, wire_len, &packet),
            &mut Check,
        );
    }
    balance(funnel);
}

/// Datagrams of flow records, each behind its length: whatever they hold, every record has one disposition.
pub(crate) fn flows(octets: &[u8]) {
    let mut collector = Collector::default();
    let mut funnel = funnel(Tunnels::Open);
    let mut rest = octets;
    while let Some((length, behind)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length)).min(behind.len());
        let (datagram, behind) = behind.split_at(length);
        rest = behind;
        let mut datagram = datagram.to_vec();
        // The length that IPFIX states has to be true, which chance seldom finds.
        if let [0, 10, high, low, ..] = datagram.as_mut_slice()
            && *high != 0xff
        {
            [*high, *low] = u16::try_from(length).unwrap_or(0).to_be_bytes();
        }
        let exporter = IpAddr::from([192, 0, 2, u8::from(length % 7 == 0)]);
        let mut records = 0;
        let received = collector.datagram(exporter, &datagram, |record| {
            records += 1;
            funnel.flow_record(record, &mut Check);
        });
        if let Ok(received) = received {
            assert_eq!(received.records, records, "as many as were handed out");
        }
        let room = u64::try_from(length).unwrap_or(u64::MAX);
        assert!(records <= room, "a record has at least an octet");
        funnel.datagram_ended(received);
    }
    balance(funnel);
}

/// Lists and files: what is accepted compiles to octets that open, and to the same octets again.
pub(crate) fn lists(octets: &[u8]) {
    let _refused_or_not = Index::open(octets).map(|index| index.len());
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    for form in [Form::Csv, Form::JsonLines] {
        let compile = || {
            let mut draft = Draft::default();
            parse(form, text, &mut draft).ok().map(|()| draft.compile())
        };
        if let Some((file, report)) = compile() {
            let index = Index::open(&file).expect("what was compiled opens");
            assert_eq!(index.len(), report.criteria);
            assert_eq!(compile().map(|again| again.0), Some(file));
        }
    }
    if let Ok(table) = PrefixTable::parse(text) {
        assert_eq!(table.digest().len(), 64);
    }
    for format in [Format::Delegated, Format::Tor, Format::Csv] {
        let mut builder = Builder::new(Purpose::Operation, "JP");
        if builder.add(format, text).is_ok()
            && let Ok(table) = builder.finish("2026-01-01", "fuzz")
        {
            PrefixTable::parse(&table).expect("what was built is read");
        }
    }
}
