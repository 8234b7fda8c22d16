//! Sealing, opening, tampering, expiry, and reading by another implementation.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use ids::Digest;
use jiff::Timestamp;
use proptest::prelude::*;
use segment::{
    Address, Endpoint, Listed, MachineInfo, OpenSegment, PrivateKey, PseudonymTerms, Pseudonymiser,
    Reidentifier, SegmentError, SegmentFolder, SegmentState, SegmentTerms, SegmentWriter, Side,
    SignatureHit,
};
use warrant::{CriterionId, Direction, Masking, Purpose, RunId};

fn at() -> Timestamp {
    "2028-02-01T00:00:00.25Z".parse().unwrap()
}

fn run() -> RunId {
    RunId::parse("run-1").unwrap()
}

fn terms(office: &PrivateKey) -> SegmentTerms {
    SegmentTerms {
        purpose: Purpose::Exercise,
        run: run(),
        warrant: Digest::from_bytes([3; 32]),
        office_key: office.public().unwrap(),
        retention_days: 30,
        facts: vec![("criteria".into(), "00".into())],
    }
}

fn pseudonyms(committee: &PrivateKey) -> (Pseudonymiser, Vec<u8>) {
    Pseudonymiser::begin(&PseudonymTerms {
        purpose: Purpose::Exercise,
        run: &run(),
        warrant: Digest::from_bytes([3; 32]),
        to: committee.public().unwrap(),
        expires: at(),
        masking: Masking {
            domestic_addresses: true,
        },
    })
    .unwrap()
}

fn record(number: u32, maker: &Pseudonymiser) -> MachineInfo {
    let [_, _, third, fourth] = number.to_be_bytes();
    MachineInfo {
        first_ns: 1_830_000_000_000_000_001,
        last_ns: 1_830_000_000_000_000_002,
        direction: Direction::Inbound,
        source: Endpoint {
            address: Some(maker.address([203, 0, third, fourth].into(), Side::Foreign)),
            port: Some(50_123),
        },
        destination: Endpoint {
            address: Some(maker.address([192, 0, 2, 1].into(), Side::Domestic)),
            port: None,
        },
        protocol: 6,
        packets: u64::from(number),
        bytes: u64::MAX,
        tcp_flags: 0x12,
        dns_name: number
            .is_multiple_of(2)
            .then(|| "marker-name.example".into()),
        server_name: None,
        ja4: Some("t13d1516h2_8daaf6152771_02713d6af862".into()),
        mail: vec![maker.mail(b"marker-mail@example.jp").unwrap()],
        criteria: vec![CriterionId::new(1), CriterionId::new(number)],
        signature: Some(SignatureHit {
            criterion: CriterionId::new(9),
            offset: 12,
        }),
    }
}

/// A folder with one sealed segment of `count` records.
fn sealed(path: &Path, office: &PrivateKey, count: u32) -> (SegmentFolder, Vec<MachineInfo>) {
    let (maker, _) = pseudonyms(&PrivateKey::generate().unwrap());
    let (folder, _) = SegmentFolder::open(path).unwrap();
    let mut writer = SegmentWriter::begin(&folder, &terms(office), 0, at()).unwrap();
    let records: Vec<MachineInfo> = (0..count).map(|number| record(number, &maker)).collect();
    for record in &records {
        writer.push(record.clone()).unwrap();
    }
    let segment = writer.seal().unwrap();
    assert_eq!(segment.records, u64::from(count));
    (folder, records)
}

fn read(
    folder: &SegmentFolder,
    listed: &Listed,
    key: &PrivateKey,
) -> Result<Vec<MachineInfo>, SegmentError> {
    let mut open = OpenSegment::open(folder, listed, key)?;
    let mut records = Vec::new();
    while let Some(more) = open.next_records()? {
        records.extend(more);
    }
    Ok(records)
}

fn files(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        files.push((name, fs::read(&path).unwrap()));
    }
    files
}

fn holds(bytes: &[u8], marker: &str) -> bool {
    bytes
        .windows(marker.len())
        .any(|part| part == marker.as_bytes())
}

#[test]
fn a_sealed_segment_reads_back_with_the_office_key_and_no_other() {
    let office = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (segments, records) = sealed(folder.path(), &office, 10_000);
    let listed = segments.list().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(segments.verify(&listed[0]).unwrap(), SegmentState::Whole);
    assert!(read(&segments, &listed[0], &office).unwrap() == records);
    let other = PrivateKey::generate().unwrap();
    let refusal = read(&segments, &listed[0], &other).unwrap_err();
    assert_eq!(refusal.code(), "segment.other_key");
}

#[test]
fn nothing_readable_stands_on_disk_before_or_after_sealing() {
    let office = PrivateKey::generate().unwrap();
    let committee = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (maker, key_file) = pseudonyms(&committee);
    let (segments, _) = SegmentFolder::open(folder.path()).unwrap();
    let mut writer = SegmentWriter::begin(&segments, &terms(&office), 0, at()).unwrap();
    for number in 0..40_000 {
        writer.push(record(number, &maker)).unwrap();
    }
    let unsealed = files(folder.path());
    assert!(
        unsealed.iter().any(|(_, bytes)| 50_000 < bytes.len()),
        "a row group is out"
    );
    writer.seal().unwrap();
    for (name, bytes) in unsealed.into_iter().chain(files(folder.path())) {
        for marker in ["marker-name", "marker-mail", "t13d1516h2"] {
            assert!(!holds(&bytes, marker), "{name} holds {marker}");
        }
        assert!(!holds(&bytes, "PAR1"), "{name} has a readable footer");
    }
    assert!(!holds(&key_file, "marker"));
}

#[test]
fn what_a_crash_leaves_has_no_key_and_is_removed() {
    let office = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (maker, _) = pseudonyms(&office);
    let (segments, _) = SegmentFolder::open(folder.path()).unwrap();
    let mut writer = SegmentWriter::begin(&segments, &terms(&office), 0, at()).unwrap();
    writer.push(record(1, &maker)).unwrap();
    std::mem::forget(writer); // as a kill does: nothing is dropped
    assert_eq!(files(folder.path()).len(), 1);
    assert!(segments.list().unwrap().is_empty());
    let (_, removed) = SegmentFolder::open(folder.path()).unwrap();
    assert_eq!((removed, files(folder.path()).len()), (1, 0));
}

#[test]
fn an_altered_segment_or_key_file_is_refused_before_it_is_parsed() {
    let office = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (segments, _) = sealed(folder.path(), &office, 3);
    let listed = segments.list().unwrap().remove(0);
    for (name, whole) in files(folder.path()) {
        let path = folder.path().join(&name);
        for place in (0..whole.len()).step_by(7) {
            let mut altered = whole.clone();
            altered[place] ^= 0x01;
            fs::write(&path, &altered).unwrap();
            assert!(read(&segments, &listed, &office).is_err(), "{name} {place}");
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(read(&segments, &listed, &office).is_ok());
}

#[test]
fn an_expired_segment_is_destroyed_with_its_wrapped_key() {
    let office = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (segments, _) = sealed(folder.path(), &office, 3);
    let day = |text: &str| text.parse::<Timestamp>().unwrap();
    assert!(
        segments
            .expired(day("2028-03-01T23:59:59Z"))
            .unwrap()
            .is_empty()
    );
    let due = segments.expired(day("2028-03-02T00:00:00Z")).unwrap();
    assert_eq!(due.len(), 1);
    let digest = segments.destroy(&due[0]).unwrap();
    assert_eq!(digest, due[0].terms.digest);
    assert!(files(folder.path()).is_empty());
}

#[test]
fn the_committee_restores_what_was_masked_and_nobody_else() {
    let committee = PrivateKey::generate().unwrap();
    let (maker, key_file) = pseudonyms(&committee);
    let domestic = [192, 0, 2, 1].into();
    let Address::Tag(tag) = maker.address(domestic, Side::Domestic) else {
        panic!("a domestic address left in plain text");
    };
    assert!(
        maker.address(domestic, Side::Domestic) == Address::Tag(tag),
        "joins"
    );
    let mail = maker.mail(b"someone@example.jp").unwrap();
    assert!(
        mail.tag == maker.mail(b"someone@example.jp").unwrap().tag,
        "joins"
    );
    assert!(mail.sealed != maker.mail(b"someone@example.jp").unwrap().sealed);
    let restorer = Reidentifier::open(&key_file, &committee).unwrap();
    assert_eq!(restorer.address(tag), domestic);
    assert_eq!(
        restorer.mail(&mail).unwrap().as_slice(),
        b"someone@example.jp"
    );
    let stranger = PrivateKey::generate().unwrap();
    assert!(Reidentifier::open(&key_file, &stranger).is_err());
    let (other_run, _) = pseudonyms(&committee);
    assert!(other_run.address(domestic, Side::Domestic) != Address::Tag(tag));
}

/// Reads the segment with Apache Arrow's C++ implementation where `pyarrow` is installed.
#[test]
fn another_implementation_opens_a_segment_with_the_same_key() {
    let python = Command::new("python3")
        .args(["-c", "import pyarrow.parquet.encryption"])
        .output();
    if !python.is_ok_and(|done| done.status.success()) {
        eprintln!("skipped: python3 has no pyarrow");
        return;
    }
    let office = PrivateKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (segments, _) = sealed(folder.path(), &office, 5_000);
    let listed = segments.list().unwrap().remove(0);
    let key = segments.unwrap_for_other_tools(&listed, &office).unwrap();
    let program = "\
import sys, pyarrow.parquet as pq, pyarrow.parquet.encryption as e
key, name, path = bytes.fromhex(sys.argv[1]), sys.argv[2], sys.argv[3]
opened = lambda key, name: pq.read_table(path, decryption_properties=e.create_decryption_properties(key, aad_prefix=name))
table = opened(key, name.encode())
print(table.num_rows, sum(table['packets'].to_pylist()), table['criteria'][7].as_py(), table['direction'][0].as_py())
for wrong in [lambda: opened(bytes(32), name.encode()), lambda: opened(key, b'other'), lambda: pq.read_table(path)]:
    try:
        wrong()
    except (OSError, ValueError):
        continue
    sys.exit('opened')
";
    let done = Command::new("python3")
        .args(["-c", program, &key, "run-1-000000"])
        .arg(folder.path().join("run-1-000000.exercise.parquet"))
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let shown = String::from_utf8(done.stdout).unwrap();
    assert_eq!(shown.trim(), "5000 12497500 [1, 7] soto_uchi");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_masked_identifier_comes_back(six in any::<u128>(), four in any::<u32>(), mail in prop::collection::vec(any::<u8>(), 0..320)) {
        let committee = PrivateKey::generate().unwrap();
        let (maker, key_file) = pseudonyms(&committee);
        let restorer = Reidentifier::open(&key_file, &committee).unwrap();
        let addresses: [std::net::IpAddr; 2] = [
            std::net::Ipv6Addr::from_bits(six).into(),
            std::net::Ipv4Addr::from_bits(four).into(),
        ];
        for address in addresses {
            let Address::Tag(tag) = maker.address(address, Side::Domestic) else {
                return Err(TestCaseError::fail("plain"));
            };
            prop_assert_eq!(restorer.address(tag), address.to_canonical());
        }
        let sealed = maker.mail(&mail).unwrap();
        let restored = restorer.mail(&sealed).unwrap();
        prop_assert_eq!(restored.as_slice(), &mail[..]);
    }
}
