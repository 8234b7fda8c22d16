//! What is not selected leaves nothing behind; what is selected leaves no payload.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::fixtures::{
    Collect, dns_query, frame_at, hello, inbound, index, pcap, scope, table, tcp, udp,
};
use crate::FlowLimits;
use crate::funnel::Funnel;
use crate::input::Capture;

fn holds(haystack: &[u8], marker: &[u8]) -> bool {
    haystack
        .windows(marker.len())
        .any(|window| window == marker)
}

proptest! {
    #[test]
    fn a_marker_in_any_payload_appears_in_no_record_and_no_text(
        marker in "[A-Z]{16}",
        segment in 1_usize..600,
        port in prop::sample::select(vec![25_u16, 53, 443, 4444]),
        selected in any::<bool>(),
    ) {
        let rows = [
            ("server_name", ".bad.example"),
            ("mail", "@bad.example"),
            ("dns_name", "bad.example"),
            ("signature", "text:command|soto_uchi,4444"),
        ];
        let address = [("address", "198.51.100.20")];
        let rows = if selected { [&rows[..], &address].concat() } else { rows.to_vec() };
        let index = index(&rows);
        let table = table();
        let mut stream = hello(&format!("{marker}.other.example"), 600, 300);
        stream.extend_from_slice(format!("EHLO {marker}\r\nMAIL FROM:<{marker}@other.example>\r\n").as_bytes());
        let mut frames = vec![inbound(6, &tcp((9, port), 0, 2, marker.as_bytes()))];
        let mut sequence = 1;
        for part in stream.chunks(segment) {
            frames.push(inbound(6, &tcp((9, port), sequence, 24, part)));
            sequence += part.len() as u32;
        }
        frames.push(inbound(17, &udp(9, 53, &dns_query(&format!("{marker}.other.example")))));
        frames.push(inbound(17, &udp(9, port, format!("run command {marker}").as_bytes())));
        frames.push(inbound(1, marker.as_bytes()));

        let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
        let mut sink = Collect::default();
        let file = pcap(&frames);
        let mut capture = Capture::open(file.as_slice()).unwrap();
        while let Some(frame) = capture.next_frame().unwrap() {
            let _ = write!(sink.shown, "{frame:?}");
            funnel.packet(&frame, &mut sink);
        }
        let (scratch, starts) = funnel.memory_after_end(&mut sink);
        let shown = format!("{:?} {}", sink.said, sink.shown).to_uppercase();
        prop_assert!(!holds(shown.as_bytes(), marker.as_bytes()));
        prop_assert!(scratch.iter().all(|octet| *octet == 0));
        prop_assert!(starts);
    }
}

#[test]
fn starts_of_streams_are_wiped_when_a_flow_is_decided() {
    let index = index(&[("server_name", "c2.example")]);
    let table = table();
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    for (part, number) in hello("other.example", 3000, 900).chunks(500).zip(0_u32..) {
        let segment = inbound(6, &tcp((9, 443), number * 500, 24, part));
        funnel.packet(&frame_at(&segment, u64::from(number)), &mut sink);
    }
    let (scratch, starts) = funnel.memory_after_end(&mut sink);
    assert!(scratch.iter().all(|octet| *octet == 0));
    assert!(starts);
}
