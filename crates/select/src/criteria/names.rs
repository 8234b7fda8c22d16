//! Host names and mail addresses, exact or by their end, in one flat table.
//!
//! A name is hashed from its last octet to its first, so one pass gives the hash of every suffix. A bitmap of 16
//! bits for each entry answers no; behind it the hash is searched and the text compared. Nothing is kept on a
//! hash alone. The table does not change with what is looked up, so looking up chosen names cannot slow it.

use crate::bytes::wide;
use crate::criteria::file::Texts;

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameKind {
    Dns,
    Server,
    Mail,
}

const SUFFIX: u8 = 4;

impl NameKind {
    pub(crate) const fn flags(self, suffix: bool) -> u8 {
        let kind = match self {
            Self::Dns => 0,
            Self::Server => 1,
            Self::Mail => 2,
        };
        if suffix { kind | SUFFIX } else { kind }
    }

    pub(crate) const fn of_flags(flags: u8) -> Option<Self> {
        match flags {
            0 | SUFFIX => Some(Self::Dns),
            1 | 5 => Some(Self::Server),
            2 | 6 => Some(Self::Mail),
            _ => None,
        }
    }

    const fn seed(self) -> u64 {
        match self {
            Self::Dns => 0x9ae1_6a3b_2f90_404f,
            Self::Server => 0xc3a5_c85c_97cb_3127,
            Self::Mail => 0xb492_b66f_be98_f273,
        }
    }
}

#[inline]
fn step(state: u64, octet: u8) -> u64 {
    (state ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
}

#[inline]
const fn finish(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    state ^ (state >> 29)
}

/// The hash of a whole pattern. Part of the file format.
pub(crate) fn hash(kind: NameKind, text: &[u8]) -> u64 {
    finish(
        text.iter()
            .rev()
            .fold(kind.seed(), |state, octet| step(state, *octet)),
    )
}

pub(crate) struct Names {
    filter: Vec<u64>,
    filter_shift: u32,
    index: Vec<u32>,
    index_shift: u32,
    hashes: Vec<u64>,
    flags: Vec<u8>,
    criteria: Vec<u32>,
    texts: Texts,
    kinds: [bool; 3],
}

impl Names {
    /// Of entries in ascending order of their hashes.
    pub(crate) fn new(hashes: Vec<u64>, flags: Vec<u8>, criteria: Vec<u32>, texts: Texts) -> Self {
        let bits = hashes.len().max(16).next_power_of_two().trailing_zeros();
        let filter_bits = bits.saturating_add(4).min(31);
        let filter_shift = 64_u32.saturating_sub(filter_bits);
        let filter_len = 1_usize
            .checked_shl(filter_bits.saturating_sub(6))
            .unwrap_or(1);
        let mut filter = vec![0_u64; filter_len];
        for hash in &hashes {
            let bit = hash >> filter_shift;
            if let Some(word) = filter.get_mut(place(bit >> 6)) {
                *word |= 1 << (bit & 63);
            }
        }
        let index_bits = bits.saturating_sub(2);
        let index_shift = 64_u32.saturating_sub(index_bits);
        let buckets = 1_u64.checked_shl(index_bits).unwrap_or(1);
        let mut index = Vec::with_capacity(place(buckets).saturating_add(1));
        let mut at = 0_usize;
        for bucket in 0..buckets {
            index.push(u32::try_from(at).unwrap_or(u32::MAX));
            while hashes
                .get(at)
                .is_some_and(|hash| hash >> index_shift <= bucket)
            {
                at = at.wrapping_add(1);
            }
        }
        index.push(u32::try_from(at).unwrap_or(u32::MAX));
        let mut kinds = [false; 3];
        for flag in &flags {
            if let Some(seen) = kinds.get_mut(usize::from(flag & 3)) {
                *seen = true;
            }
        }
        Self {
            filter,
            filter_shift,
            index,
            index_shift,
            hashes,
            flags,
            criteria,
            texts,
            kinds,
        }
    }

    /// Whether there is any pattern of this kind.
    #[inline]
    pub(crate) fn any(&self, kind: NameKind) -> bool {
        self.kinds
            .get(usize::from(kind.flags(false)))
            .copied()
            .unwrap_or(false)
    }

    /// Every criterion that `name` meets. It must be in lower case and, for hosts, without final dot.
    pub(crate) fn find(&self, kind: NameKind, name: &[u8], mut hit: impl FnMut(u32)) {
        let mut state = kind.seed();
        for (at, octet) in name.iter().enumerate().rev() {
            state = step(state, *octet);
            let begins = match (at.checked_sub(1), kind) {
                (None, _) => true,
                (Some(before), NameKind::Dns | NameKind::Server) => name.get(before) == Some(&b'.'),
                (Some(_), NameKind::Mail) => *octet == b'@',
            };
            if begins {
                self.probe(
                    finish(state),
                    kind,
                    name.get(at..).unwrap_or_default(),
                    at == 0,
                    &mut hit,
                );
            }
        }
    }

    #[inline]
    fn probe(&self, hash: u64, kind: NameKind, end: &[u8], whole: bool, hit: &mut impl FnMut(u32)) {
        let bit = hash >> self.filter_shift;
        let word = self.filter.get(place(bit >> 6)).copied().unwrap_or(0);
        if (word >> (bit & 63)) & 1 == 0 {
            return;
        }
        let bucket = place(hash >> self.index_shift);
        let start = self.index.get(bucket).map_or(0, |at| wide(*at));
        let stop = self
            .index
            .get(bucket.wrapping_add(1))
            .map_or(0, |at| wide(*at));
        for at in start..stop {
            if self.hashes.get(at) != Some(&hash) {
                continue;
            }
            let flags = self.flags.get(at).copied().unwrap_or(u8::MAX);
            let fits = whole || flags & SUFFIX != 0;
            let same_text = self
                .texts
                .get(at)
                .is_some_and(|text| text.as_bytes() == end);
            if fits
                && same_text
                && NameKind::of_flags(flags) == Some(kind)
                && let Some(criterion) = self.criteria.get(at)
            {
                hit(*criterion);
            }
        }
    }
}

/// A number of at most 31 bits as a place.
#[inline]
fn place(number: u64) -> usize {
    u32::try_from(number).map_or(usize::MAX, wide)
}
