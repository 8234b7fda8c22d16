//! The classic format: a header of 24 octets, then records of 16 octets and a frame each.

use std::io::Read;

use crate::bytes::{Order, wide};
use crate::frame::{Frame, LinkType};
use crate::input::block::Block;
use crate::input::{BLOCK, InputError};

const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;

/// What the file header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    order: Order,
    /// Nanoseconds in one unit of the fraction.
    unit_ns: u64,
    link: LinkType,
    /// Extra octets in the record header of one variant.
    extra: usize,
}

impl Header {
    pub(super) fn read<R: Read>(block: &mut Block<R>, magic: [u8; 4]) -> Result<Self, InputError> {
        let (order, unit_ns, extra) = match magic {
            [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1000, 0),
            [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1000, 0),
            [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1, 0),
            [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1, 0),
            // The variant of a Linux kernel patch: interface, protocol and packet type after each header.
            [0x34, 0xcd, 0xb2, 0xa1] => (Order::Little, 1000, 8),
            [0xa1, 0xb2, 0xcd, 0x34] => (Order::Big, 1000, 8),
            _ => return Err(InputError::NotACapture),
        };
        if !block.need(FILE_HEADER)? {
            return Err(InputError::Truncated { offset: 0 });
        }
        let head = block
            .array::<FILE_HEADER>()
            .ok_or(InputError::Truncated { offset: 0 })?;
        block.consume(FILE_HEADER);
        let [_, _, _, _, a, b, ..] = head;
        if order.u16([a, b]) != 2 {
            return Err(InputError::Unsupported);
        }
        let [.., a, b, c, d] = head;
        // The upper half holds the length of a frame check sequence, which is behind every frame and never read.
        let [_, _, high, low] = order.u32([a, b, c, d]).to_be_bytes();
        Ok(Self {
            order,
            unit_ns,
            link: LinkType(u16::from_be_bytes([high, low])),
            extra,
        })
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
        let Some(
            [
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
            ],
        ) = block.array::<RECORD_HEADER>()
        else {
            return Err(truncated(block));
        };
        let captured = wide(self.order.u32([c0, c1, c2, c3]));
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
        let seconds = u64::from(self.order.u32([s0, s1, s2, s3]));
        let fraction = u64::from(self.order.u32([f0, f1, f2, f3]));
        let time_ns = seconds
            .wrapping_mul(1_000_000_000)
            .wrapping_add(fraction.wrapping_mul(self.unit_ns));
        let wire_len = self.order.u32([w0, w1, w2, w3]);
        Ok(Some(Frame::new(
            self.link,
            time_ns,
            wire_len,
            block.behind(captured, 0),
        )))
    }
}

#[cold]
fn truncated<R>(block: &Block<R>) -> InputError {
    InputError::Truncated {
        offset: block.offset(),
    }
}
