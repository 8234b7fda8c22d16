#![doc = include_str!("../README.md")]

mod backup;
mod client;
mod demo;
mod law;
mod ledger;
mod parts;
mod peers;
mod serve;
mod user;

use std::io;
use std::path::PathBuf;
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
    /// Try it: an exercise with sample ministries and operators, in one command.
    Demo(demo::DemoCommand),
    /// Run the server.
    Serve(serve::ServeCommand),
    /// Bring the database to this version.
    Migrate(serve::MigrateCommand),
    /// Accounts, at the machine that runs the instance.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Ask the rule book.
    #[command(subcommand)]
    Law(law::LawCommand),
    /// Check the logs, change their keys, run a witness.
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Other instances to which reports travel on.
    #[command(subcommand)]
    Peers(peers::PeersCommand),
    /// Copy everything of an instance into a folder.
    Backup(backup::BackupCommand),
    /// Take back a backup, after checking it against what was co-signed.
    Restore(backup::RestoreCommand),
    /// What is done with a server.
    #[command(flatten)]
    Client(client::ClientCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read the settings and say what is wrong with them.
    Check {
        /// Settings file.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Print every setting with its default, unit and reason.
    Explain,
}

/// Exit code of a failure, as of wrong usage.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    run(Cli::parse().command).unwrap_or_else(|error| {
        // Nothing is left to do where nobody reads it.
        drop(io::Write::write_fmt(
            &mut io::stderr(),
            format_args!("error: {error:#}\n"),
        ));
        ExitCode::from(FAILED)
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let out = &mut io::stdout().lock();
    match command {
        Command::Demo(command) => demo::run(&command),
        Command::Serve(command) => serve::run(&command),
        Command::Migrate(command) => serve::migrate(&command),
        Command::User(command) => user::run(&command, out),
        Command::Config(ConfigCommand::Check { config }) => {
            config::Config::load(config.as_deref())?;
            io::Write::write_all(out, b"the settings are valid\n")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(ConfigCommand::Explain) => {
            io::Write::write_all(out, config::explain().as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Ledger(command) => ledger::run(&command, out),
        Command::Peers(command) => peers::run(&command, out),
        Command::Backup(command) => backup::back_up(&command, out),
        Command::Restore(command) => backup::restore(&command, out),
        Command::Client(command) => client::run(&command, out),
        Command::Law(command) => law::run(&command, out, today_in_japan()),
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
