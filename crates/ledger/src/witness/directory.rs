//! A witness whose memory is a directory.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::checkpoint::SignedCheckpoint;
use crate::durable;
use crate::note::{Algorithm, KeyError, SignerKey};
use crate::trust::Trust;
use crate::witness::{AddCheckpoint, Observed, Refusal, Stall, StateError, WitnessState, examine};

/// Most requests kept as evidence; one is enough to prove a fork.
const MAX_EVIDENCE: usize = 1000;

/// Why a witness gave no cosignature.
#[derive(Debug, Error)]
pub enum WitnessError {
    #[error("checkpoint was refused")]
    Refused(#[source] Refusal),
    #[error("witness state is damaged")]
    State(#[source] StateError),
    #[error("witness key cannot co-sign")]
    Key(#[source] KeyError),
    #[error("witness storage failed")]
    Storage(#[source] io::Error),
}

/// A witness with its key, the logs it knows, and its memory in a directory.
///
/// Holds `state` (see [`WitnessState`]) and `evidence/`, one file for each validly signed request that
/// contradicted the state. One process at a time, held by a lock. Deleting `state` makes the witness forget:
/// back it up, and never restore an older one.
#[derive(Debug)]
pub struct WitnessDirectory {
    directory: PathBuf,
    key: SignerKey,
    trust: Trust,
    state: WitnessState,
    _lock: File,
}

impl WitnessDirectory {
    /// Opens the witness, creating the directory if needed.
    pub fn open(directory: &Path, key: SignerKey, trust: Trust) -> Result<Self, WitnessError> {
        if key.verifier().algorithm() != Algorithm::CosignatureV1 {
            return Err(WitnessError::Key(KeyError::TakesNoTime));
        }
        durable::create_directory(&directory.join("evidence")).map_err(WitnessError::Storage)?;
        let lock = durable::lock(directory).map_err(WitnessError::Storage)?;
        let state = match fs::read(directory.join("state")) {
            Ok(bytes) => WitnessState::parse(&bytes).map_err(WitnessError::State)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => WitnessState::default(),
            Err(error) => return Err(WitnessError::Storage(error)),
        };
        Ok(Self {
            directory: directory.to_owned(),
            key,
            trust,
            state,
            _lock: lock,
        })
    }

    /// Handles an add-checkpoint request at `now`, seconds since 1970; answers with a signature line.
    ///
    /// The new state is durable before the cosignature exists. Contradictions are kept as evidence.
    pub fn add_checkpoint(&mut self, body: &[u8], now: u64) -> Result<String, WitnessError> {
        let request = AddCheckpoint::parse(body).map_err(WitnessError::Refused)?;
        let head = match examine(&self.state, &self.trust, &request) {
            Ok(head) => head,
            Err(refusal) => {
                if refusal.is_alarm() {
                    self.keep_evidence(body).map_err(WitnessError::Storage)?;
                }
                return Err(WitnessError::Refused(refusal));
            }
        };
        let mut next = self.state.clone();
        let origin = request.checkpoint().checkpoint().origin().clone();
        next.record(origin, Observed { head, time: now });
        durable::replace(&self.directory.join("state"), next.to_string().as_bytes())
            .and_then(|()| durable::sync_directory(&self.directory))
            .map_err(WitnessError::Storage)?;
        self.state = next;
        let text = request.checkpoint().note().text();
        let line = self.key.cosign(text, now).map_err(WitnessError::Key)?;
        Ok(line.to_string())
    }

    /// Keeps a co-signed checkpoint in `checkpoints/`, whole or not at all and durable when this returns, for whoever
    /// compares a log or a restored backup with it.
    pub fn keep_checkpoint(&self, signed: &SignedCheckpoint) -> Result<(), WitnessError> {
        let folder = self.directory.join("checkpoints");
        let name = signed.checkpoint().origin().as_str().replace('/', "~");
        durable::create_directory(&folder)
            .and_then(|()| durable::replace(&folder.join(name), signed.to_string().as_bytes()))
            .and_then(|()| durable::sync_directory(&folder))
            .map_err(WitnessError::Storage)
    }

    pub const fn state(&self) -> &WitnessState {
        &self.state
    }

    /// Logs that were silent for more than `max_age_secs` before `now`.
    pub fn stalled(&self, now: u64, max_age_secs: u64) -> Vec<Stall> {
        self.state.stalled(&self.trust, now, max_age_secs)
    }

    /// Files with requests that contradicted the state, oldest name first; empty when all is well.
    pub fn evidence(&self) -> Result<Vec<PathBuf>, WitnessError> {
        let mut files = Vec::new();
        let entries =
            fs::read_dir(self.directory.join("evidence")).map_err(WitnessError::Storage)?;
        for entry in entries {
            let path = entry.map_err(WitnessError::Storage)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "request")
            {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Named by its own hash: the same request is kept once.
    fn keep_evidence(&self, body: &[u8]) -> io::Result<()> {
        let directory = self.directory.join("evidence");
        if MAX_EVIDENCE <= fs::read_dir(&directory)?.count() {
            return Ok(());
        }
        let name = format!("{}.request", hex::encode(Sha256::digest(body)));
        durable::replace(&directory.join(name), body)?;
        durable::sync_directory(&directory)
    }
}
