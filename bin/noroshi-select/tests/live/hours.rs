//! Statements at the hour, whatever comes. An hour of the program of these tests is a second.

use std::net::UdpSocket;
use std::process::Command;

use crate::ground::{Ground, ask_to_end, end, under_test_rules};

/// The hours that `origin` states while nothing comes from it.
fn silent_hours(origin: &[&str]) {
    let ground = Ground::new();
    let mut child = ground.start(Command::new(under_test_rules()), origin);
    let input = child.stdin.take();
    // The begin and two hours.
    ground.wait_for(&mut child, 3);
    ask_to_end(&child);
    let (code, told) = end(child);
    drop(input);
    assert_eq!(
        (code, told["stop"].as_str()),
        (0, Some("requested")),
        "{told}"
    );
    let run = ground.verified("out");
    assert!(4 <= ground.statements(), "the end is stated too");
    assert_eq!(run["received"]["packets"], 0, "{run}");
}

#[test]
fn an_hour_without_a_datagram_is_stated_by_itself() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    drop(taken);
    silent_hours(&["--ipfix", &address]);
}

#[test]
fn an_hour_without_an_octet_on_standard_input_is_stated_by_itself() {
    silent_hours(&["--input", "-"]);
}
