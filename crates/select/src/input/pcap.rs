//! The classic format: a header of 24 octets, then records of 16 octets and a frame each.

use std::io::Read;

use crate::bytes::{Order, wide};
use crate::frame::{Frame, LinkType};
use crate::input::block::Block;
use crate::input::frames::Head;
use crate::input::{BLOCK, InputError};

const RECORD_HEADER: usize = 16;

/// What the file header says.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    order: Order,
    /// Nanoseconds in one unit of the fraction.
    unit_ns: u64,
    link: LinkType,
    /// Extra octets in the record header of one variant.
    extra: usize,
}

/// What the header of a record says.
struct Record {
    time_ns: u64,
    captured: usize,
    wire_len: u32,
}

impl Header {
    /// Octets of the head of a file.
    pub(crate) const LEN: usize = 24;

    pub(super) fn read<R: Read>(block: &mut Block<R>, magic: [u8; 4]) -> Result<Self, InputError> {
        let _known = variant(magic)?;
        if !block.need(Self::LEN)? {
            return Err(InputError::Truncated { offset: 0 });
        }
        let head = block
            .array::<{ Self::LEN }>()
            .ok_or(InputError::Truncated { offset: 0 })?;
        block.consume(Self::LEN);
        Self::parse(&head)
    }

    /// Reads the head of a file.
    pub(crate) fn parse(head: &[u8; Self::LEN]) -> Result<Self, InputError> {
        let [m0, m1, m2, m3, v0, v1, ..] = *head;
        let (order, unit_ns, extra) = variant([m0, m1, m2, m3])?;
        if order.u16([v0, v1]) != 2 {
            return Err(InputError::Unsupported);
        }
        let [.., a, b, c, d] = *head;
        // The upper half holds the length of a frame check sequence, which is behind every frame and never read.
        let [_, _, high, low] = order.u32([a, b, c, d]).to_be_bytes();
        Ok(Self {
            order,
            unit_ns,
            link: LinkType(u16::from_be_bytes([high, low])),
            extra,
        })
    }

    /// Whether a record begins here that cannot be.
    pub(crate) fn is_damaged(&self, rest: &[u8]) -> bool {
        let fields = rest.first_chunk::<RECORD_HEADER>();
        fields.is_some_and(|fields| BLOCK < self.record(*fields).captured)
    }

    /// Finds the whole records at the start of `window`, as many as there are heads: how many, and their octets.
    pub(crate) fn walk(&self, window: &[u8], heads: &mut [Head]) -> (usize, usize) {
        let header_len = RECORD_HEADER.wrapping_add(self.extra);
        let (mut count, mut at) = (0_usize, 0_usize);
        for head in heads {
            let rest = window.get(at..).unwrap_or_default();
            let Some(fields) = rest.first_chunk::<RECORD_HEADER>() else {
                break;
            };
            let record = self.record(*fields);
            let total = header_len.wrapping_add(record.captured);
            // What is damaged or not whole is for the other way, which says so.
            if BLOCK < record.captured || rest.len() < total {
                break;
            }
            *head = Head {
                link: self.link,
                time_ns: record.time_ns,
                wire_len: record.wire_len,
                begin: at.wrapping_add(header_len),
                length: record.captured,
            };
            at = at.wrapping_add(total);
            count = count.wrapping_add(1);
        }
        (count, at)
    }

    #[inline]
    fn record(&self, fields: [u8; RECORD_HEADER]) -> Record {
        let [
            s0,
            s1,
            s2,
            s3,
            f0,
            f1,
            f2,
            f3,
            c0,
            c1,
            c2,
            c3,
            w0,
            w1,
            w2,
            w3,
        ] = fields;
        let seconds = u64::from(self.order.u32([s0, s1, s2, s3]));
        let fraction = u64::from(self.order.u32([f0, f1, f2, f3]));
        Record {
            time_ns: seconds
                .wrapping_mul(1_000_000_000)
                .wrapping_add(fraction.wrapping_mul(self.unit_ns)),
            captured: wide(self.order.u32([c0, c1, c2, c3])),
            wire_len: self.order.u32([w0, w1, w2, w3]),
        }
    }

    #[inline]
    pub(super) fn next<'b, R: Read>(
        &self,
        block: &'b mut Block<R>,
    ) -> Result<Option<Frame<'b>>, InputError> {
        let header_len = RECORD_HEADER.wrapping_add(self.extra);
        if !block.need(header_len)? {
            return if block.is_empty() {
                Ok(None)
            } else {
                Err(truncated(block))
            };
        }
        let Some(fields) = block.array::<RECORD_HEADER>() else {
            return Err(truncated(block));
        };
        let Record {
            time_ns,
            captured,
            wire_len,
        } = self.record(fields);
        if BLOCK < captured {
            return Err(InputError::Corrupt {
                offset: block.offset(),
            });
        }
        let total = header_len.wrapping_add(captured);
        if !block.need(total)? {
            return Err(truncated(block));
        }
        block.consume(total);
        Ok(Some(Frame::new(
            self.link,
            time_ns,
            wire_len,
            block.behind(captured, 0),
        )))
    }
}

/// Order of octets, nanoseconds of a unit of the fraction, extra octets of a record's header.
const fn variant(magic: [u8; 4]) -> Result<(Order, u64, usize), InputError> {
    Ok(match magic {
        [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1000, 0),
        [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1000, 0),
        [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1, 0),
        [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1, 0),
        // The variant of a Linux kernel patch: interface, protocol and packet type after each header.
        [0x34, 0xcd, 0xb2, 0xa1] => (Order::Little, 1000, 8),
        [0xa1, 0xb2, 0xcd, 0x34] => (Order::Big, 1000, 8),
        _ => return Err(InputError::NotACapture),
    })
}

#[cold]
fn truncated<R>(block: &Block<R>) -> InputError {
    InputError::Truncated {
        offset: block.offset(),
    }
}
