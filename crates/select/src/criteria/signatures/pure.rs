//! The engine that needs nothing beside this program: a double-array Aho-Corasick automaton.

use daachorse::DoubleArrayAhoCorasick;

use crate::bytes::wide;

/// Literals to look for at once.
pub(crate) struct Literals(DoubleArrayAhoCorasick<u32>);

impl Literals {
    /// Of distinct literals, at least one. `None` when there are more than it can hold.
    pub(crate) fn new(literals: &[Vec<u8>]) -> Option<Self> {
        let numbered = literals.iter().zip(0_u32..);
        Some(Self(DoubleArrayAhoCorasick::with_values(numbered).ok()?))
    }

    /// Tells of every occurrence, overlapping ones too: which literal, and the place behind its last octet.
    pub(crate) fn each(&self, octets: &[u8], mut tell: impl FnMut(usize, usize)) {
        for hit in self.0.find_overlapping_iter(octets) {
            tell(wide(hit.value()), hit.end());
        }
    }
}
