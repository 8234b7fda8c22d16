//! Templates: which information element stands where.

use crate::bytes::Cursor;
use crate::decode::Pair;
use crate::netflow::{Clock, FlowRecord, Received};

/// Fields of one template, at most.
const MAX_FIELDS: u16 = 256;
/// The length that says that each record states its own.
const VARIABLE: u16 = 65_535;

/// One field of a record.
#[derive(Clone, Copy)]
struct Field {
    /// Nothing for elements of an enterprise.
    element: Option<u16>,
    length: u16,
}

/// The layout of records.
pub(super) struct Template {
    fields: Vec<Field>,
}

impl Template {
    /// Of records that are no flows.
    pub(super) const fn options() -> Self {
        Self { fields: Vec::new() }
    }

    /// Reads `count` fields; IPFIX marks those of enterprises.
    pub(super) fn read(cursor: &mut Cursor<'_>, count: u16, enterprises: bool) -> Option<Self> {
        if MAX_FIELDS < count {
            return None;
        }
        let mut fields = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let element = cursor.be16()?;
            let length = cursor.be16()?;
            let of_enterprise = enterprises && element & 0x8000 != 0;
            if of_enterprise {
                let _enterprise = cursor.be32()?;
            }
            fields.push(Field {
                element: (!of_enterprise).then_some(element),
                length,
            });
        }
        Some(Self { fields })
    }

    /// Hands out the records of a set.
    pub(super) fn records(
        &self,
        set: &[u8],
        clock: Clock,
        received: &mut Received,
        each: &mut impl FnMut(&FlowRecord),
    ) {
        if self.fields.is_empty() {
            return;
        }
        let mut cursor = Cursor::new(set);
        while !cursor.is_empty() {
            let before = cursor.rest().len();
            let mut found = Found::default();
            for field in &self.fields {
                let length = match field.length {
                    VARIABLE => variable(&mut cursor),
                    length => Some(usize::from(length)),
                };
                // What is left over is padding.
                let Some(value) = length.and_then(|length| cursor.take(length)) else {
                    return;
                };
                if let Some(element) = field.element {
                    found.put(element, value, clock);
                }
            }
            if cursor.rest().len() == before {
                return; // a template of empty fields
            }
            match found.record(clock) {
                Some(record) => {
                    received.records = received.records.saturating_add(1);
                    each(&record);
                }
                None => received.without_addresses = received.without_addresses.saturating_add(1),
            }
        }
    }
}

/// A length of one octet, or of two behind 255 (RFC 7011 section 7).
fn variable(cursor: &mut Cursor<'_>) -> Option<usize> {
    match cursor.u8()? {
        255 => cursor.be16().map(usize::from),
        length => Some(usize::from(length)),
    }
}

/// What the fields of one record said.
#[derive(Default)]
struct Found {
    source4: Option<u32>,
    destination4: Option<u32>,
    source6: Option<u128>,
    destination6: Option<u128>,
    protocol: u8,
    source_port: Option<u16>,
    destination_port: Option<u16>,
    tcp_flags: u8,
    packets: u64,
    bytes: u64,
    first_ns: Option<u64>,
    last_ns: Option<u64>,
}

impl Found {
    /// By the numbers of IANA's registry of information elements.
    fn put(&mut self, element: u16, value: &[u8], clock: Clock) {
        let low = |value| number(value).unwrap_or(0);
        let four = || {
            value
                .first_chunk()
                .map(|octets| u32::from_be_bytes(*octets))
        };
        let six = || {
            value
                .first_chunk()
                .map(|octets| u128::from_be_bytes(*octets))
        };
        let port = || u16::try_from(number(value)?).ok();
        let scaled = |unit: u64| number(value).map(|count| count.saturating_mul(unit));
        let reading = || {
            u32::try_from(number(value)?)
                .ok()
                .map(|ms| clock.instant(ms))
        };
        match element {
            1 | 85 => self.bytes = low(value),
            2 | 86 => self.packets = low(value),
            4 => self.protocol = value.last().copied().unwrap_or(0),
            6 => self.tcp_flags = value.last().copied().unwrap_or(0),
            7 => self.source_port = port(),
            8 => self.source4 = four(),
            11 => self.destination_port = port(),
            12 => self.destination4 = four(),
            21 => self.last_ns = reading(),
            22 => self.first_ns = reading(),
            27 => self.source6 = six(),
            28 => self.destination6 = six(),
            150 => self.first_ns = scaled(1_000_000_000),
            151 => self.last_ns = scaled(1_000_000_000),
            152 => self.first_ns = scaled(1_000_000),
            153 => self.last_ns = scaled(1_000_000),
            _ => {}
        }
    }

    fn record(&self, clock: Clock) -> Option<FlowRecord> {
        let pair = match (
            self.source4,
            self.destination4,
            self.source6,
            self.destination6,
        ) {
            (Some(source), Some(destination), ..) => Pair::V4 {
                source,
                destination,
            },
            (_, _, Some(source), Some(destination)) => Pair::V6 {
                source,
                destination,
            },
            _ => return None,
        };
        let last_ns = self.last_ns.or(self.first_ns).unwrap_or(clock.exported_ns);
        Some(FlowRecord {
            pair,
            protocol: self.protocol,
            ports: self.source_port.zip(self.destination_port),
            tcp_flags: self.tcp_flags,
            packets: self.packets,
            bytes: self.bytes,
            first_ns: self.first_ns.unwrap_or(last_ns).min(last_ns),
            last_ns,
        })
    }
}

/// A number of one to eight octets; exporters shorten them.
fn number(value: &[u8]) -> Option<u64> {
    if value.is_empty() || 8 < value.len() {
        return None;
    }
    Some(
        value
            .iter()
            .fold(0, |sum, octet| (sum << 8) | u64::from(*octet)),
    )
}
