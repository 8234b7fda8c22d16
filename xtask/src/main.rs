#![doc = include_str!("../README.md")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to its terminal"
)]

mod bench;
mod crash;
mod gate;
mod pg;
mod postgres;
mod process;
mod rust_text;
mod tidy;
mod tools;
mod tree;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Checks, tests and tools of this repository"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the rules a machine can check
    Tidy,
    /// Run the whole gate
    Test(gate::Options),
    /// Install what the gate needs
    Tools,
    /// Run a throw-away `PostgreSQL` in the foreground and print its URL
    Pg,
    /// Kill the server, the database and the power while filings come in
    Crash(crash::Options),
    /// Measure
    #[command(subcommand)]
    Bench(bench::Benchmark),
}

/// Exit status for a missing tool or a usage error, as opposed to a failed check.
const CANNOT_RUN: u8 = 2;

/// Exit status for a failed check.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(status(&error))
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Tidy => tidy::run(&workspace),
        Command::Test(options) => gate::run(&workspace, &options),
        Command::Tools => tools::ensure(&workspace),
        Command::Pg => pg::run(&workspace),
        Command::Crash(options) => crash::run(&workspace, &options),
        Command::Bench(benchmark) => bench::run(&workspace, &benchmark),
    }
}

fn status(error: &anyhow::Error) -> u8 {
    if error.is::<tools::Missing>() {
        CANNOT_RUN
    } else {
        FAILED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_ends_with_2_also_inside_the_gate_and_a_failed_check_with_1() {
        let missing = anyhow::Error::from(tools::Missing::example());
        assert_eq!(status(&missing), 2);
        assert_eq!(status(&missing.context("step tools")), 2);
        assert_eq!(status(&anyhow::anyhow!("2 things to mend")), 1);
    }
}
