use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use uuid::Uuid;

/// Names what an [`Id`] identifies; implemented only by the list in `kinds.rs`.
pub trait IdKind {
    /// Short name used in error texts and in the ledger, for example `filing`.
    const NAME: &'static str;
}

/// Identifies one thing of kind `K`: a UUIDv7 (RFC 9562), so that ids sort by creation time.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// Says that a text is not an id.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdError {
    /// The text is not a UUID in its hyphenated form.
    #[error("not an identifier")]
    Malformed,
}

impl<K> Id<K> {
    /// Wraps a UUID that is already known to name a thing of this kind, as read from the store.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self {
            uuid,
            kind: PhantomData,
        }
    }

    /// Gives the UUID, as the store binds it.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", K::NAME, self.uuid)
    }
}

impl<K> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        // Only the hyphenated form is accepted, so that one thing has one address.
        if text.len() != uuid::fmt::Hyphenated::LENGTH {
            return Err(IdError::Malformed);
        }
        Uuid::try_parse(text)
            .map(Self::from_uuid)
            .map_err(|_| IdError::Malformed)
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.uuid)
    }
}

impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use crate::FilingId;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id: FilingId = "01935e2f-7c00-7000-8000-000000000001".parse().unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_spellings_of_a_uuid_are_refused() {
        for text in [
            "",
            "01935e2f7c0070008000000000000001",
            "{01935e2f-7c00-7000-8000-000000000001}",
        ] {
            assert!(text.parse::<FilingId>().is_err(), "{text}");
        }
    }
}
