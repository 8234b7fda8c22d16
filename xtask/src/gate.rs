//! `cargo xtask test`: the whole gate.

mod e2e;
mod licences;
mod schemathesis;
mod server;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use clap::Args;

use crate::workspace::Workspace;

pub(crate) use steps::cargo;

#[derive(Args)]
pub(crate) struct Options {
    /// Run only these steps
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Leave these steps out
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Name the steps and what each is for
    #[arg(long)]
    list: bool,
}

/// One check of the gate.
struct Step {
    name: &'static str,
    purpose: &'static str,
    run: fn(&Workspace) -> anyhow::Result<Outcome>,
}

/// How a step ended that did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// There is nothing to check, and why.
    NotApplicable(&'static str),
}

/// Cheap checks first; what needs the whole build after the build.
const STEPS: &[Step] = &[
    Step {
        name: "tools",
        purpose: "what the other steps need is installed",
        run: steps::tools,
    },
    Step {
        name: "fmt",
        purpose: "cargo fmt --check",
        run: steps::fmt,
    },
    Step {
        name: "tidy",
        purpose: "rules a machine can check",
        run: steps::tidy,
    },
    Step {
        name: "licences",
        purpose: "deny.toml: licences, bans, sources",
        run: licences::run,
    },
    Step {
        name: "clippy",
        purpose: "lints, warnings are errors",
        run: steps::clippy,
    },
    Step {
        name: "tests",
        purpose: "all Rust tests, on SQLite and PostgreSQL",
        run: steps::tests,
    },
    Step {
        name: "generated",
        purpose: "the tests wrote nothing new",
        run: steps::generated,
    },
    Step {
        name: "docs",
        purpose: "rustdoc, warnings are errors",
        run: steps::docs,
    },
    Step {
        name: "e2e",
        purpose: "browser journeys with axe",
        run: e2e::run,
    },
    Step {
        name: "api",
        purpose: "Schemathesis: no 5xx, every answer as documented",
        run: schemathesis::run,
    },
];

/// Runs the chosen steps, stops at the first failure, and prints the table of times either way.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let chosen = choose(&options.only, &options.skip)?;
    if options.list {
        for step in chosen {
            println!("{:10} {}", step.name, step.purpose);
        }
        return Ok(());
    }
    let began = Instant::now();
    let mut rows = Vec::new();
    let mut failure = None;
    for step in chosen {
        eprintln!("== {}: {}", step.name, step.purpose);
        let started = Instant::now();
        let result = (step.run)(workspace);
        rows.push((step.name, started.elapsed(), verdict(&result)));
        if let Err(error) = result {
            failure = Some(error.context(format!("step {}", step.name)));
            break;
        }
    }
    print_table(&rows, began.elapsed());
    failure.map_or(Ok(()), Err)
}

fn verdict(result: &anyhow::Result<Outcome>) -> &'static str {
    match result {
        Ok(Outcome::Passed) => "ok",
        Ok(Outcome::NotApplicable(reason)) => reason,
        Err(_) => "FAILED",
    }
}

fn print_table(rows: &[(&str, Duration, &str)], total: Duration) {
    println!("\n{:10} {:>9}  result", "step", "seconds");
    for (name, time, verdict) in rows {
        println!("{name:10} {:>9.1}  {verdict}", time.as_secs_f64());
    }
    println!("{:10} {:>9.1}", "all", total.as_secs_f64());
}

fn choose(only: &[String], skip: &[String]) -> anyhow::Result<Vec<&'static Step>> {
    for name in only.iter().chain(skip) {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("no step `{name}`; `cargo xtask test --list` names them");
        }
    }
    let is_named = |names: &[String], step: &Step| names.iter().any(|name| name == step.name);
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| only.is_empty() || is_named(only, step))
        .filter(|step| !is_named(skip, step))
        .collect();
    ensure!(!chosen.is_empty(), "no step left to run");
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Result<Vec<&'static str>, String> {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        choose(&owned(only), &owned(skip))
            .map(|steps| steps.iter().map(|step| step.name).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_options_every_step_runs_tools_first() {
        let all = names(&[], &[]).unwrap();
        assert_eq!(all.len(), STEPS.len());
        assert_eq!(all.first(), Some(&"tools"));
    }

    #[test]
    fn steps_keep_their_order_whatever_the_order_asked() {
        assert_eq!(names(&["tidy", "fmt"], &[]), Ok(vec!["fmt", "tidy"]));
        assert_eq!(names(&["tidy", "fmt"], &["fmt"]), Ok(vec!["tidy"]));
    }

    #[test]
    fn an_unknown_step_is_refused_and_so_is_running_nothing() {
        assert!(
            names(&["tydi"], &[])
                .unwrap_err()
                .contains("no step `tydi`")
        );
        assert!(
            names(&[], &["tydi"])
                .unwrap_err()
                .contains("no step `tydi`")
        );
        assert!(
            names(&["fmt"], &["fmt"])
                .unwrap_err()
                .contains("no step left")
        );
    }
}
