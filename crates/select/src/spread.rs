//! Frames for several workers: which of them, and in what.

use std::hash::{BuildHasher as _, RandomState};

use crate::bytes::wipe;
use crate::decode::{Pair, Tunnels, decode};
use crate::frame::{Frame, LinkType};
use crate::funnel::Funnel;
use crate::input::BLOCK;
use crate::record::Sink;

/// Octets of one batch. The largest frame fits.
const ROOM: usize = BLOCK + 4096;
/// Frames of one batch, at most.
const MAX_FRAMES: usize = 4096;

/// Says which worker a frame belongs to: both directions of a communication to the same.
pub struct Spread {
    workers: usize,
    tunnels: Tunnels,
    hasher: RandomState,
}

impl Spread {
    /// For so many workers, which look at tunnels as `tunnels` says.
    pub fn new(workers: usize, tunnels: Tunnels) -> Self {
        Self {
            workers,
            tunnels,
            hasher: RandomState::new(),
        }
    }

    /// The worker of a frame, less than their number. What has no ports goes by its addresses, what cannot be decoded
    /// to the first. The hash is keyed, so nobody can aim at a worker.
    #[inline]
    pub fn worker(&self, frame: &Frame<'_>) -> usize {
        let Ok(packet) = decode(frame, self.tunnels) else {
            return 0;
        };
        let (source, destination) = match packet.inner {
            Pair::V4 {
                source,
                destination,
            } => (u128::from(source), u128::from(destination)),
            Pair::V6 {
                source,
                destination,
            } => (source, destination),
        };
        let ports = packet.transport.ports().unwrap_or_default();
        let ends = [(source, ports.0), (destination, ports.1)];
        let [one, other] = ends;
        let ends = if other < one { [other, one] } else { ends };
        let key = (ends, packet.transport.protocol());
        let hash = self.hasher.hash_one(key) >> 32;
        let place = usize::try_from(hash).unwrap_or(0);
        place.checked_rem(self.workers).unwrap_or(0)
    }
}

/// What a batch remembers of a frame besides its octets.
#[derive(Clone, Copy)]
struct Head {
    link: LinkType,
    time_ns: u64,
    wire_len: u32,
    length: usize,
}

/// Frames on their way to a worker, in memory of a fixed size. Cannot be printed or serialised.
pub struct Batch {
    octets: Vec<u8>,
    used: usize,
    heads: Vec<Head>,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            octets: vec![0; ROOM],
            used: 0,
            heads: Vec::with_capacity(MAX_FRAMES),
        }
    }
}

impl Batch {
    /// Whether there is room for a frame; in an empty one there is for every frame a source gives.
    #[inline]
    fn has_room(&self, frame: &Frame<'_>) -> bool {
        let after = self.used.saturating_add(frame.bytes().len());
        after <= ROOM && self.heads.len() < MAX_FRAMES
    }

    /// Takes a copy of a frame; `false` when there is no room.
    #[inline]
    #[must_use]
    pub fn put(&mut self, frame: &Frame<'_>) -> bool {
        if !self.has_room(frame) {
            return false;
        }
        let after = self.used.saturating_add(frame.bytes().len());
        let Some(place) = self.octets.get_mut(self.used..after) else {
            return false;
        };
        place.copy_from_slice(frame.bytes());
        self.used = after;
        self.heads.push(Head {
            link: frame.link(),
            time_ns: frame.time_ns(),
            wire_len: frame.wire_len(),
            length: frame.bytes().len(),
        });
        true
    }

    /// Whether it holds no frame.
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Takes every frame through the funnel and overwrites it.
    pub fn examine<S: Sink>(&mut self, funnel: &mut Funnel<'_>, sink: &mut S) {
        let mut rest = self.octets.as_slice();
        for head in &self.heads {
            let Some((bytes, after)) = rest.split_at_checked(head.length) else {
                break;
            };
            rest = after;
            let frame = Frame::new(head.link, head.time_ns, head.wire_len, bytes);
            funnel.packet(&frame, sink);
        }
        self.clear();
    }

    /// All memory for octets, also what is not in use.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> &[u8] {
        &self.octets
    }

    fn clear(&mut self) {
        wipe(self.octets.get_mut(..self.used).unwrap_or_default());
        self.used = 0;
        self.heads.clear();
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.clear();
    }
}
