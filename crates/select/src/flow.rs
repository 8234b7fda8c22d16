//! Flows whose name is still awaited, or whose name met a criterion. One direction each.
//!
//! The table has a fixed size: buckets of eight. When a bucket is full, what has been idle for the stated time
//! goes first, then the longest idle. Whatever goes undecided is counted as lost.

use std::hash::{BuildHasher, RandomState};

use warrant::{Direction, LossReason, Tally};

use crate::decode::Pair;
use crate::names::assemble::Assembler;
use crate::names::quic::FirstId;
use crate::record::{Hit, Names};

const WAYS: usize = 8;

/// Who talks to whom.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FlowKey {
    pub(crate) pair: Pair,
    pub(crate) source: u16,
    pub(crate) destination: u16,
    pub(crate) protocol: u8,
}

/// What is looked for in a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    Tls,
    Quic,
    Smtp,
    Dns,
}

/// Where a flow stands.
pub(crate) enum Phase {
    /// Nothing met a criterion yet.
    Looking,
    /// A criterion is met; `more` while further names may come.
    Met { met: Box<Met>, more: bool },
    /// It could not be looked at to the end.
    Lost(LossReason),
}

/// What a flow met.
#[derive(Clone, Default)]
pub(crate) struct Met {
    pub(crate) names: Names,
    pub(crate) hits: Vec<Hit>,
}

pub(crate) struct Flow {
    pub(crate) key: FlowKey,
    pub(crate) speech: Speech,
    pub(crate) direction: Direction,
    pub(crate) phase: Phase,
    /// Packets without disposition.
    pub(crate) pending: Tally,
    /// Of the pending packets.
    pub(crate) first_ns: u64,
    pub(crate) last_ns: u64,
    pub(crate) tcp_flags: u8,
    /// The sequence number of the first octet.
    pub(crate) opened: u32,
    /// The sequence number of the next octet to look at; for QUIC, datagrams seen.
    pub(crate) base: u32,
    /// Octets that were looked at.
    pub(crate) looked: u32,
    /// Whose keys open the packets of a QUIC connection.
    pub(crate) first_id: Option<FirstId>,
    /// Memory for what came in pieces.
    pub(crate) start: Option<Assembler>,
}

/// Sizes and times of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowLimits {
    /// Flows at once, rounded up to a power of two of at least 8.
    pub flows: usize,
    /// Flows with octets in memory at once, 16 KiB each.
    pub starts: usize,
    /// A flow that is silent for so long is over.
    pub idle_ns: u64,
    /// A flow that met a criterion is reported at least this often.
    pub report_ns: u64,
}

impl Default for FlowLimits {
    fn default() -> Self {
        Self {
            flows: 65_536,
            starts: 256,
            idle_ns: 120_000_000_000,
            report_ns: 60_000_000_000,
        }
    }
}

/// The table.
pub(crate) struct Flows {
    limits: FlowLimits,
    buckets: Vec<[Option<Box<Flow>>; WAYS]>,
    hasher: RandomState,
    /// Memory that is free to use, wiped.
    spare: Vec<Assembler>,
    /// How much more memory may be made.
    unmade: usize,
    swept: usize,
}

impl Flows {
    pub(crate) fn new(limits: FlowLimits) -> Self {
        let count = limits.flows.max(WAYS).next_power_of_two() / WAYS;
        Self {
            limits,
            buckets: std::iter::repeat_with(|| [const { None }; WAYS])
                .take(count)
                .collect(),
            hasher: RandomState::new(),
            spare: Vec::new(),
            unmade: limits.starts,
            swept: 0,
        }
    }

    pub(crate) const fn limits(&self) -> &FlowLimits {
        &self.limits
    }

    /// The place of a key; the hash is keyed, so nobody can aim at a bucket.
    #[inline]
    fn bucket(&mut self, key: &FlowKey) -> Option<&mut [Option<Box<Flow>>; WAYS]> {
        let hash = self.hasher.hash_one(key);
        let mask = u64::try_from(self.buckets.len())
            .unwrap_or(1)
            .saturating_sub(1);
        let at = usize::try_from(hash & mask).unwrap_or(0);
        self.buckets.get_mut(at)
    }

    /// Takes a flow out; it is put back with [`Flows::put`].
    pub(crate) fn take(&mut self, key: &FlowKey) -> Option<Box<Flow>> {
        let bucket = self.bucket(key)?;
        bucket
            .iter_mut()
            .find(|slot| slot.as_ref().is_some_and(|flow| flow.key == *key))?
            .take()
    }

    /// Puts a flow in; gives the one that had to leave for it.
    pub(crate) fn put(&mut self, flow: Box<Flow>) -> Option<Box<Flow>> {
        let bucket = self.bucket(&flow.key)?;
        if let Some(free) = bucket.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(flow);
            return None;
        }
        let oldest = bucket
            .iter_mut()
            .min_by_key(|slot| slot.as_ref().map_or(0, |flow| flow.last_ns))?;
        oldest.replace(flow)
    }

    /// Looks at the next buckets and hands out what has been silent too long.
    pub(crate) fn sweep(&mut self, now_ns: u64, buckets: usize, out: &mut Vec<Flow>) {
        let idle_ns = self.limits.idle_ns;
        for _ in 0..buckets.min(self.buckets.len()) {
            self.swept = self.swept.wrapping_add(1);
            if self.buckets.len() <= self.swept {
                self.swept = 0;
            }
            for slot in self.buckets.get_mut(self.swept).into_iter().flatten() {
                let over = |flow: &Flow| flow.last_ns.saturating_add(idle_ns) < now_ns;
                if slot.as_deref().is_some_and(over) {
                    out.extend(slot.take().map(|flow| *flow));
                }
            }
        }
    }

    /// Hands out every flow.
    pub(crate) fn drain(&mut self, out: &mut Vec<Flow>) {
        for slot in self.buckets.iter_mut().flatten() {
            out.extend(slot.take().map(|flow| *flow));
        }
    }

    /// Memory for the start of a stream; nothing when all of it is in use.
    pub(crate) fn start(&mut self) -> Option<Assembler> {
        if let Some(start) = self.spare.pop() {
            return Some(start);
        }
        self.unmade = self.unmade.checked_sub(1)?;
        Some(Assembler::new())
    }

    #[cfg(test)]
    pub(crate) fn is_wiped(&self) -> bool {
        self.spare.iter().all(Assembler::is_wiped)
    }

    /// Takes memory back and wipes it.
    pub(crate) fn give_back(&mut self, start: Option<Assembler>) {
        if let Some(mut start) = start {
            start.clear();
            self.spare.push(start);
        }
    }
}
