//! Which way a packet goes, as the law sorts it, from where its two addresses belong.

use warrant::Direction;

use crate::decode::Pair;
use crate::prefixes::{Place, PrefixTable};

/// The direction between two places; `None` when either is undetermined.
pub const fn between(source: Place, destination: Place) -> Option<Direction> {
    match (source, destination) {
        (Place::Foreign, Place::Domestic) => Some(Direction::Inbound),
        (Place::Domestic, Place::Foreign) => Some(Direction::Outbound),
        (Place::Foreign, Place::Foreign) => Some(Direction::Transit),
        (Place::Domestic, Place::Domestic) => Some(Direction::Domestic),
        (Place::Undetermined, _) | (_, Place::Undetermined) => None,
    }
}

/// The direction of a pair of addresses by `table`; `None` when undetermined.
#[inline]
pub fn direction(pair: &Pair, table: &PrefixTable) -> Option<Direction> {
    match *pair {
        Pair::V4 {
            source,
            destination,
        } => between(table.place_v4(source), table.place_v4(destination)),
        Pair::V6 {
            source,
            destination,
        } => between(table.place_v6(source), table.place_v6(destination)),
    }
}

/// A set of directions that may be selected. 内内通信 cannot be put into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Directions(u8);

impl Directions {
    /// 外内, 内外 and 外外.
    pub const ALL: Self = Self(0b111);
    /// None: nothing is selected.
    pub const NONE: Self = Self(0);

    /// This set with `direction` in it; unchanged for 内内通信.
    #[must_use]
    pub const fn with(self, direction: Direction) -> Self {
        Self(self.0 | Self::bit(direction))
    }

    /// Whether `direction` is in it.
    #[inline]
    pub const fn contain(self, direction: Direction) -> bool {
        self.0 & Self::bit(direction) != 0
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u8) -> Option<Self> {
        if Self::ALL.0 < bits {
            return None;
        }
        Some(Self(bits))
    }

    const fn bit(direction: Direction) -> u8 {
        match direction {
            Direction::Inbound => 1,
            Direction::Outbound => 2,
            Direction::Transit => 4,
            Direction::Domestic => 0,
        }
    }
}

impl FromIterator<Direction> for Directions {
    fn from_iter<I: IntoIterator<Item = Direction>>(directions: I) -> Self {
        directions.into_iter().fold(Self::NONE, Self::with)
    }
}
