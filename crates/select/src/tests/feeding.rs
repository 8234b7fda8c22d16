//! A capture through a funnel: watched, stopped, broken off.

use std::io::{self, ErrorKind, Read};
use std::ops::ControlFlow;

use warrant::{LossReason, Tally};

use super::captures::pcapng;
use super::fixtures::{Collect, inbound, index, pcap, scope, table, udp};
use crate::funnel::Funnel;
use crate::input::{BLOCK, Capture, InputError};
use crate::{End, FlowLimits, feed};

#[test]
fn a_watch_stops_the_run_at_the_next_fill_of_the_buffer() {
    let index = index(&[("address", "198.51.100.20")]);
    let table = table();
    let frames: Vec<Vec<u8>> = (0..4000)
        .map(|_| inbound(17, &udp(1, 2, &[7; 200])))
        .collect();
    let file = pcap(&frames);
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let mut capture = Capture::open(file.as_slice()).unwrap();
    let mut looks = Vec::new();
    let end = feed(&mut capture, &mut funnel, &mut sink, |offset, _, _| {
        looks.push(offset);
        if looks.len() == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(end.unwrap(), End::Stopped);
    let between = looks[2] - looks[1];
    assert!(
        between.abs_diff(BLOCK as u64) < 300,
        "a block, up to the record across its border"
    );
    let counts = funnel.finish(&mut sink);
    counts.check(Tally::default(), Tally::default()).unwrap();
    assert!(0 < counts.received().packets && counts.received().packets < 4000);
}

#[test]
fn a_capture_that_breaks_off_loses_one_record_and_says_so() {
    let index = index(&[("address", "198.51.100.20")]);
    let table = table();
    let file = pcap(&vec![inbound(17, &udp(1, 2, b"x")); 5]);
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let mut capture = Capture::open(&file[..file.len() - 1]).unwrap();
    let end = feed(&mut capture, &mut funnel, &mut sink, |_, _, _| {
        ControlFlow::Continue(())
    });
    assert!(matches!(end, Err(InputError::Truncated { .. })));
    let counts = funnel.finish(&mut sink);
    assert_eq!(counts.received().packets, 5);
    assert_eq!(counts.kept_total().packets, 4);
    assert_eq!(counts.lost(LossReason::Truncated).packets, 1);
}

/// Gives one octet, then nothing for once, then the next.
struct Halting<'b> {
    rest: &'b [u8],
    silent: bool,
}

impl Read for Halting<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.silent = !self.silent;
        if self.silent {
            return Err(ErrorKind::WouldBlock.into());
        }
        let Some((first, rest)) = self.rest.split_first() else {
            return Ok(0);
        };
        space[0] = *first;
        self.rest = rest;
        Ok(1)
    }
}

/// Length, time and length on the wire of every frame.
fn frames<R: Read>(mut capture: Capture<R>) -> Vec<(usize, u64, u32)> {
    let mut found = Vec::new();
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => found.push((frame.bytes().len(), frame.time_ns(), frame.wire_len())),
            Ok(None) => return found,
            Err(error) => assert!(error.is_idle(), "{error}"),
        }
    }
}

#[test]
fn a_source_that_falls_silent_anywhere_is_read_on_where_it_was() {
    let packets: Vec<Vec<u8>> = (1..9)
        .map(|size| inbound(17, &udp(1, 2, &vec![7; size * 10])))
        .collect();
    for file in [pcap(&packets), pcapng(false), pcapng(true)] {
        let halting = Halting {
            rest: &file,
            silent: false,
        };
        let whole = frames(Capture::open(file.as_slice()).unwrap());
        assert!(2 < whole.len());
        assert_eq!(frames(Capture::begin(halting)), whole);
    }
}
