//! Names and digests that a warrant, a statement and a segment agree on.

use std::fmt;
use std::str::FromStr;

use ids::{Digest, DigestError};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Says that a text cannot be a name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not 1 to {MAX_CHARS} of a-z, 0-9 and . _ -, or begins with one of these signs")]
pub struct NameError;

const MAX_CHARS: usize = 64;

fn is_name(raw: &str) -> bool {
    let sign = |byte: u8| b"._-".contains(&byte);
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || sign(byte);
    (1..=MAX_CHARS).contains(&raw.len())
        && raw.bytes().all(allowed)
        && !raw.bytes().next().is_some_and(sign)
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Invariant: 1 to 64 of `a-z`, `0-9` and `. _ -`, beginning with a letter or digit; safe as a file name.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn parse(raw: &str) -> Result<Self, NameError> {
                if is_name(raw) { Ok(Self(raw.to_owned())) } else { Err(NameError) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(raw: &str) -> Result<Self, NameError> {
                Self::parse(raw)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&raw).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

names! {
    /// The line whose copied traffic reaches the equipment.
    LineId;
    /// The receiving equipment (受信用設備, Act Art. 17).
    EquipmentId;
    /// The measure or agreement the committee approved.
    MeasureId;
    /// One run of the engine, from start to stop.
    RunId;
}

macro_rules! digests {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Digest);

        impl $name {
            pub const fn new(digest: Digest) -> Self {
                Self(digest)
            }

            pub const fn digest(&self) -> &Digest {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = DigestError;

            fn from_str(text: &str) -> Result<Self, DigestError> {
                text.parse().map(Self)
            }
        }
    )*};
}

digests! {
    /// SHA-256 of a compiled criteria file; a warrant approves exactly one.
    CriteriaDigest;
    /// SHA-256 of a compiled domestic prefix table.
    PrefixTableDigest;
}

/// The number of a criterion within one approved set of criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CriterionId(u32);

impl CriterionId {
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_never_leave_its_folder() {
        for refused in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "A",
            "-x",
            "a b",
            "線",
            &"a".repeat(65),
        ] {
            assert_eq!(LineId::parse(refused), Err(NameError), "{refused:?}");
        }
        assert_eq!(
            LineId::parse("tokyo-1.a_b").unwrap().as_str(),
            "tokyo-1.a_b"
        );
    }
}
