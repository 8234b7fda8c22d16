//! What the gate needs beyond the Rust toolchain: found, or installed and said why.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::postgres;
use crate::process::{Call, is_root};
use crate::workspace::Workspace;

/// A package of Debian and how to see that it is there.
struct Package {
    name: &'static str,
    why: &'static str,
    is_there: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package {
        name: "gcc",
        why: "compiles SQLite and the TLS primitives",
        is_there: || Call::new("cc").arg("--version").succeeds(),
    },
    Package {
        name: "libc6-dev",
        why: "headers for the same",
        is_there: || Path::new("/usr/include/stdio.h").exists(),
    },
    Package {
        name: "postgresql",
        why: "one of the two databases every storage test runs on",
        is_there: || postgres::programs().is_some(),
    },
    Package {
        name: "chromium",
        why: "walks the browser journeys",
        is_there: || Path::new("/usr/bin/chromium").exists(),
    },
    Package {
        name: "fonts-noto-cjk",
        why: "without a Japanese font the pages are measured with empty boxes",
        is_there: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
    },
    Package {
        name: "nodejs",
        why: "runs the browser journeys; version 20 or later",
        is_there: || node_major().is_some_and(|major| 20 <= major),
    },
    Package {
        name: "npm",
        why: "installs Playwright and axe-core",
        is_there: || Call::new("npm").arg("--version").succeeds(),
    },
    Package {
        name: "python3-venv",
        why: "holds the independent verifier and Schemathesis apart from the system's Python",
        is_there: || {
            Call::new("python3")
                .args(["-c", "import venv, ensurepip"])
                .succeeds()
        },
    },
    Package {
        name: "tcpdump",
        why: "matches the same addresses in the same captures as the selection engine",
        is_there: || Call::new("tcpdump").arg("--version").succeeds(),
    },
    Package {
        name: "tshark",
        why: "finds the same DNS and TLS names in the same captures as the selection engine",
        is_there: || Call::new("tshark").arg("--version").succeeds(),
    },
    Package {
        name: "poppler-utils",
        why: "reads the text, fonts and attachments of printed PDF files",
        is_there: || Path::new("/usr/bin/pdfdetach").exists(),
    },
    Package {
        name: "qpdf",
        why: "checks the structure of printed PDF files",
        is_there: || Call::new("qpdf").arg("--version").succeeds(),
    },
    Package {
        name: "libreoffice-calc-nogui",
        why: "opens and saves the workbooks of forms, as their readers do (60 packages, about 100 MB to fetch)",
        is_there: || Call::new("soffice").arg("--version").succeeds(),
    },
];

/// Files that name Python packages; each is installed when it exists.
const REQUIREMENTS: &[&str] = &[
    "tests/oracle/requirements.txt",
    "tests/api/requirements.txt",
    "tests/documents/requirements.txt",
    "tests/reminders/requirements.txt",
    "tests/submissions/requirements.txt",
];

/// The major version of Node: 20 for `v20.1.0`.
fn node_major() -> Option<u32> {
    let version = Call::new("node").arg("--version").output().ok()?;
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Something cannot be installed here; the message names it.
#[derive(Debug)]
pub(crate) struct Missing(String);

impl std::fmt::Display for Missing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

#[cfg(test)]
impl Missing {
    pub(crate) fn example() -> Self {
        Self("missing: nodejs".to_owned())
    }
}

/// Makes sure everything is there. Quick when it is.
pub(crate) fn ensure(workspace: &Workspace) -> anyhow::Result<()> {
    ensure_packages()?;
    ensure_node_modules(workspace)?;
    ensure_python(workspace)
}

fn missing_packages() -> Vec<&'static Package> {
    PACKAGES
        .iter()
        .filter(|package| !(package.is_there)())
        .collect()
}

fn ensure_packages() -> anyhow::Result<()> {
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    let can_install = is_root() && Call::new("apt-get").arg("--version").succeeds();
    if !can_install {
        return Err(Missing(missing_message(&missing)).into());
    }
    for package in &missing {
        eprintln!("installing {} (Debian): {}", package.name, package.why);
    }
    Call::new("apt-get").args(["update", "--quiet"]).run()?;
    Call::new("apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(missing.iter().map(|package| package.name))
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()?;
    let still_missing = missing_packages();
    if still_missing.is_empty() {
        return Ok(());
    }
    // An old release of the distribution may have the package but not the version.
    Err(Missing(missing_message(&still_missing)).into())
}

fn missing_message(missing: &[&Package]) -> String {
    let mut text = "missing, and cannot be installed from here:".to_owned();
    for package in missing {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {}: {}", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let _ = write!(text, "\nas root: apt-get install {}", names.join(" "));
    text
}

/// Playwright drives the browser and axe-core checks accessibility; both are pinned by the lockfile.
fn ensure_node_modules(workspace: &Workspace) -> anyhow::Result<()> {
    let dir = workspace.e2e_dir();
    let lock = fs::read_to_string(dir.join("package-lock.json"))
        .context("read tests/e2e/package-lock.json")?;
    let stamp = dir.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("installing playwright-core and axe-core (npm): browser journeys and accessibility");
    Call::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .dir(&dir)
        .run()?;
    fs::write(&stamp, lock).context("note what was installed")
}

fn ensure_python(workspace: &Workspace) -> anyhow::Result<()> {
    let files: Vec<PathBuf> = REQUIREMENTS
        .iter()
        .map(|file| workspace.root.join(file))
        .filter(|file| file.is_file())
        .collect();
    let mut wanted = String::new();
    for file in &files {
        wanted.push_str(
            &fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?,
        );
    }
    let home = workspace.tools_dir().join("python");
    let stamp = home.join("installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!(
        "installing Schemathesis, cryptography and pikepdf (PyPI): the API under odd input, an independent \
         verifier of receipts, and a reader of printed files"
    );
    Call::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&home)
        .run()?;
    let mut install =
        Call::new(workspace.python()).args(["-m", "pip", "install", "--quiet", "--no-input"]);
    for file in &files {
        install = install.arg("--requirement").arg(file);
    }
    if !files.is_empty() {
        install.run()?;
    }
    fs::write(&stamp, wanted).context("note what was installed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_package_is_named_with_its_reason_and_the_command() {
        let missing: Vec<&Package> = PACKAGES.iter().take(2).collect();
        assert_eq!(
            missing_message(&missing),
            "missing, and cannot be installed from here:\n  gcc: compiles SQLite and the TLS primitives\n  \
             libc6-dev: headers for the same\nas root: apt-get install gcc libc6-dev"
        );
    }
}
