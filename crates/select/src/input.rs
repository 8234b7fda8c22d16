//! Captures in: pcap and pcapng, one buffer of 256 KiB, reused and wiped.

use std::io::{ErrorKind, Read};

use thiserror::Error;

use crate::frame::Frame;

mod block;
mod files;
mod frames;
mod pcap;
mod pcapng;

pub use block::BLOCK;
pub(crate) use block::LARGEST_RECORD;
pub use files::{Listing, list};
pub use frames::Frames;
pub(crate) use frames::{AT_ONCE, Head};
pub(crate) use pcap::Header;

use block::Block;

/// Why reading a capture ended before its end. Everything read until then was handed out.
#[derive(Debug, Error)]
pub enum InputError {
    /// The operating system refused a read.
    #[error("the capture cannot be read")]
    Read {
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Neither pcap nor pcapng.
    #[error("not a capture file: neither pcap nor pcapng; convert it first")]
    NotACapture,
    /// A version or variant of the format that is not read.
    #[error("a variant of pcap that is not supported; convert it with editcap -F pcap")]
    Unsupported,
    /// The file ends inside a record. That record is lost, all before it were read.
    #[error("the capture ends inside a record, {offset} octets after its start")]
    Truncated {
        /// Where the record begins.
        offset: u64,
    },
    /// A record states lengths that cannot be; nothing after it can be found.
    #[error("the capture is damaged {offset} octets after its start; what follows cannot be read")]
    Corrupt {
        /// Where the record begins.
        offset: u64,
    },
}

impl InputError {
    /// Whether nothing is there yet: the source would block or ran out of patience. Asking again goes on where
    /// it was.
    pub fn is_idle(&self) -> bool {
        matches!(self, Self::Read { source } if matches!(source.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }

    /// Whether a record was begun that could not be handed out, which counts as one lost packet.
    pub const fn loses_a_record(&self) -> bool {
        matches!(self, Self::Truncated { .. } | Self::Corrupt { .. })
    }
}

/// A capture being read.
pub struct Capture<R> {
    block: Block<R>,
    format: Format,
    heads: [Head; AT_ONCE],
}

enum Format {
    /// The head was not read yet.
    Unread,
    Pcap(pcap::Header),
    Pcapng(pcapng::Section),
}

impl<R: Read> Capture<R> {
    /// Reads the head of `source` and finds out the format.
    pub fn open(source: R) -> Result<Self, InputError> {
        let mut capture = Self::begin(source);
        capture.read_head()?;
        Ok(capture)
    }

    /// Reads nothing yet: for a source that may be silent. The head is read with the first frame.
    pub fn begin(source: R) -> Self {
        Self {
            block: Block::new(source),
            format: Format::Unread,
            heads: [Head::NONE; AT_ONCE],
        }
    }

    #[cold]
    fn read_head(&mut self) -> Result<(), InputError> {
        let block = &mut self.block;
        if !block.need(4)? {
            return Err(InputError::NotACapture);
        }
        let magic = block.array::<4>().ok_or(InputError::NotACapture)?;
        self.format = if magic == pcapng::SECTION_MAGIC {
            Format::Pcapng(pcapng::Section::read(block)?)
        } else {
            Format::Pcap(pcap::Header::read(block, magic)?)
        };
        Ok(())
    }

    /// The next frame, valid until the next call; `None` at the end.
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, InputError> {
        if matches!(self.format, Format::Unread) {
            self.read_head()?;
        }
        match &mut self.format {
            Format::Unread => Ok(None),
            Format::Pcap(header) => header.next(&mut self.block),
            Format::Pcapng(section) => section.next(&mut self.block),
        }
    }

    /// The next frames, at least one, valid until the next call; `None` at the end.
    #[inline]
    pub fn next_frames(&mut self) -> Result<Option<Frames<'_>>, InputError> {
        let window = self.block.window();
        let (count, octets) = match &self.format {
            Format::Unread => (0, 0),
            Format::Pcap(header) => header.walk(window, &mut self.heads),
            Format::Pcapng(section) => section.walk(window, &mut self.heads),
        };
        if count != 0 {
            self.block.consume(octets);
            let heads = self.heads.get(..count).unwrap_or_default();
            return Ok(Some(Frames::new(self.block.behind(octets, 0), heads)));
        }
        // Everything but whole records that are there already: filling, other blocks, damage, the end.
        if matches!(self.format, Format::Unread) {
            self.read_head()?;
        }
        let frame = match &mut self.format {
            Format::Unread => None,
            Format::Pcap(header) => header.next(&mut self.block)?,
            Format::Pcapng(section) => section.next(&mut self.block)?,
        };
        let Some(frame) = frame else {
            return Ok(None);
        };
        let (head, _) = self.heads.split_at_mut(1);
        head.fill(Head::of(&frame));
        Ok(Some(Frames::new(frame.bytes(), head)))
    }

    /// How often the buffer was filled. Changes about every 256 KiB: the place to look at a clock.
    pub const fn fills(&self) -> u64 {
        self.block.fills()
    }

    /// Octets consumed so far.
    pub const fn offset(&self) -> u64 {
        self.block.offset()
    }
}
