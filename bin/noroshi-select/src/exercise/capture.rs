//! A small capture made here: one packet for each way a packet can end.

use std::net::Ipv4Addr;

const COMMAND_SERVER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 66);
const ABROAD: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
const HOME: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 10);
const NEIGHBOUR: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 11);
const PRIVATE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const PAYLOAD: &[u8] = b"content of a message, which is never kept";
/// 2026-11-02 00:00:00 UTC.
const FIRST_SECOND: u32 = 1_793_577_600;
const TCP: u8 = 6;
const UDP: u8 = 17;

/// The capture: microseconds, Ethernet.
pub(super) fn pcap() -> Vec<u8> {
    let frames = [
        ethernet(0x0800, &ipv4(COMMAND_SERVER, HOME, TCP, &tcp(443, 50_001))),
        ethernet(0x0800, &ipv4(HOME, COMMAND_SERVER, TCP, &tcp(50_001, 443))),
        ethernet(0x0800, &ipv4(HOME, NEIGHBOUR, TCP, &tcp(50_002, 25))),
        ethernet(
            0x0800,
            &ipv4(ABROAD, HOME, UDP, &udp(40_000, 53, &question())),
        ),
        ethernet(0x0800, &ipv4(ABROAD, HOME, TCP, &tcp(40_001, 80))),
        ethernet(0x0800, &ipv4(PRIVATE, HOME, TCP, &tcp(40_002, 80))),
        ethernet(0x0806, &[0; 28]),
    ];
    let mut file = Vec::new();
    file.extend_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
    file.extend_from_slice(&2_u16.to_le_bytes());
    file.extend_from_slice(&4_u16.to_le_bytes());
    file.extend_from_slice(&[0; 8]);
    file.extend_from_slice(&65_535_u32.to_le_bytes());
    file.extend_from_slice(&1_u32.to_le_bytes());
    for (number, frame) in (0..).zip(&frames) {
        let length = u32::try_from(frame.len()).unwrap_or(0);
        for field in [FIRST_SECOND.saturating_add(number), 0, length, length] {
            file.extend_from_slice(&field.to_le_bytes());
        }
        file.extend_from_slice(frame);
    }
    file
}

fn ethernet(kind: u16, body: &[u8]) -> Vec<u8> {
    [
        &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2],
        &kind.to_be_bytes()[..],
        body,
    ]
    .concat()
}

fn length(octets: usize) -> [u8; 2] {
    u16::try_from(octets).unwrap_or(u16::MAX).to_be_bytes()
}

fn ipv4(source: Ipv4Addr, destination: Ipv4Addr, protocol: u8, body: &[u8]) -> Vec<u8> {
    let total = length(body.len().saturating_add(20));
    [
        &[0x45, 0],
        &total[..],
        &[0, 0, 0x40, 0, 64, protocol, 0, 0],
        &source.octets(),
        &destination.octets(),
        body,
    ]
    .concat()
}

fn tcp(source: u16, destination: u16) -> Vec<u8> {
    [
        &source.to_be_bytes()[..],
        &destination.to_be_bytes(),
        &[0; 8],
        &[0x50, 0x18, 0x10, 0, 0, 0, 0, 0],
        PAYLOAD,
    ]
    .concat()
}

fn udp(source: u16, destination: u16, body: &[u8]) -> Vec<u8> {
    [
        &source.to_be_bytes()[..],
        &destination.to_be_bytes(),
        &length(body.len().saturating_add(8)),
        &[0, 0],
        body,
    ]
    .concat()
}

/// A question for the address of `update.c2.example`.
fn question() -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    message.extend_from_slice(b"\x06update\x02c2\x07example\x00");
    message.extend_from_slice(&[0, 1, 0, 1]);
    message
}
