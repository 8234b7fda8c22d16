//! Sorted keys with an index over their top bits: the search behind every bitmap.

use crate::bytes::wide;

/// A number that is looked up by its upper 16 bits first.
pub(crate) trait Key: Copy + Ord {
    fn top(self) -> u32;
}

impl Key for u32 {
    #[inline]
    fn top(self) -> u32 {
        self >> 16
    }
}

impl Key for u128 {
    #[inline]
    fn top(self) -> u32 {
        let [a, b, ..] = self.to_be_bytes();
        u32::from(u16::from_be_bytes([a, b]))
    }
}

const TOPS: usize = 1 << 16;

/// Keys in order, each with a value. Immutable once built.
pub(crate) struct Sorted<K, V> {
    keys: Vec<K>,
    values: Vec<V>,
    /// Where the keys of each top begin; one more at the end.
    index: Vec<u32>,
}

impl<K: Key, V: Copy> Sorted<K, V> {
    /// Of entries in any order; equal keys keep the order they came in.
    pub(crate) fn new(mut entries: Vec<(K, V)>) -> Self {
        if !entries.is_sorted_by_key(|entry| entry.0) {
            entries.sort_by_key(|entry| entry.0);
        }
        let (keys, values) = entries.into_iter().unzip();
        Self::from_sorted(keys, values)
    }

    /// Of keys that ascend, and as many values.
    pub(crate) fn from_sorted(keys: Vec<K>, values: Vec<V>) -> Self {
        let mut index = Vec::with_capacity(TOPS.saturating_add(1));
        let mut at = 0_usize;
        for top in 0..=u32::from(u16::MAX) {
            index.push(u32::try_from(at).unwrap_or(u32::MAX));
            while keys.get(at).is_some_and(|key| key.top() <= top) {
                at = at.wrapping_add(1);
            }
        }
        index.push(u32::try_from(at).unwrap_or(u32::MAX));
        Self {
            keys,
            values,
            index,
        }
    }

    #[inline]
    fn bucket(&self, key: K) -> (usize, usize) {
        let top = wide(key.top());
        let start = self.index.get(top).copied().unwrap_or(0);
        let end = self
            .index
            .get(top.wrapping_add(1))
            .copied()
            .unwrap_or(start);
        (wide(start), wide(end))
    }

    /// The values of exactly `key`.
    #[inline]
    pub(crate) fn exact(&self, key: K) -> &[V] {
        let (start, end) = self.bucket(key);
        let keys = self.keys.get(start..end).unwrap_or_default();
        let first = keys.partition_point(|other| *other < key);
        let rest = keys.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|other| **other == key).count();
        let first = start.wrapping_add(first);
        self.values
            .get(first..first.wrapping_add(count))
            .unwrap_or_default()
    }

    /// The value of the greatest key that is not above `key`.
    #[inline]
    pub(crate) fn floor(&self, key: K) -> Option<V> {
        let (start, end) = self.bucket(key);
        let keys = self.keys.get(start..end).unwrap_or_default();
        let above = start.wrapping_add(keys.partition_point(|other| *other <= key));
        self.values.get(above.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn searching_equals_looking_at_every_entry(
            entries in prop::collection::vec((any::<u32>().prop_map(|n| n & 0x0003_ff03), any::<u8>()), 0..80),
            key in any::<u32>().prop_map(|n| n & 0x0003_ff03),
        ) {
            let sorted = Sorted::new(entries.clone());
            let mut exact: Vec<u8> =
                entries.iter().filter(|entry| entry.0 == key).map(|entry| entry.1).collect();
            let mut found = sorted.exact(key).to_vec();
            exact.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, exact);
            let floor = entries.iter().map(|entry| entry.0).filter(|other| *other <= key).max();
            let value = sorted.floor(key);
            match floor {
                None => prop_assert_eq!(value, None),
                Some(floor) => {
                    prop_assert!(entries.iter().any(|entry| *entry == (floor, value.unwrap())));
                }
            }
        }
    }
}
