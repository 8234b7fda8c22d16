//! Kills the server, the database and the power, many times.

use clap::Args;

use crate::gate::cargo;
use crate::postgres;
use crate::workspace::Workspace;

/// How often.
#[derive(Args)]
pub(crate) struct Options {
    /// Crashes of each kind on each database.
    #[arg(long, default_value_t = 100)]
    times: u32,
}

/// Runs the tests of `bin/noroshi/tests/survival` with many crashes instead of the few of the gate.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let mut call = cargo(
        workspace,
        [
            "test",
            "--locked",
            "--package",
            "noroshi",
            "--test",
            "survival",
            "--",
            "--nocapture",
        ],
    )
    .env("NOROSHI_CRASH_TIMES", options.times.to_string());
    if let Some(programs) = postgres::programs() {
        call = call.env("NOROSHI_TEST_PG_PROGRAMS", programs);
    }
    call.run()
}
