//! The demonstration server, for steps that talk to it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};

use super::steps;
use crate::workspace::Workspace;

/// What the server prints before its address.
const ADDRESS_FOLLOWS: &str = "listening on ";

/// `noroshi demo` on a free port with fresh data. It ends, and the data goes, when this is dropped.
pub(super) struct DemoServer {
    child: Child,
    /// Held open, so that the server can go on printing.
    _said: BufReader<ChildStdout>,
    pub(super) data: PathBuf,
    pub(super) url: String,
}

impl DemoServer {
    pub(super) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let data = workspace
            .tools_dir()
            .join(format!("demo-{}", std::process::id()));
        let mut child = Command::new(workspace.binary("noroshi"))
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("start noroshi demo")?;
        let out = child.stdout.take().context("read what noroshi demo says")?;
        let mut said = BufReader::new(out);
        let url = find_address(&mut said).unwrap_or_default();
        let server = Self {
            child,
            _said: said,
            data,
            url,
        };
        if server.url.is_empty() {
            bail!("noroshi demo ended without saying `{ADDRESS_FOLLOWS}…`");
        }
        Ok(server)
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        // Both fail only when what they end is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// Reads lines until one names the address.
fn find_address(said: &mut impl BufRead) -> Option<String> {
    loop {
        let mut line = String::new();
        if said.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((_, address)) = line.split_once(ADDRESS_FOLLOWS) {
            return Some(address.trim().to_owned());
        }
    }
}

/// Builds the binaries that the journeys and the API check run; `noroshi-verify` stands beside the one returned.
pub(super) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let args = [
        "build",
        "--locked",
        "--package=noroshi",
        "--package=noroshi-verify",
    ];
    steps::cargo(workspace, args).run()?;
    let binary = workspace.binary("noroshi");
    crate::workspace::require_file(&binary)?;
    Ok(binary)
}

/// A field of `demo.json`, which the server writes beside its data.
pub(super) fn demo_file(data: &Path) -> anyhow::Result<serde_json::Value> {
    let path = data.join("demo.json");
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    serde_json::from_str(&text).context("read demo.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_among_other_lines_and_its_absence_is_noticed() {
        let mut said = "demo ready\nlistening on http://127.0.0.1:4321\nmore\n".as_bytes();
        assert_eq!(
            find_address(&mut said).as_deref(),
            Some("http://127.0.0.1:4321")
        );
        assert_eq!(find_address(&mut "failed\n".as_bytes()), None);
    }
}
