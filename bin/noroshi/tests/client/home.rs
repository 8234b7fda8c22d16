//! A person at a machine: their folder of settings, and the commands they run.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::server::Server;

pub(crate) struct Home {
    folder: TempDir,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) talk: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Somebody who is logged in as a sample user.
    pub(crate) fn of(server: &Server, login: &str) -> Self {
        let home = Self::new();
        let done = home.log_in(&server.address, &server.token(login));
        assert_eq!(done.code, 0, "{}", done.talk);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn log_in(&self, address: &str, token: &str) -> Done {
        self.log_in_with(address, token, &[])
    }

    pub(crate) fn log_in_with(&self, address: &str, token: &str, arguments: &[&str]) -> Done {
        let mut child = self
            .command(&[&["login", address], arguments].concat())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(format!("{token}\n").as_bytes()).unwrap();
        drop(input);
        child.wait_with_output().unwrap().into()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs a command that is done, and reads its JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let done = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.talk);
        serde_json::from_str(&done.out).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command
            .args(arguments)
            .env("XDG_CONFIG_HOME", self.path())
            .env("LANG", "ja_JP.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            talk: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
