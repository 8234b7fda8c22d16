use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use app::maintenance::WhichCheckpoint;
use app::{App, AppError, LogCode, SystemIds};
use clap::{Args, Subcommand};
use ids::IdSource as _;
use ledger::{Algorithm, KeyName, SignerKey, VerifierKey};

use crate::ledger::{ConfigArg, log_code, with_app};

/// How long an announcement may take until a checkpoint bears both signatures.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keys of witnesses.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key for a witness, write it to a new file and print its public part.
    Generate {
        /// Name of the key, such as `committee.example/witness-1`.
        #[arg(long)]
        name: String,
        /// File for the private key; only its owner can read it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the public part of a private key.
    Public {
        /// File with the private key.
        #[arg(value_name = "FILE")]
        key: PathBuf,
    },
}

/// Arguments of `ledger rotate`.
#[derive(Debug, Args)]
pub(crate) struct RotateCommand {
    /// Code of the log.
    log: String,
    /// End the overlap: the old key signs nothing more and is destroyed.
    #[arg(long)]
    finish: bool,
    #[command(flatten)]
    config: ConfigArg,
}

pub(super) fn run(command: &KeyCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::Generate { name, out: path } => {
            let name = KeyName::parse(name).context("name of the key")?;
            let key = SignerKey::generate(name, Algorithm::CosignatureV1, &mut |seed| {
                SystemIds.fill(seed);
            })?;
            write_secret_file(path, &key)?;
            writeln!(out, "{}", key.verifier())?;
        }
        KeyCommand::Public { key } => writeln!(out, "{}", read_key(key)?.verifier())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a private key to a new file that only its owner can read.
pub(crate) fn write_secret_file(path: &Path, key: &SignerKey) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(key.to_text().as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// Reads a private key.
pub(crate) fn read_key(path: &Path) -> anyhow::Result<SignerKey> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    SignerKey::parse(text.trim()).with_context(|| format!("key {}", path.display()))
}

pub(super) fn rotate(command: &RotateCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let log = log_code(&command.log)?;
    if command.finish {
        let (retired, last) = with_app(&command.config, async |app| {
            app.retire_log_key(&log).await.map_err(explain)
        })?;
        writeln!(out, "retired: {retired}")?;
        writeln!(out, "trust files get last-size={last} on its line")?;
        return Ok(ExitCode::SUCCESS);
    }
    let key = with_app(&command.config, async |app| {
        let key = app.announce_log_key(&log).await.map_err(explain)?;
        wait_for_both(app, &log, &key).await?;
        Ok(key)
    })?;
    writeln!(out, "announced: {key}")?;
    writeln!(
        out,
        "both keys sign now. Whoever keeps a trust file adds the new key from `noroshi ledger trust`; then: noroshi ledger \
         rotate {} --finish",
        log.as_str()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// A running server signs within a second; without one this command signs.
async fn wait_for_both(app: &App, log: &LogCode, key: &VerifierKey) -> anyhow::Result<()> {
    let end = tokio::time::Instant::now().checked_add(PATIENCE);
    loop {
        match app.integrate().await {
            // The server holds the tiles, or was faster.
            Ok(_)
            | Err(AppError::Log(app::LogError::Io { .. }) | AppError::Stale | AppError::Store(_)) =>
                {}
            Err(error) => return Err(error.into()),
        }
        let newest = app.checkpoint(log, WhichCheckpoint::Newest).await?;
        if newest.note().require(std::slice::from_ref(key), 1).is_ok() {
            return Ok(());
        }
        if end.is_none_or(|end| end <= tokio::time::Instant::now()) {
            anyhow::bail!(
                "announced, but no checkpoint bears both signatures yet; is the server running well?"
            );
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn explain(error: AppError) -> anyhow::Error {
    let what = match &error {
        AppError::Conflict("key_change_under_way") => {
            "an earlier change of this key is not finished; use --finish"
        }
        AppError::Conflict("no_key_change") => "no change of this key is under way",
        AppError::Conflict("no_overlap") => "no checkpoint bears both signatures yet",
        AppError::Conflict("log_ended") => "this log has ended; its successor has its own key",
        AppError::NotFound => "this log has no checkpoint yet",
        _ => "the key was not changed",
    };
    anyhow::Error::new(error).context(what)
}
