//! Entry point.

mod law;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs the public-private side of Japan's Active Cyber Defense Act.
#[derive(Debug, Parser)]
#[command(name = "noroshi", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask the rule book.
    #[command(subcommand)]
    Law(law::LawCommand),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Law(command) => law::run(&command, &mut io::stdout().lock(), today_in_japan()),
    }
}

/// The day in Japan at this moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the entry point is where the clock is read for a question without a date"
)]
fn today_in_japan() -> jiff::civil::Date {
    statute::calendar::jst::day_of(jiff::Timestamp::now())
}
