//! A layer between the server and its folder that forgets what was not synced (`unsynced.c`).

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use tempfile::TempDir;

/// The compiled layer and what it kept.
pub(crate) struct Layer {
    folder: TempDir,
    drop: &'static str,
}

impl Layer {
    /// Builds the layer. Syncs of paths that contain `drop` are lost; empty loses none.
    pub(crate) fn build(drop: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/survival/unsynced.c");
        let built = Command::new("cc")
            .args([
                "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
            ])
            .arg(folder.path().join("unsynced.so"))
            .arg(source)
            .args(["-ldl", "-lpthread"])
            .status()
            .expect("a C compiler");
        assert!(built.success());
        fs::create_dir(folder.path().join("kept")).unwrap();
        Self { folder, drop }
    }

    /// Puts the layer between a program and the folder it writes to.
    pub(crate) fn preload(&self, command: &mut Command, data: &Path) {
        command
            .env("LD_PRELOAD", self.folder.path().join("unsynced.so"))
            .env("NOROSHI_UNSYNCED_WATCH", data.canonicalize().unwrap())
            .env("NOROSHI_UNSYNCED_KEPT", self.kept())
            .env("NOROSHI_UNSYNCED_DROP", self.drop);
    }

    /// The power fails: makes `data` what a disk would hold afterwards. Everything in it then counts as synced.
    pub(crate) fn lose_power(&self, data: &Path) {
        let lost = data.with_extension("lost");
        fs::rename(data, &lost).unwrap();
        self.restore(&key(&lost), data);
        fs::remove_dir_all(&lost).unwrap();
        fs::remove_dir_all(self.kept()).unwrap();
        fs::create_dir(self.kept()).unwrap();
        self.keep_all(data);
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("kept")
    }

    fn entry(&self, key: &str, kind: &str) -> PathBuf {
        self.kept().join(format!("{key}.{kind}"))
    }

    /// A folder whose names were never synced is empty, a file whose content never was is empty too.
    fn restore(&self, key: &str, to: &Path) {
        fs::create_dir(to).unwrap();
        let names = fs::read_to_string(self.entry(key, "folder")).unwrap_or_default();
        for line in names.lines() {
            let mut parts = line.splitn(3, ' ');
            let (kind, key, name) = (
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap(),
            );
            let place = to.join(name);
            if kind == "d" {
                self.restore(key, &place);
            } else {
                let content = fs::read(self.entry(key, "file")).unwrap_or_default();
                fs::write(place, content).unwrap();
            }
        }
    }

    /// Writes down a folder as it is, all of it synced.
    fn keep_all(&self, folder: &Path) {
        let mut names = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                self.keep_all(&path);
                names.extend(["d ", &key(&path), " ", name, "\n"]);
            } else {
                fs::copy(&path, self.entry(&key(&path), "file")).unwrap();
                names.extend(["f ", &key(&path), " ", name, "\n"]);
            }
        }
        fs::write(self.entry(&key(folder), "folder"), names).unwrap();
    }
}

/// Names an inode as the layer does.
fn key(path: &Path) -> String {
    let facts = fs::metadata(path).unwrap();
    let birth = facts.created().unwrap().duration_since(UNIX_EPOCH).unwrap();
    format!(
        "{}-{}{:09}",
        facts.ino(),
        birth.as_secs(),
        birth.subsec_nanos()
    )
}
