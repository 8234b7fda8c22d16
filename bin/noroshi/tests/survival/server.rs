//! The service process, started, killed and started again.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::service::{ADDRESS_FOLLOWS, DATA, DATABASE, TOKEN, TOKEN_FOLLOWS};
use crate::unsynced::Layer;

/// Where an instance lives.
pub(crate) struct Place {
    /// Folder of the data.
    pub(crate) data: PathBuf,
    /// Address of a PostgreSQL database; without one, a SQLite file in the folder.
    pub(crate) database: Option<String>,
    /// Forgets what was not synced.
    pub(crate) layer: Option<Layer>,
}

impl Place {
    /// An instance on the embedded database.
    pub(crate) fn embedded(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
            layer: None,
        }
    }
}

/// A server; it runs until it is killed or dropped.
pub(crate) struct Server {
    child: Child,
    /// Held open, so that the server can go on printing.
    _said: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: String,
    /// API token of the sample user who files.
    pub(crate) token: String,
}

impl Server {
    /// Starts a new instance and waits until it listens.
    pub(crate) fn start(place: &Place) -> Self {
        fs::create_dir_all(&place.data).unwrap();
        Self::spawn(place, None).unwrap_or_else(|| panic!("{}", words(place)))
    }

    /// Starts on what is there.
    pub(crate) fn restart(place: &Place, token: &str) -> Self {
        Self::spawn(place, Some(token)).unwrap_or_else(|| panic!("{}", words(place)))
    }

    /// The same where it may fail.
    pub(crate) fn try_restart(place: &Place, token: &str) -> Option<Self> {
        Self::spawn(place, Some(token))
    }

    /// Ends it as the system does when memory runs out: at once, with nothing said.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `None` when the instance does not start.
    fn spawn(place: &Place, token: Option<&str>) -> Option<Self> {
        let words = File::options()
            .create(true)
            .append(true)
            .open(place.data.with_extension("log"))
            .unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["service_process", "--exact", "--nocapture"])
            .env(DATA, &place.data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words);
        if let Some(database) = &place.database {
            command.env(DATABASE, database);
        }
        if let Some(token) = token {
            command.env(TOKEN, token);
        }
        if let Some(layer) = &place.layer {
            layer.preload(&mut command, &place.data);
        }
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut token = token.map(str::to_owned);
        let address = loop {
            let mut line = String::new();
            if said.read_line(&mut line).unwrap() == 0 {
                child.wait().unwrap();
                return None;
            }
            if let Some((_, new)) = line.split_once(TOKEN_FOLLOWS) {
                token = Some(new.trim().to_owned());
            }
            if let Some((_, address)) = line.split_once(ADDRESS_FOLLOWS) {
                break address.trim().to_owned();
            }
        };
        Some(Self {
            child,
            _said: said,
            address,
            token: token.expect("the first start prints a token"),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the server is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the server said before it failed.
fn words(place: &Place) -> String {
    let words = fs::read_to_string(place.data.with_extension("log")).unwrap_or_default();
    format!("the server did not start: {words}")
}
