//! Lists of criteria: addresses drawn from the capture, and made-up prefixes, names and signatures, the same each time.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of made-up lists; one that overflows stops the measurement"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;

const HEAD: &str = "id,kind,value,reason,directions,ports\n";
const ADDRESSES: [u32; 3] = [1_000, 100_000, 1_000_000];
const PREFIXES: u32 = 100_000;
const NAMES: u32 = 1_000_000;
const EVERY_DIRECTION: &str = "soto_uchi uchi_soto soto_soto";

/// Every list; each is a file of that name.
pub(super) const ALL: &[&str] = &[
    "addresses-1k",
    "addresses-100k",
    "addresses-1m",
    "everything",
    "signatures-1k-gated",
    "signatures-1k-all",
    "signatures-10k-all",
];

/// Lists that are also selected with by the whole program.
pub(super) const WHOLE_RUNS: &[&str] = &["addresses-1k", "addresses-1m", "everything"];

/// Writes the lists to `folder` as CSV; addresses come from `data`.
pub(super) fn write(data: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut chance = Chance(7);
    let save = |name: &str, text: &str| {
        let file = folder.join(format!("{name}.csv"));
        fs::write(&file, text).with_context(|| format!("write {}", file.display()))
    };
    let mut largest = String::new();
    for (count, name) in
        ADDRESSES
            .into_iter()
            .zip(["addresses-1k", "addresses-100k", "addresses-1m"])
    {
        let list = data.join(format!("indicators-{count}.txt"));
        let list = fs::read_to_string(&list).with_context(|| format!("read {}", list.display()))?;
        let mut text = HEAD.to_owned();
        for address in list.lines() {
            writeln!(text, "bench,address,{address},measurement,,")?;
        }
        save(name, &text)?;
        largest = text;
    }
    for _ in 0..PREFIXES {
        let (number, length) = (chance.next(), 17 + chance.next() % 12);
        let network = (number | 0x0100_0000) & (u32::MAX << (32 - length)) & 0xdfff_ffff;
        let [a, b, c, d] = network.to_be_bytes();
        writeln!(
            largest,
            "bench,prefix,{a}.{b}.{c}.{d}/{length},measurement,,"
        )?;
    }
    for number in 0..NAMES {
        let kind = if number % 2 == 0 {
            "dns_name"
        } else {
            "server_name"
        };
        let dot = if number % 4 < 2 { "." } else { "" };
        let word = chance.next();
        writeln!(
            largest,
            "bench,{kind},{dot}w{word:x}.z{}.example,measurement,,",
            number % 997
        )?;
    }
    save("everything", &largest)?;
    for (name, count, directions, ports) in [
        ("signatures-1k-gated", 1_000, "soto_uchi", "443"),
        ("signatures-1k-all", 1_000, EVERY_DIRECTION, "0-65535"),
        ("signatures-10k-all", 10_000, EVERY_DIRECTION, "0-65535"),
    ] {
        let mut text = largest.clone();
        for _ in 0..count {
            let (a, b, c) = (chance.next(), chance.next(), chance.next());
            let octets = format!("{a:08x}{b:08x}{c:08x}");
            writeln!(
                text,
                "bench,signature,hex:{octets},measurement,{directions},{ports}"
            )?;
        }
        save(name, &text)?;
    }
    Ok(())
}

/// Numbers that look like chance and are the same each time (xorshift).
struct Chance(u32);

impl Chance {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}
