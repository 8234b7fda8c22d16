//! Which worker a frame belongs to, and batches.

use warrant::Tally;

use super::fixtures::{Collect, DOMESTIC, FOREIGN, inbound, index, ipv4, scope, table, udp};
use crate::FlowLimits;
use crate::decode::Tunnels;
use crate::frame::{Frame, LinkType};
use crate::funnel::Funnel;
use crate::spread::{Batch, Spread};

fn raw(bytes: &[u8]) -> Frame<'_> {
    Frame::new(LinkType::RAW, 1, bytes.len() as u32, bytes)
}

#[test]
fn both_directions_of_a_communication_go_to_one_worker() {
    let spread = Spread::new(16, Tunnels::Closed);
    let mut used = [false; 16];
    for port in 1000..2000 {
        let there = ipv4(FOREIGN, DOMESTIC, 17, &udp(port, 443, b"x"));
        let back = ipv4(DOMESTIC, FOREIGN, 17, &udp(443, port, b"x"));
        let worker = spread.worker(&raw(&there));
        assert_eq!(spread.worker(&raw(&back)), worker);
        used[worker] = true;
    }
    assert_eq!(used, [true; 16], "all have work");
    assert_eq!(spread.worker(&raw(&[0; 9])), 0, "not decoded");
}

#[test]
fn a_batch_is_overwritten_once_it_was_examined_and_takes_no_more_than_fits() {
    let (index, table) = (index(&[("address", "198.51.100.20")]), table());
    let mut funnel = Funnel::new(&index, &table, scope(), FlowLimits::default());
    let mut sink = Collect::default();
    let bytes = inbound(17, &udp(1, 2, &[0xa5; 1000]));
    let frame = Frame::new(LinkType::ETHERNET, 1, 2000, &bytes);
    let mut batch = Batch::default();
    let mut put = 0;
    while batch.put(&frame) {
        put += 1;
    }
    assert!(200 < put && put < 300, "{put}");
    assert!(batch.memory().contains(&0xa5));
    batch.examine(&mut funnel, &mut sink);
    assert!(batch.is_empty() && batch.memory().iter().all(|octet| *octet == 0));
    let counts = funnel.finish(&mut sink);
    counts.check(Tally::default(), Tally::default()).unwrap();
    assert_eq!(counts.kept_total(), Tally::new(put, put * 2000));
}
