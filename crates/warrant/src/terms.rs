//! What a warrant says.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes::{Direction, InformationKind, MeasureKind};
use crate::keys::PublicKey;
use crate::names::{CriteriaDigest, EquipmentId, LineId, MeasureId};

/// Why terms can never be those of a warrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TermsError {
    #[error("the body is not one line of canonical JSON with the members of a warrant")]
    Body,
    #[error("a list is empty, not in ascending order, or names something twice")]
    List,
    #[error("domestic traffic (内内) can never be selected")]
    Domestic,
    #[error("the warrant ends before it begins")]
    Period,
    #[error("a limit is zero")]
    Limit,
    #[error("recorded time may be allowed in an exercise only")]
    RecordedTime,
}

impl TermsError {
    /// The stable code of the message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Body => "warrant.body",
            Self::List => "warrant.list",
            Self::Domestic => "warrant.domestic",
            Self::Period => "warrant.period",
            Self::Limit => "warrant.limit",
            Self::RecordedTime => "warrant.recorded_time",
        }
    }
}

/// Everything the committee approved for one measure on one equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub measure: MeasureId,
    pub kind: MeasureKind,
    /// Keys of the rule book that the measure rests on, such as `basis.foreign_measures`.
    pub basis: Vec<String>,
    pub equipment: EquipmentId,
    pub lines: Vec<LineId>,
    pub directions: Vec<Direction>,
    pub criteria: CriteriaDigest,
    /// First instant.
    #[serde(with = "instant")]
    pub valid_from: Timestamp,
    /// The first instant that is no longer covered.
    #[serde(with = "instant")]
    pub valid_until: Timestamp,
    pub conditions: Conditions,
    /// Public key of the analysis office, to which segment keys are wrapped.
    pub office_key: PublicKey,
    /// Public key of the committee, to which the key of pseudonyms is wrapped.
    pub reidentification_key: PublicKey,
}

/// Conditions of the approval (Act Art. 17(1) and others; not in force).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// Kinds of machine information a record may hold.
    pub information: Vec<InformationKind>,
    /// Days after which a segment has to be destroyed.
    pub retention_days: u32,
    /// Most packets kept in an hour; what goes beyond is dropped as over the limit.
    pub kept_packets_per_hour: Option<u64>,
    /// Which addresses of a tunnelled packet fix its direction.
    pub tunnels: TunnelRule,
    /// What has to be stamped within the period of the warrant.
    pub time: TimeRule,
}

/// Which pair of addresses of a tunnelled packet decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TunnelRule {
    /// The addresses of the outermost packet.
    Outer,
    /// The addresses of the innermost packet.
    Inner,
}

/// Whether packets have to be stamped within the period of the warrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeRule {
    /// Packets outside the period are dropped.
    Period,
    /// Recorded traffic of any time may be read (演習 only).
    Recorded,
}

impl Terms {
    /// Checks what must hold for every warrant, whoever signed it.
    pub(crate) fn check(&self, exercise: bool) -> Result<(), TermsError> {
        if self.directions.contains(&Direction::Domestic) {
            return Err(TermsError::Domestic);
        }
        let ordered = ascending(&self.basis)
            && ascending(&self.lines)
            && ascending(&self.directions)
            && ascending(&self.conditions.information);
        if !ordered {
            return Err(TermsError::List);
        }
        if self.valid_until <= self.valid_from {
            return Err(TermsError::Period);
        }
        if self.conditions.retention_days == 0 || self.conditions.kept_packets_per_hour == Some(0) {
            return Err(TermsError::Limit);
        }
        if self.conditions.time == TimeRule::Recorded && !exercise {
            return Err(TermsError::RecordedTime);
        }
        Ok(())
    }

    /// Says whether the warrant covers an instant.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.valid_from <= at && at < self.valid_until
    }
}

/// Not empty, ascending, nothing twice: one spelling for one approval.
fn ascending<T: PartialOrd>(list: &[T]) -> bool {
    let pairs = list.iter().zip(list.iter().skip(1));
    !list.is_empty() && pairs.into_iter().all(|(before, after)| before < after)
}

/// Instants as `2028-01-02T03:04:05Z`.
pub(crate) mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        parse(&text)
            .ok_or_else(|| serde::de::Error::custom("not an instant in UTC in its shortest form"))
    }

    /// One spelling for each instant: UTC, no trailing zeroes.
    pub(crate) fn parse(text: &str) -> Option<Timestamp> {
        let at: Timestamp = text.parse().ok()?;
        (at.to_string() == text).then_some(at)
    }
}
