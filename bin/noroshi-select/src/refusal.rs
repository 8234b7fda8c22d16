//! Refusals with a stable code, for people and for programs.

use std::io::ErrorKind;

use thiserror::Error;
use warrant::Refusal;

/// Why a command was refused.
#[derive(Debug, Error)]
pub(crate) enum Refused {
    #[error("nothing is selected: the warrant does not allow it")]
    Warrant(#[source] Refusal),
    #[error("the trust file cannot be used")]
    Trust(#[source] warrant::TrustError),
    #[error("the statements of this folder cannot be believed")]
    Chain(#[source] warrant::ChainError),
    #[error("a segment or key cannot be used")]
    Segment(#[source] segment::SegmentError),
    #[error("the key is not of an engine in the trust file")]
    EngineKey,
    #[error("the prefix table is for exercises (演習) only, or for operation only")]
    TablePurpose,
    #[error("an exercise and a real instance do not mix")]
    Purpose,
    #[error("{count} lines of the criteria cannot be used")]
    Criteria { count: usize },
    #[error("another program is writing to this folder")]
    Locked,
    #[error("the source {name} cannot be opened")]
    Source {
        name: String,
        source: std::io::Error,
    },
}

impl Refused {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Warrant(refusal) => refusal.code(),
            Self::Trust(_) => "trust",
            Self::Chain(_) => "statements",
            Self::Segment(reason) => reason.code(),
            Self::EngineKey => "engine_key",
            Self::TablePurpose => "prefixes.purpose",
            Self::Purpose => "purpose",
            Self::Criteria { .. } => "criteria",
            Self::Locked => "locked",
            Self::Source { .. } => "source",
        }
    }

    /// What to do about it, where that is not plain from the reason.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Warrant(Refusal::LiveInExercise) => Some(
                "give the traffic as a file with --input; an interface or a socket needs a real warrant whose legal basis is in force",
            ),
            Self::Warrant(Refusal::Basis(_)) => Some(
                "until the basis is in force only exercises select, and from files: begin with noroshi-select exercise init DIR",
            ),
            Self::Source { source, .. } if source.kind() == ErrorKind::PermissionDenied => Some(
                "an interface needs the capability CAP_NET_RAW and nothing else; see docs/select/CARRIER.md",
            ),
            Self::Source { .. }
            | Self::Warrant(_)
            | Self::Trust(_)
            | Self::Chain(_)
            | Self::Segment(_)
            | Self::EngineKey
            | Self::TablePurpose
            | Self::Purpose
            | Self::Criteria { .. }
            | Self::Locked => None,
        }
    }
}
