mod rows;
mod tiles;
mod walk;

use ids::stable_codes;
use ledger::{Link, LogKey, SignedCheckpoint, TreeHead, VerifierKey};
use store::Tx;
use uuid::Uuid;

use crate::error::AppError;
use crate::history::LogHistory;
use crate::instance::App;
use crate::logs::{LogCode, LogError};
use crate::maintenance::fsck::rows::Bindings;

/// Problems that are named; the rest is counted.
const NAMED: usize = 200;
/// Strays and losses that are asked for at once.
const FEW: u32 = 100;

stable_codes! {
    /// What does not fit.
    pub enum ProblemKind {
        /// The row is not the one that its leaf names.
        RowDiffers = "row_differs",
        /// No leaf names the row.
        RowInNoLeaf = "row_in_no_leaf",
        /// A leaf names a row that is not there.
        RowMissing = "row_missing",
        /// More than one act names the row.
        RowBoundTwice = "row_bound_twice",
        /// The row's key cannot be read.
        RowUnreadable = "row_unreadable",
        /// The record of a leaf cannot be read.
        RecordUnreadable = "record_unreadable",
        /// Salt and record do not make the commitment.
        CommitmentDiffers = "commitment_differs",
        /// A column of the leaf contradicts its record.
        LeafContradictsRecord = "leaf_contradicts_record",
        /// An index of the log has no leaf.
        LeafMissing = "leaf_missing",
        /// A leaf neither waits nor has an index.
        LeafStray = "leaf_stray",
        /// The root of the leaves is not the one of a checkpoint.
        RootDiffers = "root_differs",
        /// A checkpoint cannot be read, or its columns contradict it.
        CheckpointUnreadable = "checkpoint_unreadable",
        /// No key of the log in force signed the checkpoint.
        CheckpointNotSigned = "checkpoint_not_signed",
        /// The log is shorter than a checkpoint says.
        LogTooShort = "log_too_short",
        /// A co-signature is not one of a configured witness over this checkpoint.
        CosignatureWrong = "cosignature_wrong",
        /// The log's key is not in the key folder.
        KeyMissing = "key_missing",
        /// The leaves announce other keys or origins than the instance uses.
        SuccessionDiffers = "succession_differs",
        /// A tile or bundle is missing.
        TileMissing = "tile_missing",
        /// A tile or bundle has other content than the leaves.
        TileDiffers = "tile_differs",
        /// A file that a filing or a submission names is not there.
        AttachmentMissing = "attachment_missing",
        /// A file that a filing or a submission names has other content.
        AttachmentDiffers = "attachment_differs",
    }
}

/// Something that does not fit, with what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What does not fit.
    pub kind: ProblemKind,
    /// The table, or `tiles` and `objects` for files.
    pub table: &'static str,
    /// Key of the row, or name of the file.
    pub key: String,
    /// The leaf concerned: code of the log and index.
    pub leaf: Option<(String, u64)>,
}

/// What was checked of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogChecked {
    /// Code of the log.
    pub log: String,
    /// Its origin.
    pub origin: String,
    /// Leaves with an index.
    pub leaves: u64,
    /// Leaves that wait for one.
    pub waiting: u64,
    /// Checkpoints whose root and signature were compared.
    pub checkpoints: u64,
    /// Co-signatures that were verified.
    pub cosignatures: u64,
    /// Size and root of the leaves, unless something is missing among them.
    pub head: Option<TreeHead>,
    /// Leaves that were lost in a restore: those of the last known checkpoint that the backup did not hold.
    pub lost: u64,
}

/// The outcome of `noroshi ledger fsck`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FsckReport {
    /// The logs.
    pub logs: Vec<LogChecked>,
    /// Official rows compared, by table.
    pub rows: Vec<(&'static str, u64)>,
    /// Files of filings and submissions that were read.
    pub objects: u64,
    /// The first problems in the order of the check.
    pub problems: Vec<Problem>,
    /// How many there are in all.
    pub problem_count: u64,
}

impl FsckReport {
    /// Whether everything fits.
    pub const fn is_clean(&self) -> bool {
        self.problem_count == 0
    }

    fn add(&mut self, problem: Problem) {
        self.problem_count = self.problem_count.saturating_add(1);
        if self.problems.len() < NAMED {
            self.problems.push(problem);
        }
    }

    fn report(
        &mut self,
        kind: ProblemKind,
        table: &'static str,
        key: impl Into<String>,
        leaf: Option<(&str, u64)>,
    ) {
        self.add(Problem {
            kind,
            table,
            key: key.into(),
            leaf: leaf.map(|(log, index)| (log.to_owned(), index)),
        });
    }
}

/// What one log is checked against.
struct Plan {
    log: LogCode,
    keys: Vec<LogKey>,
    witnesses: Vec<VerifierKey>,
    /// Checkpoints from outside, and the one beside the tiles.
    outside: Vec<SignedCheckpoint>,
    published: Option<SignedCheckpoint>,
    /// How the log ended, if it was followed by another origin.
    ended_by: Option<Link>,
    ended: bool,
}

impl App {
    /// Rebuilds every log from the database and compares everything that can be compared.
    ///
    /// `against` are checkpoints kept outside, best co-signed ones: only they show that a whole log was rewritten by
    /// someone who has its key. Reads one state of the database; keeps about 100 octets for each official row.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a checkpoint of `against` belongs to no log of this instance.
    pub async fn fsck(&self, against: &[SignedCheckpoint]) -> Result<FsckReport, AppError> {
        let mut report = FsckReport::default();
        let published = self.published_checkpoints(against).await?;
        let mut tx = self.store().begin_read("ledger.fsck").await?;
        let history = LogHistory::load(&mut tx).await?;
        let logs = self.logs_to_check(&mut tx, &history, against).await?;
        let mut bindings = Bindings::default();
        for log in logs {
            let plan = self
                .plan(&mut tx, &history, log, against, &published)
                .await?;
            self.check_log(&mut tx, plan, &history, &mut bindings, &mut report)
                .await?;
        }
        for (log, index) in tx.lost_leaves(FEW).await? {
            let key = format!("{log}/{index}");
            report.report(
                ProblemKind::LeafMissing,
                "ledger_leaf",
                key,
                Some((&log, index)),
            );
        }
        for leaf in tx.stray_leaf_ids(FEW).await? {
            report.report(
                ProblemKind::LeafStray,
                "ledger_leaf",
                leaf.to_string(),
                None,
            );
        }
        rows::check_tables(&mut tx, &mut bindings, &mut report).await?;
        rows::name_missing(&mut tx, &bindings, &mut report).await?;
        self.check_objects(&mut tx, &mut report).await?;
        Ok(report)
    }

    /// Checkpoints beside the tiles, read before the database: then the database cannot be behind them.
    async fn published_checkpoints(
        &self,
        against: &[SignedCheckpoint],
    ) -> Result<Vec<(LogCode, SignedCheckpoint)>, AppError> {
        let mut tx = self.store().begin_read("ledger.fsck_logs").await?;
        let history = LogHistory::load(&mut tx).await?;
        let logs = self.logs_to_check(&mut tx, &history, against).await?;
        drop(tx);
        let mut published = Vec::new();
        for log in logs {
            if let Some(signed) = tiles::published(&self.logs().reader(&log))? {
                published.push((log, signed));
            }
        }
        Ok(published)
    }

    /// Logs that hold something, wait, have ended, or are named by a checkpoint from outside.
    async fn logs_to_check(
        &self,
        tx: &mut Tx,
        history: &LogHistory,
        against: &[SignedCheckpoint],
    ) -> Result<Vec<LogCode>, AppError> {
        let mut logs: Vec<LogCode> = Vec::new();
        let stored = tx.logs().await?.into_iter().chain(tx.pending_logs().await?);
        for log in stored.chain(history.keys.keys().cloned()) {
            logs.push(LogCode::stored(log));
        }
        for signed in against {
            let origin = signed.checkpoint().origin();
            let log = self.logs().code_of(origin);
            logs.push(log.ok_or_else(|| AppError::field("against", "log_unknown"))?);
        }
        logs.sort();
        logs.dedup();
        Ok(logs)
    }

    async fn plan(
        &self,
        tx: &mut Tx,
        history: &LogHistory,
        log: LogCode,
        against: &[SignedCheckpoint],
        published: &[(LogCode, SignedCheckpoint)],
    ) -> Result<Plan, AppError> {
        let origin = self.logs().origin(&log).map_err(AppError::Log)?;
        let ended = history.has_ended(&log);
        let successor = log.in_epoch(log.epoch().saturating_add(1));
        let ended_by = if ended {
            walk::link_of(tx, &successor).await?
        } else {
            None
        };
        Ok(Plan {
            keys: self.log_keys(tx, history, &log).await?,
            witnesses: self.logs().witnesses().to_vec(),
            outside: against
                .iter()
                .filter(|signed| *signed.checkpoint().origin() == origin)
                .cloned()
                .collect(),
            published: published
                .iter()
                .find(|(code, _)| *code == log)
                .map(|(_, signed)| signed.clone()),
            ended_by,
            ended,
            log,
        })
    }

    async fn check_objects(&self, tx: &mut Tx, report: &mut FsckReport) -> Result<(), AppError> {
        const BATCH: u32 = 200;
        let mut after = Vec::new();
        loop {
            let (objects, last) = tx.filed_objects(&after, BATCH).await?;
            if objects.is_empty() {
                return Ok(());
            }
            after = last;
            let mut known: Option<(ids::Digest, Result<usize, ProblemKind>)> = None;
            for object in objects {
                let key = format!("{}/{}", object.record, object.position);
                let Some(digest) = object.digest else {
                    report.report(ProblemKind::AttachmentMissing, object.table, key, None);
                    continue;
                };
                let found = match known {
                    Some((same, found)) if same == digest => found,
                    Some(_) | None => self.object_length(digest, report).await?,
                };
                known = Some((digest, found));
                match found {
                    Err(kind) => report.report(kind, object.table, key, None),
                    Ok(length) => {
                        let length = i64::try_from(length).unwrap_or(i64::MAX);
                        if object.size != length || object.stored_size != Some(length) {
                            let kind = ProblemKind::AttachmentDiffers;
                            report.report(kind, object.table, key, None);
                        }
                    }
                }
            }
        }
    }

    async fn object_length(
        &self,
        digest: ids::Digest,
        report: &mut FsckReport,
    ) -> Result<Result<usize, ProblemKind>, AppError> {
        match self.objects().get(digest).await {
            Ok(content) => {
                report.objects = report.objects.saturating_add(1);
                Ok(Ok(content.len()))
            }
            Err(store::ObjectError::Missing) => Ok(Err(ProblemKind::AttachmentMissing)),
            Err(store::ObjectError::Altered) => Ok(Err(ProblemKind::AttachmentDiffers)),
            Err(error @ (store::ObjectError::Full(_) | store::ObjectError::Io { .. })) => {
                Err(error.into())
            }
        }
    }
}

/// The first part of a key, which is an id.
fn first_key(key: &str) -> Option<Uuid> {
    key.split('/').next()?.parse().ok()
}

fn storage(source: std::io::Error) -> AppError {
    AppError::Log(LogError::Io {
        operation: "read tiles",
        source,
    })
}
