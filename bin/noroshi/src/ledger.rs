//! `noroshi ledger`: checking, keys, trust and witnesses.

mod fsck;
mod keys;
mod witness;

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use app::maintenance::WhichCheckpoint;
use app::{App, LogCode, Parts};
use clap::{Args, Subcommand, ValueEnum};
use config::Config;
use ledger::{Note, SignedCheckpoint};

pub(crate) use keys::{read_key, write_secret_file};

use crate::serve::runtime;

/// Checks the logs, changes their keys, and runs the committee's witness.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Rebuild every log from the database and compare everything; names what does not fit.
    Fsck(fsck::FsckCommand),
    /// Co-sign what continues, as a witness with its own key.
    Witness(witness::WitnessCommand),
    /// Keys of witnesses.
    #[command(subcommand)]
    Key(keys::KeyCommand),
    /// Print a trust file for this instance; compare it over another way before relying on it.
    Trust(ConfigArg),
    /// Print the newest checkpoint of a log.
    Checkpoint {
        /// Code of the log, such as `meti` or `instance`.
        log: String,
        /// The newest that a witness co-signed.
        #[arg(long)]
        cosigned: bool,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Change the key of a log: announce a new one, and with --finish retire the old one.
    Rotate(keys::RotateCommand),
    /// Print the receipt of a leaf, such as the announcement of a key.
    Receipt {
        /// Code of the log.
        log: String,
        /// Index of the leaf.
        index: u64,
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// Where the settings are.
#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// Settings file; without one, defaults and `NOROSHI_*` variables.
    #[arg(long)]
    config: Option<PathBuf>,
}

/// How to print a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) fn run(command: &LedgerCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match command {
        LedgerCommand::Fsck(command) => fsck::run(command, out),
        LedgerCommand::Witness(command) => witness::run(command, out),
        LedgerCommand::Key(command) => keys::run(command, out),
        LedgerCommand::Rotate(command) => keys::rotate(command, out),
        LedgerCommand::Trust(config) => {
            let trust = with_app(config, async |app| Ok(app.trust().await?))?;
            write!(out, "{trust}")?;
            Ok(ExitCode::SUCCESS)
        }
        LedgerCommand::Checkpoint {
            log,
            cosigned,
            config,
        } => {
            let log = log_code(log)?;
            let which = if *cosigned {
                WhichCheckpoint::Cosigned
            } else {
                WhichCheckpoint::Newest
            };
            let signed = with_app(config, async |app| {
                let signed = app.checkpoint(&log, which).await;
                signed.context("this log has no such checkpoint")
            })?;
            write!(out, "{signed}")?;
            Ok(ExitCode::SUCCESS)
        }
        LedgerCommand::Receipt { log, index, config } => {
            let log = log_code(log)?;
            let receipt = with_app(config, async |app| {
                let receipt = app.receipt_of_place(&log, *index).await;
                receipt.context("no checkpoint covers this leaf")
            })?;
            writeln!(out, "{}", receipt.to_json()?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Opens the instance, does one thing and closes it.
fn with_app<T>(
    config: &ConfigArg,
    work: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load(config.config.as_deref())?;
    runtime()?.block_on(async {
        let app = App::open(Parts::new(config))
            .await
            .context("the instance cannot be opened")?;
        let done = work(&app).await;
        app.store().close().await;
        done
    })
}

fn log_code(text: &str) -> anyhow::Result<LogCode> {
    LogCode::parse(text).with_context(|| format!("{text} is not the code of a log"))
}

/// Reads a checkpoint file.
pub(crate) fn read_checkpoint(path: &Path) -> anyhow::Result<SignedCheckpoint> {
    let bytes = read_limited(path, Note::MAX_BYTES)?;
    SignedCheckpoint::parse(&bytes).with_context(|| format!("checkpoint {}", path.display()))
}

/// Reads one byte more than the limit, so that a huge file is refused and not loaded.
pub(crate) fn read_limited(path: &Path, limit: usize) -> anyhow::Result<Vec<u8>> {
    let named = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    File::open(path)
        .with_context(named)?
        .take(u64::try_from(limit)?.saturating_add(1))
        .read_to_end(&mut bytes)
        .with_context(named)?;
    Ok(bytes)
}
