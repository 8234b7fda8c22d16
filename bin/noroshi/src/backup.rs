//! `noroshi backup` and `noroshi restore`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::maintenance::{
    BackupKeys, FsckReport, Knowledge, OldBackup, RestoreOrder, RestoreOutcome,
};
use app::{App, Parts};
use clap::Args;
use config::Config;

use crate::ledger::read_checkpoint;
use crate::serve::runtime;

/// Exit code when something does not fit.
const PROBLEMS: u8 = 1;

/// Copies database, attachments and log tiles into an empty folder; the instance may go on.
#[derive(Debug, Args)]
pub(crate) struct BackupCommand {
    /// Settings file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Folder for the copy; made where it is missing, and must be empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Copy the private keys too. Keep such a folder as safe as the keys.
    #[arg(long)]
    with_keys: bool,
}

/// Takes back a backup into an empty data directory, after checking all of it.
#[derive(Debug, Args)]
pub(crate) struct RestoreCommand {
    /// Settings file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The last co-signed checkpoint of a log, from its witness; may be given several times.
    #[arg(long = "last", value_name = "CHECKPOINT")]
    last: Vec<PathBuf>,
    /// States that nothing was co-signed after the backup.
    #[arg(long, conflicts_with = "last")]
    nothing_later: bool,
    /// Where leaves are missing, end the log and begin a new origin that links to it.
    #[arg(long)]
    new_origin: bool,
}

pub(crate) fn back_up(command: &BackupCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = Config::load(command.config.as_deref())?;
    let keys = if command.with_keys {
        BackupKeys::Include
    } else {
        BackupKeys::Leave
    };
    let manifest = runtime()?.block_on(async {
        let app = App::open(Parts::new(config)).await?;
        let manifest = app.backup(&command.out, keys).await?;
        app.store().close().await;
        anyhow::Ok(manifest)
    })?;
    writeln!(
        out,
        "{} files in {}",
        manifest.files.len(),
        command.out.display()
    )?;
    for (log, size) in &manifest.logs {
        writeln!(out, "{log}: {size} leaves")?;
    }
    if !manifest.keys {
        writeln!(out, "the keys are not in it; keep them another way")?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(command: &RestoreCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = Config::load(command.config.as_deref())?;
    let mut last = Vec::new();
    for path in &command.last {
        last.push(read_checkpoint(path)?);
    }
    let order = RestoreOrder {
        folder: command.from.clone(),
        last,
        knowledge: if command.nothing_later {
            Knowledge::NothingLater
        } else {
            Knowledge::Checkpoints
        },
        old_backup: if command.new_origin {
            OldBackup::NewOrigin
        } else {
            OldBackup::Refuse
        },
    };
    let outcome = runtime()?
        .block_on(App::restore(Parts::new(config), &order))
        .context("nothing was put into place")?;
    tell(&outcome, out)
}

fn tell(outcome: &RestoreOutcome, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match outcome {
        RestoreOutcome::Done {
            new_origins,
            report,
        } => {
            let leaves: u64 = report.logs.iter().map(|log| log.leaves).sum();
            writeln!(
                out,
                "restored: {leaves} leaves, {} attachments",
                report.objects
            )?;
            for log in new_origins {
                writeln!(
                    out,
                    "{log} is a new log: give its key to the witnesses (noroshi ledger trust)"
                )?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        RestoreOutcome::Damaged(report) => {
            writeln!(out, "the backup does not fit itself:")?;
            print_problems(report, out)?;
        }
        RestoreOutcome::Older(logs) => {
            for (log, lost) in logs {
                writeln!(out, "{log}: {lost} co-signed leaves are not in this backup")?;
            }
            writeln!(
                out,
                "going on would sign a second history. Look for a newer backup, or use --new-origin: the log ends, a new one \
                 begins, and the filers of the missing acts file them again"
            )?;
        }
        RestoreOutcome::Fork(log) => {
            writeln!(
                out,
                "{log}: the leaves of this backup contradict what was co-signed; nobody may go on with it"
            )?;
        }
        RestoreOutcome::LastUnknown(logs) => {
            for log in logs {
                writeln!(
                    out,
                    "{log} was co-signed before: give its witness's last checkpoint with --last"
                )?;
            }
            writeln!(
                out,
                "only if nothing was co-signed after this backup: --nothing-later"
            )?;
        }
    }
    writeln!(out, "nothing was put into place")?;
    Ok(ExitCode::from(PROBLEMS))
}

/// One problem a line: kind, table, key, leaf.
pub(crate) fn print_problems(report: &FsckReport, out: &mut dyn Write) -> anyhow::Result<()> {
    for problem in &report.problems {
        write!(out, "{} {} {}", problem.kind, problem.table, problem.key)?;
        match &problem.leaf {
            Some((log, index)) => writeln!(out, " (log {log}, leaf {index})")?,
            None => writeln!(out)?,
        }
    }
    let named = u64::try_from(report.problems.len())?;
    if named < report.problem_count {
        writeln!(out, "… {} problems in all", report.problem_count)?;
    }
    Ok(())
}
