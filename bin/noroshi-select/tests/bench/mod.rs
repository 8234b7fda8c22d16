//! A training folder, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use ids::Digest;
use jiff::{SignedDuration, Timestamp};
use ledger::{Note, SignerKey};
use segment::{SegmentFolder, SegmentTerms, SegmentWriter};
use serde_json::Value;
use warrant::{Purpose, RunId, Terms, Trust, Warrant, warrant_text};

/// Stands in the payload of every packet of [`capture`].
pub(crate) const MARKER: &str = "payload-marker-7f3a";

pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Self { folder };
        let training = bench.path("").display().to_string();
        let (code, made) = json_exact(&["exercise", "init", &training]);
        assert_eq!(code, 0, "{made}");
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("training").join(name)
    }

    /// Runs with the arguments given; what is usual for the command is added.
    pub(crate) fn json(&self, args: &[&str]) -> (i32, Value) {
        let whole = self.arguments(args, "capture.pcap");
        let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
        json_exact(&whole)
    }

    pub(crate) fn refuses(&self, args: &[&str], reason: &str) {
        let (code, told) = self.json(args);
        assert_eq!(
            (code, told["refused"].as_str()),
            (2, Some(reason)),
            "{told}"
        );
    }

    /// Starts a run that reads standard input.
    pub(crate) fn start(&self) -> Child {
        let args = self.arguments(&["run"], "-");
        let mut command = program();
        command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        command.spawn().unwrap()
    }

    /// Waits until the run has stated its begin.
    pub(crate) fn wait_for(&self, what: &str) {
        let place = self.path("out").join(what);
        while fs::read_dir(&place).map_or(0, Iterator::count) < 2 {
            std::thread::yield_now();
        }
    }

    pub(crate) fn records(&self) -> Vec<Value> {
        let out = self.path("out").display().to_string();
        let key = self.path("keys/office.key").display().to_string();
        let args = ["segments", "open", &out, "--key", &key, "--format", "jsonl"];
        let done = program().args(args).output().unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let text = String::from_utf8(done.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Every file of the output folder, by path.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.path("out"), &mut found);
        found
    }

    pub(crate) fn terms(&self) -> Terms {
        self.warrant().terms().clone()
    }

    pub(crate) fn warrant_digest(&self) -> Digest {
        *self.warrant().digest()
    }

    fn warrant(&self) -> Warrant {
        let trust = Trust::parse(&fs::read(self.path("trust.txt")).unwrap()).unwrap();
        let original = self.path("original.note");
        if !original.exists() {
            fs::copy(self.path("warrant.note"), &original).unwrap();
        }
        Warrant::verify(&fs::read(original).unwrap(), &trust).unwrap()
    }

    pub(crate) fn write_warrant(&self, terms: &Terms, members: &[u8]) {
        let note = warrant_text(terms, Purpose::Exercise).unwrap();
        self.write_signed("warrant.note", note, members);
    }

    pub(crate) fn write_signed(&self, name: &str, mut note: Note, members: &[u8]) {
        for member in members {
            let text = fs::read_to_string(self.path(&format!("keys/member-{member}.key"))).unwrap();
            let key = SignerKey::parse(&text).unwrap();
            note.add(key.sign(note.text()).unwrap()).unwrap();
        }
        // Whole or absent, as `mv` does it.
        let temporary = self.path("note.tmp");
        fs::write(&temporary, note.to_string()).unwrap();
        fs::rename(temporary, self.path(name)).unwrap();
    }

    /// Seals an empty segment whose time is up.
    pub(crate) fn seal_long_ago(&self) {
        let warrant = self.warrant();
        let run = RunId::parse("long-ago").unwrap();
        let (folder, _) = SegmentFolder::open(&self.path("out/segments")).unwrap();
        let terms = SegmentTerms::of(&warrant, &run, Vec::new());
        let at = "2020-01-01T00:00:00Z".parse().unwrap();
        let sealed = SegmentWriter::begin(&folder, &terms, 0, at).unwrap().seal();
        assert_eq!(sealed.unwrap().records, 0);
    }

    fn arguments(&self, args: &[&str], input: &str) -> Vec<String> {
        let at = |name: &str| self.path(name).display().to_string();
        let input = if input == "-" {
            input.to_owned()
        } else {
            at(input)
        };
        let trust = ["--trust".to_owned(), at("trust.txt")];
        let engine = ["--engine-key".to_owned(), at("keys/equipment-1.key")];
        let mut whole: Vec<String> = args.iter().map(|word| (*word).to_owned()).collect();
        match args {
            ["run", ..] => {
                let pairs = [
                    ("--warrant", at("warrant.note")),
                    ("--criteria", at("criteria.compiled")),
                    ("--prefixes", at("prefixes.txt")),
                    ("--line", "training-line".to_owned()),
                    ("--input", input),
                    ("--out", at("out")),
                ];
                for (name, value) in pairs {
                    whole.extend([name.to_owned(), value]);
                }
                whole.extend(trust);
                whole.extend(engine);
            }
            ["warrant", ..] => {
                whole.push(at("warrant.note"));
                whole.extend(trust);
            }
            ["statement", ..] => {
                whole.push(at("out"));
                whole.extend(trust);
            }
            ["segments", "expire", ..] => {
                whole.push(at("out"));
                whole.extend(trust);
                whole.extend(engine);
            }
            ["restore", ..] => {
                whole.extend([
                    at("out"),
                    "--key".to_owned(),
                    at("keys/reidentification.key"),
                ]);
                whole.extend(["--order".to_owned(), at("order.note")]);
                whole.extend(trust);
                whole.extend(engine);
            }
            _ => whole.push(at("out")),
        }
        whole
    }
}

/// Runs with these arguments and nothing else but the format.
pub(crate) fn json_exact(args: &[&str]) -> (i32, Value) {
    let mut command = program();
    let done = command
        .args(args)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(told.is_empty(), "{told}");
    let value = serde_json::from_str(&printed);
    (
        done.status.code().unwrap(),
        value.unwrap_or(Value::String(printed)),
    )
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_noroshi-select"))
}

pub(crate) fn signal(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap()
            .success()
    );
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// A whole second, so many from now.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test has the real clock"
)]
pub(crate) fn now(seconds: i64) -> Timestamp {
    let second = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    second
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

fn collect(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// So many packets from the command server of the training criteria, each with the marker as payload.
pub(crate) fn capture(packets: u32) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
    file.extend_from_slice(&[2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend_from_slice(&65_535_u32.to_le_bytes());
    file.extend_from_slice(&1_u32.to_le_bytes());
    let tcp = [
        &[0x01, 0xbb, 0xc3, 0x51][..],
        &[0; 8],
        &[0x50, 0x18, 0x10, 0, 0, 0, 0, 0],
    ]
    .concat();
    let total = u16::try_from(MARKER.len())
        .unwrap()
        .checked_add(40)
        .unwrap();
    let head = [
        &[0x45, 0][..],
        &total.to_be_bytes(),
        &[0, 0, 0x40, 0, 64, 6, 0, 0],
    ]
    .concat();
    let ends = [[203, 0, 113, 66], [192, 0, 2, 10]].concat();
    let link = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
    let frame = [&link[..], &head, &ends, &tcp, MARKER.as_bytes()].concat();
    let length = u32::try_from(frame.len()).unwrap();
    for number in 0..packets {
        for field in [1_793_577_600, number % 1_000_000, length, length] {
            file.extend_from_slice(&field.to_le_bytes());
        }
        file.extend_from_slice(&frame);
    }
    file
}
