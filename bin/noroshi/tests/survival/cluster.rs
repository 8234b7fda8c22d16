//! A PostgreSQL server of our own, durable as in production, that can be killed and started again.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::patience;

/// Names the folder of `initdb` and `postgres`; the gate sets it.
const PROGRAMS: &str = "NOROSHI_TEST_PG_PROGRAMS";

/// PostgreSQL refuses to run as root; Debian's package brings this user.
const UNPRIVILEGED_USER: &str = "postgres";

/// Protects nothing: the server listens on this machine only and lives for one test.
const PASSWORD: &str = "survival";

pub(crate) struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    user: Option<(u32, u32)>,
    postmaster: Option<Child>,
}

impl Cluster {
    /// A fresh cluster, running; `None`, and a line that says so, where PostgreSQL is not named.
    pub(crate) fn start() -> Option<Self> {
        let Ok(programs) = std::env::var(PROGRAMS) else {
            eprintln!("{PROGRAMS} is not set: not run on PostgreSQL");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let user = unprivileged_user();
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut cluster = Self {
            programs: PathBuf::from(programs),
            port: listener.local_addr().unwrap().port(),
            folder,
            user,
            postmaster: None,
        };
        drop(listener);
        cluster.create();
        cluster.revive();
        Some(cluster)
    }

    /// Address of its database.
    pub(crate) fn address(&self) -> String {
        format!(
            "postgres://noroshi:{PASSWORD}@127.0.0.1:{}/postgres",
            self.port
        )
    }

    /// Kills the server and every process of it at once.
    pub(crate) fn kill(&mut self) {
        let mut postmaster = self.postmaster.take().expect("it runs");
        let id = postmaster.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        postmaster.kill().unwrap();
        postmaster.wait().unwrap();
        for child in children.split_whitespace() {
            // One that saw its parent die is gone already.
            let _ = Command::new("kill")
                .args(["-9", child])
                .stderr(Stdio::null())
                .status();
            let gone = || !Path::new("/proc").join(child).exists();
            patience::wait_until("a killed process of PostgreSQL is gone", gone);
        }
    }

    /// Starts it on what is there.
    pub(crate) fn revive(&mut self) {
        let words = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("words"))
            .unwrap();
        let port = self.port.to_string();
        let child = self
            .program("postgres")
            .arg("-D")
            .arg(self.data())
            .args(["-p", port.as_str()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .stderr(words.try_clone().unwrap())
            .stdout(words)
            .spawn()
            .unwrap();
        self.postmaster = Some(child);
        patience::wait_until("PostgreSQL answers", || {
            self.program("pg_isready")
                .args(["--quiet", "--host=127.0.0.1", "--port", port.as_str()])
                .status()
                .unwrap()
                .success()
        });
    }

    fn create(&self) {
        let secret = self.folder.path().join("secret");
        fs::write(&secret, PASSWORD).unwrap();
        let done = self
            .program("initdb")
            .args(["--username=noroshi", "--encoding=UTF8", "--locale=C"])
            .arg("--auth=password")
            .arg(joined("--pwfile=", &secret))
            .arg(joined("--pgdata=", &self.data()))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "initdb: {words}");
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.stdin(Stdio::null()).current_dir(self.folder.path());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.postmaster.is_some() {
            self.kill();
        }
    }
}

fn joined(option: &str, path: &Path) -> std::ffi::OsString {
    [OsStr::new(option), path.as_os_str()].into_iter().collect()
}

/// Ids of the user that the server runs as when we are root.
fn unprivileged_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.trim().parse::<u32>().unwrap()
    };
    (id(&["-u"]) == 0).then(|| {
        (
            id(&["-u", UNPRIVILEGED_USER]),
            id(&["-g", UNPRIVILEGED_USER]),
        )
    })
}
