//! Measures filing: `cargo xtask bench filing` builds and runs this on both databases.
//!
//! Each run has its own floor: a plain loop that inserts and syncs one row at a time into a table of the same database,
//! with the same number of clients. What is filed are notifications of one computer each (Act Art. 4(1)), with their
//! addressees, deliveries, ledger leaves and checkpoints; the integrator and the worker run beside, as in a server.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    reason = "a measurement that cannot be set up has failed; it prints what it saw"
)]

mod floor;
mod home;
mod http;
mod instance;
mod rate;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::http::Server;
use crate::instance::Instance;
use crate::rate::{Latencies, Sustained};

/// Measures filing on one database.
#[derive(Debug, Parser)]
struct Arguments {
    /// Address of a PostgreSQL database; without one, a SQLite file in the folder.
    #[arg(long)]
    database: Option<String>,
    /// Folder for the data; it should be on the disk that production would use.
    #[arg(long)]
    data: PathBuf,
    /// Clients at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Computers of the operator whose home page is measured.
    #[arg(long, default_value_t = 10_000)]
    computers: u32,
    /// Cases of the operator whose home page is measured.
    #[arg(long, default_value_t = 1_000)]
    cases: u32,
}

/// Requests per second of the steady run.
const STEADY_RATE: u32 = 50;

/// How often the home page is shown.
const HOME_TIMES: usize = 50;

fn main() {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(&arguments));
}

async fn measure(arguments: &Arguments) {
    let time = Duration::from_secs(arguments.seconds);
    let clients = arguments.clients;
    let instance = Instance::open(arguments.database.as_deref(), &arguments.data).await;
    let floor = floor::measure(&instance.address, clients, time).await;
    print("floor: one row, synced", &floor, &floor);

    let stock = instance.stock(clients, time).await;
    let direct = instance.file(stock, clients, time).await;
    print("filings, use case", &direct, &floor);

    let server = Server::start(&instance).await;
    let stock = instance.stock(clients, time).await;
    let asked = server.file(stock, clients, time).await;
    print("filings, over HTTP", &asked, &floor);

    let wanted = STEADY_RATE.saturating_mul(u32::try_from(arguments.seconds).unwrap_or(10));
    let stock = instance.computers(clients, wanted).await;
    let steady = instance.steady(stock, STEADY_RATE).await;
    print_latencies(
        &format!("filings, use case, {STEADY_RATE} a second"),
        &steady,
    );
    let stock = instance.computers(clients, wanted).await;
    let steady = server.steady(stock, STEADY_RATE).await;
    print_latencies(
        &format!("filings, over HTTP, {STEADY_RATE} a second"),
        &steady,
    );

    instance.settle().await;
    home::fill(&instance, arguments.computers, arguments.cases).await;
    let size = format!(
        "{} computers, {} cases",
        arguments.computers, arguments.cases
    );
    let home = home::measure(&instance, HOME_TIMES).await;
    print_latencies(&format!("home, use case, {size}"), &home);
    let home = server.home(HOME_TIMES).await;
    print_latencies(&format!("home, over HTTP, {size}"), &home);
}

fn print(name: &str, seen: &Sustained, floor: &Sustained) {
    println!(
        "{name:44} {:>8.0} /s  {:>5.2} of the floor  p50 {:>6.1} ms  p99 {:>6.1} ms",
        seen.per_second(),
        seen.per_second() / floor.per_second(),
        seen.latencies.percentile(50),
        seen.latencies.percentile(99),
    );
}

fn print_latencies(name: &str, seen: &Latencies) {
    println!(
        "{name:44} {:>8} done               p50 {:>6.1} ms  p99 {:>6.1} ms",
        seen.count(),
        seen.percentile(50),
        seen.percentile(99),
    );
}
