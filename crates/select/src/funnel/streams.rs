//! The part of the funnel that waits for a name: TLS, QUIC, SMTP and DNS over TCP.

use warrant::{CriterionKind, Direction, DropReason, LossReason, Tally};

use crate::bytes::{wide, wipe};
use crate::criteria::NameKind;
use crate::decode::{Tcp, Transport};
use crate::flow::{Flow, FlowKey, Met, Phase, Speech};
use crate::funnel::{Fate, Funnel, deliver, hit};
use crate::names::ja4::{Carrier, ja4};
use crate::names::smtp::{Envelope, envelope};
use crate::names::tls::{ClientHello, Start, bare_hello, client_hello};
use crate::names::{Name, dns, quic, tls};
use crate::record::{Selected, Sink};

/// Datagrams in which a QUIC hello must be whole.
const MAX_DATAGRAMS: u32 = 16;
/// Octets of an SMTP session that are looked at, at most.
const MAX_ENVELOPE: u32 = 64 * 1024;
/// Mail addresses remembered of one flow, at most.
const MAX_MAIL: usize = 64;

/// One packet of a flow.
pub(super) struct Step {
    pub(super) key: FlowKey,
    pub(super) speech: Speech,
    pub(super) direction: Direction,
    pub(super) tally: Tally,
    pub(super) time_ns: u64,
}

/// What feeding a payload came to.
enum Fed {
    /// Wait for more.
    More,
    /// Looked at to the end, or nothing to look at.
    Done,
    /// Cannot be looked at to the end.
    Lost(LossReason),
}

impl Funnel<'_> {
    /// Takes a packet to its flow.
    pub(super) fn stream<S: Sink>(
        &mut self,
        step: &Step,
        transport: &Transport<'_>,
        sink: &mut S,
    ) -> Fate {
        let mut flow = self.flows.take(&step.key);
        // Over, whether or not the table was looked through since: what becomes of it must not depend on others.
        let idle_ns = self.flows.limits().idle_ns;
        let is_over = |flow: &Flow| flow.last_ns.saturating_add(idle_ns) < step.time_ns;
        if flow.as_deref().is_some_and(is_over)
            && let Some(old) = flow.take()
        {
            self.close(*old, None, sink);
        }
        if let Transport::Tcp(tcp) = transport {
            // A new connection with the numbers of an old one.
            let base = tcp.sequence.wrapping_add(1);
            let is_other = |flow: &Flow| flow.opened != base;
            if tcp.flags & Tcp::SYN != 0
                && flow.as_deref().is_some_and(is_other)
                && let Some(old) = flow.take()
            {
                self.close(*old, None, sink);
            }
        }
        let Some(mut flow) = flow.or_else(|| open(step, transport)) else {
            return Fate::Own;
        };
        flow.last_ns = step.time_ns;
        flow.tcp_flags |= transport.tcp_flags();
        let waits = matches!(flow.phase, Phase::Looking | Phase::Met { more: true, .. });
        let fed = if waits {
            self.feed(&mut flow, transport)
        } else {
            Fed::More
        };
        match (fed, &mut flow.phase) {
            (Fed::More, _) => {}
            (Fed::Done | Fed::Lost(_), Phase::Met { more, .. }) => {
                *more = false;
                self.flows.give_back(flow.start.take());
            }
            (Fed::Done, Phase::Looking | Phase::Lost(_)) => {
                self.flows.give_back(flow.start.take());
                self.close(*flow, None, sink);
                return Fate::Own;
            }
            (Fed::Lost(reason), Phase::Looking | Phase::Lost(_)) => {
                self.flows.give_back(flow.start.take());
                self.settle(&mut flow, Some(reason), sink);
                flow.phase = Phase::Lost(reason);
            }
        }
        self.after(step, flow, sink)
    }

    /// What becomes of the packet once its flow has seen it.
    fn after<S: Sink>(&mut self, step: &Step, mut flow: Box<Flow>, sink: &mut S) -> Fate {
        let fate = match &flow.phase {
            Phase::Lost(reason) => Fate::Lost(*reason),
            // A packet that met something itself is a record of its own, with what its flow met.
            Phase::Met { met, .. } if !self.hits.is_empty() => {
                self.hits.extend_from_slice(&met.hits);
                self.names.add(&met.names);
                Fate::Own
            }
            Phase::Looking if !self.hits.is_empty() => Fate::Own,
            Phase::Met { .. } | Phase::Looking => {
                if flow.pending.packets == 0 {
                    flow.first_ns = step.time_ns;
                }
                flow.pending.add(step.tally);
                self.pending.add(step.tally);
                Fate::Pending
            }
        };
        let report_ns = self.flows.limits().report_ns;
        let since = flow.last_ns.saturating_sub(flow.first_ns);
        if matches!(flow.phase, Phase::Met { .. }) && report_ns <= since {
            self.settle(&mut flow, None, sink);
        }
        let ends = flow.tcp_flags & Tcp::RST != 0
            || (flow.tcp_flags & Tcp::FIN != 0 && matches!(flow.phase, Phase::Looking));
        if ends {
            self.close(*flow, None, sink);
            return fate;
        }
        if let Some(out) = self.flows.put(flow) {
            self.close(*out, Some(LossReason::FlowTable), sink);
        }
        fate
    }

    /// Ends a flow. `cut_off` is why, when it was not the flow itself that ended.
    pub(super) fn close<S: Sink>(
        &mut self,
        mut flow: Flow,
        cut_off: Option<LossReason>,
        sink: &mut S,
    ) {
        // Octets that never became a whole message.
        let unfinished = flow.start.is_some().then_some(LossReason::Reassembly);
        self.settle(&mut flow, cut_off.or(unfinished), sink);
        self.flows.give_back(flow.start.take());
    }

    /// Gives the pending packets of a flow their disposition.
    fn settle<S: Sink>(&mut self, flow: &mut Flow, lost: Option<LossReason>, sink: &mut S) {
        let tally = std::mem::take(&mut flow.pending);
        if tally.packets == 0 {
            return;
        }
        self.pending.packets = self.pending.packets.saturating_sub(tally.packets);
        self.pending.bytes = self.pending.bytes.saturating_sub(tally.bytes);
        match (&flow.phase, lost) {
            (Phase::Met { met, .. }, _) => {
                let record = Selected {
                    first_ns: flow.first_ns,
                    last_ns: flow.last_ns.max(flow.first_ns),
                    direction: flow.direction,
                    protocol: flow.key.protocol,
                    ports: Some((flow.key.source, flow.key.destination)),
                    tally,
                    tcp_flags: flow.tcp_flags,
                    signature: None,
                    stated: None,
                    pair: flow.key.pair,
                    names: &met.names,
                    hits: &met.hits,
                };
                deliver(&mut self.counts, &record, sink);
            }
            (Phase::Looking | Phase::Lost(_), Some(reason)) => self.counts.lose(reason, tally),
            (Phase::Lost(reason), None) => self.counts.lose(*reason, tally),
            (Phase::Looking, None) => self.counts.discard(DropReason::NoCriterion, tally),
        }
    }

    fn feed(&mut self, flow: &mut Flow, transport: &Transport<'_>) -> Fed {
        match (flow.speech, transport) {
            (Speech::Quic, Transport::Udp { payload, .. }) => self.feed_quic(flow, payload.0),
            (Speech::Tls | Speech::Smtp | Speech::Dns, Transport::Tcp(tcp)) => {
                // Data of a segment that opens a connection comes behind the opening itself.
                let sequence = if tcp.flags & Tcp::SYN != 0 {
                    tcp.sequence.wrapping_add(1)
                } else {
                    tcp.sequence
                };
                self.feed_tcp(flow, sequence, tcp.payload)
            }
            _ => Fed::More,
        }
    }

    fn feed_tcp(&mut self, flow: &mut Flow, sequence: u32, payload: &[u8]) -> Fed {
        let ahead = sequence.wrapping_sub(flow.base);
        let behind = flow.base.wrapping_sub(sequence);
        // Sent again: only what is new of it counts.
        let (offset, payload) = if ahead <= behind {
            (wide(ahead), payload)
        } else {
            (0, payload.get(wide(behind)..).unwrap_or_default())
        };
        if payload.is_empty() {
            return Fed::More;
        }
        if flow.start.is_none() && offset == 0 {
            let (done, fed) = self.look(flow, payload);
            pass(flow, done);
            let rest = payload.get(done..).unwrap_or_default();
            return match fed {
                Fed::More if !rest.is_empty() => self.put_aside(flow, 0, rest),
                fed => fed,
            };
        }
        if let Fed::Lost(reason) = self.put_aside(flow, offset, payload) {
            return Fed::Lost(reason);
        }
        let Some(mut start) = flow.start.take() else {
            return Fed::More;
        };
        let (done, fed) = self.look(flow, start.start());
        pass(flow, done);
        start.advance(done);
        if start.is_empty() {
            self.flows.give_back(Some(start));
        } else {
            flow.start = Some(start);
        }
        fed
    }

    /// Keeps octets until the rest comes.
    fn put_aside(&mut self, flow: &mut Flow, offset: usize, octets: &[u8]) -> Fed {
        if flow.start.is_none() {
            flow.start = self.flows.start();
        }
        let put = flow.start.as_mut().map(|start| start.put(offset, octets));
        match put {
            Some(Ok(())) => Fed::More,
            Some(Err(_)) | None => Fed::Lost(LossReason::Reassembly),
        }
    }

    /// Looks at octets in order; how many of them are dealt with.
    fn look(&mut self, flow: &mut Flow, octets: &[u8]) -> (usize, Fed) {
        match flow.speech {
            Speech::Tls | Speech::Quic => {
                let mut scratch = std::mem::take(&mut self.scratch);
                let fed = match client_hello(octets, &mut scratch) {
                    Start::More => Fed::More,
                    Start::No => Fed::Done,
                    Start::Is(hello) => self.hello(flow, &hello, Carrier::Tcp),
                };
                wipe(&mut scratch);
                self.scratch = scratch;
                (0, fed)
            }
            Speech::Smtp => self.look_smtp(flow, octets),
            Speech::Dns => (self.look_dns(flow, octets), Fed::More),
        }
    }

    fn look_smtp(&self, flow: &mut Flow, octets: &[u8]) -> (usize, Fed) {
        let mut met = Met::default();
        let outcome = envelope(octets, flow.looked == 0, |address| {
            self.index
                .match_name(NameKind::Mail, address.as_bytes(), |criterion| {
                    met.hits.push(hit(CriterionKind::Mail, criterion));
                    add_once(&mut met.names.mail, address);
                });
        });
        meet(flow, met, true);
        match outcome {
            Envelope::Open(done) if flow.looked <= MAX_ENVELOPE => (done, Fed::More),
            Envelope::Open(_) | Envelope::Ended => (0, Fed::Done),
        }
    }

    fn look_dns(&self, flow: &mut Flow, octets: &[u8]) -> usize {
        let mut met = Met::default();
        let mut done = 0_usize;
        while let Some((message, length)) = dns::framed(octets.get(done..).unwrap_or_default()) {
            done = done.saturating_add(length);
            dns::questions(message, |name| {
                self.index
                    .match_name(NameKind::Dns, name.as_bytes(), |criterion| {
                        met.hits.push(hit(CriterionKind::DnsName, criterion));
                        met.names.dns.get_or_insert(*name);
                    });
            });
        }
        meet(flow, met, true);
        done
    }

    fn feed_quic(&mut self, flow: &mut Flow, datagram: &[u8]) -> Fed {
        if !quic::begins(datagram) {
            return Fed::More;
        }
        flow.base = flow.base.wrapping_add(1);
        if flow.start.is_none() {
            flow.start = self.flows.start();
        }
        let Some(mut start) = flow.start.take() else {
            return Fed::Lost(LossReason::Reassembly);
        };
        quic::open(datagram, &mut flow.first_id, &mut self.scratch, &mut start);
        let fed = match bare_hello(start.start()) {
            Start::Is(hello) => self.hello(flow, &hello, Carrier::Quic),
            Start::No => Fed::Done,
            Start::More if start.is_empty() => Fed::Done,
            Start::More if MAX_DATAGRAMS <= flow.base => Fed::Lost(LossReason::Reassembly),
            Start::More => Fed::More,
        };
        flow.start = Some(start);
        fed
    }

    /// Matches a client hello.
    fn hello(&self, flow: &mut Flow, hello: &ClientHello<'_>, carrier: Carrier) -> Fed {
        let mut met = Met::default();
        if let Some(name) = hello.server_name() {
            self.index
                .match_name(NameKind::Server, name.as_bytes(), |criterion| {
                    met.hits.push(hit(CriterionKind::ServerName, criterion));
                    met.names.server = Some(name);
                });
        }
        if self.index.has_ja4()
            && let Some(fingerprint) = ja4(hello, carrier)
        {
            self.index.match_ja4(&fingerprint, |criterion| {
                met.hits.push(hit(CriterionKind::Ja4, criterion));
                met.names.ja4 = Some(fingerprint);
            });
        }
        meet(flow, met, false);
        Fed::Done
    }
}

/// A flow that a packet may begin: a connection being opened, or octets that look like the start of a handshake.
fn open(step: &Step, transport: &Transport<'_>) -> Option<Box<Flow>> {
    let base = match (step.speech, transport) {
        (Speech::Quic, Transport::Udp { payload, .. }) => {
            if !quic::begins(payload.0) {
                return None;
            }
            0
        }
        (_, Transport::Tcp(tcp)) if tcp.flags & Tcp::SYN != 0 => tcp.sequence.wrapping_add(1),
        (Speech::Tls, Transport::Tcp(tcp)) if tls::begins(tcp.payload) => tcp.sequence,
        _ => return None,
    };
    Some(Box::new(Flow {
        key: step.key,
        speech: step.speech,
        direction: step.direction,
        phase: Phase::Looking,
        pending: Tally::default(),
        first_ns: step.time_ns,
        last_ns: step.time_ns,
        tcp_flags: 0,
        opened: base,
        base,
        looked: 0,
        first_id: None,
        start: None,
    }))
}

fn pass(flow: &mut Flow, done: usize) {
    let done = u32::try_from(done).unwrap_or(u32::MAX);
    flow.base = flow.base.wrapping_add(done);
    flow.looked = flow.looked.saturating_add(done);
}

/// Adds what was met to a flow.
fn meet(flow: &mut Flow, found: Met, more_may_come: bool) {
    if found.hits.is_empty() {
        return;
    }
    match &mut flow.phase {
        Phase::Met { met, more } => {
            for hit in found.hits {
                if !met.hits.contains(&hit) {
                    met.hits.push(hit);
                }
            }
            for address in &found.names.mail {
                add_once(&mut met.names.mail, address);
            }
            *more = more_may_come;
        }
        phase @ (Phase::Looking | Phase::Lost(_)) => {
            *phase = Phase::Met {
                met: Box::new(found),
                more: more_may_come,
            };
        }
    }
}

fn add_once(names: &mut Vec<Name>, name: &Name) {
    let known = names
        .iter()
        .any(|other| other.as_bytes() == name.as_bytes());
    if !known && names.len() < MAX_MAIL {
        names.push(*name);
    }
}
