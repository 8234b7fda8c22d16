#![doc = include_str!("../README.md")]

mod check;
mod report;

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ledger::{Receipt, Trust};

use crate::report::{Finding, Format};

/// Verify a Noroshi receipt offline.
#[derive(Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit codes: 0 valid and witnessed, 1 not valid, 2 usage or unreadable file, \
                  3 valid but not witnessed."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Trust file: keys of logs and witnesses, and how many witnesses are needed.
    #[arg(long, value_name = "FILE", required = true)]
    trust: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    /// Receipt file (JSON).
    #[arg(value_name = "RECEIPT", required = true)]
    receipt: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Verify the signatures of a checkpoint.
    Checkpoint {
        #[command(flatten)]
        common: Common,
        /// Checkpoint file (signed note).
        file: PathBuf,
    },
    /// Verify that the log of a newer checkpoint continues that of an older one.
    Consistency {
        #[command(flatten)]
        common: Common,
        /// Older checkpoint file.
        old: PathBuf,
        /// Newer checkpoint file.
        new: PathBuf,
        /// Consistency proof: one Base 64 hash on each line.
        #[arg(long, value_name = "FILE")]
        proof: PathBuf,
    },
}

#[derive(Args)]
struct Common {
    /// Trust file: keys of logs and witnesses, and how many witnesses are needed.
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

impl From<FormatArg> for Format {
    fn from(arg: FormatArg) -> Self {
        match arg {
            FormatArg::Text => Self::Text,
            FormatArg::Json => Self::Json,
        }
    }
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // A reader that closed the pipe cannot be told about it.
            let _ = writeln!(io::stderr(), "noroshi-verify: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let (format, result) = match cli.command {
        Some(Command::Checkpoint { common, file }) => {
            let trust = read_trust(&common.trust)?;
            (common.format, check::checkpoint(&read(&file)?, &trust))
        }
        Some(Command::Consistency {
            common,
            old,
            new,
            proof,
        }) => {
            let trust = read_trust(&common.trust)?;
            let result = check::consistency(&read(&old)?, &read(&new)?, &read(&proof)?, &trust);
            (common.format, result)
        }
        None => {
            let (Some(trust), Some(receipt)) = (cli.trust, cli.receipt) else {
                anyhow::bail!("nothing to verify; see --help");
            };
            let trust = read_trust(&trust)?;
            (cli.format, check::receipt(&read(&receipt)?, &trust))
        }
    };
    let finding = Finding::from(result);
    print(&finding, format.into())?;
    Ok(ExitCode::from(finding.exit_code()))
}

fn print(finding: &Finding, format: Format) -> anyhow::Result<()> {
    let text = finding.render(format)?;
    io::stdout()
        .write_all(text.as_bytes())
        .context("cannot write the result")
}

fn read_trust(path: &Path) -> anyhow::Result<Trust> {
    Trust::parse(&read(path)?).with_context(|| format!("trust file {}", path.display()))
}

/// Reads one byte more than any parser accepts, so that a huge file is refused and not loaded.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || format!("cannot read {}", path.display());
    let limit = u64::try_from(Receipt::MAX_BYTES)?.saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .with_context(named)?
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(named)?;
    Ok(bytes)
}
