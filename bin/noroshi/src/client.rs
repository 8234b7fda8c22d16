//! `noroshi` as a client of API v1: what a person or a script does with a server, from the command line.
//!
//! Exit codes: 0 done; 1 the server refused, nothing was changed; 2 usage, no login, or nothing was asked of the server;
//! 3 no answer came, so that it is not known whether the change was made.

mod authority;
mod computer;
mod connection;
mod facility;
mod failure;
mod incident;
mod input;
mod key;
mod login;
mod login_file;
mod notify;
mod output;
mod receipt;
mod secret;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;

use self::connection::Connection;
use self::failure::Failure;
use self::login_file::Login;
use self::output::Printer;

/// What is done with a server.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Log in to a server with an API token, which is asked for or read from standard input.
    Login(login::LoginArgs),
    /// Forget the token of this machine.
    Logout(login::LogoutArgs),
    /// Facilities of the own register (特定重要設備).
    #[command(subcommand)]
    Facility(facility::FacilityCommand),
    /// Computers of the own register (特定重要電子計算機).
    #[command(subcommand)]
    Computer(computer::ComputerCommand),
    /// Notify computers, changes or ends of use (様式第一・第二).
    Notify(notify::NotifyArgs),
    /// Incident cases and their reports (Act Art. 5).
    #[command(subcommand)]
    Incident(incident::IncidentCommand),
    /// Proofs that a filing arrived.
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
}

/// Runs a command and says on standard error why it failed, if it did.
pub(crate) fn run(command: &ClientCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let printer = Printer::new(format_of(command), out);
    match dispatch(command, printer) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            failure.tell(format_of(command), &mut io::stderr().lock())?;
            Ok(ExitCode::from(failure.exit_code()))
        }
    }
}

fn dispatch(command: &ClientCommand, out: Printer<'_>) -> Result<(), Failure> {
    match command {
        ClientCommand::Login(args) => login::log_in(args, out),
        ClientCommand::Logout(args) => login::log_out(args, out),
        ClientCommand::Facility(command) => facility::run(command, &connect()?, out),
        ClientCommand::Computer(command) => computer::run(command, &connect()?, out),
        ClientCommand::Notify(args) => notify::run(args, &connect()?, out),
        ClientCommand::Incident(command) => incident::run(command, &connect()?, out),
        ClientCommand::Receipt(command) => receipt::run(command, &connect()?, out),
    }
}

fn format_of(command: &ClientCommand) -> output::Format {
    match command {
        ClientCommand::Login(args) => args.format,
        ClientCommand::Logout(args) => args.format,
        ClientCommand::Facility(command) => command.format(),
        ClientCommand::Computer(command) => command.format(),
        ClientCommand::Notify(args) => args.format,
        ClientCommand::Incident(command) => command.format(),
        ClientCommand::Receipt(command) => command.format(),
    }
}

/// The server that this machine is logged in to.
fn connect() -> Result<Connection, Failure> {
    Ok(Connection::open(Login::load()?))
}
