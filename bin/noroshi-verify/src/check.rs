//! What is verified, and in which order.

use std::error::Error;

use ledger::{
    Confirmed, Exercise, Hash, Receipt, SignedCheckpoint, Trust, Verified, verify_consistency,
};

use crate::report::{Facts, Refusal, Seen};

/// Verifies a receipt file.
pub(crate) fn receipt(bytes: &[u8], trust: &Trust) -> Result<Facts, Refusal> {
    let verified = Receipt::parse(bytes).and_then(|receipt| receipt.verify(trust));
    verified
        .map(from_verified)
        .map_err(|error| Refusal::because(error.code(), &error))
}

/// Verifies the signatures of a checkpoint file.
pub(crate) fn checkpoint(bytes: &[u8], trust: &Trust) -> Result<Facts, Refusal> {
    let (_, facts) = read_checkpoint(bytes, trust)?;
    Ok(facts)
}

/// Verifies two checkpoint files and the proof that the newer continues the older.
pub(crate) fn consistency(
    old: &[u8],
    new: &[u8],
    proof: &[u8],
    trust: &Trust,
) -> Result<Facts, Refusal> {
    let (old, _) = read_checkpoint(old, trust)?;
    let (new, facts) = read_checkpoint(new, trust)?;
    if old.checkpoint().origin() != new.checkpoint().origin() {
        return Err(Refusal::new(
            "other_log",
            "checkpoints are of different logs",
        ));
    }
    let path = read_proof(proof)
        .ok_or_else(|| Refusal::new("proof", "proof is not one Base 64 hash on each line"))?;
    verify_consistency(old.checkpoint().head(), new.checkpoint().head(), &path)
        .map_err(|error| Refusal::because("inconsistent", &error))?;
    Ok(facts)
}

fn from_verified(verified: Verified) -> Facts {
    let seen = |one: ledger::WitnessSeen| Seen {
        name: one.name.to_string(),
        time: one.time,
    };
    Facts {
        origin: verified.origin.to_string(),
        index: Some(verified.index),
        size: verified.size,
        root: verified.root.to_base64(),
        log_keys: verified.log_keys.iter().map(ToString::to_string).collect(),
        witnesses: verified.witnesses.into_iter().map(seen).collect(),
        quorum: verified.quorum,
        witnessed: verified.witnessed,
        exercise: verified.exercise,
    }
}

fn read_checkpoint(bytes: &[u8], trust: &Trust) -> Result<(SignedCheckpoint, Facts), Refusal> {
    let invalid = |code, error: &dyn Error| Refusal::because(code, error);
    let signed = SignedCheckpoint::parse(bytes).map_err(|error| invalid("checkpoint", &error))?;
    let checkpoint = signed.checkpoint();
    let exercise = checkpoint.origin().is_exercise();
    if !trust.knows(checkpoint.origin()) {
        return Err(Refusal::new(
            "unknown_log",
            "no key of this log is in the trust file",
        ));
    }
    if exercise && trust.exercise() == Exercise::Refuse {
        let reason = "checkpoint belongs to an exercise, which the trust file does not accept";
        return Err(Refusal::new("exercise", reason));
    }
    let signers = trust
        .confirm_log(&signed)
        .map_err(|error| invalid("log_signature", &error))?;
    let (confirmed, distinct) = trust
        .confirm_witnesses(&signed)
        .map_err(|error| invalid("witness_signature", &error))?;
    let facts = Facts {
        origin: checkpoint.origin().to_string(),
        index: None,
        size: checkpoint.size(),
        root: checkpoint.root().to_base64(),
        log_keys: signers.iter().map(|one| one.id.to_string()).collect(),
        witnesses: confirmed.iter().filter_map(seen).collect(),
        quorum: trust.quorum(),
        witnessed: trust.quorum() <= distinct,
        exercise,
    };
    Ok((signed, facts))
}

fn seen(confirmed: &Confirmed) -> Option<Seen> {
    Some(Seen {
        time: confirmed.time?,
        name: confirmed.name.to_string(),
    })
}

fn read_proof(bytes: &[u8]) -> Option<Vec<Hash>> {
    str::from_utf8(bytes)
        .ok()?
        .lines()
        .map(Hash::from_base64)
        .collect()
}
