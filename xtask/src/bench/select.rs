//! `cargo xtask bench select`: the goals of the selection engine, beside a floor and beside peers.
//!
//! Everything runs in turns on one capture, so that what else the machine does falls on all alike. What is compared is
//! processor time; ratios are those of the medians.

mod lists;
mod peers;
mod turns;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;

use self::turns::{Row, Turns};
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
    /// Prefix lists in the form of Debian's tor-geoipdb
    #[arg(long, default_values = ["/usr/share/tor/geoip", "/usr/share/tor/geoip6"])]
    geoip: Vec<PathBuf>,
    /// Turns
    #[arg(long, default_value_t = 5)]
    times: u32,
    /// Only the scans in one process, without whole programs and peers
    #[arg(long)]
    scans_only: bool,
    /// Byte signatures by the system's Hyperscan (Debian: libhyperscan-dev, pkg-config)
    #[arg(long)]
    hyperscan: bool,
}

/// The programs that are measured, and the files they work on.
struct Bench {
    measure: PathBuf,
    program: PathBuf,
    capture: PathBuf,
    table: PathBuf,
    folder: PathBuf,
    times: u32,
}

/// Builds for release, compiles lists of several sizes, and measures.
pub(super) fn run(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let capture = options.data.join("bench.pcap");
    ensure!(
        capture.exists(),
        "no bench.pcap in {}; make it with build-bench.sh of the captures",
        options.data.display()
    );
    build(workspace, options.hyperscan)?;
    let folder = options.data.join("run");
    fs::create_dir_all(&folder).context("make a folder for the run")?;
    let bench = Bench {
        measure: workspace.target.join("release/examples/bench_select"),
        program: workspace.target.join("release/noroshi-select"),
        table: folder.join("table.txt"),
        capture,
        folder,
        times: options.times,
    };
    println!("machine: {}", machine::describe());
    bench.describe_capture()?;
    bench.build_table(&options.geoip)?;
    lists::write(&options.data, &bench.folder)?;
    println!("\nlists, by `noroshi-select criteria compile`");
    for list in lists::ALL {
        bench.compile(list)?;
    }
    println!("\nscans in one process, beside a bare loop of reads of 256 KiB");
    for list in lists::ALL {
        bench.scan(list)?;
    }
    println!("\n1,000,000 addresses, from the naive loop to what the engine does");
    bench.steps("addresses-1m")?;
    if options.scans_only {
        return Ok(());
    }
    println!("\nwhole programs, start to end");
    bench.programs()
}

fn build(workspace: &Workspace, hyperscan: bool) -> anyhow::Result<()> {
    let example = ["--package", "noroshi-select", "--example", "bench_select"];
    let program = ["--package", "noroshi-select-bin"];
    let features: &[&str] = if hyperscan {
        &["--features", "hyperscan"]
    } else {
        &[]
    };
    for what in [&example[..], &program[..]] {
        let arguments = ["build", "--locked", "--release"];
        let arguments = arguments.iter().chain(what).chain(features);
        cargo(workspace, arguments.copied()).run()?;
    }
    Ok(())
}

impl Bench {
    fn describe_capture(&self) -> anyhow::Result<()> {
        let digest = Call::new("sha256sum").arg(&self.capture).output()?;
        let digest = digest.split_whitespace().next().unwrap_or_default();
        let octets = fs::metadata(&self.capture)?.len();
        println!("capture: {octets} octets, SHA-256 {digest}");
        Ok(())
    }

    fn build_table(&self, sources: &[PathBuf]) -> anyhow::Result<()> {
        remove(&self.table)?;
        let build = Call::new(&self.program).args(["prefixes", "build", "--from", "tor"]);
        let named = build.args(["--date", "2026-01-01", "--source", "measurement"]);
        named.arg("--out").arg(&self.table).args(sources).output()?;
        Ok(())
    }

    fn compiled(&self, list: &str) -> PathBuf {
        self.folder.join(format!("{list}.criteria"))
    }

    fn compile(&self, list: &str) -> anyhow::Result<()> {
        let out = self.compiled(list);
        remove(&out)?;
        let compile = Call::new(&self.program).args(["--format", "json", "criteria", "compile"]);
        let source = self.folder.join(format!("{list}.csv"));
        let said = compile.arg(source).arg("--out").arg(out).output()?;
        let facts: serde_json::Value = serde_json::from_str(&said).context("read the report")?;
        let fact = |name| facts.get(name).map(ToString::to_string).unwrap_or_default();
        println!(
            "{list:24} {} values, {} octets, {} ms, peak {} KiB",
            fact("values"),
            fact("file_bytes"),
            fact("took_ms"),
            fact("peak_memory_kib"),
        );
        Ok(())
    }

    fn scan(&self, list: &str) -> anyhow::Result<()> {
        let scan = Call::new(&self.measure).arg("run").arg(&self.capture);
        let scan = scan.arg(self.compiled(list)).arg(&self.table);
        let said = scan.args(["--times", &self.times.to_string()]).output()?;
        println!("{list}\n  {}", said.trim().replace('\n', "\n  "));
        Ok(())
    }

    fn steps(&self, list: &str) -> anyhow::Result<()> {
        let steps = Call::new(&self.measure).arg("steps").arg(&self.capture);
        let steps = steps.arg(self.compiled(list)).arg(&self.table);
        let steps = steps.arg(self.folder.join(format!("{list}.csv")));
        print!(
            "{}",
            steps.args(["--times", &self.times.to_string()]).output()?
        );
        Ok(())
    }

    fn programs(&self) -> anyhow::Result<()> {
        let mut turns = Turns::default();
        let floor = vec![
            self.measure.display().to_string(),
            "floor".to_owned(),
            self.capture.display().to_string(),
        ];
        turns.add("floor", Row::every_turn(floor));
        for list in lists::WHOLE_RUNS {
            let exercise = self.exercise(list)?;
            turns.add(&format!("noroshi-select, {list}"), exercise);
        }
        let two = self
            .exercise("everything")?
            .with_arguments(&["--threads", "2"]);
        turns.add("noroshi-select, everything, 2 threads", two);
        peers::add(&mut turns, &self.capture, &self.folder)?;
        turns.run(self.times)?;
        turns.print("floor");
        Ok(())
    }

    /// A training warrant for a list, and the run under it: open, select, seal, state.
    fn exercise(&self, list: &str) -> anyhow::Result<Row> {
        let folder = self.folder.join(format!("exercise-{list}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).context("remove an earlier exercise")?;
        }
        let init = Call::new(&self.program)
            .args(["exercise", "init"])
            .arg(&folder);
        let init = init.arg("--criteria").arg(self.compiled(list));
        init.arg("--prefixes").arg(&self.table).output()?;
        let at = |name: &str| folder.join(name).display().to_string();
        let out = at("out");
        let command = [
            self.program.display().to_string().as_str(),
            "run",
            "--warrant",
            &at("warrant.note"),
            "--trust",
            &at("trust.txt"),
            "--engine-key",
            &at("keys/equipment-1.key"),
            "--criteria",
            &at("criteria.compiled"),
            "--prefixes",
            &at("prefixes.txt"),
            "--line",
            "training-line",
            "--input",
            &self.capture.display().to_string(),
            "--out",
            &out,
        ]
        .map(str::to_owned);
        Ok(Row::every_turn(command.to_vec()).with_fresh_folder(out))
    }
}

fn remove(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        fs::remove_file(file).with_context(|| format!("remove {}", file.display()))?;
    }
    Ok(())
}
