//! NetFlow 5: a head of 24 octets and records of 48, all fields at fixed places.

use crate::bytes::{Cursor, be16, be32, byte};
use crate::decode::Pair;
use crate::netflow::{Clock, FlowRecord};

/// Hands out the records behind the version; how many they were.
pub(super) fn records(mut cursor: Cursor<'_>, each: &mut impl FnMut(&FlowRecord)) -> Option<u64> {
    let count = cursor.be16()?;
    let uptime_ms = cursor.be32()?;
    let seconds = u64::from(cursor.be32()?).saturating_mul(1_000_000_000);
    let exported_ns = seconds.saturating_add(u64::from(cursor.be32()?));
    let clock = Clock {
        exported_ns,
        uptime_ms,
    };
    let _sequence_and_engine = cursor.take(8)?;
    let mut found = 0_u64;
    for _ in 0..count {
        let record = cursor.take(48)?;
        let last_ns = clock.instant(be32(record, 28)?);
        each(&FlowRecord {
            pair: Pair::V4 {
                source: be32(record, 0)?,
                destination: be32(record, 4)?,
            },
            protocol: byte(record, 38)?,
            ports: Some((be16(record, 32)?, be16(record, 34)?)),
            tcp_flags: byte(record, 37)?,
            packets: u64::from(be32(record, 16)?),
            bytes: u64::from(be32(record, 20)?),
            first_ns: clock.instant(be32(record, 24)?).min(last_ns),
            last_ns,
        });
        found = found.saturating_add(1);
    }
    Some(found)
}
