//! A demonstration with data of its own, for one test.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The day that the exercise pretends; the law is in force.
const TODAY: &str = "2026-12-01";
const ADDRESS_FOLLOWS: &str = "listening on ";

pub(crate) struct Server {
    child: Child,
    /// Held open, so that the server can go on printing.
    said: BufReader<ChildStdout>,
    folder: TempDir,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
            .args(["demo", "--listen", "127.0.0.1:0", "--on", TODAY, "--data"])
            .arg(folder.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            said,
            folder,
            address: String::new(),
        };
        let mut line = String::new();
        while server.said.read_line(&mut line).unwrap() != 0 {
            if let Some((_, address)) = line.split_once(ADDRESS_FOLLOWS) {
                address.trim().clone_into(&mut server.address);
                return server;
            }
            line.clear();
        }
        panic!("the demonstration did not start");
    }

    /// The API token of a sample user.
    pub(crate) fn token(&self, login: &str) -> String {
        let file = fs::read(self.data().join("demo.json")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        let logins = file["logins"].as_array().unwrap();
        let found = logins.iter().find(|each| each["login"] == login).unwrap();
        found["api_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Settings with which the commands of whoever keeps the instance open it.
    pub(crate) fn settings(&self, witness: &str) -> PathBuf {
        let path = self.beside("settings.toml");
        let text = format!(
            "[instance]\nname = \"demo.noroshi.example\"\nmode = \"exercise\"\n\
             [storage]\ndirectory = {:?}\n[ledger]\nwitnesses = [{witness:?}]\n",
            self.data().to_str().unwrap()
        );
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the server is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file into a folder.
pub(crate) fn write(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}
