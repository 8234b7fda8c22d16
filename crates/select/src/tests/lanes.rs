//! Files read block by block, by several.

use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use warrant::{Counts, LossReason, Tally};

use super::corpus::captures;
use super::fixtures::{Collect, FOREIGN, Said, inbound, index, pcap, scope, table, udp};
use crate::criteria::Index;
use crate::funnel::Funnel;
use crate::glance::Glance;
use crate::input::{BLOCK, Capture};
use crate::lanes::{Ended, Lane, Lanes};
use crate::prefixes::PrefixTable;
use crate::{FlowLimits, feed};

fn funnel<'a>(index: &'a Index, table: &'a PrefixTable) -> Funnel<'a> {
    Funnel::new(index, table, scope(), FlowLimits::default())
}

/// By `threads` readers, each waiting for its turn at the one funnel. Nothing where the file cannot be shared.
fn shared(
    file: &File,
    threads: usize,
    index: &Index,
    table: &PrefixTable,
) -> Option<(Counts, Vec<Said>)> {
    let lanes = Lanes::open(file).unwrap()?;
    let glance = Glance::new(index, table, scope());
    let desk = Mutex::new((funnel(index, table), Collect::default()));
    let turn = AtomicU64::new(0);
    let read = || {
        let mut lane = Lane::default();
        while let Some(part) = lanes.take(&mut lane, || false) {
            lane.sift(&glance);
            while turn.load(Ordering::Acquire) != part.number {
                thread::yield_now();
            }
            let mut desk = desk.lock().unwrap();
            let (funnel, sink) = &mut *desk;
            funnel.sifted(lane.decided(), lane.left(), lane.last_ns(), sink);
            if part.ended == Some(Ended::Damaged) {
                funnel.unreadable();
            }
            drop(desk);
            turn.fetch_add(1, Ordering::Release);
            lane.clear();
            assert!(lane.memory().iter().all(|octet| *octet == 0));
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(read);
        }
    });
    let (funnel, mut sink) = desk.into_inner().unwrap();
    let counts = funnel.finish(&mut sink);
    Some((counts, sink.said))
}

fn alone(file: &File, index: &Index, table: &PrefixTable) -> (Counts, Vec<Said>) {
    let (mut funnel, mut sink) = (funnel(index, table), Collect::default());
    let mut capture = Capture::open(file.try_clone().unwrap()).unwrap();
    let _ended = feed(&mut capture, &mut funnel, &mut sink, |_, _, _| {
        std::ops::ControlFlow::Continue(())
    });
    (funnel.finish(&mut sink), sink.said)
}

#[test]
fn blocks_read_by_several_come_to_what_one_reader_finds() {
    let (index, table) = (
        index(&[("address", "198.51.100.20"), ("dns_name", "a.example")]),
        table(),
    );
    // Records of every length, so that they lie across borders in every way; one as long as a block.
    let mut frames: Vec<Vec<u8>> = (0..4000_u16)
        .map(|number| {
            let from = if number % 3 == 0 {
                FOREIGN
            } else {
                [198, 51, 100, 21]
            };
            let mut frame = inbound(17, &udp(1, 2, &vec![7; usize::from(number % 1400)]));
            frame[26..30].copy_from_slice(&from);
            frame
        })
        .collect();
    frames.insert(
        2000,
        inbound(17, &udp(1, 2, &vec![7; 60_000]))
            .into_iter()
            .chain(vec![0; BLOCK - 60_042])
            .collect(),
    );
    let whole = pcap(&frames);
    assert!(8 * BLOCK < whole.len());
    for length in [
        whole.len(),
        whole.len() - 1,
        BLOCK * 3,
        BLOCK * 3 + 7,
        24,
        5,
    ] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&whole[..length]).unwrap();
        for threads in [1, 2, 3] {
            let Some((counts, said)) = shared(&file, threads, &index, &table) else {
                assert_eq!(length, 5, "only what has no head cannot be shared");
                continue;
            };
            counts.check(Tally::default(), Tally::default()).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            let (expected, expected_said) = alone(&file, &index, &table);
            assert_eq!(counts, expected, "{length} octets, {threads} threads");
            assert_eq!(said, expected_said, "in the same order");
            if length == whole.len() {
                assert_eq!(counts.received().packets, 4001);
                assert_eq!(counts.lost(LossReason::Truncated).packets, 0);
            }
        }
    }
}

#[test]
fn every_capture_of_the_classic_format_read_in_blocks_comes_to_the_same() {
    let (index, table) = (
        index(&[("prefix", "8.0.0.0/8"), ("port", "tcp/80")]),
        table(),
    );
    let (mut files, mut others) = (0, 0);
    for path in captures() {
        let mut file = File::open(&path).unwrap();
        let Some((counts, said)) = shared(&file, 2, &index, &table) else {
            others += 1;
            continue;
        };
        std::io::Seek::rewind(&mut file).unwrap();
        let (expected, expected_said) = alone(&file, &index, &table);
        assert_eq!(counts, expected, "{}", path.display());
        assert_eq!(said, expected_said, "{}", path.display());
        files += 1;
    }
    println!("{files} captures, {others} of other formats");
    assert!(files + others == 0 || 800 < files);
}
