use std::sync::Mutex;

use uuid::Uuid;

use crate::id::Id;

/// Gives new ids and random octets. The system source stands in `app`, the repeatable one here.
pub trait IdSource: Send + Sync {
    /// A new UUIDv7 (RFC 9562).
    fn next_uuid(&self) -> Uuid;

    /// Fills `out` with random octets.
    fn fill(&self, out: &mut [u8]);
}

impl dyn IdSource + '_ {
    /// A new id of the kind that the caller needs.
    pub fn next<K>(&self) -> Id<K> {
        Id::from_uuid(self.next_uuid())
    }
}

/// Repeatable ids for tests; never for keys or salts of a real log.
#[derive(Debug)]
pub struct SeededIds {
    state: Mutex<u64>,
}

impl SeededIds {
    /// Starts a sequence; the same seed gives the same ids.
    pub const fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(seed),
        }
    }

    /// `SplitMix64`: enough to spread test ids, without a dependency.
    fn next_word(&self) -> u64 {
        let mut state = match self.state.lock() {
            Ok(state) => state,
            Err(poisoned) => poisoned.into_inner(),
        };
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl IdSource for SeededIds {
    fn next_uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &random).into_uuid()
    }

    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let word = self.next_word().to_le_bytes();
            for (slot, byte) in chunk.iter_mut().zip(word) {
                *slot = byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IdSource, SeededIds};

    #[test]
    fn the_same_seed_gives_the_same_ids_and_never_one_twice() {
        let (a, b) = (SeededIds::new(7), SeededIds::new(7));
        let first = a.next_uuid();
        assert_eq!(first, b.next_uuid());
        assert_ne!(first, a.next_uuid());
    }
}
