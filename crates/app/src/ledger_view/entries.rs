use ids::OrganisationKind;
use jiff::Timestamp;
use ledger::{Commitment, Entry, Hash, TileReader, TreeHead, inclusion_path, verify_inclusion};
use policy::{Action, Actor};
use serde_json::Value;
use store::Tx;
use store::rows::ledger::Leaf;

use crate::error::AppError;
use crate::instance::App;
use crate::integrator::run_blocking;
use crate::ledger_view::LogOverview;
use crate::logs::{LogCode, LogError};

/// What is shown of an entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Place in the log.
    pub index: u64,
    /// Code of the act, for example `filing.recorded`.
    pub act: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// The commitment in Base 64, which is all that is published of it.
    pub commitment: String,
    /// What kind of organisation acted; `None` for acts of the log itself.
    pub organisation: Option<OrganisationKind>,
}

/// Entries of a log, newest first.
#[derive(Clone, Debug)]
pub struct LogPage {
    /// The log.
    pub log: LogOverview,
    /// Entries.
    pub entries: Vec<LogEntry>,
    /// Where the older ones begin: entries below this index.
    pub next: Option<u64>,
}

/// An entry and the proof that it lies in the log.
#[derive(Clone, Debug)]
pub struct EntryProof {
    /// The log.
    pub log: LogOverview,
    /// The entry.
    pub entry: LogEntry,
    /// Hash of the leaf, recomputed from the commitment.
    pub leaf_hash: String,
    /// Hashes from the leaf to the root; empty while no checkpoint covers the entry.
    pub path: Vec<String>,
    /// Size and root of the newest checkpoint, if it covers the entry.
    pub head: Option<(u64, String)>,
    /// Whether leaf and path lead to that root; `None` while no checkpoint covers the entry.
    pub holds: Option<bool>,
}

impl App {
    /// Entries of a log below an index, newest first. Looking is an act.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown log, and for whoever may not see it.
    pub async fn log_entries(
        &self,
        actor: &Actor,
        log: &LogCode,
        before: Option<u64>,
        limit: u32,
    ) -> Result<LogPage, AppError> {
        let limit = limit.clamp(1, self.config().limits.page_entries);
        let mut tx = self.store().begin_read("audit.entries").await?;
        let (permit, subject) = self
            .may_see_log(&mut tx, actor, Action::ViewLog, log)
            .await?;
        let size = tx.log_size(log.as_str()).await?;
        if size == 0 && !self.known_logs().await?.contains(log) {
            return Err(AppError::NotFound);
        }
        let end = before.map_or(size, |before| before.min(size));
        let leaves = tx.leaves_before(log.as_str(), end, limit).await?;
        let mut entries = Vec::with_capacity(leaves.len());
        for leaf in &leaves {
            entries.push(entry(&mut tx, leaf).await?);
        }
        let overview = self.overview_of(&mut tx, log.clone()).await?;
        drop(tx);
        let shown: Vec<&str> = entries
            .iter()
            .map(|entry| entry.commitment.as_str())
            .collect();
        self.record_look(permit, subject, shown.join("\n").as_bytes())
            .await?;
        let next = entries
            .last()
            .map(|entry| entry.index)
            .filter(|index| 0 < *index);
        Ok(LogPage {
            log: overview,
            entries,
            next,
        })
    }

    /// One entry with its proof, verified here and now against the newest checkpoint. Looking is an act.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown log or index, and for whoever may not see it.
    pub async fn log_entry(
        &self,
        actor: &Actor,
        log: &LogCode,
        index: u64,
    ) -> Result<EntryProof, AppError> {
        let mut tx = self.store().begin_read("audit.entry").await?;
        let (permit, subject) = self
            .may_see_log(&mut tx, actor, Action::ViewLog, log)
            .await?;
        let leaf = tx.leaves_from(log.as_str(), index, 1).await?.pop();
        let leaf = leaf.filter(|leaf| leaf.index == Some(index));
        let leaf = leaf.ok_or(AppError::NotFound)?;
        let entry = entry(&mut tx, &leaf).await?;
        let newest = tx.latest_checkpoint(log.as_str()).await?;
        let overview = self.overview_of(&mut tx, log.clone()).await?;
        drop(tx);
        let commitment = Commitment::from_bytes(*leaf.commitment.as_bytes());
        let leaf_hash = Entry::sealed(commitment).leaf_hash();
        let head = newest
            .filter(|newest| index < newest.size)
            .map(|newest| TreeHead {
                size: newest.size,
                root: Hash::from_bytes(*newest.root.as_bytes()),
            });
        let path = match head {
            Some(head) => self.path_to(log, index, head).await?,
            None => Vec::new(),
        };
        self.record_look(permit, subject, entry.commitment.as_bytes())
            .await?;
        Ok(EntryProof {
            log: overview,
            entry,
            leaf_hash: leaf_hash.to_base64(),
            holds: head.map(|head| verify_inclusion(index, leaf_hash, &path, head).is_ok()),
            path: path.iter().map(Hash::to_base64).collect(),
            head: head.map(|head| (head.size, head.root.to_base64())),
        })
    }

    /// The path as the tiles have it; tiles that cannot be read give none, and then the proof does not hold.
    async fn path_to(
        &self,
        log: &LogCode,
        index: u64,
        head: TreeHead,
    ) -> Result<Vec<Hash>, AppError> {
        let tiles = self.logs().reader(log);
        let found = run_blocking(move || {
            inclusion_path(index, head.size, &TileReader::new(&tiles, head.size))
                .map_err(LogError::Tree)
        });
        match found.await {
            Ok(path) => Ok(path),
            Err(LogError::Tree(_)) => Ok(Vec::new()),
            Err(error) => Err(AppError::Log(error)),
        }
    }
}

/// Nothing of the record but the kind of the organisation that acted.
async fn entry(tx: &mut Tx, leaf: &Leaf) -> Result<LogEntry, AppError> {
    let record: Option<Value> = serde_json::from_str(&leaf.record).ok();
    let organisation = record
        .as_ref()
        .and_then(|record| record.get("actor")?.get("organisation")?.as_str())
        .and_then(|id| id.parse().ok());
    let organisation = match organisation {
        Some(id) => tx.organisation(id).await?.map(|found| found.kind),
        None => None,
    };
    Ok(LogEntry {
        index: leaf.index.unwrap_or_default(),
        act: leaf.act.clone(),
        at: leaf.recorded_at,
        commitment: Hash::from_bytes(*leaf.commitment.as_bytes()).to_base64(),
        organisation,
    })
}
