//! The block format: sections, interfaces with their own link type and clock, packets.

use std::io::Read;

use crate::bytes::{Cursor, Order, wide};
use crate::frame::{Frame, LinkType};
use crate::input::InputError;
use crate::input::block::{Block, LARGEST_RECORD};
use crate::input::frames::Head;

/// The type of a section header block, the same in both orders.
pub(super) const SECTION_MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// More interfaces than any capture has; beyond it the file is taken for damaged.
const MAX_INTERFACES: usize = 4096;
/// Blocks that carry no packet may be longer than a packet; they are passed over up to this size.
const MAX_BLOCK: u32 = 64 * 1024 * 1024;

/// The section being read.
pub(super) struct Section {
    order: Order,
    interfaces: Vec<Interface>,
    passing: Passing,
}

/// A block that carries no packet, being passed over. A source that is silent meanwhile can be asked again.
#[derive(Clone, Copy, Default)]
struct Passing {
    left: usize,
    /// Where the block begins.
    offset: u64,
}

#[derive(Clone, Copy)]
struct Interface {
    link: LinkType,
    snap_len: u32,
    clock: Clock,
    /// Added to every time, in seconds.
    offset_s: i64,
}

#[derive(Clone, Copy)]
enum Clock {
    /// Units of this many nanoseconds.
    Nanos(u64),
    /// This many units a second, where a unit is not a whole number of nanoseconds.
    PerSecond(u64),
}

/// A packet that was found: where it is, counted back from the end of its block.
struct Found {
    interface: Interface,
    units: Option<u64>,
    wire_len: u32,
    length: usize,
    /// Octets of the block behind the frame.
    back: usize,
}

impl Section {
    /// Reads the first section header.
    pub(super) fn read<R: Read>(block: &mut Block<R>) -> Result<Self, InputError> {
        let mut section = Self {
            order: Order::Little,
            interfaces: Vec::new(),
            passing: Passing::default(),
        };
        section.enter(block)?;
        Ok(section)
    }

    /// Takes the section header at the window's start.
    fn enter<R: Read>(&mut self, block: &mut Block<R>) -> Result<(), InputError> {
        let offset = block.offset();
        if !block.need(28)? {
            return Err(InputError::Truncated { offset });
        }
        let [_, _, _, _, l0, l1, l2, l3, m0, m1, m2, m3, v0, v1] = block
            .array::<14>()
            .ok_or(InputError::Truncated { offset })?;
        self.order = match [m0, m1, m2, m3] {
            [0x4d, 0x3c, 0x2b, 0x1a] => Order::Little,
            [0x1a, 0x2b, 0x3c, 0x4d] => Order::Big,
            _ => return Err(InputError::NotACapture),
        };
        if self.order.u16([v0, v1]) != 1 {
            return Err(InputError::Unsupported);
        }
        let total = self.order.u32([l0, l1, l2, l3]);
        if total < 28 || !total.is_multiple_of(4) {
            return Err(InputError::Corrupt { offset });
        }
        self.interfaces.clear();
        self.pass(block, total);
        Ok(())
    }

    /// Has a block of `total` octets passed over, however long.
    fn pass<R: Read>(&mut self, block: &Block<R>, total: u32) {
        self.passing = Passing {
            left: wide(total),
            offset: block.offset(),
        };
    }

    fn pass_on<R: Read>(&mut self, block: &mut Block<R>) -> Result<(), InputError> {
        while self.passing.left != 0 {
            let step = self.passing.left.min(LARGEST_RECORD);
            if !block.need(step)? {
                let offset = self.passing.offset;
                return Err(InputError::Truncated { offset });
            }
            block.consume(step);
            self.passing.left = self.passing.left.saturating_sub(step);
        }
        Ok(())
    }

    /// Finds the whole packets at the start of `window`, as many as there are heads: how many, and their octets. Stops
    /// at every other block, at what is not whole and at damage.
    pub(super) fn walk(&self, window: &[u8], heads: &mut [Head]) -> (usize, usize) {
        let (mut count, mut at) = (0_usize, 0_usize);
        if self.passing.left != 0 {
            return (0, 0);
        }
        for head in heads {
            let rest = window.get(at..).unwrap_or_default();
            let Some((found, total)) = self.packet(rest) else {
                break;
            };
            let behind = total.wrapping_sub(found.back);
            *head = Head {
                link: found.interface.link,
                time_ns: found.time_ns(),
                wire_len: found.wire_len,
                begin: at.wrapping_add(behind.saturating_sub(found.length)),
                length: found.length,
            };
            at = at.wrapping_add(total);
            count = count.wrapping_add(1);
        }
        (count, at)
    }

    /// The packet block at the start of `rest`, when it is one and whole; and its length.
    #[inline]
    fn packet(&self, rest: &[u8]) -> Option<(Found, usize)> {
        let [t0, t1, t2, t3, l0, l1, l2, l3] = *rest.first_chunk::<8>()?;
        let total = self.order.u32([l0, l1, l2, l3]);
        if self.order.u32([t0, t1, t2, t3]) != ENHANCED_PACKET || !total.is_multiple_of(4) {
            return None;
        }
        let total = wide(total);
        let body = rest.get(..total)?.get(8..total.saturating_sub(4))?;
        let fits = total <= LARGEST_RECORD;
        Some((self.enhanced(body).filter(|_| fits)?, total))
    }

    pub(super) fn next<'b, R: Read>(
        &mut self,
        block: &'b mut Block<R>,
    ) -> Result<Option<Frame<'b>>, InputError> {
        let found = loop {
            self.pass_on(block)?;
            if !block.need(8)? {
                return if block.is_empty() {
                    Ok(None)
                } else {
                    Err(InputError::Truncated {
                        offset: block.offset(),
                    })
                };
            }
            let offset = block.offset();
            let Some([t0, t1, t2, t3, l0, l1, l2, l3]) = block.array::<8>() else {
                return Err(InputError::Truncated { offset });
            };
            let kind = self.order.u32([t0, t1, t2, t3]);
            if kind == SECTION {
                self.enter(block)?;
                continue;
            }
            let total = self.order.u32([l0, l1, l2, l3]);
            if total < 12 || !total.is_multiple_of(4) || MAX_BLOCK < total {
                return Err(InputError::Corrupt { offset });
            }
            match kind {
                INTERFACE | OLD_PACKET | SIMPLE_PACKET | ENHANCED_PACKET => {}
                _ => {
                    self.pass(block, total);
                    continue;
                }
            }
            let total = wide(total);
            if LARGEST_RECORD < total {
                return Err(InputError::Corrupt { offset });
            }
            if !block.need(total)? {
                return Err(InputError::Truncated { offset });
            }
            let body = block
                .window()
                .get(8..total.saturating_sub(4))
                .ok_or(InputError::Corrupt { offset })?;
            let found = match kind {
                INTERFACE => {
                    if MAX_INTERFACES <= self.interfaces.len() {
                        return Err(InputError::Corrupt { offset });
                    }
                    let interface =
                        interface(self.order, body).ok_or(InputError::Corrupt { offset })?;
                    self.interfaces.push(interface);
                    None
                }
                ENHANCED_PACKET => Some(self.enhanced(body)),
                OLD_PACKET => Some(self.old(body)),
                _ => Some(self.simple(body)),
            };
            if let Some(found) = found {
                let found = found.ok_or(InputError::Corrupt { offset })?;
                block.consume(total);
                break found;
            }
            block.consume(total);
        };
        Ok(Some(Frame::new(
            found.interface.link,
            found.time_ns(),
            found.wire_len,
            block.behind(found.length, found.back),
        )))
    }

    fn enhanced(&self, body: &[u8]) -> Option<Found> {
        let mut cursor = Cursor::new(body);
        let interface = self.interface(self.order.u32(cursor.array()?))?;
        let high = self.order.u32(cursor.array()?);
        let low = self.order.u32(cursor.array()?);
        let length = wide(self.order.u32(cursor.array()?));
        let wire_len = self.order.u32(cursor.array()?);
        Found::new(interface, Some(join(high, low)), wire_len, length, cursor)
    }

    fn old(&self, body: &[u8]) -> Option<Found> {
        let mut cursor = Cursor::new(body);
        let interface = self.interface(u32::from(self.order.u16(cursor.array()?)))?;
        let _drops = self.order.u16(cursor.array()?);
        let high = self.order.u32(cursor.array()?);
        let low = self.order.u32(cursor.array()?);
        let length = wide(self.order.u32(cursor.array()?));
        let wire_len = self.order.u32(cursor.array()?);
        Found::new(interface, Some(join(high, low)), wire_len, length, cursor)
    }

    fn simple(&self, body: &[u8]) -> Option<Found> {
        let mut cursor = Cursor::new(body);
        let interface = self.interface(0)?;
        let wire_len = self.order.u32(cursor.array()?);
        let snap_len = match interface.snap_len {
            0 => u32::MAX,
            length => length,
        };
        let length = wide(wire_len.min(snap_len));
        Found::new(interface, None, wire_len, length, cursor)
    }

    fn interface(&self, number: u32) -> Option<Interface> {
        self.interfaces.get(wide(number)).copied()
    }
}

impl Found {
    fn new(
        interface: Interface,
        units: Option<u64>,
        wire_len: u32,
        length: usize,
        rest: Cursor<'_>,
    ) -> Option<Self> {
        let behind = rest.rest().len().checked_sub(length)?;
        Some(Self {
            interface,
            units,
            wire_len,
            length,
            back: behind.saturating_add(4),
        })
    }

    fn time_ns(&self) -> u64 {
        self.units.map_or(0, |units| self.interface.nanos(units))
    }
}

impl Interface {
    fn nanos(&self, units: u64) -> u64 {
        let nanos = match self.clock {
            Clock::Nanos(unit) => units.saturating_mul(unit),
            Clock::PerSecond(per_second) => {
                let seconds = units.checked_div(per_second).unwrap_or(0);
                let rest = units.checked_rem(per_second).unwrap_or(0);
                let fraction = u128::from(rest)
                    .saturating_mul(1_000_000_000)
                    .checked_div(u128::from(per_second))
                    .unwrap_or(0);
                seconds
                    .saturating_mul(1_000_000_000)
                    .saturating_add(u64::try_from(fraction).unwrap_or(0))
            }
        };
        let offset = self.offset_s.saturating_mul(1_000_000_000);
        nanos.saturating_add_signed(offset)
    }
}

/// Reads an interface block: link type, snapshot length, and the two options that concern time.
fn interface(order: Order, body: &[u8]) -> Option<Interface> {
    let mut cursor = Cursor::new(body);
    let link = LinkType(order.u16(cursor.array()?));
    let _reserved = cursor.take(2)?;
    let snap_len = order.u32(cursor.array()?);
    let mut clock = Clock::Nanos(1000);
    let mut offset_s = 0;
    while let (Some(code), Some(length)) = (cursor.array(), cursor.array()) {
        let length = usize::from(order.u16(length));
        let Some(value) = cursor.take(length) else {
            break;
        };
        match (order.u16(code), value) {
            (0, _) => break,
            (9, [resolution, ..]) => clock = units(*resolution)?,
            (14, value) => {
                if let Some(octets) = value.first_chunk::<8>() {
                    offset_s = match order {
                        Order::Little => i64::from_le_bytes(*octets),
                        Order::Big => i64::from_be_bytes(*octets),
                    };
                }
            }
            _ => {}
        }
        let padding = length.next_multiple_of(4).saturating_sub(length);
        if cursor.take(padding).is_none() {
            break;
        }
    }
    Some(Interface {
        link,
        snap_len,
        clock,
        offset_s,
    })
}

/// The clock of `if_tsresol`: a power of ten, or of two when the top bit is set.
fn units(resolution: u8) -> Option<Clock> {
    let power = u32::from(resolution & 0x7f);
    if resolution & 0x80 != 0 {
        return Some(Clock::PerSecond(2_u64.checked_pow(power)?));
    }
    Some(match 9_u32.checked_sub(power) {
        Some(rest) => Clock::Nanos(10_u64.checked_pow(rest)?),
        None => Clock::PerSecond(10_u64.checked_pow(power)?),
    })
}

fn join(high: u32, low: u32) -> u64 {
    (u64::from(high) << 32) | u64::from(low)
}
