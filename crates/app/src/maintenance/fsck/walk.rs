use std::collections::VecDeque;

use ids::Digest;
use jiff::Timestamp;
use ledger::{
    Commitment, Entry, Frontier, Hash, Link, Rotation, Salt, SignedCheckpoint, TreeHead,
    VerifierKey, canonical_json,
};
use serde_json::Value;
use store::Tx;
use store::rows::ledger::{Leaf, StoredCheckpoint};

use crate::error::AppError;
use crate::history::LogHistory;
use crate::instance::App;
use crate::logs::{LogCode, LogError};
use crate::maintenance::fsck::rows::{Bindings, half, rows_of};
use crate::maintenance::fsck::tiles::TileCheck;
use crate::maintenance::fsck::{FsckReport, LogChecked, Plan, ProblemKind};

/// Leaves and checkpoints read at once.
const BATCH: u32 = 1_000;
/// Waiting leaves that are looked at; a running integrator leaves far fewer.
const WAITING: u32 = 100_000;

/// The link that a log begins with, if it begins with one.
pub(super) async fn link_of(tx: &mut Tx, log: &LogCode) -> Result<Option<Link>, AppError> {
    let first = tx.leaves_from(log.as_str(), 0, 1).await?.pop();
    let first = first.filter(|leaf| leaf.index == Some(0) && leaf.act == Link::ACT);
    let record: Option<Value> = first.and_then(|leaf| serde_json::from_str(&leaf.record).ok());
    Ok(record.and_then(|record| Link::from_record(&record).ok()))
}

/// The state of one log's check.
struct Walk<'a> {
    plan: &'a Plan,
    bindings: &'a mut Bindings,
    report: &'a mut FsckReport,
    tree: Frontier,
    /// Nothing more is said about roots once a leaf is missing.
    broken: bool,
    tiles: TileCheck,
    rotations: Vec<(u64, Rotation)>,
    checkpoints: u64,
    cosignatures: u64,
}

impl App {
    pub(super) async fn check_log(
        &self,
        tx: &mut Tx,
        plan: Plan,
        history: &LogHistory,
        bindings: &mut Bindings,
        report: &mut FsckReport,
    ) -> Result<(), AppError> {
        let log = plan.log.as_str().to_owned();
        let origin = self.logs().origin(&plan.log).map_err(AppError::Log)?;
        // A log that only waits has no key yet; the first checkpoint makes one.
        if plan.keys.is_empty() && 0 < tx.log_size(&log).await? {
            report.report(ProblemKind::KeyMissing, "keys", &*log, None);
        }
        let published = plan.published.as_ref();
        let published = published.map_or(0, |signed| signed.checkpoint().size());
        let tiles = TileCheck::new(self.logs().reader(&plan.log), &log, published);
        let mut walk = Walk {
            plan: &plan,
            bindings,
            report,
            tree: Frontier::new(),
            broken: false,
            tiles,
            rotations: Vec::new(),
            checkpoints: 0,
            cosignatures: 0,
        };
        let mut stored = StoredCheckpoints::new(&log);
        walk.compare_outside();
        stored.compare(tx, &mut walk).await?;
        let mut next: u64 = 0;
        loop {
            let batch = read_leaves(tx, &mut walk, &mut next).await?;
            if batch.is_empty() {
                break;
            }
            for leaf in batch {
                walk.take(&leaf, &mut next, origin.as_str())?;
                walk.compare_outside();
                stored.compare(tx, &mut walk).await?;
            }
        }
        walk.outside_beyond(next);
        stored.beyond(tx, &mut walk).await?;
        let waiting = walk.take_waiting(tx, origin.as_str()).await?;
        walk.check_rotations();
        let head = (!walk.broken).then(|| TreeHead {
            size: walk.tree.size(),
            root: walk.tree.root(),
        });
        let (checkpoints, cosignatures) = (walk.checkpoints, walk.cosignatures);
        self.check_origin(tx, &plan, history, report).await?;
        report.logs.push(LogChecked {
            log,
            origin: origin.as_str().to_owned(),
            leaves: next,
            waiting,
            checkpoints,
            cosignatures,
            head,
            lost: plan.ended_by.as_ref().map_or(0, Link::lost),
        });
        Ok(())
    }

    /// A log of a later origin begins with a link to what is left of the one before.
    async fn check_origin(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        history: &LogHistory,
        report: &mut FsckReport,
    ) -> Result<(), AppError> {
        let log = &plan.log;
        let current = history.epochs.get(log.authority()).copied().unwrap_or(1);
        let mut fits = log.epoch() <= current && (!plan.ended || plan.ended_by.is_some());
        if 1 < log.epoch() {
            let before = log.in_epoch(log.epoch().saturating_sub(1));
            let origin = self.logs().origin(&before).map_err(AppError::Log)?;
            let keys = self.log_keys(tx, history, &before).await?;
            let keys: Vec<VerifierKey> = keys.into_iter().map(|key| key.key).collect();
            let old = report.logs.iter().find(|log| log.log == before.as_str());
            let old = old.and_then(|log| log.head);
            let waiting_first = tx.log_size(log.as_str()).await? == 0;
            fits &= waiting_first
                || link_of(tx, log).await?.is_some_and(|link| {
                    *link.old().checkpoint().origin() == origin
                        && link.old().note().require(&keys, 1).is_ok()
                        && old == Some(link.restored())
                });
        }
        if !fits {
            let leaf = Some((log.as_str(), 0));
            report.report(
                ProblemKind::SuccessionDiffers,
                "ledger_leaf",
                log.as_str(),
                leaf,
            );
        }
        Ok(())
    }
}

/// Reads the next leaves; where a batch holds one that cannot be read, names it and goes on after it.
async fn read_leaves(
    tx: &mut Tx,
    walk: &mut Walk<'_>,
    next: &mut u64,
) -> Result<Vec<Leaf>, AppError> {
    let log = walk.plan.log.as_str();
    loop {
        match tx.leaves_from(log, *next, BATCH).await {
            Ok(batch) => return Ok(batch),
            Err(error) if error.is_temporary() => return Err(error.into()),
            Err(_) => {}
        }
        match tx.leaves_from(log, *next, 1).await {
            Ok(one) if !one.is_empty() => return Ok(one),
            Ok(_) => return Ok(Vec::new()),
            Err(error) if error.is_temporary() => return Err(error.into()),
            Err(_) => {
                let leaf = Some((log, *next));
                let key = format!("{log}/{next}");
                walk.report
                    .report(ProblemKind::RecordUnreadable, "ledger_leaf", key, leaf);
                walk.broken = true;
                // The leaf may stand at a later index than the one asked for; going on by one finds the next.
                if tx.log_size(log).await? <= *next {
                    return Ok(Vec::new());
                }
                *next = next.saturating_add(1);
            }
        }
    }
}

impl Walk<'_> {
    fn take(&mut self, leaf: &Leaf, next: &mut u64, origin: &str) -> Result<(), AppError> {
        let log = self.plan.log.as_str();
        let index = leaf.index.unwrap_or(*next);
        if index != *next {
            let key = format!("{log}/{next}");
            let at = Some((log, *next));
            self.report
                .report(ProblemKind::LeafMissing, "ledger_sequence", key, at);
            self.broken = true;
        }
        *next = index.saturating_add(1);
        self.check_leaf(leaf, Some(index), origin);
        if self.broken {
            return Ok(());
        }
        let entry = Entry::sealed(Commitment::from_bytes(*leaf.commitment.as_bytes()));
        let tree = |error| AppError::Log(LogError::Tree(error));
        self.tree.append(entry.leaf_hash()).map_err(tree)?;
        self.tiles.push(entry, self.report)
    }

    async fn take_waiting(&mut self, tx: &mut Tx, origin: &str) -> Result<u64, AppError> {
        let waiting = tx.pending_leaves(self.plan.log.as_str(), WAITING).await?;
        let mut count: u64 = 0;
        for (id, _) in waiting {
            if let Some(leaf) = tx.leaf(id).await? {
                self.check_leaf(&leaf, None, origin);
            }
            count = count.saturating_add(1);
        }
        Ok(count)
    }

    /// Compares commitment, columns and record of a leaf, and takes in the rows that it names.
    fn check_leaf(&mut self, leaf: &Leaf, index: Option<u64>, origin: &str) {
        let log = self.plan.log.as_str();
        let at = index.map(|index| (log, index));
        let key = leaf.id.to_string();
        let record: Option<Value> = serde_json::from_str(&leaf.record).ok();
        let canonical = record
            .as_ref()
            .and_then(|record| canonical_json(record).ok());
        let (Some(record), true) = (record, canonical.as_ref() == Some(&leaf.record)) else {
            let kind = ProblemKind::RecordUnreadable;
            self.report.report(kind, "ledger_leaf", key, at);
            return;
        };
        if commitment(leaf) != Some(leaf.commitment) {
            let kind = ProblemKind::CommitmentDiffers;
            self.report.report(kind, "ledger_leaf", &*key, at);
        }
        let Some(act) = self.fingerprint(leaf, &record, origin, index) else {
            let kind = ProblemKind::LeafContradictsRecord;
            self.report.report(kind, "ledger_leaf", key, at);
            return;
        };
        let Some(rows) = rows_of(&record).or_else(|| is_own_act(leaf).then(Vec::new)) else {
            let kind = ProblemKind::RecordUnreadable;
            self.report.report(kind, "ledger_leaf", key, at);
            return;
        };
        self.bindings.bind(&rows, act, log, index, self.report);
    }

    /// What leaves of one act have in common; `None` when columns and record contradict each other.
    fn fingerprint(
        &mut self,
        leaf: &Leaf,
        record: &Value,
        origin: &str,
        index: Option<u64>,
    ) -> Option<[u8; 16]> {
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        let act = text(record, "act")?;
        if act != leaf.act || leaf.log != self.plan.log.as_str() {
            return None;
        }
        if act == Rotation::ACT {
            let rotation = Rotation::from_record(record).ok()?;
            if let Some(index) = index {
                self.rotations.push((index, rotation));
            }
            return Some(half(&[act.as_bytes()]));
        }
        if act == Link::ACT {
            Link::from_record(record).ok()?;
            return Some(half(&[act.as_bytes()]));
        }
        let at: Timestamp = text(record, "at")?.parse().ok()?;
        let subject = text(record.get("subject")?, "id")?;
        let fits = text(record, "log")? == origin
            && at.as_microsecond() == leaf.recorded_at.as_microsecond()
            && leaf.subject.map(|id| id.to_string()).as_deref() == Some(&subject);
        fits.then(|| {
            half(&[
                act.as_bytes(),
                subject.as_bytes(),
                at.to_string().as_bytes(),
            ])
        })
    }

    /// Compares the present root with the checkpoints from outside and beside the tiles.
    fn compare_outside(&mut self) {
        if self.broken {
            return;
        }
        let plan = self.plan;
        for signed in plan.outside.iter().chain(&plan.published) {
            let head = signed.checkpoint().head();
            if head.size != self.tree.size() {
                continue;
            }
            self.check_signature(signed);
            if head.root != self.tree.root() {
                let key = format!("{}/{}", plan.log.as_str(), head.size);
                let leaf = last_leaf(plan, head.size);
                self.report
                    .report(ProblemKind::RootDiffers, "checkpoint", key, leaf);
            }
        }
    }

    /// Checkpoints from outside that the leaves do not reach.
    fn outside_beyond(&mut self, leaves: u64) {
        let plan = self.plan;
        for signed in plan.outside.iter().chain(&plan.published) {
            let size = signed.checkpoint().size();
            let lost = plan.ended_by.as_ref();
            let lost = lost.map_or(0, |link| link.old().checkpoint().size());
            if leaves < size && lost < size {
                self.check_signature(signed);
                let key = format!("{}/{size}", plan.log.as_str());
                let leaf = Some((plan.log.as_str(), leaves));
                self.report
                    .report(ProblemKind::LogTooShort, "checkpoint", key, leaf);
            }
        }
    }

    fn compare_stored(&mut self, stored: &StoredCheckpoint, lines: &[String]) {
        let plan = self.plan;
        let key = format!("{}/{}", plan.log.as_str(), stored.size);
        let leaf = last_leaf(plan, stored.size);
        let root = Hash::from_bytes(*stored.root.as_bytes());
        self.checkpoints = self.checkpoints.saturating_add(1);
        if !self.broken && root != self.tree.root() {
            self.report
                .report(ProblemKind::RootDiffers, "ledger_checkpoint", &*key, leaf);
        }
        let head = TreeHead {
            size: stored.size,
            root,
        };
        let Some(signed) = SignedCheckpoint::parse(stored.note.as_bytes())
            .ok()
            .filter(|signed| signed.checkpoint().head() == head)
        else {
            let kind = ProblemKind::CheckpointUnreadable;
            self.report.report(kind, "ledger_checkpoint", key, leaf);
            return;
        };
        self.check_signature(&signed);
        for line in lines {
            self.check_cosignature(&signed, line, &key);
        }
    }

    fn check_signature(&mut self, signed: &SignedCheckpoint) {
        let plan = self.plan;
        if plan.keys.is_empty() {
            return;
        }
        let checkpoint = signed.checkpoint();
        let size = checkpoint.size();
        let in_force: Vec<VerifierKey> = plan
            .keys
            .iter()
            .filter(|key| key.origin == *checkpoint.origin())
            .filter(|key| key.first_size <= size && key.last_size.is_none_or(|last| size <= last))
            .map(|key| key.key.clone())
            .collect();
        if signed.note().require(&in_force, 1).is_err() {
            let key = format!("{}/{size}", plan.log.as_str());
            let kind = ProblemKind::CheckpointNotSigned;
            self.report
                .report(kind, "ledger_checkpoint", key, last_leaf(plan, size));
        }
    }

    /// A line of a witness that is configured no more is left alone.
    fn check_cosignature(&mut self, signed: &SignedCheckpoint, line: &str, key: &str) {
        let mut with_line = signed.clone();
        let confirmed = with_line
            .add_lines(line)
            .ok()
            .and_then(|()| with_line.note().confirm(&self.plan.witnesses).ok());
        if let Some(confirmed) = confirmed {
            let count = u64::try_from(confirmed.len()).unwrap_or(u64::MAX);
            self.cosignatures = self.cosignatures.saturating_add(count);
        } else {
            let kind = ProblemKind::CosignatureWrong;
            self.report.report(kind, "ledger_cosignature", key, None);
        }
    }

    /// The keys that the instance uses are those that the leaves announce, each under the one before.
    fn check_rotations(&mut self) {
        let plan = self.plan;
        let later = plan.keys.get(1..).unwrap_or_default();
        let before = plan.keys.iter().map(|key| &key.key);
        let chain = self.rotations.iter().zip(later).zip(before);
        let fits = later.len() == self.rotations.len()
            && chain.fold(true, |fits, (((index, rotation), key), before)| {
                fits && index.checked_add(1) == Some(key.first_size)
                    && *rotation.new_key() == key.key
                    && rotation.old_key() == before
            });
        if !fits && !plan.keys.is_empty() {
            let first = self.rotations.first().map_or(0, |(index, _)| *index);
            let log = plan.log.as_str();
            let kind = ProblemKind::SuccessionDiffers;
            self.report
                .report(kind, "ledger_leaf", log, Some((log, first)));
        }
    }
}

/// Leaves of the log's own acts have exactly the members of their format, and name no rows.
fn is_own_act(leaf: &Leaf) -> bool {
    leaf.act == Rotation::ACT || leaf.act == Link::ACT
}

fn commitment(leaf: &Leaf) -> Option<Digest> {
    let salt: [u8; 32] = leaf.salt.as_slice().try_into().ok()?;
    let commitment = Commitment::new(&Salt::from_bytes(salt), &leaf.record);
    Some(Digest::from_bytes(*commitment.as_bytes()))
}

/// The last leaf of a tree of `size`.
fn last_leaf(plan: &Plan, size: u64) -> Option<(&str, u64)> {
    Some((plan.log.as_str(), size.checked_sub(1)?))
}

/// Stored checkpoints of a log, a batch at a time.
struct StoredCheckpoints<'l> {
    log: &'l str,
    from: u64,
    batch: VecDeque<StoredCheckpoint>,
    done: bool,
}

impl<'l> StoredCheckpoints<'l> {
    const fn new(log: &'l str) -> Self {
        Self {
            log,
            from: 0,
            batch: VecDeque::new(),
            done: false,
        }
    }

    /// Compares those that say as many leaves as the walk has now.
    async fn compare(&mut self, tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), AppError> {
        loop {
            self.fill(tx, walk).await?;
            let Some(first) = self.batch.front() else {
                return Ok(());
            };
            if walk.broken || walk.tree.size() < first.size {
                return Ok(());
            }
            if let Some(first) = self.batch.pop_front() {
                let lines = tx.cosignatures(self.log, first.size).await?;
                walk.compare_stored(&first, &lines);
            }
        }
    }

    /// Names those that say more leaves than there are.
    async fn beyond(&mut self, tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), AppError> {
        loop {
            self.fill(tx, walk).await?;
            let Some(stored) = self.batch.pop_front() else {
                return Ok(());
            };
            if walk.broken {
                let lines = tx.cosignatures(self.log, stored.size).await?;
                walk.compare_stored(&stored, &lines);
                continue;
            }
            let key = format!("{}/{}", self.log, stored.size);
            let leaf = Some((self.log, walk.tree.size()));
            let kind = ProblemKind::LogTooShort;
            walk.report.report(kind, "ledger_checkpoint", key, leaf);
        }
    }

    async fn fill(&mut self, tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), AppError> {
        if !self.batch.is_empty() || self.done {
            return Ok(());
        }
        match tx.checkpoints_from(self.log, self.from, BATCH).await {
            Ok(batch) => self.batch = batch.into(),
            Err(error) if error.is_temporary() => return Err(error.into()),
            Err(_) => {
                let key = format!("{}/{}…", self.log, self.from);
                let kind = ProblemKind::CheckpointUnreadable;
                walk.report.report(kind, "ledger_checkpoint", key, None);
            }
        }
        match self.batch.back() {
            Some(last) => self.from = last.size.saturating_add(1),
            None => self.done = true,
        }
        Ok(())
    }
}
