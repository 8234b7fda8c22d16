#![doc = include_str!("../README.md")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to its terminal"
)]

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
}

/// Exit status for a missing tool or a usage error, as opposed to a failed check.
const CANNOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<tools::Missing>() {
                ExitCode::from(CANNOT_RUN)
            } else {
                ExitCode::FAILURE
            }
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
    }
}
