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
use jiff::SignedDuration;
use statute::{PackError, RuleBook};

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

/// What a program is made of besides its arguments. The released one has [`Program::released`].
pub struct Program {
    rules: fn() -> Result<RuleBook, PackError>,
    hour: SignedDuration,
}

impl Program {
    /// The embedded rule book, and statements once an hour.
    pub const fn released() -> Self {
        Self {
            rules: RuleBook::embedded,
            hour: SignedDuration::from_hours(1),
        }
    }

    /// Another rule book, and another time between two statements. Rule books that nobody signed can be made with a
    /// feature of `statute` that no released program is built with.
    pub const fn under(rules: fn() -> Result<RuleBook, PackError>, hour: SignedDuration) -> Self {
        Self { rules, hour }
    }

    /// Does what the command line says.
    pub fn main(&self) -> ExitCode {
        let cli = Cli::parse();
        let done = match cli.command {
            Command::Run(args) => run::run(&args, self),
            Command::Warrant(command) => warrants::warrant(&command, self),
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
                let refused = error.downcast_ref::<Refused>();
                let code = refused.map_or("failed", Refused::code);
                let advice = refused.and_then(Refused::advice);
                Report::refused(code, advice, &error).print(cli.format)
            }
        }
    }
}
