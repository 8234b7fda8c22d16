//! The program itself, `noroshi serve`, started, killed and started again.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::prepare::{SETTINGS, TOKEN_FOLLOWS};
use crate::unsynced::Layer;

const ADDRESS_FOLLOWS: &str = "listening on ";

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

    fn settings(&self) -> PathBuf {
        self.data.with_extension("toml")
    }

    /// What its processes say to whoever keeps it.
    fn words(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    fn write_settings(&self) {
        let database = self.database.as_deref().unwrap_or_default();
        let settings = format!(
            "[instance]\nname = \"survival.noroshi.example\"\nmode = \"exercise\"\n\
             [server]\nlisten = \"127.0.0.1:0\"\ncookies = \"plain\"\n\
             [storage]\ndirectory = {:?}\ndatabase = {database:?}\n\
             [access]\nargon2_memory_kib = 64\nargon2_passes = 1\n",
            self.data.to_str().unwrap()
        );
        fs::write(self.settings(), settings).unwrap();
    }

    /// A process of the instance; what it says goes to a file, and through the layer what it writes.
    fn command(&self, program: &Path) -> Command {
        let words = File::options()
            .create(true)
            .append(true)
            .open(self.words())
            .unwrap();
        let mut command = Command::new(program);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words);
        if let Some(layer) = &self.layer {
            layer.preload(&mut command, &self.data);
        }
        command
    }

    /// Makes the instance, and returns the token of whoever files.
    fn prepare(&self) -> String {
        fs::create_dir_all(&self.data).unwrap();
        self.write_settings();
        let mut child = self
            .command(&std::env::current_exe().unwrap())
            .args(["prepare_process", "--exact", "--nocapture"])
            .env(SETTINGS, self.settings())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = child.stdout.take().unwrap();
        out.read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{}", words(self));
        let (_, token) = said.split_once(TOKEN_FOLLOWS).expect("a token");
        token.lines().next().unwrap().trim().to_owned()
    }
}

/// A server; it runs until it is killed or dropped.
pub(crate) struct Server {
    child: Child,
    /// Held open, so that the server can go on printing.
    said: BufReader<ChildStdout>,
    /// Where it listens, as `http://…`.
    pub(crate) address: String,
    /// API token of whoever files.
    pub(crate) token: String,
}

impl Server {
    /// Makes a new instance, starts it and waits until it listens.
    pub(crate) fn start(place: &Place) -> Self {
        let token = place.prepare();
        Self::restart(place, &token)
    }

    /// Starts on what is there.
    pub(crate) fn restart(place: &Place, token: &str) -> Self {
        Self::try_restart(place, token).unwrap_or_else(|| panic!("{}", words(place)))
    }

    /// The same where it may fail; `None` when the instance does not start.
    pub(crate) fn try_restart(place: &Place, token: &str) -> Option<Self> {
        let mut child = place
            .command(Path::new(env!("CARGO_BIN_EXE_noroshi")))
            .arg("serve")
            .arg("--config")
            .arg(place.settings())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            said,
            address: String::new(),
            token: token.to_owned(),
        };
        let mut line = String::new();
        while server.said.read_line(&mut line).unwrap() != 0 {
            if let Some((_, address)) = line.split_once(ADDRESS_FOLLOWS) {
                address.trim().clone_into(&mut server.address);
                return Some(server);
            }
            line.clear();
        }
        None
    }

    /// Ends it as the system does when memory runs out: at once, with nothing said.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the server is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the instance said before it failed.
fn words(place: &Place) -> String {
    let words = fs::read_to_string(place.words()).unwrap_or_default();
    format!("the server did not start: {words}")
}
