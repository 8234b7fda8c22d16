//! The one buffer traffic lives in.

use std::io::{ErrorKind, Read};

use crate::bytes::{long, wipe};
use crate::input::InputError;

/// Octets read at once. The size of a second-level cache: larger is slower (`docs/select/DESIGN.md`).
pub const BLOCK: usize = 256 * 1024;

/// The largest record: the largest snapshot length of the formats, with its header.
pub(crate) const LARGEST_RECORD: usize = BLOCK + 4096;

/// Reads begin here within the buffer, behind room for the record that was left over. A capture is so read in whole
/// blocks from places that are a multiple of the block, in the file and in memory, which the kernel copies fastest.
const BASE: usize = LARGEST_RECORD;
const PAGE: usize = 4096;

/// A window over a source. What was consumed is overwritten before the next read and when the window is dropped.
pub(super) struct Block<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where reads begin: `BASE` on, at the next page of memory.
    base: usize,
    /// Nothing was ever left before this place.
    low: usize,
    start: usize,
    end: usize,
    consumed: u64,
    fills: u64,
}

impl<R: Read> Block<R> {
    pub(super) fn new(source: R) -> Self {
        let room = PAGE.saturating_add(BASE).saturating_add(LARGEST_RECORD);
        let buffer = vec![0; room];
        let page = buffer.as_ptr().align_offset(PAGE).min(PAGE);
        let base = BASE.saturating_add(page);
        Self {
            source,
            buffer,
            base,
            low: base,
            start: base,
            end: base,
            consumed: 0,
            fills: 0,
        }
    }

    /// Makes `count` octets available; `false` when the source ends before.
    #[inline]
    pub(super) fn need(&mut self, count: usize) -> Result<bool, InputError> {
        if count <= self.end.wrapping_sub(self.start) {
            return Ok(true);
        }
        self.fill(count)
    }

    #[cold]
    fn fill(&mut self, count: usize) -> Result<bool, InputError> {
        if LARGEST_RECORD < count {
            return Err(InputError::Corrupt {
                offset: self.consumed,
            });
        }
        let kept = self.end.saturating_sub(self.start);
        let start = self.base.saturating_sub(kept);
        self.buffer.copy_within(self.start..self.end, start);
        for spent in [self.low..start, self.base..self.end] {
            wipe(self.buffer.get_mut(spent).unwrap_or_default());
        }
        (self.low, self.start, self.end) = (start, start, self.base);
        self.fills = self.fills.wrapping_add(1);
        let wanted = start.saturating_add(count);
        let room = self.base.saturating_add(BLOCK).max(wanted);
        while self.end < wanted {
            let Some(space) = self.buffer.get_mut(self.end..room) else {
                return Ok(false);
            };
            match self.source.read(space) {
                Ok(0) => return Ok(false),
                Ok(read) => self.end = self.end.saturating_add(read).min(room),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => return Err(InputError::Read { source }),
            }
        }
        Ok(true)
    }
}

impl<R> Block<R> {
    /// All that is available.
    #[inline]
    pub(super) fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The first octets of the window.
    #[inline]
    pub(super) fn array<const N: usize>(&self) -> Option<[u8; N]> {
        self.window().first_chunk::<N>().copied()
    }

    /// Moves on by `count` octets, which must have been made available.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.end.wrapping_sub(self.start));
        self.start = self.start.wrapping_add(count);
        self.consumed = self.consumed.wrapping_add(long(count));
    }

    /// Octets that were consumed a moment ago: `length` of them, ending `back` before the window.
    #[inline]
    pub(super) fn behind(&self, length: usize, back: usize) -> &[u8] {
        let end = self.start.saturating_sub(back);
        let start = end.saturating_sub(length);
        self.buffer.get(start..end).unwrap_or_default()
    }

    pub(super) const fn offset(&self) -> u64 {
        self.consumed
    }

    pub(super) const fn fills(&self) -> u64 {
        self.fills
    }

    /// Whether anything is left in the window.
    pub(super) const fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

impl<R> Drop for Block<R> {
    fn drop(&mut self) {
        wipe(&mut self.buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_consumed_is_overwritten_by_the_next_fill() {
        let source = vec![0xa5_u8; BLOCK + 100];
        let mut block = Block::new(source.as_slice());
        assert!(block.need(BLOCK).unwrap());
        block.consume(BLOCK);
        assert!(block.need(100).unwrap());
        assert_eq!(block.window(), [0xa5; 100]);
        let left = block.buffer.iter().filter(|octet| **octet != 0).count();
        assert_eq!(left, 100, "only what is in the window");
    }

    #[test]
    fn a_source_that_gives_one_octet_at_a_time_is_read_to_its_end() {
        struct Drip(u8);
        impl Read for Drip {
            fn read(&mut self, space: &mut [u8]) -> std::io::Result<usize> {
                let Some(first) = space.first_mut() else {
                    return Ok(0);
                };
                if self.0 == 9 {
                    return Ok(0);
                }
                self.0 += 1;
                *first = self.0;
                Ok(1)
            }
        }
        let mut block = Block::new(Drip(0));
        assert!(block.need(4).unwrap());
        assert_eq!(block.array::<4>(), Some([1, 2, 3, 4]));
        block.consume(4);
        assert!(block.need(5).unwrap());
        assert!(!block.need(6).unwrap());
        assert_eq!(block.offset(), 4);
    }

    #[test]
    fn a_record_across_the_border_is_whole_and_nothing_else_is_left() {
        let source: Vec<u8> = (1..=251).cycle().take(3 * BLOCK).collect();
        for record in [7, 1000, BLOCK - 1, BLOCK, LARGEST_RECORD] {
            let mut block = Block::new(source.as_slice());
            let (mut at, mut fills) = (0, 0);
            while block.need(record).unwrap() {
                assert_eq!(block.window().get(..record), source.get(at..at + record));
                if fills != block.fills() {
                    fills = block.fills();
                    let held = block.buffer.iter().filter(|octet| **octet != 0).count();
                    assert_eq!(held, block.window().len(), "nothing but the window");
                }
                block.consume(record);
                at += record;
            }
            assert_eq!(block.window(), source.get(at..).unwrap());
        }
    }

    #[test]
    fn a_record_beyond_the_largest_is_refused_without_memory() {
        let mut block = Block::new(std::io::repeat(1));
        assert!(matches!(
            block.need(LARGEST_RECORD + 1),
            Err(InputError::Corrupt { offset: 0 })
        ));
    }
}
