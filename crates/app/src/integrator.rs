use std::sync::Arc;
use std::time::Duration;

use ids::Digest;
use ledger::{
    Checkpoint, Commitment, DirectoryTiles, Entry, Hash, Origin, Resource, SignedCheckpoint,
    SignerKey, TileStore as _, TreeError, TreeHead, VerifierKey,
};
use store::Tx;
use store::rows::ledger::StoredCheckpoint;
use tokio_util::sync::CancellationToken;

use crate::error::{AppError, report_failure};
use crate::history::LogHistory;
use crate::instance::App;
use crate::logs::{LogCode, LogError};

/// Leaves that get an index in one transaction at most.
const BATCH: u32 = 2_000;
/// Rest between two rounds, so that acts of the same moment share a checkpoint. Far below the second promised.
const REST: Duration = Duration::from_millis(100);
/// A round even without a wake-up: another process may have written.
const IDLE: Duration = Duration::from_millis(800);

/// What one round of the integrator did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IntegrationReport {
    /// Leaves that got an index.
    pub sequenced: u64,
    /// Checkpoints signed.
    pub checkpoints: u32,
}

impl App {
    /// Gives waiting leaves their index, grows the tiles and signs checkpoints, once for all logs.
    ///
    /// The order makes a crash harmless: the database decides the sequence first; tiles and checkpoint are derived
    /// from it and are caught up on the next round.
    pub async fn integrate(&self) -> Result<IntegrationReport, AppError> {
        let mut report = IntegrationReport::default();
        let mut tx = self.store().begin_read("ledger.pending_logs").await?;
        let mut logs = tx.pending_logs().await?;
        for log in tx.logs().await? {
            if !logs.contains(&log) {
                logs.push(log);
            }
        }
        let history = LogHistory::load(&mut tx).await?;
        drop(tx);
        if history.held {
            return Err(AppError::Log(LogError::Held));
        }
        for log in logs {
            let log = LogCode::stored(log);
            // A log that was followed by another origin would sign a second history.
            if history.has_ended(&log) {
                continue;
            }
            report.sequenced = report.sequenced.saturating_add(self.sequence(&log).await?);
            if self.publish(&log).await? {
                report.checkpoints = report.checkpoints.saturating_add(1);
            }
        }
        Ok(report)
    }

    /// Runs the integrator until it is told to stop.
    pub async fn run_integrator(&self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.integrate().await {
                report_failure("integrator round failed", &error);
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(REST) => {}
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.leaves_waiting().notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
        // What was acknowledged last should not wait for the next start.
        if let Err(error) = self.integrate().await {
            report_failure("last integrator round failed", &error);
        }
    }

    async fn sequence(&self, log: &LogCode) -> Result<u64, AppError> {
        let mut sequenced: u64 = 0;
        loop {
            let mut tx = self.store().begin("ledger.sequence").await?;
            let waiting = tx.pending_leaves(log.as_str(), BATCH).await?;
            if waiting.is_empty() {
                return Ok(sequenced);
            }
            let first = tx.log_size(log.as_str()).await?;
            for (index, (leaf, _)) in (first..).zip(&waiting) {
                tx.sequence_leaf(log.as_str(), index, *leaf).await?;
                sequenced = sequenced.saturating_add(1);
            }
            tx.commit().await?;
        }
    }

    /// Signs a checkpoint when the log has grown. False when there was nothing new.
    async fn publish(&self, log: &LogCode) -> Result<bool, AppError> {
        let mut tx = self.store().begin_read("ledger.publish").await?;
        let latest = tx.latest_checkpoint(log.as_str()).await?;
        let size = tx.log_size(log.as_str()).await?;
        let old = latest.map_or_else(TreeHead::empty, |checkpoint| TreeHead {
            size: checkpoint.size,
            root: Hash::from_bytes(*checkpoint.root.as_bytes()),
        });
        if size <= old.size {
            return if size == old.size {
                Ok(false)
            } else {
                Err(AppError::Log(LogError::Fork))
            };
        }
        let fresh = read_entries(&mut tx, log, old.size, size).await?;
        let signing = self.signing(&mut tx, log, size).await?;
        drop(tx);
        let attempt = grow(signing.clone(), old, fresh).await;
        let (head, note) = match attempt {
            // Tiles were lost or are from an older backup: build them anew and see whether they lead to
            // what was signed. If not, nothing more is signed.
            Err(LogError::Tree(_)) => {
                let mut tx = self.store().begin_read("ledger.rebuild").await?;
                let all = read_entries(&mut tx, log, 0, size).await?;
                drop(tx);
                rebuild(signing, old, all).await.map_err(AppError::Log)?
            }
            other => other.map_err(AppError::Log)?,
        };
        let checkpoint = StoredCheckpoint {
            log: log.as_str().to_owned(),
            size: head.size,
            root: Digest::from_bytes(*head.root.as_bytes()),
            note,
            created_at: self.now(),
        };
        let mut tx = self.store().begin("ledger.checkpoint").await?;
        tx.insert_checkpoint(&checkpoint).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What the next checkpoint of a log is written and signed with: while a key changes, both keys.
    async fn signing(&self, tx: &mut Tx, log: &LogCode, size: u64) -> Result<Signing, AppError> {
        let history = LogHistory::load(tx).await?;
        if !history.keys.contains_key(log.as_str()) {
            self.logs()
                .first_signer(log, self.ids())
                .map_err(AppError::Log)?;
        }
        let known = self.log_keys(tx, &history, log).await?;
        let mut signers = Vec::new();
        for key in &known {
            if key.first_size <= size && key.last_size.is_none_or(|last| size <= last) {
                let signer = self.logs().signer_of(log, &key.key);
                signers.push(signer.map_err(AppError::Log)?);
            }
        }
        if signers.is_empty() {
            return Err(AppError::Log(LogError::KeyMissing));
        }
        Ok(Signing {
            tiles: self.logs().writer(log).map_err(AppError::Log)?,
            origin: self.logs().origin(log).map_err(AppError::Log)?,
            known: known.into_iter().map(|key| key.key).collect(),
            signers,
        })
    }
}

/// Where a log lies and who signs it.
#[derive(Clone)]
struct Signing {
    tiles: Arc<DirectoryTiles>,
    origin: Origin,
    /// Every key that the log ever had.
    known: Vec<VerifierKey>,
    signers: Vec<Arc<SignerKey>>,
}

async fn read_entries(
    tx: &mut Tx,
    log: &LogCode,
    first: u64,
    end: u64,
) -> Result<Vec<Entry>, AppError> {
    let mut entries = Vec::new();
    let mut next = first;
    while next < end {
        let batch = tx.commitments_from(log.as_str(), next, BATCH).await?;
        if batch.is_empty() {
            return Err(AppError::Log(LogError::Fork));
        }
        for commitment in batch {
            if next == end {
                break;
            }
            entries.push(Entry::sealed(Commitment::from_bytes(
                *commitment.as_bytes(),
            )));
            next = next.saturating_add(1);
        }
    }
    Ok(entries)
}

/// Appends to the tiles, signs, and writes the signed checkpoint beside them; off the async threads.
async fn grow(
    signing: Signing,
    old: TreeHead,
    entries: Vec<Entry>,
) -> Result<(TreeHead, String), LogError> {
    run_blocking(move || {
        let head = append_over_published(&signing, old, &entries)?;
        sign(&signing, head)
    })
    .await
}

async fn rebuild(
    signing: Signing,
    known: TreeHead,
    entries: Vec<Entry>,
) -> Result<(TreeHead, String), LogError> {
    run_blocking(move || {
        let tiles = &*signing.tiles;
        let count = usize::try_from(known.size).map_err(|_| LogError::Fork)?;
        let (before, after) = entries.split_at_checked(count).ok_or(LogError::Fork)?;
        let again = ledger::append(tiles, TreeHead::empty(), before).map_err(LogError::Tree)?;
        if again != known {
            return Err(LogError::Fork);
        }
        let head = append_over_published(&signing, known, after)?;
        sign(&signing, head)
    })
    .await
}

/// Appends, and makes sure that what was published before, beyond what the database knows, is continued.
///
/// A checkpoint is published before the database knows it, so one that is a little ahead is what a crash leaves. One
/// that the leaves do not reach means that the database came back from an older backup.
fn append_over_published(
    signing: &Signing,
    old: TreeHead,
    entries: &[Entry],
) -> Result<TreeHead, LogError> {
    let tiles = &*signing.tiles;
    let append = |head, entries| ledger::append(tiles, head, entries).map_err(LogError::Tree);
    let Some(published) = published_head(signing)?.filter(|head| old.size < head.size) else {
        return append(old, entries);
    };
    let ahead = published.size.saturating_sub(old.size);
    let parts = usize::try_from(ahead)
        .ok()
        .and_then(|ahead| entries.split_at_checked(ahead));
    let Some((before, after)) = parts else {
        let held = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        return Err(LogError::Behind {
            published: published.size,
            held: old.size.saturating_add(held),
        });
    };
    if append(old, before)? != published {
        return Err(LogError::Fork);
    }
    append(published, after)
}

/// Head of the checkpoint beside the tiles, if a key of this log signed it.
fn published_head(signing: &Signing) -> Result<Option<TreeHead>, LogError> {
    let io = |source| LogError::Tree(TreeError::Storage(source));
    let Some(bytes) = signing.tiles.read(&Resource::Checkpoint).map_err(io)? else {
        return Ok(None);
    };
    // What cannot be read or was not signed says nothing, and is replaced.
    let Ok(signed) = SignedCheckpoint::parse(&bytes) else {
        return Ok(None);
    };
    let ours = *signed.checkpoint().origin() == signing.origin
        && signed.note().require(&signing.known, 1).is_ok();
    Ok(ours.then(|| signed.checkpoint().head()))
}

fn sign(signing: &Signing, head: TreeHead) -> Result<(TreeHead, String), LogError> {
    let signers: Vec<&SignerKey> = signing.signers.iter().map(AsRef::as_ref).collect();
    let note = Checkpoint::new(signing.origin.clone(), head)
        .sign(&signers)
        .map_err(LogError::Checkpoint)?
        .to_string();
    let io = |source| LogError::Tree(TreeError::Storage(source));
    signing
        .tiles
        .write(&Resource::Checkpoint, note.as_bytes())
        .map_err(io)?;
    signing.tiles.sync().map_err(io)?;
    Ok((head, note))
}

pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(LogError::Io {
            operation: "blocking task",
            source: std::io::Error::other("the task did not finish"),
        }),
    }
}
