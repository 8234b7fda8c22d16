//! The start of a stream, put in order in a bounded piece of memory that is wiped when it is given back.

use crate::bytes::wipe;
use crate::names::tls::MAX_START;

/// Pieces out of order, at most.
const MAX_PIECES: usize = 16;

/// Octets at their places, from offset zero on. What came first stays: a later overlap changes nothing.
pub(crate) struct Assembler {
    octets: Box<[u8]>,
    /// Covered parts in ascending order, apart from each other.
    pieces: Vec<(usize, usize)>,
}

/// Says that a piece lies beyond the memory, or that there are too many pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Assembler {
    pub(crate) fn new() -> Self {
        Self {
            octets: vec![0; MAX_START].into_boxed_slice(),
            pieces: Vec::with_capacity(MAX_PIECES),
        }
    }

    /// Puts `data` at `offset`. What lies beyond the end is left out and reported.
    pub(crate) fn put(&mut self, offset: usize, data: &[u8]) -> Result<(), Full> {
        let room = self.octets.len().checked_sub(offset).ok_or(Full)?;
        let fits = data.get(..data.len().min(room)).unwrap_or_default();
        let (start, end) = (offset, offset.saturating_add(fits.len()));
        let mut at = start;
        for (covered, until) in &self.pieces {
            if *until <= at {
                continue;
            }
            if end <= *covered {
                break;
            }
            copy(&mut self.octets, start, fits, at, (*covered).min(end));
            at = at.max(*until);
        }
        copy(&mut self.octets, start, fits, at, end);
        if start < end {
            self.cover(start, end)?;
        }
        if fits.len() < data.len() {
            Err(Full)
        } else {
            Ok(())
        }
    }

    fn cover(&mut self, start: usize, end: usize) -> Result<(), Full> {
        if MAX_PIECES <= self.pieces.len() {
            return Err(Full);
        }
        self.pieces.push((start, end));
        self.pieces.sort_unstable();
        let mut joined: Vec<(usize, usize)> = Vec::with_capacity(MAX_PIECES);
        for (start, end) in self.pieces.drain(..) {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.pieces = joined;
        Ok(())
    }

    /// The octets from offset zero without a gap.
    pub(crate) fn start(&self) -> &[u8] {
        match self.pieces.first() {
            Some((0, end)) => self.octets.get(..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Drops the first `count` octets; what follows moves to the front.
    pub(crate) fn advance(&mut self, count: usize) {
        let end = self.used();
        let count = count.min(end);
        self.octets.copy_within(count..end, 0);
        let left = end.saturating_sub(count);
        if let Some(spent) = self.octets.get_mut(left..end) {
            wipe(spent);
        }
        self.pieces.retain_mut(|(start, end)| {
            *start = start.saturating_sub(count);
            *end = end.saturating_sub(count);
            start < end
        });
    }

    /// Whether nothing is in it.
    pub(crate) const fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn used(&self) -> usize {
        self.pieces.last().map_or(0, |(_, end)| *end)
    }

    /// Wipes what was used.
    pub(crate) fn clear(&mut self) {
        let end = self.used();
        if let Some(used) = self.octets.get_mut(..end) {
            wipe(used);
        }
        self.pieces.clear();
    }

    #[cfg(test)]
    pub(crate) fn is_wiped(&self) -> bool {
        self.octets.iter().all(|octet| *octet == 0)
    }
}

impl Drop for Assembler {
    fn drop(&mut self) {
        wipe(&mut self.octets);
    }
}

/// Copies the part of `data`, which begins at `start`, that belongs at `from..to`.
fn copy(octets: &mut [u8], start: usize, data: &[u8], from: usize, to: usize) {
    let source = from
        .checked_sub(start)
        .zip(to.checked_sub(start))
        .and_then(|(from, to)| data.get(from..to));
    if let (Some(source), Some(target)) = (source, octets.get_mut(from..to)) {
        target.copy_from_slice(source);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_in_any_order_give_what_came_first(
            pieces in prop::collection::vec((0_usize..60, prop::collection::vec(1_u8.., 0..20)), 0..12),
        ) {
            let mut assembler = Assembler::new();
            let mut naive: Vec<Option<u8>> = vec![None; 100];
            for (offset, data) in &pieces {
                assembler.put(*offset, data).unwrap();
                for (slot, octet) in naive.iter_mut().skip(*offset).zip(data) {
                    slot.get_or_insert(*octet);
                }
            }
            let start: Vec<u8> = naive.iter().map_while(|slot| *slot).collect();
            prop_assert_eq!(assembler.start(), start);
            assembler.clear();
            prop_assert!(assembler.is_wiped());
        }
    }

    #[test]
    fn what_lies_beyond_the_memory_is_refused() {
        let mut assembler = Assembler::new();
        assert_eq!(assembler.put(MAX_START + 1, b"x"), Err(Full));
        assert_eq!(assembler.put(MAX_START - 1, b"xy"), Err(Full));
        assert_eq!(assembler.put(MAX_START - 1, b"x"), Ok(()));
    }
}
