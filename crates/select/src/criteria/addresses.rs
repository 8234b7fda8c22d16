//! Addresses and prefixes: one bit for each /24 says no to almost all traffic, sorted tables say yes.

use warrant::CriterionKind;

use crate::bytes::wide;
use crate::search::{Key, Sorted};

/// One bit for each /24 of IPv4.
const MAP_LEN: usize = (1 << 24) / 64;

/// The end of a chain of prefixes.
const NONE: u32 = u32::MAX;

/// A prefix and the one around it.
#[derive(Clone, Copy)]
struct Node {
    criterion: u32,
    around: u32,
    /// An IPv6 "prefix" of full length is an address.
    kind: CriterionKind,
}

pub(crate) struct Addresses {
    map: Vec<u64>,
    v4: Sorted<u32, u32>,
    v4_prefixes: Nested<u32>,
    v6: Nested<u128>,
}

impl Addresses {
    pub(crate) fn new(
        v4: Vec<u32>,
        v4_criteria: Vec<u32>,
        v4_prefixes: &[(u32, u8, u32)],
        v6: &[(u128, u8, u32)],
    ) -> Self {
        let mut map = vec![0_u64; MAP_LEN];
        for address in &v4 {
            mark(&mut map, address >> 8);
        }
        for (address, length, _) in v4_prefixes {
            let last = address | u32::MAX.checked_shr(u32::from(*length)).unwrap_or(0);
            for net in (address >> 8)..=(last >> 8) {
                mark(&mut map, net);
            }
        }
        Self {
            map,
            v4: Sorted::from_sorted(v4, v4_criteria),
            v4_prefixes: Nested::new(v4_prefixes, 32),
            v6: Nested::new(v6, 128),
        }
    }

    /// Every criterion that an IPv4 address meets.
    #[inline]
    pub(crate) fn find_v4(&self, address: u32, mut hit: impl FnMut(CriterionKind, u32)) {
        let net = address >> 8;
        let word = self.map.get(wide(net >> 6)).copied().unwrap_or(0);
        if (word >> (net & 63)) & 1 == 0 {
            return;
        }
        for criterion in self.v4.exact(address) {
            hit(CriterionKind::Address, *criterion);
        }
        self.v4_prefixes.find(address, hit);
    }

    /// Every criterion that an IPv6 address meets.
    #[inline]
    pub(crate) fn find_v6(&self, address: u128, hit: impl FnMut(CriterionKind, u32)) {
        self.v6.find(address, hit);
    }
}

fn mark(map: &mut [u64], net: u32) {
    if let Some(word) = map.get_mut(wide(net >> 6)) {
        *word |= 1 << (net & 63);
    }
}

/// A number that has a successor and a part behind a prefix.
pub(crate) trait Host: Key {
    const ZERO: Self;
    fn last(self, length: u8) -> Self;
    fn after(self) -> Option<Self>;
}

impl Host for u32 {
    const ZERO: Self = 0;

    fn last(self, length: u8) -> Self {
        self | Self::MAX.checked_shr(u32::from(length)).unwrap_or(0)
    }

    fn after(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl Host for u128 {
    const ZERO: Self = 0;

    fn last(self, length: u8) -> Self {
        self | Self::MAX.checked_shr(u32::from(length)).unwrap_or(0)
    }

    fn after(self) -> Option<Self> {
        self.checked_add(1)
    }
}

/// Prefixes that may lie in one another, flattened: each start knows the innermost prefix around it.
struct Nested<K> {
    starts: Sorted<K, u32>,
    nodes: Vec<Node>,
}

impl<K: Host> Nested<K> {
    /// Of prefixes in ascending order; prefixes either nest or lie apart, so a stack is enough.
    fn new(prefixes: &[(K, u8, u32)], full: u8) -> Self {
        let mut nodes: Vec<Node> = Vec::with_capacity(prefixes.len());
        let mut starts: Vec<(K, u32)> = Vec::new();
        let mut open: Vec<(K, u32)> = Vec::new();
        if !prefixes.is_empty() {
            starts.push((K::ZERO, NONE));
        }
        for (first, length, criterion) in prefixes {
            while open.last().is_some_and(|(last, _)| last < first) {
                close(&mut open, &mut starts);
            }
            let node = u32::try_from(nodes.len()).unwrap_or(NONE);
            nodes.push(Node {
                criterion: *criterion,
                around: open.last().map_or(NONE, |(_, node)| *node),
                kind: if full == 128 && *length == full {
                    CriterionKind::Address
                } else {
                    CriterionKind::Prefix
                },
            });
            open.push((first.last(*length), node));
            begin(&mut starts, *first, node);
        }
        while !open.is_empty() {
            close(&mut open, &mut starts);
        }
        Self {
            starts: Sorted::new(starts),
            nodes,
        }
    }

    #[inline]
    fn find(&self, key: K, mut hit: impl FnMut(CriterionKind, u32)) {
        let Some(mut at) = self.starts.floor(key) else {
            return;
        };
        while let Some(node) = self.nodes.get(wide(at)) {
            hit(node.kind, node.criterion);
            at = node.around;
        }
    }
}

/// Ends the innermost open prefix; what is around it goes on behind it.
fn close<K: Host>(open: &mut Vec<(K, u32)>, starts: &mut Vec<(K, u32)>) {
    let Some((last, _)) = open.pop() else {
        return;
    };
    if let Some(after) = last.after() {
        begin(starts, after, open.last().map_or(NONE, |(_, node)| *node));
    }
}

fn begin<K: Host>(starts: &mut Vec<(K, u32)>, first: K, node: u32) {
    match starts.last_mut() {
        Some(last) if last.0 == first => last.1 = node,
        _ => starts.push((first, node)),
    }
}
