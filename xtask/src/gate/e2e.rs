//! The browser journeys in `tests/e2e`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::{Outcome, server};
use crate::postgres;
use crate::process::Call;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let dir = workspace.e2e_dir();
    let mut files = test_files(&dir.join("self"))?;
    ensure!(!files.is_empty(), "tests/e2e/self has no tests");
    files.extend(test_files(&dir.join("journeys"))?);
    let binary = server::build(workspace)?;
    let mut call = Call::new("node")
        .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(files)
        .env("NOROSHI_BIN", binary)
        .dir(&dir);
    if let Some(programs) = postgres::programs() {
        call = call.env("NOROSHI_TEST_PG_PROGRAMS", programs);
    }
    call.run()?;
    Ok(Outcome::Passed)
}

/// The tests of one folder, in a fixed order.
fn test_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry.context("list the journeys")?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
