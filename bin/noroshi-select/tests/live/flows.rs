//! Flow records over UDP.

use std::net::UdpSocket;
use std::process::{Child, Command};

use crate::frames::{ABROAD, COMMAND_SERVER, HOME};
use crate::ground::{Ground, ask_to_end, end, now, under_test_rules};

/// A port of this machine that is free, and a socket that sends to it.
fn port() -> (String, UdpSocket) {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(address).unwrap();
    (address.to_string(), sender)
}

fn start(ground: &Ground) -> (Child, UdpSocket) {
    let (address, sender) = port();
    let command = Command::new(under_test_rules());
    let mut child = ground.start(command, &["--ipfix", &address]);
    ground.wait_for(&mut child, 1);
    (child, sender)
}

/// NetFlow 5 with a record for each pair of addresses.
fn netflow5(pairs: &[([u8; 4], [u8; 4])]) -> Vec<u8> {
    let mut bytes = vec![0, 5, 0, u8::try_from(pairs.len()).unwrap()];
    let second = u32::try_from(now(0).as_second()).unwrap();
    for field in [60_000, second, 0, 7, 0] {
        bytes.extend_from_slice(&field.to_be_bytes());
    }
    for (source, destination) in pairs {
        bytes.extend_from_slice(source);
        bytes.extend_from_slice(destination);
        for field in [0_u32, 0, 3, 1800, 50_000, 59_000] {
            bytes.extend_from_slice(&field.to_be_bytes());
        }
        bytes.extend_from_slice(&[0x0f, 0xa0, 1, 0xbb, 0, 18, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    bytes
}

#[test]
fn flow_records_are_selected_until_somebody_asks_to_end() {
    let ground = Ground::new();
    let (child, sender) = start(&ground);
    sender
        .send(&netflow5(&[
            (COMMAND_SERVER, HOME),
            (ABROAD, HOME),
            (HOME, HOME),
        ]))
        .unwrap();
    sender.send(&netflow5(&[(COMMAND_SERVER, HOME)])).unwrap();
    sender.send(b"neither one nor the other").unwrap();
    ask_to_end(&child);
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str(), told["balanced"].as_str()),
        (0, Some("requested"), Some("exactly")),
        "{told}"
    );
    let run = ground.verified("out");
    assert_eq!(run["received"]["packets"], 5, "{run}");
    assert_eq!(run["kept"]["packets"], 2, "{run}");
    for reason in ["no_criterion", "domestic", "malformed"] {
        assert_eq!(run["dropped"][reason]["packets"], 1, "{reason}: {run}");
    }
    assert_eq!(ground.records("out").len(), 2);
}

#[test]
fn a_flood_is_accounted_for_in_kept_and_lost() {
    let ground = Ground::new();
    let (child, sender) = start(&ground);
    let datagram = netflow5(&[(COMMAND_SERVER, HOME)]);
    let sent = 5_000_u64;
    for _ in 0..sent {
        sender.send(&datagram).unwrap();
    }
    ask_to_end(&child);
    let (code, told) = end(child);
    assert_eq!(code, 0, "{told}");
    let run = ground.verified("out");
    let of = |part: &str| run[part]["packets"].as_u64().unwrap_or(0);
    let lost = run["lost"]["kernel"]["packets"].as_u64().unwrap_or(0);
    assert_eq!(of("received"), sent, "{run}");
    assert_eq!(of("kept") + lost, sent, "{run}");
}

#[test]
fn a_silent_socket_does_not_hold_up_a_revocation() {
    let ground = Ground::new();
    let (child, _sender) = start(&ground);
    ground.revoke();
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str()),
        (3, Some("revoked")),
        "{told}"
    );
}

#[test]
fn a_silent_socket_does_not_hold_up_the_end_of_the_warrant() {
    let ground = Ground::new();
    let mut terms = ground.terms();
    terms.valid_until = now(3);
    ground.write_warrant(&terms);
    let (child, _sender) = start(&ground);
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str()),
        (3, Some("expired")),
        "{told}"
    );
}
