//! Packets that arrive at an interface: a pair of interfaces in a network of its own.

use std::fs;
use std::process::{Child, Command, Stdio};

use crate::frames::{MARKER, every_kind, pcap};
use crate::ground::{Ground, ask_to_end, end, json, under_test_rules};

/// Runs what follows with the one capability that the manual names.
const CAPABLE: [&str; 3] = [
    "setpriv",
    "--bounding-set=-all,+net_raw",
    "--inh-caps=-all,+net_raw",
];

/// A network with the interfaces `here` and `there`, joined; what goes into one arrives at the other.
struct Network {
    name: String,
}

impl Network {
    /// Nothing where the rights, or the programs that make a network and send, are missing.
    fn new(purpose: &str) -> Option<Self> {
        let name = format!("noroshi-{purpose}-{}", std::process::id());
        let programs = ["tcpreplay", "setpriv"];
        let are_there = programs
            .iter()
            .all(|program| quiet(Command::new(program).arg("--version")));
        if !are_there || !quiet(Command::new("ip").args(["netns", "add", &name])) {
            println!(
                "skipped: needs the rights to make a network, and the programs ip, setpriv and tcpreplay"
            );
            return None;
        }
        let network = Self { name };
        // Without IPv6 nothing is sent there that nobody asked for.
        let silent = "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6";
        network.does(&["sh", "-c", silent]);
        network.does(&[
            "ip", "link", "add", "here", "type", "veth", "peer", "name", "there",
        ]);
        network.does(&["ip", "link", "set", "here", "arp", "off", "up"]);
        network.does(&["ip", "link", "set", "there", "arp", "off", "up"]);
        Some(network)
    }

    fn inside(&self) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]);
        command
    }

    fn does(&self, words: &[&str]) {
        assert!(quiet(self.inside().args(words)), "{words:?}");
    }

    fn listen(&self, ground: &Ground, more: &[&str]) -> Child {
        let mut program = self.inside();
        program.args(CAPABLE).arg(under_test_rules());
        let mut child = ground.start(program, &[&["--live", "here"], more].concat());
        ground.wait_for(&mut child, 1);
        child
    }

    /// Packets that went away between the two interfaces, before anybody could listen.
    fn dropped_before(&self) -> u64 {
        let mut command = self.inside();
        command.args(["cat", "/sys/class/net/here/statistics/rx_dropped"]);
        let told = command.output().unwrap();
        String::from_utf8(told.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }

    fn send(&self, capture: &str) {
        self.does(&["tcpreplay", "--topspeed", "--intf1", "there", capture]);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        quiet(Command::new("ip").args(["netns", "del", &self.name]));
    }
}

fn quiet(command: &mut Command) -> bool {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn packets_at_an_interface_come_to_the_same_as_their_capture() {
    same_as_capture("1");
}

#[test]
fn packets_at_an_interface_come_to_the_same_with_several_threads() {
    same_as_capture("3");
}

fn same_as_capture(threads: &str) {
    let Some(network) = Network::new(&format!("same-{threads}")) else {
        return;
    };
    let ground = Ground::new();
    let frames = every_kind();
    fs::write(ground.path("capture.pcap"), pcap(&frames)).unwrap();
    let child = network.listen(&ground, &["--promiscuous", "--threads", threads]);
    network.send(&ground.text("capture.pcap"));
    ask_to_end(&child);
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str(), told["balanced"].as_str()),
        (0, Some("requested"), Some("exactly")),
        "{told}"
    );
    let live = ground.verified("out");
    assert_eq!(live["received"]["packets"], frames.len(), "{live}");
    let capture = ground.text("capture.pcap");
    let run = ground.run("recorded", &["--input", &capture]);
    let words: Vec<&str> = run.iter().map(String::as_str).collect();
    let (code, told) = json(Command::new(under_test_rules()), &words);
    assert_eq!(code, 0, "{told}");
    let recorded = ground.verified("recorded");
    for part in ["received", "kept", "dropped", "lost", "records"] {
        assert_eq!(live[part], recorded[part], "{part}: {live} {recorded}");
    }
    assert_eq!(live["lost"]["kernel"], serde_json::Value::Null, "{live}");
    let records = ground.records("out");
    assert!(5 < records.len(), "{records:?}");
    assert_eq!(records, ground.records("recorded"));
}

#[test]
fn criteria_are_exchanged_by_a_run_that_begins_before_the_other_ends() {
    let Some(network) = Network::new("exchange") else {
        return;
    };
    let old = Ground::new();
    let new = Ground::of("id,kind,value,reason,directions,ports\nN-1,address,12.1.0.7,test,,\n");
    let frames = every_kind();
    let capture = old.text("capture.pcap");
    fs::write(&capture, pcap(&frames)).unwrap();
    let before = network.listen(&old, &[]);
    network.send(&capture);
    let after = network.listen(&new, &[]);
    network.send(&capture);
    ask_to_end(&before);
    let (code, told) = end(before);
    assert_eq!((code, told["balanced"].as_str()), (0, Some("exactly")));
    network.send(&capture);
    ask_to_end(&after);
    let (code, told) = end(after);
    assert_eq!((code, told["balanced"].as_str()), (0, Some("exactly")));

    // Packets of the first two thirds and of the last two: every one was examined, each run by its own criteria only.
    for ground in [&old, &new] {
        let run = ground.verified("out");
        assert_eq!(run["received"]["packets"], 2 * frames.len(), "{run}");
    }
    assert_ne!(old.terms().criteria, new.terms().criteria);
    let of_new = new.records("out");
    assert!(!of_new.is_empty());
    assert!(of_new.iter().all(|record| record.contains("12.1.0.7\"")));
    let of_old = old.records("out");
    assert!(of_old.iter().any(|record| record.contains("12.1.0.66\"")));
}

#[test]
fn a_flood_at_an_interface_is_accounted_for() {
    let Some(network) = Network::new("flood") else {
        return;
    };
    let ground = Ground::new();
    // More octets than the ring holds, while the program may or may not keep up.
    let frames: Vec<Vec<u8>> = every_kind().into_iter().cycle().take(200_000).collect();
    fs::write(ground.path("capture.pcap"), pcap(&frames)).unwrap();
    let child = network.listen(&ground, &[]);
    network.send(&ground.text("capture.pcap"));
    ask_to_end(&child);
    let (code, told) = end(child);
    assert_eq!(
        (code, told["balanced"].as_str()),
        (0, Some("exactly")),
        "{told}"
    );
    let run = ground.verified("out");
    let received = run["received"]["packets"].as_u64().unwrap();
    let sent = u64::try_from(frames.len()).unwrap();
    assert_eq!(received + network.dropped_before(), sent, "{run}");
    for entry in fs::read_dir(ground.path("out/segments")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let mut windows = bytes.windows(MARKER.len());
        assert!(!windows.any(|part| part == MARKER.as_bytes()));
    }
}

#[test]
fn a_silent_interface_does_not_hold_up_an_hour_or_a_revocation() {
    let Some(network) = Network::new("silent") else {
        return;
    };
    let ground = Ground::new();
    let mut child = network.listen(&ground, &[]);
    ground.wait_for(&mut child, 3);
    ground.revoke();
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str()),
        (3, Some("revoked")),
        "{told}"
    );
}

#[test]
fn an_interface_that_is_not_there_is_refused_and_no_run() {
    let ground = Ground::new();
    let run = ground.run("out", &["--live", "nowhere0"]);
    let words: Vec<&str> = run.iter().map(String::as_str).collect();
    let (code, told) = json(Command::new(under_test_rules()), &words);
    assert_eq!(
        (code, told["refused"].as_str()),
        (2, Some("source")),
        "{told}"
    );
    assert_eq!(ground.statements(), 0);
}

#[test]
fn an_interface_that_goes_down_ends_the_run_and_is_stated() {
    let Some(network) = Network::new("down") else {
        return;
    };
    let ground = Ground::new();
    let child = network.listen(&ground, &[]);
    network.does(&["ip", "link", "set", "here", "down"]);
    let (code, told) = end(child);
    assert_eq!(
        (code, told["stop"].as_str()),
        (3, Some("input_failed")),
        "{told}"
    );
    assert_eq!(ground.verified("out")["stop"], "input_failed");
}
