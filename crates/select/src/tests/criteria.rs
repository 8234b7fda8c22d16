//! Lists to a canonical file: same criteria, same octets; errors by line.

use proptest::prelude::*;
use warrant::CriterionKind;

use super::fixtures::index;
use crate::criteria::{Draft, FileError, Form, Index, NameKind, Problem, parse};
use crate::decode::Pair;

fn compiled(form: Form, text: &str) -> Vec<u8> {
    let mut draft = Draft::default();
    parse(form, text, &mut draft).unwrap();
    draft.compile().0
}

#[test]
fn csv_and_json_lines_in_any_order_give_the_same_octets() {
    let csv = "kind,id,reason,value,ports,directions\n\
        address,b-2,\"known, twice\",203.0.113.9,,\n\
        signature,a-1,botnet,hex:DEADBEEF01,443 80,soto_uchi\n\
        dns_name,b-2,\"known, twice\",.Example.ORG,,\n\
        address,b-2,\"known, twice\",203.0.113.9,,\n";
    let json = "{\"id\":\"b-2\",\"kind\":\"dns_name\",\"value\":\".example.org\",\"reason\":\"known, twice\"}\n\n\
        {\"id\":\"b-2\",\"kind\":\"address\",\"value\":\"::ffff:203.0.113.9\",\"reason\":\"known, twice\"}\n\
        {\"id\":\"a-1\",\"kind\":\"signature\",\"value\":\"hex:deadbeef01\",\"reason\":\"botnet\",\"directions\":\"soto_uchi\",\"ports\":\"80 443\"}\n";
    let file = compiled(Form::Csv, csv);
    assert_eq!(file, compiled(Form::JsonLines, json));
    let index = Index::open(&file).unwrap();
    assert_eq!(index.len(), 2);
    let criterion = index.criterion(1).unwrap();
    assert_eq!((criterion.id, criterion.reason), ("b-2", "known, twice"));
    let mut draft = Draft::default();
    parse(Form::Csv, csv, &mut draft).unwrap();
    let (_, report) = draft.compile();
    assert_eq!(
        (report.criteria, report.values, report.duplicates),
        (2, 3, 1)
    );
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let text = "id,kind,value,reason,directions,ports\n\
        c1,address,300.1.1.1,r,,\n\
        c1,prefix,203.0.113.1/24,r,,\n\
        c1,prefix,0.0.0.0/4,r,,\n\
        c1,prefix,203.0.113.0,r,,\n\
        c1,port,icmp/1,r,,\n\
        c1,dns_name,exa mple.org,r,,\n\
        c1,server_name,.org,r,,\n\
        c1,ja4,t13d,r,,\n\
        c1,signature,hex:0000000000,r,soto_uchi,80\n\
        c1,signature,text:command,r,,80\n\
        c1,signature,text:command,r,uchi_uchi,80\n\
        c1,mail,nobody,r,,\n\
        c1,colour,red,r,,\n\
        c1,address,203.0.113.1,r,soto_uchi,\n\
        c one,address,203.0.113.1,r,,\n\
        c2,address,203.0.113.1,,,\n\
        c3,address,203.0.113.1,one,,\n\
        c3,address,203.0.113.1,two,,\n\
        c1,address,203.0.113.1\n\
        c1,address,\"203.0.113.1,r,,\n";
    let mut draft = Draft::default();
    let errors = parse(Form::Csv, text, &mut draft).unwrap_err();
    let found: Vec<(u32, Problem)> = errors
        .iter()
        .map(|error| (error.line, error.problem))
        .collect();
    let want = [
        Problem::Address,
        Problem::HostBits,
        Problem::TooWide,
        Problem::Prefix,
        Problem::Port,
        Problem::Name,
        Problem::WideSuffix,
        Problem::Ja4,
        Problem::Signature,
        Problem::Gate,
        Problem::Gate,
        Problem::Mail,
        Problem::Kind,
        Problem::StrayGate,
        Problem::Id,
        Problem::Reason,
    ];
    let mut want: Vec<(u32, Problem)> = (2..).zip(want).collect();
    want.extend([
        (19, Problem::OtherReason),
        (20, Problem::FieldCount),
        (21, Problem::Quote),
    ]);
    assert_eq!(found, want);
    let columns = parse(Form::Csv, "id,value\n", &mut Draft::default()).unwrap_err();
    assert_eq!(columns[0].problem, Problem::Columns);
    let json = parse(Form::JsonLines, "{\"id\":1}\n", &mut Draft::default()).unwrap_err();
    assert_eq!(json[0].problem, Problem::Json);
    assert!(!errors[0].to_string().contains("300.1"));
}

#[test]
fn a_damaged_file_is_refused_and_never_read_beyond_its_end() {
    let file = compiled(
        Form::Csv,
        "id,kind,value,reason\nc1,address,203.0.113.1,r\nc1,prefix,2001:db8::/32,r\nc1,mail,@x.example,r\nc1,port,tcp/1-9,r\n",
    );
    assert!(Index::open(&file).is_ok());
    assert!(matches!(Index::open(b"other"), Err(FileError::Title)));
    for cut in 0..file.len() {
        assert!(Index::open(&file[..cut]).is_err());
    }
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] = damaged[at].wrapping_add(1);
        if let Ok(other) = Index::open(&damaged) {
            assert_ne!(other.digest_hex(), Index::open(&file).unwrap().digest_hex());
        }
    }
}

fn addresses(index: &Index, pair: &Pair) -> Vec<(CriterionKind, u32)> {
    let mut found = Vec::new();
    index.match_addresses(pair, |kind, criterion| found.push((kind, criterion)));
    found.sort_unstable();
    found.dedup();
    found
}

proptest! {
    #[test]
    fn addresses_and_nested_prefixes_match_like_a_list(
        rows in prop::collection::vec((0_u32..16, 20_u8..=32), 1..20),
        probe in 0_u32..16,
    ) {
        // Neighbouring addresses with prefixes of every length around them.
        let base = 0xcb00_7100_u32;
        let values: Vec<(String, u32, u8)> = rows
            .iter()
            .map(|(offset, length)| {
                let mask = u32::MAX.checked_shl(32 - u32::from(*length)).unwrap_or(0);
                let first = (base + offset) & mask;
                let address = std::net::Ipv4Addr::from(first);
                let text = if *length == 32 { address.to_string() } else { format!("{address}/{length}") };
                (text, first, *length)
            })
            .collect();
        let rows: Vec<(&str, &str)> = values
            .iter()
            .map(|(text, _, length)| (if *length == 32 { "address" } else { "prefix" }, text.as_str()))
            .collect();
        let index = index(&rows);
        let address = base + probe;
        let mut want: Vec<(CriterionKind, u32)> = values
            .iter()
            .zip(0_u32..)
            .filter(|((_, first, length), _)| {
                address.checked_shr(32 - u32::from(*length)) == first.checked_shr(32 - u32::from(*length))
            })
            .map(|((_, _, length), number)| {
                (if *length == 32 { CriterionKind::Address } else { CriterionKind::Prefix }, number)
            })
            .collect();
        want.sort_unstable();
        let pair = Pair::V4 { source: 1, destination: address };
        prop_assert_eq!(addresses(&index, &pair), want);
    }

    #[test]
    fn names_match_like_a_list(
        patterns in prop::collection::vec("[.]?[ab]{1,2}([.][ab]{1,2}){1,3}", 1..20),
        name in "[ab]{1,2}([.][ab]{1,2}){0,4}",
    ) {
        let rows: Vec<(&str, &str)> = patterns.iter().map(|pattern| ("dns_name", pattern.as_str())).collect();
        let index = index(&rows);
        let want: Vec<u32> = patterns
            .iter()
            .zip(0_u32..)
            .filter(|(pattern, _)| match pattern.strip_prefix('.') {
                Some(suffix) => name == suffix || name.ends_with(pattern.as_str()),
                None => name == **pattern,
            })
            .map(|(_, number)| number)
            .collect();
        let mut found = Vec::new();
        index.match_name(NameKind::Dns, name.as_bytes(), |criterion| found.push(criterion));
        found.sort_unstable();
        prop_assert_eq!(found, want);
        let mut of_servers = Vec::new();
        index.match_name(NameKind::Server, name.as_bytes(), |criterion| of_servers.push(criterion));
        prop_assert_eq!(of_servers, Vec::<u32>::new());
    }
}
