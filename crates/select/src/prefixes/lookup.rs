//! The table in memory: flat, immutable, read without locks.

use std::net::IpAddr;

use crate::bytes::wide;
use crate::prefixes::{Origin, Place, Range, TableError, digest_hex, read};
use crate::search::Sorted;

/// Two bits for each /24 of IPv4.
const MAP_LEN: usize = 1 << 22;
const UNDETERMINED: u8 = 0;
const DOMESTIC: u8 = 1;
const FOREIGN: u8 = 2;
/// Several places within one /24: look it up in the ranges.
const MIXED: u8 = 3;

/// A domestic prefix table, ready for look-ups.
pub struct PrefixTable {
    origin: Origin,
    digest: String,
    map: Vec<u8>,
    v4: Sorted<u32, u8>,
    v6: Sorted<u128, u8>,
}

impl PrefixTable {
    /// Reads a canonical file (`docs/select/DESIGN.md`).
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let (origin, ranges) = read(text)?;
        Ok(Self::of(origin, digest_hex(text.as_bytes()), &ranges))
    }

    /// Of ranges that ascend without overlap.
    pub(crate) fn of(origin: Origin, digest: String, ranges: &[Range]) -> Self {
        let mut map = vec![0_u8; MAP_LEN];
        let mut v4: Vec<(u32, u8)> = vec![(0, UNDETERMINED)];
        let mut v6: Vec<(u128, u8)> = vec![(0, UNDETERMINED)];
        for range in ranges {
            let code = match range.place {
                Place::Domestic => DOMESTIC,
                Place::Foreign => FOREIGN,
                Place::Undetermined => UNDETERMINED,
            };
            if range.v6 {
                start(&mut v6, range.first, code);
                if let Some(after) = range.last.checked_add(1) {
                    start(&mut v6, after, UNDETERMINED);
                }
                continue;
            }
            let (Ok(first), Ok(last)) = (u32::try_from(range.first), u32::try_from(range.last))
            else {
                continue;
            };
            paint(&mut map, first, last, code);
            start(&mut v4, first, code);
            if let Some(after) = last.checked_add(1) {
                start(&mut v4, after, UNDETERMINED);
            }
        }
        Self {
            origin,
            digest,
            map,
            v4: Sorted::new(v4),
            v6: Sorted::new(v6),
        }
    }

    /// Where the table comes from.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// SHA-256 of the canonical file in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Where `address` belongs.
    pub fn place(&self, address: IpAddr) -> Place {
        match address {
            IpAddr::V4(address) => self.place_v4(address.to_bits()),
            IpAddr::V6(address) => self.place_v6(address.to_bits()),
        }
    }

    /// Where an IPv4 address belongs.
    #[inline]
    pub fn place_v4(&self, address: u32) -> Place {
        place(self.code_v4(address))
    }

    /// The same as the number of the place, for [`Place::of_code`].
    #[inline]
    pub(crate) fn code_v4(&self, address: u32) -> u8 {
        let (at, shift) = slot(address >> 8);
        let code = self
            .map
            .get(at)
            .map_or(UNDETERMINED, |four| (four >> shift) & 3);
        if code == MIXED {
            return self.v4.floor(address).unwrap_or(UNDETERMINED);
        }
        code
    }

    /// Where an IPv6 address belongs.
    #[inline]
    pub fn place_v6(&self, address: u128) -> Place {
        place(self.v6.floor(address).unwrap_or(UNDETERMINED))
    }
}

/// Adds a start; a range that begins where the one before ended replaces the end.
fn start<K: Copy + PartialEq>(starts: &mut Vec<(K, u8)>, first: K, code: u8) {
    match starts.last_mut() {
        Some(last) if last.0 == first => last.1 = code,
        _ => starts.push((first, code)),
    }
}

impl Place {
    pub(crate) const fn of_code(code: u8) -> Self {
        place(code)
    }
}

const fn place(code: u8) -> Place {
    match code {
        DOMESTIC => Place::Domestic,
        FOREIGN => Place::Foreign,
        _ => Place::Undetermined,
    }
}

/// Which octet of the map holds a /24, and how far to shift it.
#[inline]
const fn slot(net: u32) -> (usize, u32) {
    (wide(net >> 2), (net & 3).wrapping_mul(2))
}

/// Marks the /24s of a range: whole ones with its code, those it covers in part as mixed.
fn paint(map: &mut [u8], first: u32, last: u32, code: u8) {
    let mut set = |net: u32, code: u8| {
        let (at, shift) = slot(net);
        if let Some(four) = map.get_mut(at) {
            *four = (*four & !(3 << shift)) | (code << shift);
        }
    };
    let whole_first = if first.trailing_zeros() < 8 {
        set(first >> 8, MIXED);
        (first >> 8).saturating_add(1)
    } else {
        first >> 8
    };
    let whole_end = if last.trailing_ones() < 8 {
        set(last >> 8, MIXED);
        last >> 8
    } else {
        (last >> 8).saturating_add(1)
    };
    for net in whole_first..whole_end {
        set(net, code);
    }
}
