//! The first look: what becomes of most packets is plain from a few octets of their headers.
//!
//! Frames of the commonest form (Ethernet, at most one tag, IPv4 without options, TCP, UDP or ICMP, no tunnel) are looked
//! at side by side, each pass over all of them, so that waits for memory overlap. What a glance decides, the funnel would
//! decide alike; everything else, and everything that meets a criterion, is left to it.

use warrant::{Counts, Direction, DropReason, Tally};

use crate::criteria::{Index, examine};
use crate::decode::{Tunnels, is_tunnel};
use crate::direction::between;
use crate::frame::{Frame, LinkType};
use crate::funnel::Scope;
use crate::input::{AT_ONCE, Frames, Head};
use crate::prefixes::{Place, PrefixTable};

const VLAN: [u8; 2] = [0x81, 0x00];
const IPV4: [u8; 2] = [0x08, 0x00];
/// Version 4 with a header of 20 octets.
const PLAIN: u8 = 0x45;
/// Octets of Ethernet, IPv4 and two ports.
const HEADERS: usize = 38;
const ETHERNET: usize = 14;
const IP: usize = 20;

/// What to look for on a port.
mod port {
    /// Something may be named where this is the source port.
    pub(super) const FROM: u8 = 1;
    /// The same for the destination port.
    pub(super) const TO: u8 = 2;
    /// A tunnel over UDP may begin where this is the source port.
    pub(super) const TUNNEL_FROM: u8 = 4;
    pub(super) const TUNNEL_TO: u8 = 8;
    /// A signature names the port, inbound; outbound and transit are the next two bits.
    pub(super) const SIGNATURE: u8 = 16;
}

/// What becomes of a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Left to the funnel.
    Look,
    NoCriterion,
    Undetermined,
    Domestic,
    OtherDirection,
}

const FATES: usize = 5;

/// What the first octets of a frame say.
#[derive(Clone, Copy)]
struct Ends {
    source: u32,
    destination: u32,
    from: u16,
    to: u16,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Not the common one.
    Other,
    Tcp,
    Udp,
    Icmp,
}

impl Ends {
    const OTHER: Self = Self {
        source: 0,
        destination: 0,
        from: 0,
        to: 0,
        form: Form::Other,
    };
}

/// Looks at heads of frames. Holds nothing of any of them.
pub struct Glance<'a> {
    index: &'a Index,
    table: &'a PrefixTable,
    scope: Scope,
    /// What becomes of a packet between two places, and the bit of its direction's signatures.
    fates: [(Fate, u8); 16],
    /// What to look for on each port.
    ports: Vec<u8>,
}

/// How many packets were decided at a glance, and how.
#[derive(Clone, Copy, Default)]
pub struct Decided([Tally; FATES]);

/// What was decided at a glance, and what was not.
pub struct Sifted<'f> {
    frames: Frames<'f>,
    decided: Decided,
    left: [u8; AT_ONCE],
    lefts: usize,
}

impl<'a> Glance<'a> {
    /// For the criteria, the table and the scope of a funnel.
    pub fn new(index: &'a Index, table: &'a PrefixTable, scope: Scope) -> Self {
        let mut fates = [(Fate::Undetermined, 0); 16];
        for (fate, at) in fates.iter_mut().zip(0_u8..) {
            let (source, destination) = (Place::of_code(at >> 2), Place::of_code(at & 3));
            *fate = match between(source, destination) {
                None => (Fate::Undetermined, 0),
                Some(Direction::Domestic) => (Fate::Domestic, 0),
                Some(other) if !scope.directions.contain(other) => (Fate::OtherDirection, 0),
                Some(Direction::Inbound) => (Fate::NoCriterion, port::SIGNATURE),
                Some(Direction::Outbound) => (Fate::NoCriterion, port::SIGNATURE << 1),
                Some(Direction::Transit) => (Fate::NoCriterion, port::SIGNATURE << 2),
            };
        }
        Self {
            index,
            table,
            scope,
            fates,
            ports: (0..=u16::MAX)
                .map(|number| port_bits(index, scope.tunnels, number))
                .collect(),
        }
    }

    /// Decides what can be decided at a glance.
    pub fn sift<'f>(&self, frames: Frames<'f>) -> Sifted<'f> {
        let mut ends = [Ends::OTHER; AT_ONCE];
        for (ends, head) in ends.iter_mut().zip(frames.heads()) {
            *ends = self.ends(&frames, head);
        }
        let mut fates = [(Fate::Look, 0_u8); AT_ONCE];
        for ((fate, ends), _) in fates.iter_mut().zip(&ends).zip(frames.heads()) {
            *fate = self.way(ends);
        }
        let mut sifted = Sifted {
            frames,
            decided: Decided::default(),
            left: [0; AT_ONCE],
            lefts: 0,
        };
        for (((fate, ends), head), at) in fates.iter().zip(&ends).zip(frames.heads()).zip(0_u8..) {
            let fate = match *fate {
                (Fate::NoCriterion, signatures) => self.inside(ends, signatures),
                (fate, _) => fate,
            };
            sifted.count(fate, head, at);
        }
        sifted
    }

    /// What the headers of a frame say, where they have the common form.
    #[inline]
    fn ends(&self, frames: &Frames<'_>, head: &Head) -> Ends {
        let bytes = frames.octets_of(head);
        let in_period = self.scope.from_ns <= head.time_ns && head.time_ns < self.scope.until_ns;
        if head.link != LinkType::ETHERNET || !in_period {
            return Ends::OTHER;
        }
        common(bytes).unwrap_or(Ends::OTHER)
    }

    /// The direction of a packet.
    #[inline]
    fn way(&self, ends: &Ends) -> (Fate, u8) {
        if ends.form == Form::Other {
            return (Fate::Look, 0);
        }
        let source = self.table.code_v4(ends.source);
        let destination = self.table.code_v4(ends.destination);
        let at = usize::from((source << 2) | destination);
        let (fate, signatures) = self.fates.get(at).copied().unwrap_or((Fate::Look, 0));
        if ends.form == Form::Udp
            && (self.on(ends.from) & port::TUNNEL_FROM) | (self.on(ends.to) & port::TUNNEL_TO) != 0
        {
            return (Fate::Look, 0);
        }
        (fate, signatures)
    }

    /// Whether a packet of an approved direction can meet anything.
    #[inline]
    fn inside(&self, ends: &Ends, signatures: u8) -> Fate {
        let (from, to) = (self.on(ends.from), self.on(ends.to));
        let named = (from & (port::FROM | signatures)) | (to & (port::TO | signatures));
        if (ends.form != Form::Icmp && named != 0)
            || self.index.meets_v4(ends.source)
            || self.index.meets_v4(ends.destination)
        {
            return Fate::Look;
        }
        Fate::NoCriterion
    }

    #[inline]
    fn on(&self, number: u16) -> u8 {
        self.ports.get(usize::from(number)).copied().unwrap_or(0)
    }
}

impl Decided {
    #[inline]
    fn count(&mut self, cell: usize, head: &Head) {
        let captured = u32::try_from(head.length).unwrap_or(u32::MAX);
        if let Some(tally) = self.0.get_mut(cell) {
            tally.packets = tally.packets.wrapping_add(1);
            let octets = u64::from(head.wire_len.max(captured));
            tally.bytes = tally.bytes.wrapping_add(octets);
        }
    }

    /// Adds what was decided elsewhere.
    pub fn add(&mut self, more: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&more.0) {
            mine.add(*theirs);
        }
    }

    /// Adds it to the counts; how many packets were of an approved direction.
    pub fn settle(&self, counts: &mut Counts) -> u64 {
        let [_, no_criterion, undetermined, domestic, other] = self.0;
        for (reason, tally) in [
            (DropReason::NoCriterion, no_criterion),
            (DropReason::Undetermined, undetermined),
            (DropReason::Domestic, domestic),
            (DropReason::OtherDirection, other),
        ] {
            counts.receive(tally);
            counts.discard(reason, tally);
        }
        no_criterion.packets
    }
}

impl<'f> Sifted<'f> {
    #[inline]
    fn count(&mut self, fate: Fate, head: &Head, at: u8) {
        let cell = match fate {
            Fate::Look => {
                if let Some(left) = self.left.get_mut(self.lefts) {
                    *left = at;
                }
                self.lefts = self.lefts.wrapping_add(1);
                return;
            }
            Fate::NoCriterion => 1,
            Fate::Undetermined => 2,
            Fate::Domestic => 3,
            Fate::OtherDirection => 4,
        };
        self.decided.count(cell, head);
    }

    /// What was decided.
    pub const fn decided(&self) -> &Decided {
        &self.decided
    }

    /// What was not decided, in the order it came.
    pub fn left(&self) -> impl Iterator<Item = Frame<'f>> + use<'_, 'f> {
        self.heads_left().map(|head| self.frames.frame(head))
    }

    pub(crate) fn heads_left(&self) -> impl Iterator<Item = &'f Head> + use<'_, 'f> {
        let left = self.left.get(..self.lefts).unwrap_or_default();
        left.iter()
            .filter_map(|at| self.frames.heads().get(usize::from(*at)))
    }
}

fn port_bits(index: &Index, tunnels: Tunnels, number: u16) -> u8 {
    let examined = index.examine(number);
    let (tunnel_from, tunnel_to) = is_tunnel(number);
    let opens = tunnels == Tunnels::Open;
    // A port beside itself: whether this one alone is named.
    let wanted = |way| index.wants_signatures(way, (number, number));
    [
        (port::TO, examined != 0),
        (port::FROM, examined & (examine::DNS | examine::PORT) != 0),
        (port::TUNNEL_FROM, opens && tunnel_from),
        (port::TUNNEL_TO, opens && tunnel_to),
        (port::SIGNATURE, wanted(Direction::Inbound)),
        (port::SIGNATURE << 1, wanted(Direction::Outbound)),
        (port::SIGNATURE << 2, wanted(Direction::Transit)),
    ]
    .into_iter()
    .filter(|(_, is_set)| *is_set)
    .fold(0, |bits, (bit, _)| bits | bit)
}

/// Reads what is at fixed places; nothing where anything is unusual, shortened or contradicts itself.
#[inline]
fn common(bytes: &[u8]) -> Option<Ends> {
    let bytes = match bytes.first_chunk::<ETHERNET>()? {
        [.., high, low] if [*high, *low] == VLAN => bytes.get(4..)?,
        _ => bytes,
    };
    #[rustfmt::skip]
    let [
        _, _, _, _, _, _, _, _, _, _, _, _, t0, t1,
        first, _, l0, l1, _, _, f0, f1, _, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3,
        p0, p1, q0, q1,
    ] = *bytes.first_chunk::<HEADERS>()?;
    let fragment = u16::from_be_bytes([f0, f1]) & 0x1fff;
    if [t0, t1] != IPV4 || first != PLAIN || fragment != 0 {
        return None;
    }
    let there = bytes.len().wrapping_sub(ETHERNET);
    let stated = match usize::from(u16::from_be_bytes([l0, l1])) {
        0 => there,
        stated => stated.min(there),
    };
    let (form, least) = match protocol {
        6 => (Form::Tcp, IP + 20),
        17 => (Form::Udp, IP + 8),
        1 => (Form::Icmp, IP + 2),
        _ => return None,
    };
    if stated < least {
        return None;
    }
    Some(Ends {
        source: u32::from_be_bytes([s0, s1, s2, s3]),
        destination: u32::from_be_bytes([d0, d1, d2, d3]),
        from: u16::from_be_bytes([p0, p1]),
        to: u16::from_be_bytes([q0, q1]),
        form,
    })
}
