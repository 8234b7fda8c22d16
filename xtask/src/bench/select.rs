//! `cargo xtask bench select`.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::Args;

use super::machine;
use crate::gate::cargo;
use crate::process::Call;
use crate::workspace::Workspace;

/// What is measured on what.
#[derive(Args)]
pub(crate) struct Options {
    /// Folder that `build-bench.sh` of the captures made: bench.pcap and indicators-N.txt
    #[arg(long)]
    data: PathBuf,
    /// Prefix sources like those of Debian's tor-geoipdb
    #[arg(long, default_values = ["/usr/share/tor/geoip", "/usr/share/tor/geoip6"])]
    geoip: Vec<PathBuf>,
    /// Turns of floor and funnel
    #[arg(long, default_value_t = 7)]
    times: u32,
}

/// Lists of these many addresses.
const LISTS: [u32; 3] = [1_000, 100_000, 1_000_000];

/// Builds the measuring program for release and runs it with lists of three sizes; beside it `cat` and tcpdump.
pub(super) fn run(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let capture = options.data.join("bench.pcap");
    ensure!(
        capture.exists(),
        "no bench.pcap in {}; make it with build-bench.sh of the captures",
        options.data.display()
    );
    let build = [
        "build",
        "--locked",
        "--release",
        "--package",
        "noroshi-select",
        "--example",
        "bench_select",
    ];
    cargo(workspace, build).run()?;
    println!("machine: {}", machine::describe());
    let program = workspace.target.join("release/examples/bench_select");
    let table = options.data.join("bench.prefixes");
    let build_table = Call::new(&program).arg("prefixes").arg(&table);
    build_table.args(&options.geoip).run()?;
    for count in LISTS {
        let list = options.data.join(format!("indicators-{count}.txt"));
        let criteria = options.data.join(format!("bench-{count}.criteria"));
        println!("\n{count} addresses");
        let compile = Call::new(&program).arg("criteria").arg(&list);
        compile.arg(&criteria).run()?;
        let measure = Call::new(&program).arg("run").arg(&capture).arg(&criteria);
        let times = options.times.to_string();
        measure.arg(&table).args(["--times", &times]).run()?;
    }
    peers(&capture, options.times)
}

/// The processor time of peers, as the shell counts it.
fn peers(capture: &Path, times: u32) -> anyhow::Result<()> {
    let commands = [
        ("cat", "cat \"$0\" >/dev/null"),
        (
            "tcpdump, one prefix, no match",
            "tcpdump -r \"$0\" -w /dev/null net 203.0.113.0/24 2>/dev/null",
        ),
    ];
    for (name, command) in commands {
        println!("\n{name}");
        for _ in 0..times {
            let script = format!("TIMEFORMAT='%U user + %S sys s'; time {command}");
            Call::new("bash").args(["-c", &script]).arg(capture).run()?;
        }
    }
    Ok(())
}
