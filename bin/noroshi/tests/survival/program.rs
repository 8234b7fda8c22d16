//! The program itself, with its own folder and settings, as whoever runs an instance starts it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use tempfile::TempDir;

/// What `serve` and `demo` print before their address.
const LISTENING: &str = "listening on ";

/// An instance that the demonstration has filled.
pub(crate) struct Instance {
    pub(crate) folder: TempDir,
}

/// A running server; it ends when dropped.
pub(crate) struct Running {
    child: Child,
    _said: BufReader<ChildStdout>,
    /// `http://…`.
    pub(crate) url: String,
}

impl Instance {
    /// Starts the demonstration once, so that there are data, and ends it.
    pub(crate) fn filled(database: Option<&str>) -> Self {
        let instance = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        drop(instance.demo(database));
        instance
    }

    /// A file or folder of this instance's own.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The demonstration on the data of this instance.
    pub(crate) fn demo(&self, database: Option<&str>) -> Running {
        let data = self.path("data");
        let mut arguments = vec!["demo", "--listen", "127.0.0.1:0", "--data"];
        arguments.push(data.to_str().unwrap());
        if let Some(database) = database {
            arguments.extend(["--database", database]);
        }
        Running::start(&arguments, &self.path("demo.log"))
    }

    /// Writes settings for the data in a folder, and returns their path.
    pub(crate) fn settings(&self, data: &str, database: Option<&str>, witness: &str) -> PathBuf {
        let text = format!(
            "[instance]\nname = \"demo.noroshi.example\"\nmode = \"exercise\"\n\n\
             [server]\nlisten = \"127.0.0.1:0\"\ncookies = \"plain\"\n\n\
             [storage]\ndirectory = \"{}\"\ndatabase = \"{}\"\n\n\
             [ledger]\nwitnesses = [{witness}]\n",
            self.path(data).display(),
            database.unwrap_or_default(),
        );
        let path = self.path(&format!("{data}.toml"));
        fs::write(&path, text).unwrap();
        path
    }

    /// The server with some settings.
    pub(crate) fn serve(&self, settings: &Path) -> Running {
        let arguments = ["serve", "--config", settings.to_str().unwrap()];
        Running::start(&arguments, &self.path("serve.log"))
    }
}

impl Running {
    fn start(arguments: &[&str], log: &Path) -> Self {
        let words = fs::File::create(log).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            if said.read_line(&mut line).unwrap() == 0 {
                child.wait().unwrap();
                panic!("{}", fs::read_to_string(log).unwrap_or_default());
            }
            if let Some(url) = line.strip_prefix(LISTENING) {
                break url.trim().to_owned();
            }
        };
        Self {
            child,
            _said: said,
            url,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when the server is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The same, and it must go well; returns what it printed.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
