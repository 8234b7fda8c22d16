//! The steps that are one call of cargo or of git.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;

use anyhow::bail;

use super::Outcome;
use crate::postgres::{self, Postgres};
use crate::process::Call;
use crate::workspace::Workspace;
use crate::{tidy as rules, tools as installer};

pub(super) fn tools(workspace: &Workspace) -> anyhow::Result<Outcome> {
    installer::ensure(workspace)?;
    Ok(Outcome::Passed)
}

pub(super) fn fmt(workspace: &Workspace) -> anyhow::Result<Outcome> {
    cargo(workspace, ["fmt", "--all", "--check"]).run()?;
    Ok(Outcome::Passed)
}

pub(super) fn tidy(workspace: &Workspace) -> anyhow::Result<Outcome> {
    rules::run(workspace)?;
    Ok(Outcome::Passed)
}

pub(super) fn clippy(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let args = [
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    cargo(workspace, args).run()?;
    Ok(Outcome::Passed)
}

/// All tests, with a throw-away `PostgreSQL` and the Python of the independent verifier.
pub(super) fn tests(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let before = changed_files(workspace)?;
    let server = Postgres::start(workspace)?;
    let has_nextest = Call::new("cargo").args(["nextest", "--version"]).succeeds();
    let runner: &[&str] = if has_nextest {
        &["nextest", "run", "--locked", "--workspace"]
    } else {
        &["test", "--locked", "--workspace"]
    };
    let mut call = cargo(workspace, runner)
        .env("NOROSHI_TEST_PG", &server.url)
        .env("PATH", path_with_python(workspace));
    if let Some(programs) = postgres::programs() {
        call = call.env("NOROSHI_TEST_PG_PROGRAMS", programs);
    }
    call.run()?;
    refuse_new_changes(&before, &changed_files(workspace)?)?;
    Ok(Outcome::Passed)
}

/// In CI the checkout is clean, so nothing may be changed or new at all.
pub(super) fn generated(workspace: &Workspace) -> anyhow::Result<Outcome> {
    if env::var_os("CI").is_none() {
        return Ok(Outcome::NotApplicable(
            "compared by the step tests; the rest only in CI",
        ));
    }
    refuse_new_changes(&BTreeSet::new(), &changed_files(workspace)?)?;
    Ok(Outcome::Passed)
}

pub(super) fn docs(workspace: &Workspace) -> anyhow::Result<Outcome> {
    cargo(workspace, ["doc", "--locked", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    Ok(Outcome::Passed)
}

pub(crate) fn cargo<'a>(
    workspace: &Workspace,
    args: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
) -> Call {
    Call::new("cargo")
        .args(args.into_iter().map(|arg| arg.as_ref().to_owned()))
        .without_own_package()
        .dir(&workspace.root)
}

/// Our Python first, so that a test that calls `python3` finds the packages it needs.
fn path_with_python(workspace: &Workspace) -> OsString {
    let mut path = workspace.python_bin().into_os_string();
    if let Some(rest) = env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}

/// What git sees as changed or new, one line each with its digest where there is a file.
fn changed_files(workspace: &Workspace) -> anyhow::Result<BTreeSet<String>> {
    let status = Call::new("git")
        .args(["status", "--porcelain"])
        .dir(&workspace.root)
        .output()?;
    let difference = Call::new("git")
        .args(["diff", "--raw", "--abbrev=40"])
        .dir(&workspace.root);
    let lines = status.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    Ok(lines
        .into_iter()
        .chain(difference.output()?.lines().map(str::to_owned))
        .collect())
}

fn refuse_new_changes(before: &BTreeSet<String>, after: &BTreeSet<String>) -> anyhow::Result<()> {
    let new: Vec<&str> = after.difference(before).map(String::as_str).collect();
    if new.is_empty() {
        return Ok(());
    }
    bail!(
        "generated files are not up to date; look at the difference and commit it:\n{}",
        new.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_the_tests_changed_is_named_and_one_changed_before_is_not() {
        let set = |lines: &[&str]| {
            lines
                .iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>()
        };
        let before = set(&[" M docs/a.txt"]);
        assert!(refuse_new_changes(&before, &before).is_ok());
        let after = set(&[" M docs/a.txt", " M docs/access-matrix.txt"]);
        let error = refuse_new_changes(&before, &after).unwrap_err().to_string();
        assert!(
            error.ends_with("commit it:\n M docs/access-matrix.txt"),
            "{error}"
        );
    }
}
