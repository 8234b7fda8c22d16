#![doc = include_str!("../README.md")]

mod canonical;
mod checkpoint;
pub mod durable;
mod encoding;
mod hash;
mod leaf;
mod merkle;
mod note;
mod receipt;
mod succession;
mod tile;
mod trust;
pub mod witness;

pub use canonical::{CanonicalError, MAX_DEPTH, MAX_INTEGER, canonical_json};
pub use checkpoint::{Checkpoint, CheckpointError, Origin, SignedCheckpoint, TreeHead};
pub use hash::Hash;
pub use leaf::{ActCode, Commitment, Entry, LeafError, Salt};
pub use merkle::{
    Frontier, HashReader, MAX_PROOF_HASHES, ProofError, TreeError, consistency_path,
    inclusion_path, root_at, verify_consistency, verify_inclusion,
};
pub use note::{
    Algorithm, Confirmed, KeyError, KeyId, KeyName, Note, NoteError, Signature, SignerKey,
    VerifierKey,
};
pub use receipt::{Receipt, ReceiptError, Verified, WitnessSeen};
pub use succession::{Link, LinkError, Resume, Rotation, RotationError, decide_resume};
pub use tile::{
    DirectoryTiles, Resource, ResourceNameError, TILE_WIDTH, TilePlace, TileReader, TileStore,
    append, append_leaves, read_entries,
};
pub use trust::{Exercise, LogKey, Trust, TrustError};
