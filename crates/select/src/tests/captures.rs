//! Reading captures as they exist: both orders, both clocks, several interfaces, cut and damaged.

use proptest::prelude::*;

use super::fixtures::{inbound, pcap, udp};
use crate::input::{BLOCK, Capture, InputError, list};

type Read = (u16, u64, u32, usize);

fn read(file: &[u8]) -> (Vec<Read>, Option<InputError>) {
    let mut frames = Vec::new();
    let mut capture = match Capture::open(file) {
        Ok(capture) => capture,
        Err(error) => return (frames, Some(error)),
    };
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => frames.push((
                frame.link().0,
                frame.time_ns(),
                frame.wire_len(),
                frame.bytes().len(),
            )),
            Ok(None) => return (frames, None),
            Err(error) => return (frames, Some(error)),
        }
    }
}

fn classic(magic: [u8; 4], big: bool, fraction: u32) -> Vec<u8> {
    let n32 = |n: u32| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let n16 = |n: u16| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let mut file = magic.to_vec();
    file.extend(n16(2));
    file.extend(n16(4));
    for n in [0, 0, 65535, 113, 10, fraction, 3, 900] {
        file.extend(n32(n));
    }
    file.extend_from_slice(b"abc");
    file
}

#[test]
fn both_orders_and_both_clocks_are_read() {
    let want = |time| (vec![(113, time, 900, 3)], true);
    for (magic, big, fraction, time) in [
        ([0xd4, 0xc3, 0xb2, 0xa1], false, 7, 10_000_007_000),
        ([0xa1, 0xb2, 0xc3, 0xd4], true, 7, 10_000_007_000),
        ([0x4d, 0x3c, 0xb2, 0xa1], false, 7, 10_000_000_007),
        ([0xa1, 0xb2, 0x3c, 0x4d], true, 7, 10_000_000_007),
    ] {
        let (frames, error) = read(&classic(magic, big, fraction));
        assert_eq!((frames, error.is_none()), want(time));
    }
}

#[test]
fn a_cut_file_gives_what_is_whole_and_says_where_it_breaks_off() {
    let frames = vec![inbound(17, &udp(1, 2, b"x")); 3];
    let file = pcap(&frames);
    let record = (file.len() - 24) / 3;
    for cut in 0..file.len() {
        let (read, error) = read(&file[..cut]);
        if cut < 24 {
            assert!(error.is_some());
            continue;
        }
        assert_eq!(read.len(), (cut - 24) / record);
        let offset = (24 + read.len() * record) as u64;
        match error {
            None => assert_eq!((cut - 24) % record, 0),
            Some(InputError::Truncated { offset: at }) => assert_eq!(at, offset),
            Some(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_record_of_impossible_length_is_damage() {
    let mut file = pcap(&[inbound(17, b"")]);
    file[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(
        read(&file).1,
        Some(InputError::Corrupt { offset: 24 })
    ));
    assert!(matches!(
        read(b"hello there").1,
        Some(InputError::NotACapture)
    ));
    assert!(matches!(read(b"").1, Some(InputError::NotACapture)));
}

#[test]
fn records_across_the_border_of_a_block_are_whole() {
    let frames: Vec<Vec<u8>> = (0..3000)
        .map(|n| inbound(17, &vec![n as u8; 100 + n % 400]))
        .collect();
    let file = pcap(&frames);
    assert!(BLOCK < file.len());
    let (read, error) = read(&file);
    assert!(error.is_none());
    let lengths: Vec<usize> = read.iter().map(|frame| frame.3).collect();
    let want: Vec<usize> = frames.iter().map(Vec::len).collect();
    assert_eq!(lengths, want);
}

fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let n32 = |n: u32| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let total = n32((body.len().next_multiple_of(4) + 12) as u32);
    let mut bytes = n32(kind).to_vec();
    bytes.extend(total);
    bytes.extend_from_slice(body);
    bytes.resize(8 + body.len().next_multiple_of(4), 0);
    bytes.extend(total);
    bytes
}

/// Two interfaces with their own link and clock, one packet block of each kind.
pub(super) fn pcapng(big: bool) -> Vec<u8> {
    let n32 = |n: u32| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let n16 = |n: u16| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let section = [&n32(0x1a2b_3c4d)[..], &n16(1), &n16(0), &[0xff; 8]].concat();
    let ethernet = [&n16(1)[..], &n16(0), &n32(0)].concat();
    let nanos = [
        &n16(101)[..],
        &n16(0),
        &n32(2),
        &n16(9),
        &n16(1),
        &[9, 0, 0, 0],
        &n16(0),
        &n16(0),
    ]
    .concat();
    let enhanced = |interface: u32, low: u32| {
        [
            &n32(interface)[..],
            &n32(0),
            &n32(low),
            &n32(5),
            &n32(60),
            b"abcde",
        ]
        .concat()
    };
    let old = [
        &n16(1)[..],
        &n16(0),
        &n32(1),
        &n32(0),
        &n32(1),
        &n32(9),
        b"x",
    ]
    .concat();
    let simple = [&n32(3)[..], b"abc"].concat();
    let mut file = block(big, 0x0a0d_0d0a, &section);
    file.extend(block(big, 1, &ethernet));
    file.extend(block(big, 1, &nanos));
    file.extend(block(big, 6, &enhanced(0, 7)));
    file.extend(block(big, 5, &[0; 12]));
    file.extend(block(big, 6, &enhanced(1, 7)));
    file.extend(block(big, 2, &old));
    file.extend(block(big, 3, &simple));
    file
}

#[test]
fn sections_interfaces_and_all_packet_blocks_are_read() {
    let want = [
        (1, 7000, 60, 5),
        (101, 7, 60, 5),
        (101, 1 << 32, 9, 1),
        (1, 0, 3, 3),
    ];
    for big in [false, true] {
        let file = pcapng(big);
        let (frames, error) = read(&file);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(frames, want);
        // A second section begins anew, and may be of the other order.
        let two = [file, pcapng(!big)].concat();
        assert_eq!(read(&two).0.len(), 8);
    }
}

#[test]
fn a_packet_of_an_interface_that_was_not_described_is_damage() {
    let file = pcapng(false);
    let mut damaged = file.clone();
    let at = file
        .windows(5)
        .position(|window| window == b"abcde")
        .unwrap()
        - 20;
    damaged[at] = 9;
    assert!(matches!(read(&damaged).1, Some(InputError::Corrupt { .. })));
}

#[test]
fn the_files_of_a_folder_are_read_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.pcap", "a.pcap", "c/d.pcap"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"12345").unwrap();
    }
    let listing = list(folder.path()).unwrap();
    let names: Vec<_> = listing
        .files
        .iter()
        .map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["a.pcap", "b.pcap", "c/d.pcap"]);
    assert_eq!(listing.total_len, 15);
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(
        start in prop::sample::select(vec![pcapng(false), pcapng(true), pcap(&[inbound(17, b"ab")])]),
        changes in prop::collection::vec((0_usize..300, any::<u8>()), 0..6),
        cut in 0_usize..400,
    ) {
        let mut file = start;
        for (at, value) in changes {
            if let Some(octet) = file.get_mut(at) {
                *octet = value;
            }
        }
        file.truncate(cut);
        let (frames, _) = read(&file);
        prop_assert!(frames.len() <= file.len());
    }
}
