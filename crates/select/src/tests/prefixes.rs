//! Foreign is only what a list says to be foreign.

use std::fmt::Write as _;
use std::net::IpAddr;

use proptest::prelude::*;

use super::fixtures::{TABLE, table};
use crate::prefixes::{BuildError, Builder, Format, Place, PrefixTable, Purpose, TableError};

fn place(table: &PrefixTable, address: &str) -> Place {
    table.place(address.parse::<IpAddr>().unwrap())
}

fn built(purpose: Purpose, sources: &[(Format, &str)]) -> String {
    let mut builder = Builder::new(purpose, "JP");
    for (format, text) in sources {
        builder.add(*format, text).unwrap();
    }
    builder.finish("2026-06-25", "test source").unwrap()
}

const DELEGATED: &str = "2|apnic|20260625|4|19830613|20260624|+1000\n\
    apnic|*|ipv4|*|3|summary\n\
    apnic|JP|ipv4|1.0.16.0|4096|20110412|allocated|A91\n\
    apnic|AU|ipv4|1.0.0.0|300|20110811|assigned|A92\n\
    apnic|JP|ipv6|2001:200::|35|19990813|allocated|A93\n\
    apnic||ipv4|1.0.32.0|256||available|\n\
    apnic|JP|asn|173|1|20020801|allocated|A94\n";

#[test]
fn the_three_formats_give_the_same_places() {
    let tor = "# comment\n16777216,16777515,AU\n16781312,16785407,JP\n";
    let tor6 = "2001:200::,2001:200:1fff:ffff:ffff:ffff:ffff:ffff,JP\n";
    let csv = "1.0.0.0,1.0.1.43,AU\n1.0.16.0/20,JP\n2001:200::/35,JP\n";
    for sources in [
        vec![(Format::Delegated, DELEGATED)],
        vec![(Format::Tor, tor), (Format::Tor, tor6)],
        vec![(Format::Csv, csv)],
    ] {
        let table = PrefixTable::parse(&built(Purpose::Operation, &sources)).unwrap();
        assert_eq!(place(&table, "1.0.16.0"), Place::Domestic);
        assert_eq!(place(&table, "1.0.31.255"), Place::Domestic);
        assert_eq!(place(&table, "1.0.32.0"), Place::Undetermined);
        assert_eq!(place(&table, "1.0.1.43"), Place::Foreign);
        assert_eq!(place(&table, "1.0.1.44"), Place::Undetermined);
        assert_eq!(place(&table, "2001:200:1fff::1"), Place::Domestic);
        assert_eq!(place(&table, "2001:200:2000::1"), Place::Undetermined);
    }
}

#[test]
fn special_and_disputed_addresses_are_undetermined_whatever_a_list_says() {
    let text = built(
        Purpose::Operation,
        &[(
            Format::Csv,
            "0.0.0.0,199.255.255.255,US\n200.0.0.0,255.255.255.255,JP\n::/0,US\n203.0.114.0/24,US\n8.8.0.0/16,JP\n",
        )],
    );
    let table = PrefixTable::parse(&text).unwrap();
    for address in [
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "172.31.0.1",
        "192.168.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "8.8.8.8",
        "203.0.114.1",
        "fe80::1",
        "fd00::1",
        "::1",
        "2001:db8::1",
        "2002:a00::1",
        "2001::1",
        "ff02::1",
    ] {
        assert_eq!(place(&table, address), Place::Undetermined, "{address}");
    }
    assert_eq!(place(&table, "9.9.9.9"), Place::Foreign);
    assert_eq!(place(&table, "203.0.115.1"), Place::Domestic);
    assert_eq!(place(&table, "2a00::1"), Place::Foreign);
}

#[test]
fn the_same_sources_give_the_same_octets_and_the_digest_covers_them() {
    let one = built(Purpose::Operation, &[(Format::Delegated, DELEGATED)]);
    assert_eq!(
        one,
        built(Purpose::Operation, &[(Format::Delegated, DELEGATED)])
    );
    let other = one.replace("2026-06-25", "2026-06-26");
    let digest = |text: &str| PrefixTable::parse(text).unwrap().digest().to_owned();
    assert_ne!(digest(&one), digest(&other));
    assert_eq!(
        PrefixTable::parse(&one).unwrap().origin().date,
        "2026-06-25"
    );
}

#[test]
fn a_table_that_was_edited_badly_is_refused_by_line() {
    let parse = |text: &str| PrefixTable::parse(text).err();
    assert_eq!(parse("nonsense"), Some(TableError::Title));
    assert_eq!(
        parse(&TABLE.replace("purpose exercise", "purpose operation")),
        Some(TableError::Special { line: 7 })
    );
    assert_eq!(
        parse(&format!("{TABLE}1.1.1.1 1.1.1.1 domestic\n")),
        Some(TableError::Order { line: 12 })
    );
    assert_eq!(
        parse(&format!("{TABLE}some words\n")),
        Some(TableError::Line { line: 12 })
    );
    assert_eq!(
        parse(&TABLE.replace("2026-01-01", "soon")),
        Some(TableError::Header {
            line: 3,
            key: "date"
        })
    );
}

#[test]
fn a_table_that_names_a_special_address_is_refused_wherever_it_stands() {
    let head = TABLE.split_inclusive('\n').take(6).collect::<String>();
    let parse = |lines: &str| PrefixTable::parse(&format!("{head}{lines}")).err();
    let sound = "1.0.0.0 9.255.255.255 foreign\n11.0.0.0 11.0.0.9 domestic\n172.32.0.0 172.32.0.1 foreign\n\
        2400:: 2400::9 domestic\n3000:: 3ffe::1 foreign\n";
    assert_eq!(parse(sound), None);
    for (wrong, instead) in [
        ("1.0.0.0 9.255.255.255", "1.0.0.0 10.0.0.0"),
        ("1.0.0.0 9.255.255.255", "0.255.255.255 1.0.0.0"),
        ("11.0.0.0 11.0.0.9", "10.255.255.255 11.0.0.9"),
        ("11.0.0.0 11.0.0.9", "11.0.0.0 172.0.0.0"),
        ("172.32.0.0 172.32.0.1", "172.31.255.255 172.32.0.1"),
        ("172.32.0.0 172.32.0.1", "230.0.0.0 230.0.0.1"),
        ("2400:: 2400::9", "2002:: 2002::9"),
        ("3000:: 3ffe::1", "3000:: 3fff::"),
        ("3000:: 3ffe::1", "fe80:: fe80::1"),
    ] {
        let error = parse(&sound.replace(wrong, instead));
        assert!(
            matches!(error, Some(TableError::Special { .. })),
            "{instead}: {error:?}"
        );
    }
}

#[test]
fn a_source_without_the_country_is_refused() {
    let mut builder = Builder::new(Purpose::Operation, "JP");
    builder.add(Format::Csv, "1.0.0.0/24,AU\n").unwrap();
    assert_eq!(
        builder.finish("2026-06-25", "x"),
        Err(BuildError::NoDomestic)
    );
    let mut builder = Builder::new(Purpose::Operation, "JP");
    assert!(
        matches!(builder.add(Format::Csv, "1.0.0.0/24,AU\nbad\n"), Err(BuildError::Source(error)) if error.line == 2)
    );
}

proptest! {
    #[test]
    fn looking_up_equals_reading_every_source_line(
        ranges in prop::collection::vec((0_u32..3000, 0_u32..800, prop::sample::select(vec!["JP", "US", "ZZ"])), 1..12),
        offsets in prop::collection::vec(0_u32..4200, 40),
    ) {
        // Around a border of /16s, outside everything special.
        let base = 0x0900_0000_u32 - 2000;
        let mut text = String::from("8.0.0.0/24,JP\n");
        for (first, length, country) in &ranges {
            let _ = writeln!(text, "{},{},{country}", base + first, base + first + length);
        }
        let table = PrefixTable::parse(&built(Purpose::Operation, &[(Format::Tor, &text)])).unwrap();
        for offset in offsets {
            let covering: Vec<&str> = ranges
                .iter()
                .filter(|(first, length, _)| (*first..=first + length).contains(&offset))
                .map(|range| range.2)
                .collect();
            let want = if covering.is_empty() || covering.contains(&"ZZ") {
                Place::Undetermined
            } else if covering.iter().all(|country| *country == "JP") {
                Place::Domestic
            } else if covering.iter().all(|country| *country == "US") {
                Place::Foreign
            } else {
                Place::Undetermined
            };
            prop_assert_eq!(table.place_v4(base + offset), want);
        }
    }
}

#[test]
fn the_fixture_table_reads_both_families() {
    let table = table();
    assert_eq!(place(&table, "192.0.2.255"), Place::Domestic);
    assert_eq!(place(&table, "198.51.100.0"), Place::Foreign);
    assert_eq!(place(&table, "2001:db8:1::9"), Place::Domestic);
    assert_eq!(place(&table, "2001:db8:3::9"), Place::Undetermined);
}
