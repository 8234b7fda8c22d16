//! Programs run in turns, and what each took.

use std::fs;

use anyhow::Context;

use crate::process::Call;

/// One program with its arguments.
pub(super) struct Row {
    command: Vec<String>,
    /// Emptied before each run.
    fresh: Option<String>,
    /// It takes so long that it runs in the first turn only.
    once: bool,
}

impl Row {
    pub(super) fn every_turn(command: Vec<String>) -> Self {
        Self {
            command,
            fresh: None,
            once: false,
        }
    }

    pub(super) fn with_arguments(mut self, more: &[&str]) -> Self {
        let more = more.iter().map(|word| (*word).to_owned());
        self.command.extend(more);
        self
    }

    pub(super) fn once(mut self) -> Self {
        self.once = true;
        self
    }

    pub(super) fn with_fresh_folder(mut self, folder: String) -> Self {
        self.fresh = Some(folder);
        self
    }
}

/// Seconds of processor and of wall time of one run.
#[derive(Clone, Copy)]
struct Took {
    processor: f64,
    wall: f64,
}

/// Rows in order, each with what its runs took.
#[derive(Default)]
pub(super) struct Turns {
    rows: Vec<(String, Row, Vec<Took>)>,
}

impl Turns {
    pub(super) fn add(&mut self, name: &str, row: Row) {
        self.rows.push((name.to_owned(), row, Vec::new()));
    }

    pub(super) fn run(&mut self, times: u32) -> anyhow::Result<()> {
        for turn in 0..times {
            for (name, row, took) in &mut self.rows {
                if turn == 0 || !row.once {
                    took.push(timed(row).with_context(|| format!("measure {name}"))?);
                }
            }
        }
        Ok(())
    }

    /// Medians, and how many times the floor's processor time.
    pub(super) fn print(&self, floor: &str) {
        let median_of = |took: &[Took], part: fn(&Took) -> f64| {
            let mut parts: Vec<f64> = took.iter().map(part).collect();
            parts.sort_unstable_by(f64::total_cmp);
            parts.get(parts.len() / 2).copied().unwrap_or(f64::NAN)
        };
        let floor = self.rows.iter().find(|(name, ..)| name == floor);
        let floor = floor.map_or(f64::NAN, |(_, _, took)| {
            median_of(took, |one| one.processor)
        });
        println!(
            "{:44} {:>10} {:>8} {:>12} {:>5}",
            "", "processor", "wall", "floor times", "runs"
        );
        for (name, _, took) in &self.rows {
            let processor = median_of(took, |one| one.processor);
            let wall = median_of(took, |one| one.wall);
            println!(
                "{name:44} {processor:>8.2} s {wall:>6.2} s {:>12.2} {:>5}",
                processor / floor,
                took.len()
            );
        }
    }
}

/// Runs once; the shell reads what the kernel counted.
fn timed(row: &Row) -> anyhow::Result<Took> {
    if let Some(folder) = &row.fresh
        && fs::exists(folder)?
    {
        fs::remove_dir_all(folder)?;
    }
    let script = "TIMEFORMAT='%U %S %R'; { time \"$@\" >/dev/null 2>&1; } 2>&1";
    let call = Call::new("bash").args(["-c", script, "measured"]);
    let said = call.args(&row.command).output()?;
    let numbers: Vec<f64> = said
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .with_context(|| format!("read {said:?}"))?;
    let [user, system, wall] = numbers.as_slice() else {
        anyhow::bail!("three times were expected, not {said:?}");
    };
    Ok(Took {
        processor: user + system,
        wall: *wall,
    })
}
