//! Running other programs.

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// One call of another program, printed before it runs.
pub(crate) struct Call {
    command: Command,
    shown: String,
}

impl Call {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let shown = program.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, shown }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// An argument that is not printed, such as a password or a token.
    pub(crate) fn secret_arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push_str(" ***");
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Without what cargo told this program about its own package: build scripts that look at it would run again, and
    /// everything behind them be built again, each time this program and a person take turns.
    pub(crate) fn without_own_package(mut self) -> Self {
        let told =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(told) {
                self.command.env_remove(name);
            }
        }
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Runs with the terminal's output and fails when the program does.
    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        eprintln!("$ {}", self.shown);
        let status = self
            .command
            .status()
            .with_context(|| format!("start {}", self.shown))?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.shown);
        }
        Ok(())
    }

    /// Runs quietly and returns what the program wrote to its standard output.
    pub(crate) fn output(mut self) -> anyhow::Result<String> {
        let output = self
            .command
            .output()
            .with_context(|| format!("start {}", self.shown))?;
        if !output.status.success() {
            bail!(
                "`{}` ended with {}: {}",
                self.shown,
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        String::from_utf8(output.stdout)
            .with_context(|| format!("read the output of {}", self.shown))
    }

    /// Whether the program exists and ends well. Prints nothing.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// Whether we may install packages and must drop our rights for `PostgreSQL`.
pub(crate) fn is_root() -> bool {
    Call::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|uid| uid.trim() == "0")
}
