//! Byte signatures, behind a gate of directions and ports.

#[cfg(feature = "hyperscan")]
mod hyperscan;
#[cfg(any(test, not(feature = "hyperscan")))]
mod pure;

use warrant::Direction;

use crate::bytes::wide;
use crate::criteria::draft::DraftSignature;
use crate::criteria::value::Gate;
use crate::direction::Directions;

#[cfg(feature = "hyperscan")]
type Literals = hyperscan::Literals;
#[cfg(not(feature = "hyperscan"))]
type Literals = pure::Literals;

/// Bits of one port map: 65,536.
const PORT_WORDS: usize = 1024;
/// Signatures reported of one packet, at most.
const MAX_HITS: usize = 64;

/// Where a signature was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) offset: u32,
    pub(crate) criterion: u32,
}

pub(crate) struct Signatures {
    /// Nothing without signatures.
    literals: Option<Literals>,
    /// For each distinct octet string, where its rows begin; one more at the end.
    rows: Vec<u32>,
    /// Criterion, and gate.
    gates: Vec<(u32, Gate)>,
    lengths: Vec<u32>,
    /// Ports that any signature of a direction names: inbound, outbound, transit.
    ports: [Vec<u64>; 3],
}

impl Signatures {
    /// Of signatures in ascending order. `None` when the engine refuses them.
    pub(crate) fn new(signatures: Vec<DraftSignature>) -> Option<Self> {
        let mut ports = [(); 3].map(|()| vec![0_u64; PORT_WORDS]);
        let mut rows = Vec::new();
        let mut gates: Vec<(u32, Gate)> = Vec::with_capacity(signatures.len());
        let mut lengths = Vec::new();
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        for signature in signatures {
            if patterns.last() != Some(&signature.octets) {
                rows.push(u32::try_from(gates.len()).ok()?);
                lengths.push(u32::try_from(signature.octets.len()).ok()?);
                patterns.push(signature.octets);
            }
            let directions = Directions::from_bits(signature.gate.directions)?;
            for direction in Direction::ALL {
                if !directions.contain(*direction) {
                    continue;
                }
                if let Some(map) = map_of(*direction).and_then(|at| ports.get_mut(at)) {
                    mark(map, &signature.gate);
                }
            }
            gates.push((signature.criterion, signature.gate));
        }
        rows.push(u32::try_from(gates.len()).ok()?);
        let literals = if patterns.is_empty() {
            None
        } else {
            Some(Literals::new(&patterns)?)
        };
        Some(Self {
            literals,
            rows,
            gates,
            lengths,
            ports,
        })
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.literals.is_none()
    }

    /// Whether any signature names this direction and one of these ports.
    #[inline]
    pub(crate) fn wants(&self, direction: Direction, ports: (u16, u16)) -> bool {
        let Some(map) = map_of(direction).and_then(|at| self.ports.get(at)) else {
            return false;
        };
        is_marked(map, ports.0) || is_marked(map, ports.1)
    }

    /// The signatures in `payload` whose own gate is open, first by place and then by criterion.
    pub(crate) fn find(
        &self,
        payload: &[u8],
        direction: Direction,
        ports: (u16, u16),
        found: &mut Vec<Found>,
    ) {
        let Some(literals) = &self.literals else {
            return;
        };
        literals.each(payload, |literal, end| {
            let start = self.rows.get(literal).map_or(0, |at| wide(*at));
            let stop = self
                .rows
                .get(literal.wrapping_add(1))
                .map_or(0, |at| wide(*at));
            let end = u32::try_from(end).unwrap_or(u32::MAX);
            let length = self.lengths.get(literal).copied().unwrap_or(0);
            for (criterion, gate) in self.gates.get(start..stop).unwrap_or_default() {
                let known = found.iter().any(|other| other.criterion == *criterion);
                if !known && found.len() < MAX_HITS && opens(gate, direction, ports) {
                    found.push(Found {
                        offset: end.saturating_sub(length),
                        criterion: *criterion,
                    });
                }
            }
        });
        found.sort_unstable();
    }
}

fn opens(gate: &Gate, direction: Direction, ports: (u16, u16)) -> bool {
    Directions::from_bits(gate.directions).is_some_and(|set| set.contain(direction))
        && gate
            .ports
            .iter()
            .any(|range| range.contain(ports.0) || range.contain(ports.1))
}

const fn map_of(direction: Direction) -> Option<usize> {
    match direction {
        Direction::Inbound => Some(0),
        Direction::Outbound => Some(1),
        Direction::Transit => Some(2),
        Direction::Domestic => None,
    }
}

fn mark(map: &mut [u64], gate: &Gate) {
    for range in &gate.ports {
        for port in range.first..=range.last {
            if let Some(word) = map.get_mut(usize::from(port >> 6)) {
                *word |= 1 << (port & 63);
            }
        }
    }
}

#[inline]
fn is_marked(map: &[u64], port: u16) -> bool {
    let word = map.get(usize::from(port >> 6)).copied().unwrap_or(0);
    (word >> (port & 63)) & 1 != 0
}

#[cfg(all(test, feature = "hyperscan"))]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{hyperscan, pure};

    proptest! {
        #[test]
        fn both_engines_find_the_same(
            literals in btree_set(vec(0_u8..4, 4..9), 1..20),
            octets in vec(0_u8..4, 0..300),
        ) {
            let literals: Vec<Vec<u8>> = literals.into_iter().collect();
            let (mut one, mut other) = (Vec::new(), Vec::new());
            pure::Literals::new(&literals).unwrap().each(&octets, |id, end| one.push((end, id)));
            let engine = hyperscan::Literals::new(&literals).unwrap();
            engine.each(&octets, |id, end| other.push((end, id)));
            let mut slow = engine.look(&octets);
            one.sort_unstable();
            other.sort_unstable();
            slow.sort_unstable();
            prop_assert_eq!(&one, &other);
            prop_assert_eq!(one, slow);
        }
    }
}
