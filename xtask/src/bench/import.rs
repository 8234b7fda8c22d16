//! `cargo xtask bench import`.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::machine;
use crate::gate::cargo;
use crate::postgres::Postgres;
use crate::process::Call;
use crate::workspace::Workspace;

/// How much is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// Rows of the table
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
    /// On SQLite only
    #[arg(long)]
    sqlite_only: bool,
}

/// Builds the measuring program for release and runs it on both databases, which wait for the disk.
pub(super) fn run(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let build = [
        "build",
        "--locked",
        "--release",
        "--package",
        "noroshi-web",
        "--example",
        "bench_import",
    ];
    cargo(workspace, build).run()?;
    println!("machine: {}", machine::describe());
    let folder = workspace.tools_dir().join("bench-import");
    println!("\nSQLite, synchronous=FULL");
    measure(workspace, options, &folder, None)?;
    if options.sqlite_only {
        return Ok(());
    }
    let server = Postgres::start_durable(workspace, &[])?;
    println!("\nPostgreSQL, fsync=on, synchronous_commit=on");
    measure(workspace, options, &folder, Some(&server.url))
}

fn measure(
    workspace: &Workspace,
    options: &Options,
    folder: &Path,
    database: Option<&str>,
) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).context("remove the data of an earlier run")?;
    }
    let program = workspace.target.join("release/examples/bench_import");
    let mut call = Call::new(program)
        .args(["--rows", &options.rows.to_string()])
        .arg("--data")
        .arg(folder);
    if let Some(database) = database {
        let mut argument = OsString::from("--database=");
        argument.push(database);
        call = call.secret_arg(argument);
    }
    call.run()?;
    fs::remove_dir_all(folder).context("remove the data of the run")
}
