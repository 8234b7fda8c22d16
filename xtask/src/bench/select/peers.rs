//! Other programs on the same capture with the same lists; those that are not installed are named.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use base64::Engine as _;

use super::turns::{Row, Turns};
use crate::process::Call;

/// Suricata with only what a match of addresses or names needs; limits high enough for the lists.
const SURICATA: &str = "%YAML 1.1\n---\n\
    outputs:\n  - fast: {enabled: yes, filename: fast.log, append: no}\n\
    logging: {default-log-level: error, outputs: [{console: {enabled: no}}]}\n\
    datasets: {defaults: {memcap: 1gb, hashsize: 2097152}, limits: {total-hashsizes: 268435456, single-hashsize: 4194304}}\n\
    stream: {memcap: 512mb, checksum-validation: no, reassembly: {memcap: 1gb}}\n\
    flow: {memcap: 512mb, hash-size: 65536, prealloc: 10000}\n\
    host: {hash-size: 4096, memcap: 256mb}\n\
    defrag: {memcap: 64mb, hash-size: 65536}\n\
    runmode: single\n";

/// Parsers of applications, switched off where only addresses are matched.
const PARSERS: &[&str] = &[
    "bittorrent-dht",
    "dcerpc",
    "dhcp",
    "dnp3",
    "dns",
    "enip",
    "ftp",
    "http",
    "http2",
    "ike",
    "imap",
    "krb5",
    "modbus",
    "mqtt",
    "nfs",
    "ntp",
    "pgsql",
    "quic",
    "rdp",
    "rfb",
    "sip",
    "smb",
    "smtp",
    "snmp",
    "ssh",
    "telnet",
    "tftp",
    "tls",
];

/// Adds every peer that is there.
pub(super) fn add(turns: &mut Turns, capture: &Path, folder: &Path) -> anyhow::Result<()> {
    let capture = capture.display().to_string();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    turns.add("cat", Row::every_turn(words(&["cat", &capture])));
    if is_there("tcpdump", "--version") {
        let one = words(&[
            "tcpdump",
            "-r",
            &capture,
            "-w",
            "/dev/null",
            "net",
            "203.0.113.0/24",
        ]);
        turns.add("tcpdump, one prefix, no match", Row::every_turn(one));
        let hosts = folder.join("hosts-1k.bpf");
        fs::write(&hosts, hosts_of(folder)?).context("write the filter of tcpdump")?;
        let file = hosts.display().to_string();
        let many = words(&["tcpdump", "-r", &capture, "-w", "/dev/null", "-F", &file]);
        turns.add("tcpdump, 1,000 hosts", Row::every_turn(many).once());
    }
    if is_there("nfpcapd", "-V") {
        let out = folder.join("nfpcapd").display().to_string();
        let script = format!("mkdir -p '{out}' && nfpcapd -r '{capture}' -w '{out}' -e 300,60");
        let flows = Row::every_turn(words(&["bash", "-c", &script]));
        turns.add("nfpcapd (flows, no list)", flows.with_fresh_folder(out));
    }
    if is_there("suricata", "-V") {
        suricata(turns, &capture, folder)?;
    }
    Ok(())
}

fn is_there(program: &str, argument: &str) -> bool {
    let there = Call::new(program).arg(argument).succeeds();
    if !there {
        println!("{program} is not installed: not compared");
    }
    there
}

/// A filter that matches what the list of 1,000 addresses does.
fn hosts_of(folder: &Path) -> anyhow::Result<String> {
    let hosts: Vec<String> = values(folder, "addresses-1k", "address")?
        .into_iter()
        .map(|address| format!("host {address}"))
        .collect();
    Ok(hosts.join(" or "))
}

/// The values of one kind in a list.
fn values(folder: &Path, list: &str, kind: &str) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(folder.join(format!("{list}.csv"))).context("read a list")?;
    let fields = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    Ok(fields
        .filter(|fields| fields.get(1) == Some(&kind))
        .filter_map(|fields| fields.get(2).map(|value| (*value).to_owned()))
        .collect())
}

fn suricata(turns: &mut Turns, capture: &str, folder: &Path) -> anyhow::Result<()> {
    let at = |name: &str| folder.join(name).display().to_string();
    let addresses = values(folder, "addresses-1m", "address")?;
    fs::write(at("suricata-addresses.lst"), addresses.join("\n") + "\n")?;
    let mut names = String::new();
    for kind in ["dns_name", "server_name"] {
        for name in values(folder, "everything", kind)? {
            let name = name.trim_start_matches('.');
            writeln!(
                names,
                "{}",
                base64::engine::general_purpose::STANDARD.encode(name)
            )?;
        }
    }
    fs::write(at("suricata-names.lst"), names)?;
    let mut rules = String::new();
    for (number, end) in (1..).zip(["ip.src", "ip.dst"]) {
        writeln!(
            rules,
            "alert ip any any -> any any ({end}; dataset:isset,bad,type ip,load {},hashsize 2097152; sid:{number};)",
            at("suricata-addresses.lst")
        )?;
    }
    fs::write(at("suricata-lean.rules"), &rules)?;
    for (number, (protocol, field)) in (11..).zip([("dns", "dns.query"), ("tls", "tls.sni")]) {
        writeln!(
            rules,
            "alert {protocol} any any -> any any ({field}; dataset:isset,names,type string,load {},hashsize 2097152; sid:{number};)",
            at("suricata-names.lst")
        )?;
    }
    fs::write(at("suricata-full.rules"), &rules)?;
    let mut lean = format!("{SURICATA}app-layer:\n  protocols:\n");
    for parser in PARSERS {
        writeln!(lean, "    {parser}: {{enabled: no}}")?;
    }
    fs::write(at("suricata-lean.yaml"), lean)?;
    let full = PARSERS.iter().fold(
        format!("{SURICATA}app-layer:\n  protocols:\n"),
        |text, parser| text + &format!("    {parser}: {{enabled: yes}}\n"),
    );
    fs::write(at("suricata-full.yaml"), full)?;
    for (name, kind) in [
        ("Suricata, parsers off, 1 m addresses", "lean"),
        ("Suricata, parsers on, 1 m addresses + names", "full"),
    ] {
        let out = at(&format!("suricata-{kind}"));
        let script = format!(
            "mkdir -p '{out}' && suricata -c '{0}.yaml' -S '{0}.rules' -r '{capture}' -k none --runmode single -l '{out}'",
            at(&format!("suricata-{kind}"))
        );
        let command = ["bash", "-c", &script].map(str::to_owned).to_vec();
        turns.add(name, Row::every_turn(command).with_fresh_folder(out));
    }
    Ok(())
}
