#![doc = include_str!("../README.md")]

mod clock;
mod criteria;
mod exercise;
mod files;
mod prefixes;
mod refusal;
mod report;
mod restore;
mod run;
mod segments;
mod statements;
mod warrants;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::refusal::Refused;
use crate::report::{Format, Report};

/// Select machine information from copied traffic, under a warrant of the oversight committee.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done, 1 negative answer, 2 refused or usage, 3 stopped before the end of the input."
)]
struct Cli {
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Select under a warrant.
    Run(Box<run::RunArgs>),
    /// Read and verify warrants.
    #[command(subcommand)]
    Warrant(warrants::WarrantCommand),
    /// Check and compile criteria.
    #[command(subcommand)]
    Criteria(criteria::CriteriaCommand),
    /// Build and ask tables of domestic addresses.
    #[command(subcommand)]
    Prefixes(prefixes::PrefixesCommand),
    /// Verify the statements of an output folder.
    #[command(subcommand)]
    Statement(statements::StatementCommand),
    /// List, verify, destroy and open segments.
    #[command(subcommand)]
    Segments(segments::SegmentsCommand),
    /// Restore masked identifiers on an order of the committee.
    Restore(restore::RestoreArgs),
    /// Make what is needed for training.
    #[command(subcommand)]
    Exercise(exercise::ExerciseCommand),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Warrant(command) => warrants::warrant(&command),
        Command::Criteria(command) => criteria::criteria(&command),
        Command::Prefixes(command) => prefixes::prefixes(&command),
        Command::Statement(command) => statements::statement(&command),
        Command::Segments(command) => segments::segments(&command, cli.format),
        Command::Restore(args) => restore::restore(&args),
        Command::Exercise(command) => exercise::exercise(&command),
    };
    match done {
        Ok(report) => report.print(cli.format),
        Err(error) => {
            let code = error
                .downcast_ref::<Refused>()
                .map_or("failed", Refused::code);
            Report::refused(code, &error).print(cli.format)
        }
    }
}
