//! Flow records: the three formats, templates, and what cannot be read.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use proptest::prelude::*;
use warrant::{CriterionKind, Direction, DropReason, LossReason, Tally};

use super::fixtures::{Collect, DOMESTIC, FAR, FOREIGN, index, scope, table};
use crate::FlowLimits;
use crate::funnel::Funnel;
use crate::netflow::{Collector, FlowError, Receiver};

const EXPORTER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 200));

fn n16(numbers: &[u16]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

fn n32(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

fn v5(records: &[([u8; 4], [u8; 4])]) -> Vec<u8> {
    let mut bytes = n16(&[5, records.len() as u16]);
    bytes.extend(n32(&[60_000, 1000, 500, 7, 0]));
    for (source, destination) in records {
        bytes.extend_from_slice(source);
        bytes.extend_from_slice(destination);
        bytes.extend(n32(&[0, 0, 3, 1800, 50_000, 59_000]));
        bytes.extend(n16(&[4000, 443]));
        bytes.extend_from_slice(&[0, 18, 6, 0]);
        bytes.extend_from_slice(&[0; 8]);
    }
    bytes
}

fn set(id: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = n16(&[id, body.len() as u16 + 4]);
    bytes.extend_from_slice(body);
    bytes
}

/// A template 256 of addresses, ports, protocol, packets of two octets, milliseconds, and one enterprise field of
/// variable length.
fn template10() -> Vec<u8> {
    let mut body = n16(&[
        256, 9, 8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 2, 2, 152, 8, 153, 8, 0x8001, 65_535,
    ]);
    body.extend(n32(&[9999]));
    set(2, &body)
}

fn record10(source: [u8; 4], destination: [u8; 4]) -> Vec<u8> {
    let mut bytes = [source, destination].concat();
    bytes.extend(n16(&[4000, 53]));
    bytes.push(17);
    bytes.extend(n16(&[5]));
    bytes.extend_from_slice(&1_000_000_u64.to_be_bytes());
    bytes.extend_from_slice(&1_000_500_u64.to_be_bytes());
    bytes.extend_from_slice(&[3, b'a', b'b', b'c']);
    bytes
}

fn ipfix(sets: &[Vec<u8>]) -> Vec<u8> {
    let body = sets.concat();
    let mut bytes = n16(&[10, body.len() as u16 + 16]);
    bytes.extend(n32(&[1000, 1, 42]));
    bytes.extend(body);
    bytes
}

/// A template of NetFlow 9 over IPv6 with times by the exporter's clock.
fn v9() -> Vec<u8> {
    let body = n16(&[300, 6, 27, 16, 28, 16, 4, 1, 1, 4, 22, 4, 21, 4]);
    let mut data = 0x2001_0db8_0002_u128
        .checked_shl(80)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    data.extend_from_slice(&0x2001_0db8_0001_u128.checked_shl(80).unwrap().to_be_bytes());
    data.push(6);
    data.extend(n32(&[900, 50_000, 59_000]));
    data.extend_from_slice(&[0; 3]);
    let mut bytes = n16(&[9, 2]);
    bytes.extend(n32(&[60_000, 1000, 1, 5]));
    bytes.extend(set(0, &body));
    bytes.extend(set(300, &data));
    bytes
}

fn run(rows: &[(&str, &str)], datagrams: &[Vec<u8>]) -> (warrant::Counts, Vec<(u64, u64, u64)>) {
    let (index, table) = (index(rows), table());
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let mut collector = Collector::default();
    let mut times = Vec::new();
    for datagram in datagrams {
        let received = collector.datagram(EXPORTER, datagram, |record| {
            times.push((record.first_ns, record.last_ns, record.packets));
            funnel.flow_record(record, &mut sink);
        });
        funnel.datagram_ended(received);
    }
    let counts = funnel.finish(&mut sink);
    counts.check(Tally::default(), Tally::default()).unwrap();
    (counts, times)
}

#[test]
fn records_of_all_three_formats_meet_criteria_for_addresses_and_ports() {
    let rows = [
        ("address", "198.51.100.20"),
        ("prefix", "2001:db8:2::/48"),
        ("port", "udp/53"),
    ];
    let five = v5(&[(FOREIGN, DOMESTIC), (FAR, DOMESTIC)]);
    let ten = ipfix(&[template10(), set(256, &record10(FAR, DOMESTIC))]);
    let (counts, times) = run(&rows, &[five, ten, v9()]);
    assert_eq!(counts.received().packets, 4);
    assert_eq!(
        counts.kept(CriterionKind::Address, Direction::Inbound),
        Tally::new(1, 1800)
    );
    assert_eq!(
        counts.kept(CriterionKind::Port, Direction::Inbound).packets,
        1
    );
    assert_eq!(
        counts.kept(CriterionKind::Prefix, Direction::Inbound),
        Tally::new(1, 900)
    );
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, 1);
    let ten_seconds_before = 1_000_000_000_500 - 10_000_000_000;
    assert_eq!(times[0], (ten_seconds_before, 999_000_000_500, 3));
    assert_eq!(times[2], (1_000_000_000_000, 1_000_500_000_000, 5));
    assert_eq!(times[3], (990_000_000_000, 999_000_000_000, 0));
}

#[test]
fn records_without_template_are_lost_and_templates_belong_to_their_exporter() {
    let rows = [("address", "198.51.100.20")];
    let data = ipfix(&[set(256, &record10(FOREIGN, DOMESTIC))]);
    let (counts, _) = run(&rows, std::slice::from_ref(&data));
    assert_eq!(counts.lost(LossReason::NoTemplate).packets, 1);
    let mut collector = Collector::default();
    let learnt = collector
        .datagram(EXPORTER, &ipfix(&[template10()]), |_| ())
        .unwrap();
    assert_eq!(learnt.records, 0);
    let other = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 201));
    assert_eq!(
        collector
            .datagram(other, &data, |_| ())
            .unwrap()
            .without_template,
        1
    );
    assert_eq!(
        collector.datagram(EXPORTER, &data, |_| ()).unwrap().records,
        1
    );
}

#[test]
fn damage_is_counted_and_what_came_before_it_is_kept() {
    let mut five = v5(&[(FOREIGN, DOMESTIC), (FOREIGN, DOMESTIC)]);
    five.truncate(five.len() - 1);
    let (counts, _) = run(
        &[("address", "198.51.100.20")],
        &[five, vec![0, 7], vec![1]],
    );
    assert_eq!(
        counts
            .kept(CriterionKind::Address, Direction::Inbound)
            .packets,
        1
    );
    assert_eq!(counts.dropped(DropReason::Malformed).packets, 3);
    let version = Collector::default().datagram(EXPORTER, &[0, 7], |_| ());
    assert_eq!(version, Err(FlowError::Version));
}

/// A receiver on this machine, and a socket that sends to it.
fn receiver() -> (Receiver, UdpSocket) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(socket.local_addr().unwrap()).unwrap();
    (Receiver::begin(socket).unwrap(), sender)
}

#[test]
fn a_silent_socket_gives_the_run_its_time_back() {
    let (index, table) = (index(&[("address", "198.51.100.20")]), table());
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let (mut receiver, sender) = receiver();
    assert!(!receiver.receive(&mut funnel, &mut sink).unwrap());
    sender.send(&v5(&[(FOREIGN, DOMESTIC)])).unwrap();
    assert!(receiver.receive(&mut funnel, &mut sink).unwrap());
    assert_eq!(funnel.finish(&mut sink).kept_total().packets, 1);
}

#[test]
fn datagrams_the_kernel_drops_are_counted_as_lost() {
    let (index, table) = (index(&[("address", "198.51.100.20")]), table());
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let (mut receiver, sender) = receiver();
    let datagram = v5(&[(FOREIGN, DOMESTIC)]);
    let sent = 20_000;
    for _ in 0..sent {
        sender.send(&datagram).unwrap();
    }
    receiver.wait_no_more().unwrap();
    while receiver.receive(&mut funnel, &mut sink).unwrap() {}
    receiver.count_drops(&mut funnel).unwrap();
    receiver.count_drops(&mut funnel).unwrap();
    let counts = funnel.finish(&mut sink);
    counts.check(Tally::default(), Tally::default()).unwrap();
    let lost = counts.lost(LossReason::Kernel);
    assert!(lost.packets != 0, "more was sent than a socket holds");
    assert_eq!(counts.kept_total().packets + lost.packets, sent);
}

proptest! {
    #[test]
    fn no_datagram_makes_the_collector_panic(
        start in prop::sample::select(vec![
            v5(&[(FOREIGN, DOMESTIC)]),
            v9(),
            ipfix(&[template10(), set(256, &record10(FAR, DOMESTIC))]),
        ]),
        changes in prop::collection::vec((0_usize..120, any::<u8>()), 0..6),
        cut in 0_usize..150,
    ) {
        let mut datagram = start;
        for (at, value) in changes {
            if let Some(octet) = datagram.get_mut(at) {
                *octet = value;
            }
        }
        datagram.truncate(cut);
        run(&[("address", "198.51.100.20")], &[datagram]);
    }
}
