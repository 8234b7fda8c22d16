use std::collections::HashMap;

use ids::Digest;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::official::{self, OfficialTable, RowRef};
use uuid::Uuid;

use crate::error::AppError;
use crate::maintenance::fsck::{FsckReport, ProblemKind, first_key};

/// First keys read at once.
const BATCH: u32 = 500;

/// Which leaf binds which official row. Keys are kept as half a hash, so that memory stays small.
#[derive(Default)]
pub(super) struct Bindings {
    logs: Vec<String>,
    rows: HashMap<[u8; 16], Binding>,
}

struct Binding {
    digest: Digest,
    /// Half a hash over act, subject and time: leaves of one act in several logs have the same.
    act: [u8; 16],
    /// Place in `logs`, and index; a leaf that waits has none.
    log: usize,
    index: Option<u64>,
    seen: bool,
}

/// Reads the member `rows` of a record.
pub(super) fn rows_of(record: &Value) -> Option<Vec<RowRef>> {
    let mut rows = Vec::new();
    for row in record.get("rows")?.as_array()? {
        let [table, key, digest] = row.as_array()?.as_slice() else {
            return None;
        };
        rows.push(RowRef {
            table: official::table(table.as_str()?)?.name,
            key: key.as_str()?.to_owned(),
            digest: digest.as_str()?.parse().ok()?,
        });
    }
    Some(rows)
}

impl Bindings {
    /// Takes in the rows of a leaf.
    pub(super) fn bind(
        &mut self,
        rows: &[RowRef],
        act: [u8; 16],
        log: &str,
        index: Option<u64>,
        report: &mut FsckReport,
    ) {
        let log_place = self.place_of(log);
        for row in rows {
            let binding = Binding {
                digest: row.digest,
                act,
                log: log_place,
                index,
                seen: false,
            };
            match self.rows.entry(name_of(row.table, &row.key)) {
                std::collections::hash_map::Entry::Vacant(slot) => {
                    slot.insert(binding);
                }
                std::collections::hash_map::Entry::Occupied(slot) => {
                    let known = slot.get();
                    let same_act = known.act == act && known.digest == row.digest;
                    if !same_act || known.log == log_place {
                        let leaf = index.map(|index| (log, index));
                        report.report(ProblemKind::RowBoundTwice, row.table, &*row.key, leaf);
                    }
                }
            }
        }
    }

    fn place_of(&mut self, log: &str) -> usize {
        if let Some(place) = self.logs.iter().position(|known| known == log) {
            return place;
        }
        self.logs.push(log.to_owned());
        self.logs.len().saturating_sub(1)
    }

    fn leaf(&self, binding: &Binding) -> Option<(&str, u64)> {
        let log = self.logs.get(binding.log)?;
        Some((log.as_str(), binding.index?))
    }
}

/// Half a hash over table and key.
fn name_of(table: &str, key: &str) -> [u8; 16] {
    half(&[table.as_bytes(), b"\n", key.as_bytes()])
}

/// The first half of SHA-256 over some parts.
pub(super) fn half(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(digest) {
        *to = from;
    }
    first
}

/// Reads every official table once and looks for the leaf of each row.
pub(super) async fn check_tables(
    tx: &mut Tx,
    bindings: &mut Bindings,
    report: &mut FsckReport,
) -> Result<(), AppError> {
    for table in official::TABLES {
        let count = check_table(tx, table, bindings, report).await?;
        report.rows.push((table.name, count));
    }
    Ok(())
}

async fn check_table(
    tx: &mut Tx,
    table: &'static OfficialTable,
    bindings: &mut Bindings,
    report: &mut FsckReport,
) -> Result<u64, AppError> {
    let mut count: u64 = 0;
    let mut after: Option<Uuid> = None;
    loop {
        let batch = tx.official_batch(table, after, BATCH).await?;
        if batch.is_empty() {
            return Ok(count);
        }
        let last = batch.iter().filter_map(|row| first_key(&row.key)).max();
        for row in batch {
            count = count.saturating_add(1);
            check_row(&row, bindings, report);
        }
        // Keys come in order; where none of a batch can be read there is no place to go on from.
        if last <= after {
            report.report(ProblemKind::RowUnreadable, table.name, "?", None);
            return Ok(count);
        }
        after = last;
    }
}

fn check_row(row: &RowRef, bindings: &mut Bindings, report: &mut FsckReport) {
    let Some(binding) = bindings.rows.get_mut(&name_of(row.table, &row.key)) else {
        report.report(ProblemKind::RowInNoLeaf, row.table, &*row.key, None);
        return;
    };
    binding.seen = true;
    if binding.digest != row.digest {
        let log = bindings.logs.get(binding.log);
        let leaf = log.zip(binding.index);
        let leaf = leaf.map(|(log, index)| (log.as_str(), index));
        report.report(ProblemKind::RowDiffers, row.table, &*row.key, leaf);
    }
}

/// Names the rows that leaves stand for and that are not there, by reading those leaves again.
pub(super) async fn name_missing(
    tx: &mut Tx,
    bindings: &Bindings,
    report: &mut FsckReport,
) -> Result<(), AppError> {
    let unseen = || bindings.rows.values().filter(|binding| !binding.seen);
    let mut leaves: Vec<(&str, u64)> = unseen()
        .filter_map(|binding| bindings.leaf(binding))
        .collect();
    leaves.sort_unstable();
    leaves.dedup();
    for (log, index) in leaves {
        let Some(leaf) = tx.leaves_from(log, index, 1).await?.pop() else {
            continue;
        };
        let record: Value = serde_json::from_str(&leaf.record).unwrap_or(Value::Null);
        for row in rows_of(&record).unwrap_or_default() {
            let found = bindings.rows.get(&name_of(row.table, &row.key));
            if found.is_some_and(|binding| !binding.seen) {
                let kind = ProblemKind::RowMissing;
                report.report(kind, row.table, row.key, Some((log, index)));
            }
        }
    }
    for _ in unseen().filter(|binding| binding.index.is_none()) {
        report.report(ProblemKind::RowMissing, "ledger_pending", "?", None);
    }
    Ok(())
}
