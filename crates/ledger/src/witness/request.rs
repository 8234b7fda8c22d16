//! The body of an add-checkpoint request (C2SP tlog-witness).

use std::fmt;

use crate::checkpoint::SignedCheckpoint;
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::note::Note;
use crate::witness::Refusal;

/// Asks a witness to co-sign a checkpoint that continues its tree of `old_size` leaves.
///
/// Invariant: at most 63 proof hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    old_size: u64,
    proof: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

impl AddCheckpoint {
    pub const MAX_PROOF_HASHES: usize = 63;
    /// Largest request accepted, in bytes.
    pub const MAX_BYTES: usize = Note::MAX_BYTES;

    /// Makes a request; the proof is that of [`crate::consistency_path`] from `old_size`.
    pub fn new(
        old_size: u64,
        proof: Vec<Hash>,
        checkpoint: SignedCheckpoint,
    ) -> Result<Self, Refusal> {
        if Self::MAX_PROOF_HASHES < proof.len() {
            return Err(Refusal::Malformed);
        }
        Ok(Self {
            old_size,
            proof,
            checkpoint,
        })
    }

    /// Reads a request body.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(Refusal::Malformed);
        }
        let text = str::from_utf8(bytes).map_err(|_| Refusal::Malformed)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Refusal::Malformed)?;
        let mut lines = head.split('\n');
        let old_size = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(decimal)
            .ok_or(Refusal::Malformed)?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == Self::MAX_PROOF_HASHES {
                return Err(Refusal::Malformed);
            }
            proof.push(Hash::from_base64(line).ok_or(Refusal::Malformed)?);
        }
        let checkpoint =
            SignedCheckpoint::parse(checkpoint.as_bytes()).map_err(Refusal::Checkpoint)?;
        Ok(Self {
            old_size,
            proof,
            checkpoint,
        })
    }

    pub const fn old_size(&self) -> u64 {
        self.old_size
    }

    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }
}

/// The request body.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
