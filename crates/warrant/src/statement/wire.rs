//! Tallies and counts as JSON: decimal numbers in strings, only cells that are not zero.

use serde::{Deserialize, Serialize};

use crate::codes::{CriterionKind, Direction, DropReason, LossReason};
use crate::counts::{Counts, Tally};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TallyWire {
    packets: String,
    bytes: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptWire {
    kind: CriterionKind,
    direction: Direction,
    packets: String,
    bytes: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonWire<R> {
    reason: R,
    packets: String,
    bytes: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HitsWire {
    kind: CriterionKind,
    direction: Direction,
    count: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsWire {
    received: TallyWire,
    kept: Vec<KeptWire>,
    dropped: Vec<ReasonWire<DropReason>>,
    lost: Vec<ReasonWire<LossReason>>,
    hits: Vec<HitsWire>,
    records: String,
}

pub(super) mod tally {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Tally, TallyWire};

    pub(crate) fn serialize<S: Serializer>(tally: &Tally, to: S) -> Result<S::Ok, S::Error> {
        TallyWire::from(*tally).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tally, D::Error> {
        let wire = TallyWire::deserialize(from)?;
        wire.read().ok_or_else(|| D::Error::custom("not a tally"))
    }
}

pub(super) mod counts {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Counts, CountsWire};

    pub(crate) fn serialize<S: Serializer>(counts: &Counts, to: S) -> Result<S::Ok, S::Error> {
        CountsWire::from(counts).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Counts, D::Error> {
        let wire = CountsWire::deserialize(from)?;
        wire.read().ok_or_else(|| D::Error::custom("not counts"))
    }
}

impl From<Tally> for TallyWire {
    fn from(tally: Tally) -> Self {
        Self {
            packets: tally.packets.to_string(),
            bytes: tally.bytes.to_string(),
        }
    }
}

impl TallyWire {
    fn read(&self) -> Option<Tally> {
        read_tally(&self.packets, &self.bytes)
    }
}

impl From<&Counts> for CountsWire {
    fn from(counts: &Counts) -> Self {
        let mut wire = Self {
            received: counts.received().into(),
            kept: Vec::new(),
            dropped: Vec::new(),
            lost: Vec::new(),
            hits: Vec::new(),
            records: counts.records().to_string(),
        };
        for (kind, direction) in cells() {
            let TallyWire { packets, bytes } = counts.kept(kind, direction).into();
            if !counts.kept(kind, direction).is_zero() {
                wire.kept.push(KeptWire {
                    kind,
                    direction,
                    packets,
                    bytes,
                });
            }
            let count = counts.hits(kind, direction);
            if count != 0 {
                wire.hits.push(HitsWire {
                    kind,
                    direction,
                    count: count.to_string(),
                });
            }
        }
        let dropped = DropReason::ALL
            .iter()
            .map(|one| (*one, counts.dropped(*one)));
        wire.dropped = dropped.filter_map(reason_wire).collect();
        let lost = LossReason::ALL.iter().map(|one| (*one, counts.lost(*one)));
        wire.lost = lost.filter_map(reason_wire).collect();
        wire
    }
}

impl CountsWire {
    /// Reads the cells; what is written back from the result differs when a cell came twice or is zero.
    fn read(&self) -> Option<Counts> {
        let mut counts = Counts::default();
        counts.receive(self.received.read()?);
        for cell in &self.kept {
            if cell.direction == Direction::Domestic {
                return None;
            }
            let tally = read_tally(&cell.packets, &cell.bytes)?;
            counts.keep(cell.kind, cell.direction, tally);
        }
        for cell in &self.dropped {
            counts.discard(cell.reason, read_tally(&cell.packets, &cell.bytes)?);
        }
        for cell in &self.lost {
            counts.lose(cell.reason, read_tally(&cell.packets, &cell.bytes)?);
        }
        for cell in &self.hits {
            counts.hit_times(cell.kind, cell.direction, number(&cell.count)?);
        }
        counts.record_times(number(&self.records)?);
        Some(counts)
    }
}

fn cells() -> impl Iterator<Item = (CriterionKind, Direction)> {
    let kinds = CriterionKind::ALL.iter();
    kinds.flat_map(|kind| Direction::ALL.iter().map(|direction| (*kind, *direction)))
}

fn reason_wire<R>((reason, tally): (R, Tally)) -> Option<ReasonWire<R>> {
    let TallyWire { packets, bytes } = tally.into();
    (!tally.is_zero()).then_some(ReasonWire {
        reason,
        packets,
        bytes,
    })
}

fn read_tally(packets: &str, bytes: &str) -> Option<Tally> {
    Some(Tally::new(number(packets)?, number(bytes)?))
}

/// A decimal number in its one spelling.
fn number(text: &str) -> Option<u64> {
    let read: u64 = text.parse().ok()?;
    (read.to_string() == text).then_some(read)
}
