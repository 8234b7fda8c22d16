//! What keeps an instance provable: checking, witnesses, keys, backups (`docs/ledger/OPERATIONS.md`).

mod backup;
mod cosign;
mod files;
mod fsck;
mod origin;
mod postgres;
mod restore;
mod rotate;
#[cfg(test)]
mod tests;

pub use backup::{BackupError, BackupKeys, Manifest};
pub use cosign::{Cosigned, WhichCheckpoint};
pub use files::FileEntry;
pub use fsck::{FsckReport, LogChecked, Problem, ProblemKind};
pub use origin::ResumeDecision;
pub use restore::{Knowledge, OldBackup, RestoreOrder, RestoreOutcome};
