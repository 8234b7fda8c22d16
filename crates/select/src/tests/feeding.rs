//! A capture through a funnel: watched, stopped, broken off.

use std::ops::ControlFlow;

use warrant::{LossReason, Tally};

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
    assert!(looks[2] - looks[1] <= BLOCK as u64);
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
