//! `cargo xtask bench filing`.

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
    /// Clients at once
    #[arg(long, default_value_t = 8)]
    clients: u32,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Milliseconds that each sync of the disk takes longer than here, as on a disk behind a network
    #[arg(long)]
    sync_millis: Option<u32>,
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
        "bench_filing",
    ];
    cargo(workspace, build).run()?;
    println!("machine: {}", machine::describe());
    let disk = SlowDisk::build(workspace, options.sync_millis)?;
    let folder = workspace.tools_dir().join("bench-filing");
    println!("\nSQLite, synchronous=FULL");
    measure(workspace, options, &folder, &disk, None)?;
    let server = Postgres::start_durable(workspace, &disk.settings)?;
    println!("\nPostgreSQL, fsync=on, synchronous_commit=on");
    measure(workspace, options, &folder, &disk, Some(&server.url))
}

fn measure(
    workspace: &Workspace,
    options: &Options,
    folder: &Path,
    disk: &SlowDisk,
    database: Option<&str>,
) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).context("remove the data of an earlier run")?;
    }
    let program = workspace.target.join("release/examples/bench_filing");
    let mut call = Call::new(program)
        .args(["--clients", &options.clients.to_string()])
        .args(["--seconds", &options.seconds.to_string()])
        .arg("--data")
        .arg(folder);
    for (key, value) in &disk.settings {
        call = call.env(key, value);
    }
    if let Some(database) = database {
        let mut argument = OsString::from("--database=");
        argument.push(database);
        call = call.secret_arg(argument);
    }
    call.run()?;
    fs::remove_dir_all(folder).context("remove the data of the run")
}

/// The layer that makes syncs take longer, as settings of a program's environment.
struct SlowDisk {
    settings: Vec<(&'static str, OsString)>,
}

impl SlowDisk {
    /// Compiles the layer where one is wanted.
    fn build(workspace: &Workspace, millis: Option<u32>) -> anyhow::Result<Self> {
        let Some(millis) = millis else {
            return Ok(Self {
                settings: Vec::new(),
            });
        };
        let source = workspace.root.join("xtask/src/bench/slow_disk.c");
        let layer = workspace.tools_dir().join("slow_disk.so");
        let flags = [
            "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
        ];
        let compile = Call::new("cc").args(flags).arg(&layer).arg(source);
        compile.arg("-ldl").run()?;
        println!("each sync takes {millis} ms longer");
        Ok(Self {
            settings: vec![
                ("LD_PRELOAD", layer.into()),
                ("NOROSHI_SYNC_MILLIS", millis.to_string().into()),
            ],
        })
    }
}
