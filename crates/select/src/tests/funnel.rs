//! One final disposition for every packet; each criterion does what it says.

use warrant::{CriterionKind, Direction, DropReason, LossReason, Tally};

use super::fixtures::{
    Collect, DOMESTIC, FAR, FOREIGN, PRIVATE, dns_query, ethernet, frame_at, hello, hello_message,
    inbound, index, ipv4, kept, run, scope, table, tcp, udp,
};
use crate::FlowLimits;
use crate::decode::Tunnels;
use crate::direction::Directions;
use crate::frame::{Frame, LinkType};
use crate::funnel::{Funnel, Scope};
use crate::names::quic::sealing::{crypto, initial};
use crate::record::Taken;

fn between(source: [u8; 4], destination: [u8; 4]) -> Vec<u8> {
    ethernet(
        0x0800,
        &ipv4(source, destination, 17, &udp(1000, 2000, b"data")),
    )
}

#[test]
fn each_way_is_told_apart_and_traffic_within_the_country_is_never_kept() {
    let all = index(&[
        ("prefix", "192.0.2.0/24"),
        ("prefix", "198.51.100.0/24"),
        ("prefix", "203.0.113.0/24"),
    ]);
    let frames = [
        between(FOREIGN, DOMESTIC),
        between(DOMESTIC, FOREIGN),
        between(FOREIGN, FAR),
        between(DOMESTIC, [192, 0, 2, 99]),
        between(PRIVATE, DOMESTIC),
        between(FOREIGN, PRIVATE),
        between([8, 8, 8, 8], DOMESTIC),
    ];
    let (counts, sink) = run(&all, scope(), &frames);
    for direction in [Direction::Inbound, Direction::Outbound, Direction::Transit] {
        assert_eq!(counts.kept(CriterionKind::Prefix, direction).packets, 1);
    }
    assert_eq!(counts.dropped(DropReason::Domestic).packets, 1);
    assert_eq!(counts.dropped(DropReason::Undetermined).packets, 3);
    assert_eq!(sink.said.len(), 3);
}

#[test]
fn a_direction_the_warrant_does_not_cover_is_dropped() {
    let all = index(&[("prefix", "198.51.100.0/24")]);
    let only = Scope {
        directions: Directions::NONE.with(Direction::Outbound),
        ..scope()
    };
    let (counts, sink) = run(&all, only, &[between(FOREIGN, DOMESTIC)]);
    assert_eq!(counts.dropped(DropReason::OtherDirection).packets, 1);
    assert_eq!(sink.said, []);
    let domestic = Directions::NONE.with(Direction::Domestic);
    assert_eq!(domestic, Directions::NONE);
}

#[test]
fn packets_stamped_outside_the_period_are_dropped() {
    let all = index(&[("prefix", "198.51.100.0/24")]);
    let period = Scope {
        from_ns: 2_000_000,
        until_ns: 3_000_000,
        ..scope()
    };
    let frames = vec![between(FOREIGN, DOMESTIC); 4];
    let (counts, _) = run(&all, period, &frames);
    assert_eq!(kept(&counts, CriterionKind::Prefix), 1);
    assert_eq!(counts.dropped(DropReason::OutsidePeriod).packets, 3);
}

#[test]
fn all_criteria_of_a_packet_are_recorded_and_the_cheapest_counts() {
    let index = index(&[
        ("dns_name", "www.example.org"),
        ("dns_name", ".example.org"),
        ("address", "198.51.100.20"),
        ("port", "udp/53"),
        ("dns_name", ".example.com"),
    ]);
    let query = udp(4000, 53, &dns_query("WWW.Example.ORG"));
    let (counts, sink) = run(&index, scope(), &[inbound(17, &query)]);
    let [said] = sink.said.as_slice() else {
        panic!("one record")
    };
    assert_eq!(said.criteria, [0, 1, 2, 3]);
    assert_eq!(said.dns.as_deref(), Some("www.example.org"));
    assert_eq!(kept(&counts, CriterionKind::Address), 1);
    assert_eq!(counts.hits(CriterionKind::DnsName, Direction::Inbound), 2);
}

#[test]
fn a_name_that_meets_no_criterion_is_not_stored() {
    let index = index(&[("address", "198.51.100.20"), ("dns_name", "other.example")]);
    let query = udp(4000, 53, &dns_query("private.example.org"));
    let (_, sink) = run(&index, scope(), &[inbound(17, &query)]);
    assert_eq!(sink.said[0].dns, None);
    assert_eq!(sink.said[0].criteria, [0]);
}

fn connection(stream: &[u8], segment: usize, port: u16) -> Vec<Vec<u8>> {
    let ports = (40_000, port);
    let mut frames = vec![
        inbound(6, &tcp(ports, 99, 2, b"")),
        inbound(6, &tcp(ports, 100, 16, b"")),
    ];
    let mut sequence = 100_u32;
    for part in stream.chunks(segment) {
        frames.push(inbound(6, &tcp(ports, sequence, 24, part)));
        sequence += part.len() as u32;
    }
    frames
}

#[test]
fn a_tls_connection_is_kept_from_its_first_packet_on() {
    let index = index(&[
        ("server_name", ".bad.example"),
        ("server_name", "good.example"),
    ]);
    for (segment, record, padding) in [
        (10_000, 10_000, 10),
        (500, 10_000, 3000),
        (100, 60, 300),
        (1, 20, 0),
    ] {
        let mut frames = connection(&hello("C2.Bad.example", padding, record), segment, 443);
        frames.push(inbound(6, &tcp((40_000, 443), 77, 16, b"later")));
        let total = frames.len() as u64;
        let (counts, sink) = run(&index, scope(), &frames);
        assert_eq!(kept(&counts, CriterionKind::ServerName), total);
        let packets: u64 = sink.said.iter().map(|said| said.packets).sum();
        assert_eq!(packets, total);
        assert!(
            sink.said
                .iter()
                .all(|said| said.server.as_deref() == Some("c2.bad.example"))
        );
    }
}

#[test]
fn a_tls_connection_to_another_name_is_dropped_whole() {
    let index = index(&[("server_name", ".bad.example")]);
    let frames = connection(&hello("verybad.example", 2000, 700), 300, 443);
    let total = frames.len() as u64;
    let (counts, sink) = run(&index, scope(), &frames);
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, total);
    assert_eq!(sink.said, []);
}

#[test]
fn segments_out_of_order_and_sent_twice_are_put_in_order() {
    let index = index(&[("server_name", "c2.example")]);
    let mut frames = connection(&hello("c2.example", 1500, 5000), 400, 443);
    frames.swap(2, 4);
    frames.insert(3, frames[4].clone());
    frames.push(frames[2].clone());
    let total = frames.len() as u64;
    let (counts, _) = run(&index, scope(), &frames);
    assert_eq!(kept(&counts, CriterionKind::ServerName), total);
}

#[test]
fn a_hello_without_its_opening_is_found() {
    let index = index(&[("server_name", "c2.example")]);
    let frames = connection(&hello("c2.example", 900, 5000), 400, 443);
    let (counts, _) = run(&index, scope(), &frames[2..]);
    assert_eq!(
        kept(&counts, CriterionKind::ServerName),
        frames.len() as u64 - 2
    );
}

#[test]
fn a_hello_that_never_becomes_whole_is_lost_and_not_dropped() {
    let index = index(&[("server_name", "c2.example")]);
    let frames = connection(&hello("c2.example", 900, 5000), 400, 443);
    let (counts, _) = run(&index, scope(), &frames[..3]);
    assert_eq!(counts.lost(LossReason::Stopped).packets, 3);
    let mut ended = frames[..3].to_vec();
    ended.push(inbound(6, &tcp((40_000, 443), 500, 17, b"")));
    let (counts, _) = run(&index, scope(), &ended);
    assert_eq!(counts.lost(LossReason::Reassembly).packets, 4);
}

#[test]
fn a_packet_that_meets_an_address_does_not_wait_for_its_flow() {
    let index = index(&[("server_name", "c2.example"), ("address", "198.51.100.20")]);
    let frames = connection(&hello("c2.example", 0, 5000), 4000, 443);
    let (counts, sink) = run(&index, scope(), &frames);
    assert_eq!(kept(&counts, CriterionKind::Address), 3);
    assert_eq!(sink.said[2].criteria, [0, 1]);
    assert_eq!(sink.said[2].server.as_deref(), Some("c2.example"));
}

#[test]
fn the_envelope_of_a_mail_is_matched_and_its_text_is_not() {
    let index = index(&[
        ("mail", "@bad.example"),
        ("mail", "a@good.example"),
        ("mail", "body@text.example"),
    ]);
    let session = b"EHLO mx\r\nMAIL FROM:<A@good.example>\r\nRCPT TO:<x@bad.example>\r\nDATA\r\n\
                    MAIL FROM:<body@text.example>\r\n.\r\n";
    for segment in [7, 40, 1000] {
        let frames = connection(session, segment, 25);
        let (counts, sink) = run(&index, scope(), &frames);
        assert_eq!(kept(&counts, CriterionKind::Mail), frames.len() as u64);
        let last = sink.said.last().unwrap();
        assert_eq!(last.criteria, [0, 1]);
        assert_eq!(last.mail, ["a@good.example", "x@bad.example"]);
    }
}

#[test]
fn questions_over_tcp_are_found_in_any_segments() {
    let index = index(&[("dns_name", "c2.example")]);
    let mut stream = Vec::new();
    for name in ["one.example", "c2.example"] {
        let message = dns_query(name);
        stream.extend_from_slice(&(message.len() as u16).to_be_bytes());
        stream.extend_from_slice(&message);
    }
    for segment in [1, 20, 31, 500] {
        let frames = connection(&stream, segment, 53);
        let (counts, sink) = run(&index, scope(), &frames);
        assert_eq!(kept(&counts, CriterionKind::DnsName), frames.len() as u64);
        assert_eq!(sink.said[0].dns.as_deref(), Some("c2.example"));
    }
}

#[test]
fn signatures_are_found_behind_their_gate_only() {
    let index = index(&[
        ("signature", "text:CMD-START|soto_uchi,8000-8010"),
        ("signature", "hex:434d442d|uchi_soto,8000"),
    ]);
    let inside = tcp((40_000, 8005), 1, 24, b"xxCMD-START run");
    let (counts, sink) = run(&index, scope(), &[inbound(6, &inside)]);
    assert_eq!(kept(&counts, CriterionKind::Signature), 1);
    assert_eq!(sink.said[0].criteria, [0]);
    assert_eq!(sink.said[0].signature, Some(2));
    let elsewhere = tcp((40_000, 9000), 1, 24, b"CMD-START");
    let (counts, _) = run(&index, scope(), &[inbound(6, &elsewhere)]);
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, 1);
}

#[test]
fn what_the_capture_cut_is_lost_where_it_had_to_be_looked_at() {
    let names = index(&[("dns_name", "c2.example")]);
    let addresses = index(&[("address", "203.0.113.30")]);
    let whole = inbound(17, &udp(4000, 53, &dns_query("c2.example")));
    let table = table();
    for (index, at, lost) in [
        (&names, 50, 1),
        (&addresses, 50, 0),
        (&names, 20, 1),
        (&addresses, 20, 1),
    ] {
        let mut funnel = Funnel::new(index, &table, scope(), FlowLimits::default());
        let wire_len = whole.len() as u32;
        let frame = Frame::new(LinkType::ETHERNET, 1, wire_len, &whole[..at]);
        funnel.packet(&frame, &mut Collect::default());
        let counts = funnel.finish(&mut Collect::default());
        assert_eq!(counts.lost(LossReason::Truncated).packets, lost);
        counts.check(Tally::default(), Tally::default()).unwrap();
    }
}

#[test]
fn later_fragments_are_lost_where_ports_would_decide() {
    let mut fragment = ipv4(FOREIGN, DOMESTIC, 17, b"the rest");
    fragment[7] = 3;
    let frame = ethernet(0x0800, &fragment);
    let ports = index(&[("port", "udp/53")]);
    let (counts, _) = run(&ports, scope(), std::slice::from_ref(&frame));
    assert_eq!(counts.lost(LossReason::Fragment).packets, 1);
    let addresses = index(&[("port", "udp/53"), ("address", "198.51.100.20")]);
    let (counts, _) = run(&addresses, scope(), &[frame]);
    assert_eq!(kept(&counts, CriterionKind::Address), 1);
}

#[test]
fn the_warrant_decides_whether_the_inside_of_a_tunnel_counts() {
    let index = index(&[("address", "203.0.113.30")]);
    let inner = ipv4(FAR, DOMESTIC, 17, &udp(1, 2, b""));
    let frame = ethernet(0x0800, &ipv4(FOREIGN, DOMESTIC, 4, &inner));
    let (counts, _) = run(&index, scope(), std::slice::from_ref(&frame));
    assert_eq!(kept(&counts, CriterionKind::Address), 1);
    let closed = Scope {
        tunnels: Tunnels::Closed,
        ..scope()
    };
    let (counts, _) = run(&index, closed, &[frame]);
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, 1);
}

#[test]
fn a_sink_that_refuses_turns_kept_into_dropped_or_lost() {
    let index = index(&[("address", "198.51.100.20")]);
    let table = table();
    let bytes = between(FOREIGN, DOMESTIC);
    for (answer, dropped, lost) in [(Taken::OverLimit, 1, 0), (Taken::Failed, 0, 1)] {
        let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
        let mut sink = Collect {
            answer: Some(answer),
            ..Collect::default()
        };
        funnel.packet(&frame_at(&bytes, 1), &mut sink);
        let counts = funnel.finish(&mut sink);
        assert_eq!(counts.dropped(DropReason::OverLimit).packets, dropped);
        assert_eq!(counts.lost(LossReason::Output).packets, lost);
        assert_eq!(counts.records(), 0);
    }
}

#[test]
fn a_full_table_loses_the_longest_idle_and_counts_it() {
    let index = index(&[("server_name", "c2.example")]);
    let table = table();
    let limits = FlowLimits {
        flows: 8,
        ..FlowLimits::default()
    };
    let mut funnel = Funnel::new(&index, &table, scope(), limits);
    let mut sink = Collect::default();
    for port in 1..=20_u16 {
        let opening = inbound(6, &tcp((port, 443), 5, 2, b""));
        funnel.packet(&frame_at(&opening, u64::from(port)), &mut sink);
    }
    assert_eq!(funnel.counts().lost(LossReason::FlowTable).packets, 12);
    let counts = funnel.finish(&mut sink);
    assert_eq!(counts.lost(LossReason::Stopped).packets, 8);
}

#[test]
fn a_flow_that_was_silent_too_long_is_over_whatever_other_traffic_does() {
    let index = index(&[("server_name", "c2.example")]);
    let table = table();
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let opening = inbound(6, &tcp((4000, 443), 5, 2, b""));
    let hello = inbound(6, &tcp((4000, 443), 6, 24, &hello("c2.example", 0, 5000)));
    funnel.packet(&frame_at(&opening, 1), &mut sink);
    funnel.packet(&frame_at(&hello, 200_000_000_000), &mut sink);
    let counts = funnel.finish(&mut sink);
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, 1);
    assert_eq!(kept(&counts, CriterionKind::ServerName), 1);
}

#[test]
fn what_is_pending_at_an_interval_is_carried_over() {
    let index = index(&[("server_name", "c2.example")]);
    let table = table();
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let frames = connection(&hello("c2.example", 0, 5000), 4000, 443);
    funnel.packet(&frame_at(&frames[0], 1), &mut sink);
    let (first, pending) = funnel.take_counts();
    assert_eq!(pending.packets, 1);
    first.check(Tally::default(), pending).unwrap();
    for frame in &frames[1..] {
        funnel.packet(&frame_at(frame, 2), &mut sink);
    }
    let second = funnel.finish(&mut sink);
    second.check(pending, Tally::default()).unwrap();
    assert_eq!(kept(&second, CriterionKind::ServerName), 3);
}

#[test]
fn a_quic_hello_in_any_datagrams_and_order_is_found() {
    let index = index(&[("server_name", "c2.example")]);
    let message = hello_message("c2.example", 1200);
    let half = message.len() / 2;
    let (first, second) = message.split_at(half);
    let id = [1, 2, 3, 4, 5, 6, 7, 8];
    let chosen = [9; 5];
    for version in [1, 0x6b33_43cf, 0xff00_001d, 0xff00_0017] {
        let one = initial(0, version, &id, &id, &crypto(0, first));
        let other = crypto(half as u16, second);
        for two in [
            initial(1, version, &id, &id, &other),
            initial(1, version, &id, &chosen, &other),
        ] {
            let mut frames: Vec<Vec<u8>> = [&one, &two, &vec![0x40; 30]]
                .into_iter()
                .map(|datagram| inbound(17, &udp(5000, 443, datagram)))
                .collect();
            let (counts, sink) = run(&index, scope(), &frames);
            assert_eq!(kept(&counts, CriterionKind::ServerName), 3);
            assert_eq!(sink.said[0].server.as_deref(), Some("c2.example"));
            if two.windows(5).any(|window| window == chosen) {
                continue; // sealed with keys that only the first packet tells
            }
            frames.swap(0, 1);
            let (counts, _) = run(&index, scope(), &frames);
            assert_eq!(kept(&counts, CriterionKind::ServerName), 3);
        }
    }
}

#[test]
fn a_quic_packet_that_cannot_be_opened_begins_no_flow() {
    let index = index(&[("server_name", "c2.example")]);
    let mut packet = initial(
        0,
        1,
        &[1; 8],
        &[1; 8],
        &crypto(0, &hello_message("c2.example", 0)),
    );
    packet[700] ^= 1;
    let (counts, _) = run(&index, scope(), &[inbound(17, &udp(5000, 443, &packet))]);
    assert_eq!(counts.dropped(DropReason::NoCriterion).packets, 1);
}
