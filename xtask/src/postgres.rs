//! A throw-away `PostgreSQL` for tests and for developers.

use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, bail};

use crate::process::{Call, is_root};
use crate::workspace::Workspace;

/// `PostgreSQL` refuses to run as root; Debian's package brings this user.
const UNPRIVILEGED_USER: &str = "postgres";

const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// Creates the cluster, runs it, says `ready`, and removes everything when its standard input ends,
/// which happens however the process that holds the other end dies.
///
/// Arguments: folder of the programs, data folder, port, password, then settings as `-c name=value`.
const SCRIPT: &str = r#"
set -eu
programs=$1 data=$2 port=$3 password=$4
shift 4
trap '' INT
trap 'exit 1' TERM HUP
umask 077
mkdir -p "$data"
trap 'rm -rf "$data"' EXIT
printf '%s' "$password" >"$data.secret"
"$programs/initdb" --pgdata="$data" --username=noroshi --encoding=UTF8 --locale=C \
  --auth=password --pwfile="$data.secret" --no-sync >"$data.log" 2>&1 || { cat "$data.log" >&2; exit 1; }
rm -f "$data.secret"
"$programs/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c max_connections=300 -c shared_buffers=128MB "$@" >>"$data.log" 2>&1 &
server=$!
trap 'kill -INT $server 2>/dev/null || true; wait $server || true; rm -rf "$data" "$data.log"' EXIT
tries=0
until "$programs/pg_isready" --quiet --host=127.0.0.1 --port="$port"; do
  kill -0 $server 2>/dev/null || { cat "$data.log" >&2; exit 1; }
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { cat "$data.log" >&2; exit 1; }
  sleep 0.1
done
echo ready
cat >/dev/null
"#;

/// Nothing in a cluster for tests outlives a run.
const FORGETFUL: &[&str] = &[
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
];

/// A running server. It stops, and its files go, when this is dropped.
pub(crate) struct Postgres {
    child: Child,
    /// Closing it stops the server.
    lifeline: Option<ChildStdin>,
    pub(crate) url: String,
}

impl Postgres {
    /// A server for tests, which does not wait for the disk.
    pub(crate) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        Self::start_with(workspace, FORGETFUL, &[])
    }

    /// A server that waits for the disk as in production, for measurements, with some variables of the environment.
    pub(crate) fn start_durable(
        workspace: &Workspace,
        environment: &[(&str, OsString)],
    ) -> anyhow::Result<Self> {
        Self::start_with(workspace, &[], environment)
    }

    fn start_with(
        workspace: &Workspace,
        settings: &[&str],
        environment: &[(&str, OsString)],
    ) -> anyhow::Result<Self> {
        let programs = programs().context("no PostgreSQL here; run `cargo xtask tools`")?;
        let port = free_port()?;
        let password = random_hex()?;
        let data = data_folder(workspace, port)?;
        let mut child = unprivileged("sh")
            .args(["-c", SCRIPT, "noroshi-postgres"])
            .arg(&programs)
            .arg(&data)
            .arg(port.to_string())
            .arg(&password)
            .args(settings)
            .current_dir("/")
            .envs(environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start PostgreSQL")?;
        let lifeline = child.stdin.take();
        let mut said = [0_u8; 6];
        let ready = child
            .stdout
            .as_mut()
            .is_some_and(|out| out.read_exact(&mut said).is_ok() && &said == b"ready\n");
        let server = Self {
            child,
            lifeline,
            url: format!("postgres://noroshi:{password}@127.0.0.1:{port}/postgres"),
        };
        if !ready {
            bail!("PostgreSQL did not start; its own words stand above");
        }
        Ok(server)
    }

    /// Waits until the server ends, by a signal to us or by itself.
    pub(crate) fn wait(mut self) -> anyhow::Result<()> {
        // `wait` would close the input that is kept for the server, so it is held apart.
        self.child.wait().context("wait for PostgreSQL")?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // A server that cannot be waited for is gone already.
        let _ = self.child.wait();
    }
}

/// The folder of `initdb` and `postgres`, newest version first.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN_FOLDER)
        .ok()?
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .is_file()
                .then_some((version, programs))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs)
}

/// A call with no more rights than the server may have.
fn unprivileged(program: &str) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", UNPRIVILEGED_USER, "--", program]);
        command
    } else {
        Command::new(program)
    }
}

/// A folder the server's user can write: under the target directory, or in the system's folder for
/// temporary files when that user cannot come there (a checkout in root's own folder).
fn data_folder(workspace: &Workspace, port: u16) -> anyhow::Result<PathBuf> {
    let name = format!("cluster-{port}");
    let folder = workspace.target.join("postgres");
    fs::create_dir_all(&folder).context("make a folder for the cluster")?;
    if !is_root() {
        return Ok(folder.join(name));
    }
    Call::new("chown")
        .arg(UNPRIVILEGED_USER)
        .arg(&folder)
        .output()?;
    if can_write(&folder) {
        return Ok(folder.join(name));
    }
    let template = std::env::temp_dir().join("noroshi-postgres-XXXXXXXX");
    let folder = Call::new("runuser")
        .args(["-u", UNPRIVILEGED_USER, "--", "mktemp", "--directory"])
        .arg(template)
        .output()?;
    Ok(Path::new(folder.trim()).join(name))
}

fn can_write(folder: &Path) -> bool {
    unprivileged("test")
        .arg("-w")
        .arg(folder)
        .status()
        .is_ok_and(|status| status.success())
}

/// A port nobody listens on now. Another program may still take it first; the server then says so.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("find a free port")?;
    Ok(listener.local_addr().context("read the port")?.port())
}

fn random_hex() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("read random bytes for the password")?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_passwords_differ_and_are_32_hex_digits() {
        let (one, two) = (random_hex().unwrap(), random_hex().unwrap());
        assert_ne!(one, two);
        assert!(one.len() == 32 && one.chars().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn a_server_runs_while_it_is_held_and_is_gone_with_its_files_afterwards() {
        let Some(programs) = programs() else {
            return; // The gate installs PostgreSQL first; `cargo test -p xtask` alone may lack it.
        };
        let workspace = Workspace::find().unwrap();
        let server = Postgres::start(&workspace).unwrap();
        let answer = |url: &str| {
            Call::new(programs.join("psql"))
                .args([
                    "--no-psqlrc",
                    "--tuples-only",
                    "--no-align",
                    "--command",
                    "SELECT 41 + 1",
                ])
                .secret_arg(url)
                .output()
        };
        let url = server.url.clone();
        assert_eq!(answer(&url).unwrap().trim(), "42");
        let wrong = url.replacen("noroshi:", "noroshi:0", 1);
        assert!(answer(&wrong).is_err(), "a wrong password gets in");
        drop(server);
        assert!(answer(&url).is_err(), "the server still answers");
    }
}
