//! The funnel: decode, direction, criteria from cheap to dear, and one final disposition for every packet.

use warrant::{Counts, CriterionId, CriterionKind, Direction, DropReason, LossReason, Tally};

use crate::criteria::{Index, NameKind, SignatureFound, examine, rank};
use crate::decode::{Packet, Pair, Skip, Transport, Tunnels, decode};
use crate::direction::{Directions, direction};
use crate::flow::{Flow, FlowKey, FlowLimits, Flows, Speech};
use crate::frame::Frame;
use crate::glance::{Decided, Glance};
use crate::input::Frames;
use crate::names::dns;
use crate::netflow::{FlowError, FlowRecord, Received};
use crate::prefixes::PrefixTable;
use crate::record::{Hit, Names, Selected, Sink, Taken};

mod streams;

/// What a warrant allows, as far as the funnel has to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Directions that may be selected.
    pub directions: Directions,
    /// Whether addresses inside tunnels decide.
    pub tunnels: Tunnels,
    /// Packets stamped before are dropped; nanoseconds since 1970.
    pub from_ns: u64,
    /// Packets stamped at or after are dropped.
    pub until_ns: u64,
}

/// Packets between two looks at idle flows.
const SWEEP_EVERY: u32 = 1024;
/// Buckets looked at then.
const SWEEP_BUCKETS: usize = 32;

/// The state of one core. Nothing in it is shared.
pub struct Funnel<'a> {
    index: &'a Index,
    table: &'a PrefixTable,
    scope: Scope,
    glance: Glance<'a>,
    counts: Counts,
    pending: Tally,
    flows: Flows,
    /// Of the packet at hand.
    hits: Vec<Hit>,
    names: Names,
    signatures: Vec<SignatureFound>,
    scratch: Vec<u8>,
    since_sweep: u32,
    looks_inside: bool,
    leaving: Vec<Flow>,
}

/// What the examination of a packet came to, besides what it met itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing more to say.
    Own,
    /// Its flow took it.
    Pending,
    /// It could not be looked at to the end.
    Lost(LossReason),
}

impl<'a> Funnel<'a> {
    /// An empty funnel for criteria and a table that the caller has compared with the warrant.
    pub fn new(index: &'a Index, table: &'a PrefixTable, scope: Scope, limits: FlowLimits) -> Self {
        let looks_inside = index.looks_inside();
        let limits = if looks_inside {
            limits
        } else {
            FlowLimits { flows: 0, ..limits }
        };
        Self {
            index,
            table,
            scope,
            glance: Glance::new(index, table, scope),
            counts: Counts::default(),
            pending: Tally::default(),
            flows: Flows::new(limits),
            hits: Vec::with_capacity(16),
            names: Names::default(),
            signatures: Vec::new(),
            scratch: Vec::new(),
            since_sweep: 0,
            looks_inside,
            leaving: Vec::new(),
        }
    }

    /// Examines several frames: at a glance what can be decided so, in order the others.
    #[inline]
    pub fn frames<S: Sink>(&mut self, frames: Frames<'_>, sink: &mut S) {
        let sifted = self.glance.sift(frames);
        let last_ns = frames.heads().last().map_or(0, |last| last.time_ns);
        self.sifted(sifted.decided(), sifted.left(), last_ns, sink);
    }

    /// Counts what a glance decided and examines what it left, in order. `last_ns` is when the last of all came.
    #[inline]
    pub fn sifted<'f, S: Sink>(
        &mut self,
        decided: &Decided,
        left: impl Iterator<Item = Frame<'f>>,
        last_ns: u64,
        sink: &mut S,
    ) {
        let decided = decided.settle(&mut self.counts);
        for frame in left {
            self.packet(&frame, sink);
        }
        let decided = u32::try_from(decided).unwrap_or(SWEEP_EVERY);
        self.since_sweep = self.since_sweep.saturating_add(decided);
        if self.is_sweep_due() {
            self.sweep(last_ns, sink);
        }
    }

    /// Whether idle flows are to be looked for; asked before each look.
    fn is_sweep_due(&mut self) -> bool {
        let due = SWEEP_EVERY <= self.since_sweep;
        if due {
            self.since_sweep = 0;
        }
        due
    }

    /// Examines one frame. Afterwards it is kept, dropped, lost, or pending with its flow.
    #[inline]
    pub fn packet<S: Sink>(&mut self, frame: &Frame<'_>, sink: &mut S) {
        let captured = u32::try_from(frame.bytes().len()).unwrap_or(u32::MAX);
        let tally = Tally::new(1, u64::from(frame.wire_len().max(captured)));
        self.counts.receive(tally);
        if frame.time_ns() < self.scope.from_ns || self.scope.until_ns <= frame.time_ns() {
            return self.counts.discard(DropReason::OutsidePeriod, tally);
        }
        let is_cut = captured < frame.wire_len();
        let packet = match decode(frame, self.scope.tunnels) {
            Ok(packet) => packet,
            Err(Skip::Cut) if is_cut => return self.counts.lose(LossReason::Truncated, tally),
            Err(skip) => return self.counts.discard(skip.reason(), tally),
        };
        let direction = match self.direction(&packet.inner) {
            Ok(direction) => direction,
            Err(reason) => return self.counts.discard(reason, tally),
        };
        self.hits.clear();
        let hits = &mut self.hits;
        self.index
            .match_addresses(&packet.inner, |kind, criterion| {
                hits.push(hit(kind, criterion));
            });
        let fate = if self.looks_inside {
            self.inside(frame, &packet, direction, tally, is_cut, sink)
        } else {
            Fate::Own
        };
        self.dispose(frame, &packet, direction, tally, fate, sink);
        self.since_sweep = self.since_sweep.saturating_add(1);
        if self.is_sweep_due() {
            self.sweep(frame.time_ns(), sink);
        }
    }

    /// Examines a flow record: addresses, prefixes, protocol and port are all it states.
    pub fn flow_record<S: Sink>(&mut self, record: &FlowRecord, sink: &mut S) {
        let tally = Tally::new(1, record.bytes);
        self.counts.receive(tally);
        if record.last_ns < self.scope.from_ns || self.scope.until_ns <= record.last_ns {
            return self.counts.discard(DropReason::OutsidePeriod, tally);
        }
        let direction = match self.direction(&record.pair) {
            Ok(direction) => direction,
            Err(reason) => return self.counts.discard(reason, tally),
        };
        self.hits.clear();
        self.names.clear();
        let hits = &mut self.hits;
        self.index.match_addresses(&record.pair, |kind, criterion| {
            hits.push(hit(kind, criterion));
        });
        if let Some(ports) = record.ports {
            self.index
                .match_ports(record.protocol, ports, |kind, criterion| {
                    hits.push(hit(kind, criterion));
                });
        }
        let selected = Selected {
            first_ns: record.first_ns,
            last_ns: record.last_ns,
            direction,
            protocol: record.protocol,
            ports: record.ports,
            tally,
            stated: Some(Tally::new(record.packets, record.bytes)),
            tcp_flags: record.tcp_flags,
            signature: None,
            pair: record.pair,
            names: &self.names,
            hits: &self.hits,
        };
        deliver(&mut self.counts, &selected, sink);
    }

    /// Counts what a datagram of flow records held besides records.
    pub fn datagram_ended(&mut self, received: Result<Received, FlowError>) {
        let mut count = |packets: u64| {
            let tally = Tally::new(packets, 0);
            self.counts.receive(tally);
            tally
        };
        let Ok(received) = received else {
            let damaged = count(1);
            return self.counts.discard(DropReason::Malformed, damaged);
        };
        let other = count(received.without_addresses);
        let unknown = count(received.without_template);
        self.counts.discard(DropReason::NotDecoded, other);
        self.counts.lose(LossReason::NoTemplate, unknown);
    }

    /// The direction of a pair, when the warrant covers it.
    #[inline]
    fn direction(&self, pair: &Pair) -> Result<Direction, DropReason> {
        match direction(pair, self.table) {
            None => Err(DropReason::Undetermined),
            Some(Direction::Domestic) => Err(DropReason::Domestic),
            Some(other) if self.scope.directions.contain(other) => Ok(other),
            Some(_) => Err(DropReason::OtherDirection),
        }
    }

    /// Counts a record that could not be read: it came in and is lost.
    pub fn unreadable(&mut self) {
        self.missed(LossReason::Truncated, 1);
    }

    /// Counts units that came in and were never looked at; their octets are not known.
    pub fn missed(&mut self, reason: LossReason, packets: u64) {
        let tally = Tally::new(packets, 0);
        self.counts.receive(tally);
        self.counts.lose(reason, tally);
    }

    /// Counts so far and what is pending; the counts begin anew.
    pub fn take_counts(&mut self) -> (Counts, Tally) {
        (self.counts.take(), self.pending)
    }

    /// Counts since they were last taken.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Ends all flows and gives the counts since they were last taken.
    pub fn finish<S: Sink>(mut self, sink: &mut S) -> Counts {
        let mut leaving = std::mem::take(&mut self.leaving);
        self.flows.drain(&mut leaving);
        for flow in leaving.drain(..) {
            self.close(flow, Some(LossReason::Stopped), sink);
        }
        self.counts
    }

    /// Ends all flows; gives the scratch memory, and whether all memory for starts is wiped.
    #[cfg(test)]
    pub(crate) fn memory_after_end<S: Sink>(mut self, sink: &mut S) -> (Vec<u8>, bool) {
        let mut leaving = Vec::new();
        self.flows.drain(&mut leaving);
        for flow in leaving {
            self.close(flow, None, sink);
        }
        self.scratch.resize(self.scratch.capacity(), 0);
        (self.scratch, self.flows.is_wiped())
    }

    /// Everything beyond addresses, cheapest first.
    fn inside<S: Sink>(
        &mut self,
        frame: &Frame<'_>,
        packet: &Packet<'_>,
        direction: Direction,
        tally: Tally,
        is_cut: bool,
        sink: &mut S,
    ) -> Fate {
        self.names.clear();
        self.signatures.clear();
        let Some(ports) = packet.transport.ports() else {
            return match packet.transport {
                Transport::Fragment { .. } => Fate::Lost(LossReason::Fragment),
                Transport::Other {
                    protocol: 6 | 17 | 132,
                } if is_cut => Fate::Lost(LossReason::Truncated),
                _ => Fate::Own,
            };
        };
        let to = self.index.examine(ports.1);
        let both = to | self.index.examine(ports.0);
        let mut fate = Fate::Own;
        if both & examine::PORT != 0 {
            let hits = &mut self.hits;
            let protocol = packet.transport.protocol();
            self.index.match_ports(protocol, ports, |kind, criterion| {
                hits.push(hit(kind, criterion));
            });
        }
        // Signatures before streams: a packet that meets one is kept by itself and is not left to its flow.
        if self.index.wants_signatures(direction, ports) {
            let payload = packet.transport.payload();
            self.index
                .match_signatures(payload, direction, ports, &mut self.signatures);
            for found in &self.signatures {
                self.hits
                    .push(hit(CriterionKind::Signature, found.criterion));
            }
            if is_cut && self.signatures.is_empty() {
                fate = Fate::Lost(LossReason::Truncated);
            }
        }
        let speech = match packet.transport {
            Transport::Udp { payload, .. } => {
                if both & examine::DNS != 0 && !self.questions(payload.0) && is_cut {
                    fate = Fate::Lost(LossReason::Truncated);
                }
                (to & examine::QUIC != 0).then_some(Speech::Quic)
            }
            Transport::Tcp(_) => {
                if to & examine::TLS != 0 {
                    Some(Speech::Tls)
                } else if to & examine::SMTP != 0 {
                    Some(Speech::Smtp)
                } else {
                    (both & examine::DNS != 0).then_some(Speech::Dns)
                }
            }
            _ => None,
        };
        if let Some(speech) = speech {
            let key = FlowKey {
                pair: packet.inner,
                source: ports.0,
                destination: ports.1,
                protocol: packet.transport.protocol(),
            };
            let step = streams::Step {
                key,
                speech,
                direction,
                tally,
                time_ns: frame.time_ns(),
            };
            return match self.stream(&step, &packet.transport, sink) {
                Fate::Own => fate,
                other => other,
            };
        }
        fate
    }

    /// The questions of a DNS message; `false` when it breaks off.
    fn questions(&mut self, message: &[u8]) -> bool {
        let (index, hits, names) = (self.index, &mut self.hits, &mut self.names);
        dns::questions(message, |name| {
            let before = hits.len();
            index.match_name(NameKind::Dns, name.as_bytes(), |criterion| {
                hits.push(hit(CriterionKind::DnsName, criterion));
            });
            if before < hits.len() {
                names.dns.get_or_insert(*name);
            }
        })
    }

    /// Gives a packet its disposition, unless its flow took it.
    #[inline]
    fn dispose<S: Sink>(
        &mut self,
        frame: &Frame<'_>,
        packet: &Packet<'_>,
        direction: Direction,
        tally: Tally,
        fate: Fate,
        sink: &mut S,
    ) {
        if fate == Fate::Pending {
            return;
        }
        if self.hits.is_empty() {
            return match fate {
                Fate::Lost(reason) => self.counts.lose(reason, tally),
                Fate::Own | Fate::Pending => self.counts.discard(DropReason::NoCriterion, tally),
            };
        }
        let first = self.signatures.first();
        let signature = first.map(|found| (CriterionId::new(found.criterion), found.offset));
        let record = Selected {
            first_ns: frame.time_ns(),
            last_ns: frame.time_ns(),
            direction,
            protocol: packet.transport.protocol(),
            ports: packet.transport.ports(),
            tally,
            tcp_flags: packet.transport.tcp_flags(),
            signature,
            stated: None,
            pair: packet.inner,
            names: &self.names,
            hits: &self.hits,
        };
        deliver(&mut self.counts, &record, sink);
    }

    /// Ends flows that have been silent too long.
    fn sweep<S: Sink>(&mut self, now_ns: u64, sink: &mut S) {
        let mut leaving = std::mem::take(&mut self.leaving);
        self.flows.sweep(now_ns, SWEEP_BUCKETS, &mut leaving);
        for flow in leaving.drain(..) {
            self.close(flow, None, sink);
        }
        self.leaving = leaving;
    }
}

/// Hands a record on and counts its packets by what became of it.
fn deliver<S: Sink>(counts: &mut Counts, record: &Selected<'_>, sink: &mut S) {
    let Some(kind) = record.kind() else {
        return counts.discard(DropReason::NoCriterion, record.tally);
    };
    match sink.take(record) {
        Taken::Yes => {
            counts.keep(kind, record.direction, record.tally);
            counts.record();
            for (at, hit) in record.hits.iter().enumerate() {
                let earlier = record.hits.get(..at).unwrap_or_default();
                if !earlier.contains(hit) {
                    counts.hit(hit.kind, record.direction);
                }
            }
        }
        Taken::OverLimit => counts.discard(DropReason::OverLimit, record.tally),
        Taken::Failed => counts.lose(LossReason::Output, record.tally),
    }
}

const fn hit(kind: CriterionKind, criterion: u32) -> Hit {
    Hit {
        rank: rank(kind),
        criterion,
        kind,
    }
}
