//! Witnessing (C2SP tlog-witness): co-signing only what continues what was seen before.
//!
//! Everything but [`WitnessDirectory`] is pure. An HTTP front end maps [`Refusal::status`]; where there is no
//! network between log and committee, the same requests and answers travel as files.

mod directory;
mod request;
mod state;
#[cfg(test)]
mod tests;

use thiserror::Error;

pub use self::directory::{WitnessDirectory, WitnessError};
pub use self::request::AddCheckpoint;
pub use self::state::{Observed, Stall, StateError, WitnessState};
use crate::checkpoint::{CheckpointError, TreeHead};
use crate::merkle::{ProofError, verify_consistency};
use crate::note::NoteError;
use crate::trust::{Exercise, Trust};

/// Why a witness does not co-sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("request is not an add-checkpoint body within the limits")]
    Malformed,
    #[error("checkpoint in the request is malformed")]
    Checkpoint(#[source] CheckpointError),
    #[error("this witness does not know the log")]
    UnknownLog,
    #[error("checkpoint is not validly signed by the log")]
    NotSigned(#[source] NoteError),
    #[error("old size is above the size of the checkpoint")]
    OldAboveNew,
    #[error("the last checkpoint co-signed has {recorded} leaves, not {claimed}")]
    OldSize { recorded: u64, claimed: u64 },
    #[error("rollback: {recorded} leaves were co-signed, and {offered} are offered")]
    Rollback { recorded: u64, offered: u64 },
    #[error("fork: another root was co-signed for the same {size} leaves")]
    Fork { size: u64 },
    #[error(
        "fork or false proof: the checkpoint does not continue the {recorded} leaves co-signed"
    )]
    Inconsistent {
        recorded: u64,
        #[source]
        reason: ProofError,
    },
}

impl Refusal {
    /// HTTP status of the answer (C2SP tlog-witness).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed | Self::Checkpoint(_) | Self::OldAboveNew => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog => 404,
            Self::OldSize { .. } | Self::Rollback { .. } | Self::Fork { .. } => 409,
            Self::Inconsistent { .. } => 422,
        }
    }

    /// Body of a 409 answer: the size to start from, `text/x.tlog.size`.
    pub fn size_body(&self) -> Option<String> {
        match self {
            Self::OldSize { recorded, .. } | Self::Rollback { recorded, .. } => {
                Some(format!("{recorded}\n"))
            }
            Self::Fork { size } => Some(format!("{size}\n")),
            Self::Malformed
            | Self::Checkpoint(_)
            | Self::UnknownLog
            | Self::NotSigned(_)
            | Self::OldAboveNew
            | Self::Inconsistent { .. } => None,
        }
    }

    /// Says whether a validly signed checkpoint contradicts an earlier one: evidence, and a reason to alert.
    pub const fn is_alarm(&self) -> bool {
        match self {
            Self::Rollback { .. } | Self::Fork { .. } | Self::Inconsistent { .. } => true,
            Self::Malformed
            | Self::Checkpoint(_)
            | Self::UnknownLog
            | Self::NotSigned(_)
            | Self::OldAboveNew
            | Self::OldSize { .. } => false,
        }
    }
}

/// Decides whether the checkpoint of `request` may be co-signed, given what was co-signed before.
///
/// The caller records the returned head durably before it lets the cosignature out.
pub fn examine(
    state: &WitnessState,
    trust: &Trust,
    request: &AddCheckpoint,
) -> Result<TreeHead, Refusal> {
    let signed = request.checkpoint();
    let (origin, offered) = (signed.checkpoint().origin(), signed.checkpoint().head());
    let refused_exercise = origin.is_exercise() && trust.exercise() == Exercise::Refuse;
    if !trust.knows(origin) || refused_exercise {
        return Err(Refusal::UnknownLog);
    }
    trust.confirm_log(signed).map_err(Refusal::NotSigned)?;
    let claimed = request.old_size();
    if offered.size < claimed {
        return Err(Refusal::OldAboveNew);
    }
    let recorded = state
        .observed(origin)
        .map_or_else(TreeHead::empty, |seen| seen.head);
    if offered.size < recorded.size {
        return Err(Refusal::Rollback {
            recorded: recorded.size,
            offered: offered.size,
        });
    }
    if offered.size == recorded.size && offered.root != recorded.root {
        return Err(Refusal::Fork {
            size: recorded.size,
        });
    }
    if claimed != recorded.size {
        return Err(Refusal::OldSize {
            recorded: recorded.size,
            claimed,
        });
    }
    verify_consistency(recorded, offered, request.proof()).map_err(|reason| {
        Refusal::Inconsistent {
            recorded: recorded.size,
            reason,
        }
    })?;
    Ok(offered)
}
