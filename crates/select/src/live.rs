//! Frames as they arrive at an interface, out of the ring that the kernel fills.

use std::ffi::c_int;
use std::io::{self, Error};

use warrant::LossReason;

use crate::bytes::{chunk, wide, wipe};
use crate::frame::{Frame, LinkType};
use crate::raw::{BLOCKS, Ring, TAG_BYTES};

/// How long silence lasts before it is told.
const PATIENCE_MS: c_int = 100;

/// Places in the head of a block (`struct tpacket_block_desc`).
const COUNT_AT: usize = 12;
const FIRST_AT: usize = 16;
/// Places in the head of a frame (`struct tpacket3_hdr`), which the address of the link follows.
const NEXT_AT: usize = 0;
const SECONDS_AT: usize = 4;
const NANOSECONDS_AT: usize = 8;
const CAPTURED_AT: usize = 12;
const LENGTH_AT: usize = 16;
const STATUS_AT: usize = 20;
const MAC_AT: usize = 24;
const TAG_AT: usize = 32;
const TAG_TYPE_AT: usize = 36;
const LINK_AT: usize = 48 + 8;

const TAGGED: u32 = libc::TP_STATUS_VLAN_VALID;
const TAG_TYPE_KNOWN: u32 = libc::TP_STATUS_VLAN_TPID_VALID;
const VLAN: u16 = 0x8100;
/// `ARPHRD_RAWIP`, which `libc` does not name.
const RAW_IP: u16 = 519;
/// Octets of the two addresses before a tag.
const MAC_BYTES: usize = 12;

/// An interface being listened to. It never sends; blocks are overwritten before the kernel gets them back.
pub struct Live {
    ring: Ring,
    /// The block at hand, or the one that comes next.
    block: usize,
    /// Frames left in the block at hand, and where the next begins.
    open: Option<(u32, usize)>,
    handed: u64,
    entered: u64,
    dropped: u64,
}

/// A frame that was found in a block.
struct Found {
    link: LinkType,
    time_ns: u64,
    wire_len: u32,
    begin: usize,
    end: usize,
    next: usize,
}

impl Live {
    /// Listens to `interface`; `promiscuous` also to what is addressed to others. Needs the capability `CAP_NET_RAW`.
    pub fn open(interface: &str, listening: Listening) -> io::Result<Self> {
        Ok(Self {
            ring: Ring::open(interface, listening == Listening::Promiscuous)?,
            block: 0,
            open: None,
            handed: 0,
            entered: 0,
            dropped: 0,
        })
    }

    /// The next frame, valid until the next call; `None` when none came for a tenth of a second.
    pub fn next_frame(&mut self) -> io::Result<Option<Frame<'_>>> {
        let mut has_waited = false;
        let (left, at) = loop {
            match self.open {
                Some((0, _)) => self.give_back(),
                Some(open) => break open,
                None => {
                    if self.take_block()? {
                        continue;
                    }
                    if has_waited {
                        return Ok(None);
                    }
                    self.ring.wait(PATIENCE_MS)?;
                    has_waited = true;
                }
            }
        };
        let damaged = || Error::other("the ring of the kernel cannot be read");
        let block = self.ring.block(self.block).ok_or_else(damaged)?;
        let found = find(block, at).ok_or_else(damaged)?;
        self.open = Some((left.saturating_sub(1), found.next));
        self.handed = self.handed.saturating_add(1);
        let bytes = block.get(found.begin..found.end).ok_or_else(damaged)?;
        Ok(Some(Frame::new(
            found.link,
            found.time_ns,
            found.wire_len,
            bytes,
        )))
    }

    /// From now on nothing more comes in.
    pub fn close(&self) -> io::Result<()> {
        self.ring.close()
    }

    /// How many packets the kernel dropped since this was last asked, because the ring was full.
    pub fn dropped(&mut self) -> io::Result<(LossReason, u64)> {
        let new = self.ring.statistics()?;
        self.entered = self.entered.saturating_add(u64::from(new.packets));
        self.dropped = self.dropped.saturating_add(u64::from(new.drops));
        Ok((LossReason::Kernel, u64::from(new.drops)))
    }

    /// How many packets stood in the ring when [`Live::dropped`] was last asked and were not handed on since.
    pub const fn unread(&self) -> u64 {
        self.entered
            .saturating_sub(self.dropped)
            .saturating_sub(self.handed)
    }

    /// Takes the next block, when the kernel has handed it on.
    fn take_block(&mut self) -> io::Result<bool> {
        let Some(block) = self.ring.block(self.block) else {
            return Ok(false);
        };
        let head = word(block, COUNT_AT).zip(word(block, FIRST_AT));
        let (count, first) = head.ok_or_else(|| Error::other("a block without a head"))?;
        self.open = Some((count, wide(first)));
        Ok(true)
    }

    /// Overwrites the block at hand and gives it to the kernel. Its head is the kernel's.
    fn give_back(&mut self) {
        if let Some(block) = self.ring.block(self.block)
            && let Some(first) = word(block, FIRST_AT)
        {
            wipe(block.get_mut(wide(first)..).unwrap_or_default());
        }
        self.ring.give_back(self.block);
        self.open = None;
        self.block = self.block.wrapping_add(1);
        if BLOCKS <= self.block {
            self.block = 0;
        }
    }
}

/// What an interface is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listening {
    /// Whatever it takes in by itself.
    Own,
    /// Also what is addressed to others, as on a line of copies.
    Promiscuous,
}

/// Reads the head of a frame, and puts back the tag that the kernel took out of it.
fn find(block: &mut [u8], at: usize) -> Option<Found> {
    let head = block.get(at..)?;
    let link = match u16::from_ne_bytes(chunk(head, LINK_AT)?) {
        libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK => LinkType::ETHERNET,
        libc::ARPHRD_NONE | RAW_IP => LinkType::RAW,
        // No link that is decoded has this number; it is counted as not decoded.
        _ => LinkType(u16::MAX),
    };
    let nanoseconds = u64::from(word(head, NANOSECONDS_AT)?);
    let time_ns = u64::from(word(head, SECONDS_AT)?)
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds);
    let status = word(head, STATUS_AT)?;
    let [_, _, c, d] = word(head, TAG_AT)?.to_be_bytes();
    let tag_type = match short(head, TAG_TYPE_AT)? {
        kind if status & TAG_TYPE_KNOWN != 0 => kind,
        _ => VLAN,
    };
    let captured = wide(word(head, CAPTURED_AT)?);
    let mut wire_len = word(head, LENGTH_AT)?;
    let mut begin = at.checked_add(usize::from(short(head, MAC_AT)?))?;
    let end = begin.checked_add(captured)?;
    let next = at.checked_add(wide(word(head, NEXT_AT)?))?;
    if status & TAGGED != 0 && link == LinkType::ETHERNET && MAC_BYTES <= captured {
        let tagged = begin.checked_sub(wide(TAG_BYTES))?;
        let frame = block.get_mut(tagged..end)?;
        frame.copy_within(wide(TAG_BYTES)..wide(TAG_BYTES).checked_add(MAC_BYTES)?, 0);
        let place = frame.get_mut(MAC_BYTES..)?.first_chunk_mut::<4>()?;
        let [a, b] = tag_type.to_be_bytes();
        *place = [a, b, c, d];
        begin = tagged;
        wire_len = wire_len.saturating_add(TAG_BYTES);
    }
    Some(Found {
        link,
        time_ns,
        wire_len,
        begin,
        end,
        next,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    chunk(bytes, at).map(u32::from_ne_bytes)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    chunk(bytes, at).map(u16::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use super::*;

    const MARKER: &[u8] = b"payload-marker-8d11";

    fn holds(bytes: &[u8]) -> bool {
        bytes.windows(MARKER.len()).any(|part| part == MARKER)
    }

    #[test]
    fn blocks_are_overwritten_before_the_kernel_gets_them_back() {
        let mut live = match Live::open("lo", Listening::Own) {
            Ok(live) => live,
            Err(error) => return println!("skipped: no packets can be received here: {error}"),
        };
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket
            .send_to(MARKER, socket.local_addr().unwrap())
            .unwrap();
        while !live
            .next_frame()
            .unwrap()
            .is_some_and(|frame| holds(frame.bytes()))
        {}
        assert!(holds(&live.ring.memory()), "it stands in the ring now");
        live.close().unwrap();
        while live.next_frame().unwrap().is_some() {}
        assert!(!holds(&live.ring.memory()), "it was given back");
        live.dropped().unwrap();
        assert_eq!(live.unread(), 0);
    }
}
