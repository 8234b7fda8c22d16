//! Where the repository and its build output are.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::process::Call;

/// The checkout being worked on.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target directory, wherever `CARGO_TARGET_DIR` puts it.
    pub(crate) target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that the command works from any folder of the checkout.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let text = Call::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()?;
        let metadata: Metadata =
            serde_json::from_str(&text).context("read the output of cargo metadata")?;
        ensure!(
            metadata.workspace_root.join("xtask").is_dir(),
            "{} is not this repository",
            metadata.workspace_root.display()
        );
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
        })
    }

    /// A folder for what the gate itself keeps between runs.
    pub(crate) fn tools_dir(&self) -> PathBuf {
        self.target.join("tools")
    }

    pub(crate) fn e2e_dir(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// The Python interpreter that has the packages of `tests/*/requirements.txt`.
    pub(crate) fn python(&self) -> PathBuf {
        self.python_bin().join("python3")
    }

    pub(crate) fn python_bin(&self) -> PathBuf {
        self.tools_dir().join("python/bin")
    }

    /// The debug build of a binary.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }
}

/// Whether `path` is a file, as an error that names it.
pub(crate) fn require_file(path: &Path) -> anyhow::Result<()> {
    ensure!(path.is_file(), "{} does not exist", path.display());
    Ok(())
}
