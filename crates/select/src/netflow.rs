//! Flow records over UDP: NetFlow 5 and 9, IPFIX (RFC 7011).
//!
//! A record states a whole flow, so only criteria for addresses, prefixes, protocol and port can be met. The unit
//! that is counted is the record.

use std::collections::HashMap;
use std::net::IpAddr;

use thiserror::Error;

use crate::bytes::Cursor;
use crate::decode::Pair;

mod drops;
mod fields;
mod receiver;
mod v5;

pub use receiver::Receiver;

use fields::Template;

/// Templates of all exporters together, at most.
const MAX_TEMPLATES: usize = 4096;

/// What a flow record states.
#[derive(Clone, Copy)]
pub struct FlowRecord {
    pub(crate) pair: Pair,
    pub(crate) protocol: u8,
    pub(crate) ports: Option<(u16, u16)>,
    pub(crate) tcp_flags: u8,
    pub(crate) packets: u64,
    pub(crate) bytes: u64,
    pub(crate) first_ns: u64,
    pub(crate) last_ns: u64,
}

/// What a datagram held besides records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Flow records that were handed out.
    pub records: u64,
    /// Records without addresses, which are no flows of IP.
    pub without_addresses: u64,
    /// Sets of records whose template is not known; how many records they hold cannot be told.
    pub without_template: u64,
}

/// Why a datagram was refused. What it held before was handed out.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FlowError {
    /// None of the three formats.
    #[error("not NetFlow 5, NetFlow 9 or IPFIX")]
    Version,
    /// Lengths that contradict the datagram.
    #[error("the datagram is cut or damaged")]
    Damaged,
}

/// What the head of a datagram says about time.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// When it was exported.
    pub(crate) exported_ns: u64,
    /// What the exporter's clock of milliseconds showed then.
    pub(crate) uptime_ms: u32,
}

impl Clock {
    /// The instant of a reading of the exporter's clock. Readings up to half its range ahead are later.
    pub(crate) fn instant(self, uptime_ms: u32) -> u64 {
        let ahead = uptime_ms.wrapping_sub(self.uptime_ms);
        let behind = self.uptime_ms.wrapping_sub(uptime_ms);
        let ns = |ms: u32| u64::from(ms).saturating_mul(1_000_000);
        if ahead < behind {
            self.exported_ns.saturating_add(ns(ahead))
        } else {
            self.exported_ns.saturating_sub(ns(behind))
        }
    }
}

/// Exporter, version, observation domain or source, number of the template.
type TemplateKey = (IpAddr, u16, u32, u16);

/// Remembers the templates that exporters announced.
#[derive(Default)]
pub struct Collector {
    templates: HashMap<TemplateKey, Template>,
}

impl Collector {
    /// Reads a datagram of `exporter` and hands out its records.
    pub fn datagram(
        &mut self,
        exporter: IpAddr,
        bytes: &[u8],
        mut each: impl FnMut(&FlowRecord),
    ) -> Result<Received, FlowError> {
        let mut received = Received::default();
        let mut cursor = Cursor::new(bytes);
        let version = cursor.be16().ok_or(FlowError::Damaged)?;
        let (clock, domain) = match version {
            5 => {
                received.records = v5::records(cursor, &mut each).ok_or(FlowError::Damaged)?;
                return Ok(received);
            }
            9 => head9(&mut cursor).ok_or(FlowError::Damaged)?,
            10 => head10(&mut cursor, bytes.len()).ok_or(FlowError::Damaged)?,
            _ => return Err(FlowError::Version),
        };
        while 4 <= cursor.rest().len() {
            let (id, set) = set(&mut cursor).ok_or(FlowError::Damaged)?;
            let key = |template: u16| (exporter, version, domain, template);
            match (version, id) {
                (9, 0) | (10, 2) => self.learn(set, version, key).ok_or(FlowError::Damaged)?,
                (9, 1) | (10, 3) => self
                    .forget_options(set, version, key)
                    .ok_or(FlowError::Damaged)?,
                (_, 256..) => match self.templates.get(&key(id)) {
                    Some(template) => template.records(set, clock, &mut received, &mut each),
                    None => received.without_template = received.without_template.saturating_add(1),
                },
                _ => {}
            }
        }
        Ok(received)
    }

    /// Templates of flows.
    fn learn(&mut self, set: &[u8], version: u16, key: impl Fn(u16) -> TemplateKey) -> Option<()> {
        let mut cursor = Cursor::new(set);
        while 4 <= cursor.rest().len() {
            let id = cursor.be16()?;
            let count = cursor.be16()?;
            if id < 256 {
                return Some(()); // padding
            }
            if count == 0 {
                self.templates.remove(&key(id));
                continue;
            }
            let template = Template::read(&mut cursor, count, version == 10)?;
            self.put(key(id), template);
        }
        Some(())
    }

    /// Templates of data about the exporter: known, so that their records are passed over.
    fn forget_options(
        &mut self,
        set: &[u8],
        version: u16,
        key: impl Fn(u16) -> TemplateKey,
    ) -> Option<()> {
        let mut cursor = Cursor::new(set);
        while 6 <= cursor.rest().len() {
            let id = cursor.be16()?;
            let (first, second) = (cursor.be16()?, cursor.be16()?);
            if id < 256 {
                return Some(());
            }
            let count = if version == 10 {
                first
            } else {
                first.checked_add(second)? / 4
            };
            Template::read(&mut cursor, count, version == 10)?;
            self.put(key(id), Template::options());
        }
        Some(())
    }

    fn put(&mut self, key: TemplateKey, template: Template) {
        if self.templates.len() < MAX_TEMPLATES || self.templates.contains_key(&key) {
            self.templates.insert(key, template);
        }
    }
}

/// NetFlow 9: clock and source.
fn head9(cursor: &mut Cursor<'_>) -> Option<(Clock, u32)> {
    let _count = cursor.be16()?;
    let uptime_ms = cursor.be32()?;
    let seconds = cursor.be32()?;
    let _sequence = cursor.be32()?;
    let clock = Clock {
        exported_ns: u64::from(seconds).saturating_mul(1_000_000_000),
        uptime_ms,
    };
    Some((clock, cursor.be32()?))
}

/// IPFIX: length, clock and domain.
fn head10(cursor: &mut Cursor<'_>, available: usize) -> Option<(Clock, u32)> {
    let length = usize::from(cursor.be16()?);
    if length != available {
        return None;
    }
    let seconds = cursor.be32()?;
    let _sequence = cursor.be32()?;
    let clock = Clock {
        exported_ns: u64::from(seconds).saturating_mul(1_000_000_000),
        uptime_ms: 0,
    };
    Some((clock, cursor.be32()?))
}

fn set<'b>(cursor: &mut Cursor<'b>) -> Option<(u16, &'b [u8])> {
    let id = cursor.be16()?;
    let length = usize::from(cursor.be16()?).checked_sub(4)?;
    Some((id, cursor.take(length)?))
}
