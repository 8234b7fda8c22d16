//! Every wrapping is opened; damage is a reason, never a panic.

use proptest::prelude::*;

use super::fixtures::{DOMESTIC, FAR, FOREIGN, ethernet, frame, ipv4, ipv6, tcp, udp};
use crate::decode::{MAX_LAYERS, Pair, Skip, Tunnels, decode};
use crate::frame::{Frame, LinkType};

fn inner() -> Vec<u8> {
    ipv4(FOREIGN, DOMESTIC, 17, &udp(1111, 2222, b"inside"))
}

fn found(bytes: &[u8]) -> Result<(String, Option<(u16, u16)>), Skip> {
    let packet = decode(&frame(bytes), Tunnels::Open)?;
    let (source, destination) = packet.inner.addresses();
    Ok((format!("{source} {destination}"), packet.transport.ports()))
}

fn expected() -> (String, Option<(u16, u16)>) {
    ("198.51.100.20 192.0.2.10".to_owned(), Some((1111, 2222)))
}

fn outer(port: u16, head: &[u8], inside: &[u8]) -> Vec<u8> {
    let payload = [head, inside].concat();
    ethernet(0x0800, &ipv4(FAR, FOREIGN, 17, &udp(9, port, &payload)))
}

fn wrapped(protocol: u8, head: &[u8], inside: &[u8]) -> Vec<u8> {
    let payload = [head, inside].concat();
    ethernet(0x0800, &ipv4(FAR, FOREIGN, protocol, &payload))
}

#[test]
fn every_wrapping_is_opened() {
    let plain = inner();
    let framed = ethernet(0x0800, &plain);
    let tag = |kind: u16, inside: &[u8]| [&[0, 7], kind.to_be_bytes().as_slice(), inside].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("plain", framed.clone()),
        ("vlan", ethernet(0x8100, &tag(0x0800, &plain))),
        ("qinq", ethernet(0x88a8, &tag(0x8100, &tag(0x0800, &plain)))),
        (
            "snap",
            ethernet(
                40,
                &[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], plain.as_slice()].concat(),
            ),
        ),
        (
            "mpls",
            ethernet(
                0x8847,
                &[&[0, 1, 0, 64, 0, 2, 1, 64], plain.as_slice()].concat(),
            ),
        ),
        (
            "pseudowire",
            ethernet(
                0x8847,
                &[&[0, 1, 1, 64, 0, 0, 0, 0], framed.as_slice()].concat(),
            ),
        ),
        (
            "pppoe",
            ethernet(
                0x8864,
                &[&[0x11, 0, 0, 1, 0, 50, 0, 0x21], plain.as_slice()].concat(),
            ),
        ),
        ("ip in ip", wrapped(4, &[], &plain)),
        ("gre", wrapped(47, &[0, 0, 8, 0], &plain)),
        (
            "gre with key, checksum, sequence",
            wrapped(
                47,
                &[0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2],
                &plain,
            ),
        ),
        (
            "gre with ethernet",
            wrapped(47, &[0, 0, 0x65, 0x58], &framed),
        ),
        (
            "pptp",
            wrapped(
                47,
                &[
                    0x30, 1, 0x88, 0x0b, 0, 50, 0, 1, 0, 0, 0, 1, 0xff, 3, 0, 0x21,
                ],
                &plain,
            ),
        ),
        (
            "gtp-u",
            outer(2152, &[0x30, 255, 0, 50, 0, 0, 0, 1], &plain),
        ),
        (
            "gtp-u with extension",
            outer(
                2152,
                &[0x34, 255, 0, 50, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0],
                &plain,
            ),
        ),
        ("vxlan", outer(4789, &[8, 0, 0, 0, 0, 0, 1, 0], &framed)),
        (
            "geneve",
            outer(6081, &[1, 0, 0x65, 0x58, 0, 0, 1, 0, 1, 2, 3, 4], &framed),
        ),
        ("mpls in udp", outer(6635, &[0, 1, 1, 64], &plain)),
    ];
    for (name, bytes) in cases {
        assert_eq!(found(&bytes), Ok(expected()), "{name}");
    }
}

#[test]
fn teredo_and_six_in_four_reach_ipv6() {
    let six = ipv6(1 << 125, 2 << 124, 17, &udp(1111, 2222, b""));
    for bytes in [
        outer(3544, &[], &six),
        outer(3544, &[0, 0, 1, 2, 3, 4, 5, 6], &six),
        outer(
            3544,
            &[&[0, 1, 0, 0][..], &[0; 9], &[0, 0, 1, 2, 3, 4, 5, 6]].concat(),
            &six,
        ),
        wrapped(41, &[], &six),
    ] {
        assert_eq!(found(&bytes).map(|found| found.1), Ok(Some((1111, 2222))));
    }
}

#[test]
fn other_links_are_read() {
    let plain = inner();
    let six = ipv6(1, 2, 17, &udp(1, 2, b""));
    let cooked = [&[0; 14][..], &[8, 0], &plain].concat();
    let cooked2 = [&[8, 0][..], &[0; 18], &plain].concat();
    for (link, bytes) in [
        (LinkType::RAW, plain.clone()),
        (LinkType::IPV4, plain.clone()),
        (LinkType::IPV6, six),
        (LinkType::SLL, cooked),
        (LinkType::SLL2, cooked2),
        (LinkType::NULL, [&[2, 0, 0, 0][..], &plain].concat()),
        (LinkType::LOOP, [&[0, 0, 0, 2][..], &plain].concat()),
        (LinkType::PPP, [&[0xff, 3, 0, 0x21][..], &plain].concat()),
    ] {
        let frame = Frame::new(link, 0, 0, &bytes);
        assert!(decode(&frame, Tunnels::Open).is_ok(), "{link:?}");
    }
    let frame = Frame::new(LinkType(147), 0, 0, &plain);
    assert_eq!(decode(&frame, Tunnels::Open).err(), Some(Skip::LinkType));
}

#[test]
fn extension_headers_are_passed_and_fragments_told() {
    let hop = [
        &[60, 0, 1, 4, 0, 0, 0, 0][..],
        &[17, 0, 1, 4, 0, 0, 0, 0],
        &udp(5, 6, b""),
    ]
    .concat();
    assert_eq!(
        found(&ethernet(0x86dd, &ipv6(1, 2, 0, &hop))).map(|found| found.1),
        Ok(Some((5, 6)))
    );
    let later = [&[17, 0, 0, 8, 0, 0, 0, 1][..], &udp(5, 6, b"")].concat();
    assert_eq!(
        found(&ethernet(0x86dd, &ipv6(1, 2, 44, &later))).map(|found| found.1),
        Ok(None)
    );
    let endless = [0_u8, 0, 0, 0, 0, 0, 0, 0].repeat(12);
    assert_eq!(
        found(&ethernet(0x86dd, &ipv6(1, 2, 0, &endless))),
        Err(Skip::BadExtension)
    );
}

#[test]
fn layers_are_limited() {
    let mut bytes = inner();
    for _ in 0..MAX_LAYERS {
        bytes = ipv4(FOREIGN, DOMESTIC, 4, &bytes);
    }
    assert!(found(&ethernet(0x0800, &bytes)).is_ok());
    let deeper = ipv4(FOREIGN, DOMESTIC, 4, &bytes);
    assert_eq!(found(&ethernet(0x0800, &deeper)), Err(Skip::TooDeep));
}

#[test]
fn a_port_that_only_looks_like_a_tunnel_stays_what_it_is() {
    let odd = outer(4789, &[8, 0, 0, 0, 0, 0, 1, 0], b"no ethernet frame here");
    assert_eq!(found(&odd).map(|found| found.1), Ok(Some((9, 4789))));
}

#[test]
fn nothing_printed_shows_an_octet_or_an_address() {
    let bytes = ethernet(
        0x0800,
        &ipv4(
            [198, 51, 100, 77],
            DOMESTIC,
            6,
            &tcp((7, 8), 1, 0, b"SECRET-MARK"),
        ),
    );
    let frame = frame(&bytes);
    let packet = decode(&frame, Tunnels::Open).unwrap();
    let shown = format!("{frame:?} {packet:?} {:?}", packet.inner);
    for secret in ["SECRET", "83, 69", "198.51", "77"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(matches!(packet.outer, Pair::V4 { .. }));
}

proptest! {
    #[test]
    fn no_octets_make_the_decoder_panic(
        link in prop::sample::select(vec![0_u16, 1, 9, 12, 50, 101, 108, 113, 228, 229, 276]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = decode(&Frame::new(LinkType(link), 0, 0, &bytes), Tunnels::Open);
    }

    #[test]
    fn a_damaged_wrapping_never_panics(
        at in 0_usize..150,
        value in any::<u8>(),
        cut in 0_usize..150,
        port in prop::sample::select(vec![2152_u16, 3544, 4789, 6081, 6635]),
    ) {
        let mut bytes = outer(port, &[0x34, 255, 0, 50, 0, 0, 0, 1], &ethernet(0x0800, &inner()));
        if let Some(octet) = bytes.get_mut(at) {
            *octet = value;
        }
        bytes.truncate(cut);
        let _ = decode(&frame(&bytes), Tunnels::Open);
    }
}
