//! What leaves the funnel: facts about packets, no octet of them.

use std::fmt;
use std::net::IpAddr;

use warrant::{CriterionId, CriterionKind, Direction, Tally};

use crate::decode::Pair;
use crate::names::Name;

/// A criterion that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Cheapest first; the first decides what a packet is counted under.
    pub(crate) rank: u8,
    pub(crate) criterion: u32,
    pub(crate) kind: CriterionKind,
}

/// Names that met a criterion. Names that met none are never stored.
#[derive(Clone, Default)]
pub(crate) struct Names {
    pub(crate) dns: Option<Name>,
    pub(crate) server: Option<Name>,
    pub(crate) ja4: Option<[u8; 36]>,
    pub(crate) mail: Vec<Name>,
}

impl Names {
    pub(crate) fn clear(&mut self) {
        self.dns = None;
        self.server = None;
        self.ja4 = None;
        self.mail.clear();
    }

    /// Adds the names of another, which come second.
    pub(crate) fn add(&mut self, other: &Self) {
        self.dns = self.dns.or(other.dns);
        self.server = self.server.or(other.server);
        self.ja4 = self.ja4.or(other.ja4);
        self.mail.extend(other.mail.iter().copied());
    }
}

/// A selected packet, or several of one communication. Printed without addresses and names.
#[derive(Clone, Copy)]
pub struct Selected<'s> {
    /// First packet, nanoseconds since 1970.
    pub first_ns: u64,
    /// Last packet.
    pub last_ns: u64,
    /// Never 内内.
    pub direction: Direction,
    /// IP protocol number.
    pub protocol: u8,
    /// Source and destination port, where the protocol has them.
    pub ports: Option<(u16, u16)>,
    /// Packets and their octets on the wire.
    pub tally: Tally,
    /// Packets and octets that a flow record states for its flow; nothing for packets, which `tally` counts.
    pub stated: Option<Tally>,
    /// All TCP flags seen.
    pub tcp_flags: u8,
    /// The first signature that was found: its criterion and the octets before it in the payload.
    pub signature: Option<(CriterionId, u32)>,
    pub(crate) pair: Pair,
    pub(crate) names: &'s Names,
    pub(crate) hits: &'s [Hit],
}

impl<'s> Selected<'s> {
    /// Source and destination address.
    pub fn addresses(&self) -> (IpAddr, IpAddr) {
        self.pair.addresses()
    }

    /// The DNS name that met a criterion.
    pub fn dns_name(&self) -> Option<&'s str> {
        self.names.dns.as_ref().map(Name::as_str)
    }

    /// The server name that met a criterion.
    pub fn server_name(&self) -> Option<&'s str> {
        self.names.server.as_ref().map(Name::as_str)
    }

    /// The fingerprint that met a criterion.
    pub fn ja4(&self) -> Option<&'s str> {
        let octets = self.names.ja4.as_ref()?;
        std::str::from_utf8(octets).ok()
    }

    /// The mail addresses that met a criterion.
    pub fn mail(&self) -> impl Iterator<Item = &'s str> {
        self.names.mail.iter().map(Name::as_str)
    }

    /// Every criterion that was met, in ascending order, each once.
    pub fn criteria(&self) -> Vec<CriterionId> {
        let mut numbers: Vec<u32> = self.hits.iter().map(|hit| hit.criterion).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(CriterionId::new).collect()
    }

    /// What it is counted under: the cheapest kind that was met.
    pub fn kind(&self) -> Option<CriterionKind> {
        self.hits.iter().min().map(|hit| hit.kind)
    }
}

impl fmt::Debug for Selected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selected")
            .field("direction", &self.direction)
            .field("packets", &self.tally.packets)
            .field("criteria", &self.hits.len())
            .finish_non_exhaustive()
    }
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Taken {
    /// It will be written.
    Yes,
    /// The warrant's limit is reached: its packets are dropped.
    OverLimit,
    /// It could not be written: its packets are lost.
    Failed,
}

/// Receives what was selected.
pub trait Sink {
    /// Takes one record.
    fn take(&mut self, record: &Selected<'_>) -> Taken;
}
