//! What became of every packet.

use thiserror::Error;

use crate::codes::{CriterionKind, Direction, DropReason, LossReason};

const KINDS: usize = CriterionKind::ALL.len();
const DIRECTIONS: usize = Direction::ALL.len();
const DROPS: usize = DropReason::ALL.len();
const LOSSES: usize = LossReason::ALL.len();

/// Packets and their octets on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub packets: u64,
    pub bytes: u64,
}

impl Tally {
    pub const fn new(packets: u64, bytes: u64) -> Self {
        Self { packets, bytes }
    }

    /// Adds; stays at the largest number instead of wrapping, which [`Counts::check`] then finds.
    pub const fn add(&mut self, more: Self) {
        self.packets = self.packets.saturating_add(more.packets);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }

    pub const fn is_zero(self) -> bool {
        self.packets == 0 && self.bytes == 0
    }
}

/// Says that packets are unaccounted for, or accounted for twice.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "{received_packets} packets of {received_bytes} bytes came in and {decided_packets} of \
     {decided_bytes} are kept, dropped, lost or pending"
)]
pub struct Imbalance {
    pub received_packets: u64,
    pub received_bytes: u64,
    pub decided_packets: u64,
    pub decided_bytes: u64,
}

/// Dispositions of the outer packets (flow records for IPFIX) of one interval.
///
/// Every packet that came in gets exactly one of kept, dropped, lost, when its flow is decided or
/// evicted. A kept packet counts under the one kind that decided it; all criteria that were met
/// stand in the separate table of hits, which does not add up to anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    received: Tally,
    kept: [[Tally; DIRECTIONS]; KINDS],
    dropped: [Tally; DROPS],
    lost: [Tally; LOSSES],
    hits: [[u64; DIRECTIONS]; KINDS],
    records: u64,
}

impl Counts {
    /// Counts what came in.
    pub const fn receive(&mut self, tally: Tally) {
        self.received.add(tally);
    }

    /// Counts as kept, by the kind of criterion that decided it. Domestic traffic (内内) cannot be
    /// kept: it counts as dropped, whatever the caller found.
    pub fn keep(&mut self, kind: CriterionKind, direction: Direction, tally: Tally) {
        if direction == Direction::Domestic {
            self.discard(DropReason::Domestic, tally);
            return;
        }
        let cell = self.kept.get_mut(kind_index(kind));
        if let Some(cell) = cell.and_then(|row| row.get_mut(direction_index(direction))) {
            cell.add(tally);
        }
    }

    /// Counts as dropped.
    pub fn discard(&mut self, reason: DropReason, tally: Tally) {
        if let Some(cell) = self.dropped.get_mut(drop_index(reason)) {
            cell.add(tally);
        }
    }

    /// Counts as lost.
    pub fn lose(&mut self, reason: LossReason, tally: Tally) {
        if let Some(cell) = self.lost.get_mut(loss_index(reason)) {
            cell.add(tally);
        }
    }

    /// Notes that a criterion was met, once for each criterion and record.
    pub fn hit(&mut self, kind: CriterionKind, direction: Direction) {
        self.hit_times(kind, direction, 1);
    }

    pub(crate) fn hit_times(&mut self, kind: CriterionKind, direction: Direction, times: u64) {
        let cell = self.hits.get_mut(kind_index(kind));
        if let Some(cell) = cell.and_then(|row| row.get_mut(direction_index(direction))) {
            *cell = cell.saturating_add(times);
        }
    }

    /// Notes that a record was written.
    pub const fn record(&mut self) {
        self.record_times(1);
    }

    pub(crate) const fn record_times(&mut self, times: u64) {
        self.records = self.records.saturating_add(times);
    }

    /// Adds the counts of another core or interval.
    pub fn merge(&mut self, other: &Self) {
        self.received.add(other.received);
        self.records = self.records.saturating_add(other.records);
        for (mine, theirs) in flat_mut(&mut self.kept).zip(other.kept.iter().flatten()) {
            mine.add(*theirs);
        }
        for (mine, theirs) in self.dropped.iter_mut().zip(&other.dropped) {
            mine.add(*theirs);
        }
        for (mine, theirs) in self.lost.iter_mut().zip(&other.lost) {
            mine.add(*theirs);
        }
        for (mine, theirs) in flat_mut(&mut self.hits).zip(other.hits.iter().flatten()) {
            *mine = mine.saturating_add(*theirs);
        }
    }

    /// Takes the counts of the interval that ends, and begins the next at zero.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    pub const fn received(&self) -> Tally {
        self.received
    }

    pub fn kept(&self, kind: CriterionKind, direction: Direction) -> Tally {
        let row = self.kept.get(kind_index(kind));
        let cell = row.and_then(|row| row.get(direction_index(direction)));
        cell.copied().unwrap_or_default()
    }

    pub fn dropped(&self, reason: DropReason) -> Tally {
        let cell = self.dropped.get(drop_index(reason));
        cell.copied().unwrap_or_default()
    }

    pub fn lost(&self, reason: LossReason) -> Tally {
        let cell = self.lost.get(loss_index(reason));
        cell.copied().unwrap_or_default()
    }

    pub fn hits(&self, kind: CriterionKind, direction: Direction) -> u64 {
        let row = self.hits.get(kind_index(kind));
        let cell = row.and_then(|row| row.get(direction_index(direction)));
        cell.copied().unwrap_or_default()
    }

    /// How many records were written.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Everything kept.
    pub fn kept_total(&self) -> Tally {
        sum(self.kept.iter().flatten())
    }

    /// Everything dropped.
    pub fn dropped_total(&self) -> Tally {
        sum(&self.dropped)
    }

    /// Everything lost.
    pub fn lost_total(&self) -> Tally {
        sum(&self.lost)
    }

    /// Checks that `before + received = kept + dropped + lost + after`, in packets and in bytes, where
    /// `before` and `after` were pending at the two ends of the interval; both are zero for a whole run.
    pub fn check(&self, before: Tally, after: Tally) -> Result<(), Imbalance> {
        let mut came = before;
        came.add(self.received);
        let mut went = self.kept_total();
        for part in [self.dropped_total(), self.lost_total(), after] {
            went.add(part);
        }
        let full = [came.packets, came.bytes, went.packets, went.bytes].contains(&u64::MAX);
        if came == went && !full {
            return Ok(());
        }
        Err(Imbalance {
            received_packets: came.packets,
            received_bytes: came.bytes,
            decided_packets: went.packets,
            decided_bytes: went.bytes,
        })
    }
}

fn sum<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Tally {
    let mut total = Tally::default();
    for tally in tallies {
        total.add(*tally);
    }
    total
}

fn flat_mut<T, const A: usize, const B: usize>(
    table: &mut [[T; A]; B],
) -> impl Iterator<Item = &mut T> {
    table.iter_mut().flat_map(|row| row.iter_mut())
}

const fn kind_index(kind: CriterionKind) -> usize {
    match kind {
        CriterionKind::Address => 0,
        CriterionKind::Prefix => 1,
        CriterionKind::Port => 2,
        CriterionKind::DnsName => 3,
        CriterionKind::ServerName => 4,
        CriterionKind::Ja4 => 5,
        CriterionKind::Signature => 6,
        CriterionKind::Mail => 7,
    }
}

const fn direction_index(direction: Direction) -> usize {
    match direction {
        Direction::Inbound => 0,
        Direction::Outbound => 1,
        Direction::Transit => 2,
        Direction::Domestic => 3,
    }
}

const fn drop_index(reason: DropReason) -> usize {
    match reason {
        DropReason::NoCriterion => 0,
        DropReason::Domestic => 1,
        DropReason::Undetermined => 2,
        DropReason::OtherDirection => 3,
        DropReason::OutsidePeriod => 4,
        DropReason::OverLimit => 5,
        DropReason::NotDecoded => 6,
        DropReason::Malformed => 7,
        DropReason::TooDeep => 8,
    }
}

const fn loss_index(reason: LossReason) -> usize {
    match reason {
        LossReason::Kernel => 0,
        LossReason::Ring => 1,
        LossReason::FlowTable => 2,
        LossReason::Reassembly => 3,
        LossReason::Fragment => 4,
        LossReason::Truncated => 5,
        LossReason::NoTemplate => 6,
        LossReason::Stopped => 7,
        LossReason::Output => 8,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: Tally = Tally::new(1, 60);

    #[test]
    fn every_code_has_a_cell_of_its_own() {
        let kinds: Vec<usize> = CriterionKind::ALL
            .iter()
            .map(|kind| kind_index(*kind))
            .collect();
        let directions = Direction::ALL.iter().map(|one| direction_index(*one));
        let drops = DropReason::ALL.iter().map(|reason| drop_index(*reason));
        let losses = LossReason::ALL.iter().map(|reason| loss_index(*reason));
        assert_eq!(kinds, (0..KINDS).collect::<Vec<_>>());
        assert!(directions.eq(0..DIRECTIONS));
        assert!(drops.eq(0..DROPS));
        assert!(losses.eq(0..LOSSES));
    }

    #[test]
    fn domestic_traffic_counts_as_dropped_whatever_was_found() {
        let mut counts = Counts::default();
        counts.receive(ONE);
        counts.keep(CriterionKind::Address, Direction::Domestic, ONE);
        assert_eq!(counts.kept_total(), Tally::default());
        assert_eq!(counts.dropped(DropReason::Domestic), ONE);
        assert_eq!(counts.check(Tally::default(), Tally::default()), Ok(()));
    }

    #[test]
    fn a_packet_without_disposition_and_one_with_two_are_found() {
        let mut counts = Counts::default();
        counts.receive(ONE);
        assert!(counts.check(Tally::default(), Tally::default()).is_err());
        assert_eq!(counts.check(Tally::default(), ONE), Ok(()), "pending");
        counts.discard(DropReason::NoCriterion, ONE);
        counts.lose(LossReason::Stopped, ONE);
        assert!(counts.check(Tally::default(), Tally::default()).is_err());
    }

    proptest! {
        #[test]
        fn merged_counts_balance_exactly_when_nothing_was_left_out(
            steps in prop::collection::vec((0_usize..3, 0_usize..64, 1_u64..1500), 0..200),
            cut in 0_usize..200,
        ) {
            let (mut first, mut second) = (Counts::default(), Counts::default());
            for (position, (what, cell, bytes)) in steps.iter().enumerate() {
                let counts = if position < cut { &mut first } else { &mut second };
                let tally = Tally::new(1, *bytes);
                counts.receive(tally);
                match what {
                    0 => counts.keep(
                        CriterionKind::ALL[cell % KINDS],
                        Direction::ALL[cell % DIRECTIONS],
                        tally,
                    ),
                    1 => counts.discard(DropReason::ALL[cell % DROPS], tally),
                    _ => counts.lose(LossReason::ALL[cell % LOSSES], tally),
                }
            }
            first.merge(&second);
            prop_assert_eq!(first.check(Tally::default(), Tally::default()), Ok(()));
            first.receive(ONE);
            prop_assert!(first.check(Tally::default(), Tally::default()).is_err());
        }
    }
}
