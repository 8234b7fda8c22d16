//! Measurements, each with its floor in the same run.

mod filing;
mod import;
mod machine;
mod select;

use clap::Subcommand;

use crate::workspace::Workspace;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// Acknowledged filings a second, their latency, and the home page of a large operator
    Filing(filing::Options),
    /// A table of 10,000 computers: read and checked, registered, filed
    Import(import::Options),
    /// Selection on a capture: the funnel beside a bare read loop, and peers
    Select(select::Options),
}

pub(crate) fn run(workspace: &Workspace, benchmark: &Benchmark) -> anyhow::Result<()> {
    match benchmark {
        Benchmark::Filing(options) => filing::run(workspace, options),
        Benchmark::Import(options) => import::run(workspace, options),
        Benchmark::Select(options) => select::run(workspace, options),
    }
}
