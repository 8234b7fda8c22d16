//! Captures made by code: packets for every way a packet can end, stamped now.

use crate::ground::now;

pub(crate) type Address = [u8; 4];

pub(crate) const HOME: Address = [11, 1, 0, 10];
pub(crate) const COMMAND_SERVER: Address = [12, 1, 0, 66];
pub(crate) const ABROAD: Address = [12, 1, 0, 7];
const NEIGHBOUR: Address = [11, 1, 0, 11];
const PRIVATE: Address = [10, 0, 0, 1];
/// Stands in every payload; nothing may ever show it.
pub(crate) const MARKER: &str = "payload-marker-51c2";

const IPV4: u16 = 0x0800;
const VLAN: u16 = 0x8100;
const SYN: u8 = 2;
const ACK: u8 = 16;
const PUSH: u8 = 24;

/// Frames as a capture file; microseconds, Ethernet.
pub(crate) fn pcap(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    for field in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1_u32] {
        file.extend_from_slice(&field.to_le_bytes());
    }
    let second = u32::try_from(now(0).as_second()).unwrap();
    for (number, frame) in (0_u32..).zip(frames) {
        let length = u32::try_from(frame.len()).unwrap();
        for field in [second, number % 1_000_000, length, length] {
            file.extend_from_slice(&field.to_le_bytes());
        }
        file.extend_from_slice(frame);
    }
    file
}

/// One packet for each way it can end, and connections whose name is awaited.
pub(crate) fn every_kind() -> Vec<Vec<u8>> {
    let mut frames = vec![
        ethernet(&ipv4(
            COMMAND_SERVER,
            HOME,
            &segment((443, 50_001), 1, PUSH, &[]),
        )),
        tagged(&ipv4(
            COMMAND_SERVER,
            HOME,
            &segment((443, 50_001), 2, PUSH, &[]),
        )),
        ethernet(&ipv4(
            HOME,
            COMMAND_SERVER,
            &segment((50_001, 443), 1, PUSH, &[]),
        )),
        ethernet(&ipv4(HOME, NEIGHBOUR, &segment((50_002, 25), 1, PUSH, &[]))),
        ethernet(&ipv4(PRIVATE, HOME, &segment((40_002, 80), 1, PUSH, &[]))),
        ethernet(&ipv4(ABROAD, HOME, &datagram((40_000, 53), &question()))),
        tagged(&ipv4(ABROAD, HOME, &datagram((40_000, 53), &question()))),
        fragment(ABROAD),
        fragment(COMMAND_SERVER),
        [&[2; 12][..], &[8, 6], &[0; 46]].concat(),
    ];
    frames.extend(connection(41_000, "update.c2.example"));
    frames.extend(connection(41_001, "update.other.example"));
    frames
}

/// Many connections, mixed: in half of them the name meets a criterion.
pub(crate) fn many(connections: u16) -> Vec<Vec<u8>> {
    let flows: Vec<Vec<Vec<u8>>> = (0..connections)
        .map(|number| {
            let name = if number % 2 == 0 {
                "update.c2.example"
            } else {
                "update.other.example"
            };
            connection(10_000 + number, name)
        })
        .collect();
    let longest = flows.iter().map(Vec::len).max().unwrap_or(0);
    let mut frames = every_kind();
    for step in 0..longest {
        frames.extend(flows.iter().filter_map(|flow| flow.get(step).cloned()));
    }
    frames
}

/// Both directions of a TLS connection from abroad; the hello comes in two pieces.
fn connection(port: u16, name: &str) -> Vec<Vec<u8>> {
    let there = (port, 443);
    let back = (443, port);
    let hello = hello(name);
    let (first, second) = hello.split_at(30);
    let next = 101 + u32::try_from(first.len()).unwrap();
    vec![
        ethernet(&ipv4(ABROAD, HOME, &segment(there, 100, SYN, &[]))),
        ethernet(&ipv4(HOME, ABROAD, &segment(back, 900, SYN | ACK, &[]))),
        ethernet(&ipv4(ABROAD, HOME, &segment(there, 101, PUSH, first))),
        ethernet(&ipv4(ABROAD, HOME, &segment(there, next, PUSH, second))),
        ethernet(&ipv4(
            HOME,
            ABROAD,
            &segment(back, 901, PUSH, MARKER.as_bytes()),
        )),
        ethernet(&ipv4(
            ABROAD,
            HOME,
            &segment(there, next + 900, PUSH, MARKER.as_bytes()),
        )),
    ]
}

/// A client hello that names a server and nothing else.
fn hello(name: &str) -> Vec<u8> {
    let block16 = |body: &[u8]| [&size16(body.len())[..], body].concat();
    let entry = [&[0][..], &block16(name.as_bytes())].concat();
    let extension = [&[0, 0][..], &block16(&block16(&entry))].concat();
    let body = [
        &[3, 3][..],
        &[7; 32],
        &[0],
        &[0, 2, 0x13, 0x01],
        &[1, 0],
        &block16(&extension),
    ]
    .concat();
    let message = [&[1, 0][..], &size16(body.len()), &body].concat();
    [&[22, 3, 1][..], &block16(&message)].concat()
}

fn question() -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    message.extend_from_slice(b"\x06update\x02c2\x07example\x00\x00\x01\x00\x01");
    message
}

fn ethernet(body: &[u8]) -> Vec<u8> {
    framed(&IPV4.to_be_bytes(), body)
}

fn tagged(body: &[u8]) -> Vec<u8> {
    framed(
        &[VLAN.to_be_bytes(), [0, 7], IPV4.to_be_bytes()].concat(),
        body,
    )
}

/// Addressed to a machine that is not there.
fn framed(kind: &[u8], body: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2][..], kind, body].concat()
}

fn size16(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_be_bytes()
}

/// The body of an IP packet with the number of its protocol before it.
fn ipv4(source: Address, destination: Address, body: &(u8, Vec<u8>)) -> Vec<u8> {
    ip(source, destination, [0x40, 0], body)
}

fn fragment(source: Address) -> Vec<u8> {
    ethernet(&ip(source, HOME, [0, 9], &(17, MARKER.as_bytes().to_vec())))
}

fn ip(source: Address, destination: Address, offset: [u8; 2], body: &(u8, Vec<u8>)) -> Vec<u8> {
    let (protocol, body) = body;
    [
        &[0x45, 0][..],
        &size16(body.len() + 20),
        &[0, 0],
        &offset,
        &[64, *protocol, 0, 0],
        &source,
        &destination,
        body,
    ]
    .concat()
}

fn segment(ports: (u16, u16), sequence: u32, flags: u8, payload: &[u8]) -> (u8, Vec<u8>) {
    let body = [
        &ports.0.to_be_bytes()[..],
        &ports.1.to_be_bytes(),
        &sequence.to_be_bytes(),
        &[0, 0, 0, 1, 0x50, flags, 0x10, 0, 0, 0, 0, 0],
        payload,
    ];
    (6, body.concat())
}

fn datagram(ports: (u16, u16), body: &[u8]) -> (u8, Vec<u8>) {
    let whole = [
        &ports.0.to_be_bytes()[..],
        &ports.1.to_be_bytes(),
        &size16(body.len() + 8),
        &[0, 0],
        body,
    ];
    (17, whole.concat())
}
