//! A real warrant for made-up traffic, and the program of the tests in which its basis is in force.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use ledger::{Algorithm, KeyName, SignerKey};
use segment::PrivateKey;
use select::criteria::{Draft, Form, parse};
use select::prefixes::{Builder, Format, Purpose as TablePurpose};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use warrant::{
    Conditions, CriteriaDigest, Direction, EquipmentId, InformationKind, LineId, MeasureId,
    MeasureKind, Purpose, Revocation, Terms, TimeRule, Trust, TunnelRule, Warrant, warrant_text,
};

const LINE: &str = "line-1";
/// Whose these are is made up.
const TABLE: &str = "11.1.0.0/16,JP\n12.1.0.0/16,US\n";
const CRITERIA: &str = "id,kind,value,reason,directions,ports\n\
    T-1,address,12.1.0.66,test,,\n\
    T-2,dns_name,.c2.example,test,,\n\
    T-3,server_name,.c2.example,test,,\n";

pub(crate) struct Ground {
    folder: tempfile::TempDir,
    members: Vec<SignerKey>,
}

impl Ground {
    pub(crate) fn new() -> Self {
        Self::of(CRITERIA)
    }

    /// With criteria of its own, as CSV.
    pub(crate) fn of(criteria: &str) -> Self {
        let ground = Self {
            folder: tempfile::tempdir().unwrap(),
            members: (1..=3)
                .map(|number| signer(&format!("member-{number}"), number))
                .collect(),
        };
        let engine = signer("equipment-1", 9);
        let office = PrivateKey::generate().unwrap();
        let committee = PrivateKey::generate().unwrap();
        let mut trust = vec!["noroshi-select-trust/v1".to_owned()];
        let members = ground.members.iter().map(SignerKey::verifier);
        trust.extend(members.map(|member| format!("member {member}")));
        trust.push(format!("threshold 2\nengine {}\n", engine.verifier()));
        let trust = trust.join("\n");
        let mut draft = Draft::default();
        parse(Form::Csv, criteria, &mut draft).unwrap();
        let criteria = draft.compile().0;
        let mut builder = Builder::new(TablePurpose::Operation, "JP");
        builder.add(Format::Csv, TABLE).unwrap();
        let table = builder.finish("2026-01-01", "test").unwrap();
        let terms = Terms {
            measure: MeasureId::parse("measure-1").unwrap(),
            kind: MeasureKind::Agreement,
            basis: vec!["basis.agreements".to_owned(), "basis.selection".to_owned()],
            equipment: EquipmentId::parse("equipment-1").unwrap(),
            lines: vec![LineId::parse(LINE).unwrap()],
            directions: vec![Direction::Inbound],
            criteria: CriteriaDigest::new(ids::Digest::from_bytes(
                Sha256::digest(&criteria).into(),
            )),
            valid_from: now(-3600),
            valid_until: now(3600),
            conditions: Conditions {
                information: InformationKind::ALL.to_vec(),
                retention_days: 30,
                kept_packets_per_hour: None,
                tunnels: TunnelRule::Outer,
                time: TimeRule::Period,
            },
            office_key: office.public().unwrap(),
            reidentification_key: committee.public().unwrap(),
        };
        fs::write(ground.path("trust.txt"), trust).unwrap();
        fs::write(ground.path("engine.key"), &*engine.to_text()).unwrap();
        fs::write(ground.path("office.key"), &*office.to_text()).unwrap();
        fs::write(ground.path("criteria.compiled"), criteria).unwrap();
        fs::write(ground.path("prefixes.txt"), table).unwrap();
        ground.write_warrant(&terms);
        ground
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn write_warrant(&self, terms: &Terms) {
        let note = warrant_text(terms, Purpose::Real).unwrap();
        self.write_signed("warrant.note", note, 2);
    }

    pub(crate) fn terms(&self) -> Terms {
        self.warrant().terms().clone()
    }

    pub(crate) fn revoke(&self) {
        let revocation = Revocation {
            warrant: *self.warrant().digest(),
            at: now(0),
        };
        let note = revocation.note(Purpose::Real).unwrap();
        self.write_signed("warrant.note.revoked", note, 1);
    }

    fn warrant(&self) -> Warrant {
        let trust = Trust::parse(&fs::read(self.path("trust.txt")).unwrap()).unwrap();
        Warrant::verify(&fs::read(self.path("warrant.note")).unwrap(), &trust).unwrap()
    }

    fn write_signed(&self, name: &str, mut note: ledger::Note, members: usize) {
        for key in self.members.iter().take(members) {
            note.add(key.sign(note.text()).unwrap()).unwrap();
        }
        // Whole or absent, as `mv` does it.
        let temporary = self.path("note.tmp");
        fs::write(&temporary, note.to_string()).unwrap();
        fs::rename(temporary, self.path(name)).unwrap();
    }

    /// The arguments of a run from `origin` into the folder `out`.
    pub(crate) fn run(&self, out: &str, origin: &[&str]) -> Vec<String> {
        let mut arguments = vec!["run".to_owned()];
        for (name, value) in [
            ("--warrant", self.text("warrant.note")),
            ("--trust", self.text("trust.txt")),
            ("--engine-key", self.text("engine.key")),
            ("--criteria", self.text("criteria.compiled")),
            ("--prefixes", self.text("prefixes.txt")),
            ("--line", LINE.to_owned()),
            ("--out", self.text(out)),
        ] {
            arguments.extend([name.to_owned(), value]);
        }
        arguments.extend(origin.iter().map(|word| (*word).to_owned()));
        arguments
    }

    /// Starts `command` (a program, or what runs one) with the arguments of a run.
    pub(crate) fn start(&self, mut command: Command, origin: &[&str]) -> Child {
        command
            .args(self.run("out", origin))
            .args(["--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Waits until `count` statements are there.
    pub(crate) fn wait_for(&self, child: &mut Child, count: usize) {
        while self.statements() < count {
            assert_eq!(child.try_wait().unwrap(), None, "the run goes on");
            std::thread::yield_now();
        }
    }

    /// How many statements are there.
    pub(crate) fn statements(&self) -> usize {
        let place = self.path("out").join("statements");
        let entries = fs::read_dir(place).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "note"))
            .count()
    }

    /// What the statements of an output folder say, verified.
    pub(crate) fn verified(&self, out: &str) -> Value {
        let (folder, trust) = (self.text(out), self.text("trust.txt"));
        let (code, told) = json(
            released(),
            &["statement", "verify", &folder, "--trust", &trust],
        );
        assert_eq!(code, 0, "{told}");
        told["runs"][0].clone()
    }

    /// The records of an output folder but for their times and pseudonyms, sorted.
    pub(crate) fn records(&self, out: &str) -> Vec<String> {
        let done = released()
            .args(["segments", "open", &self.text(out), "--key"])
            .args([&self.text("office.key"), "--format", "jsonl"])
            .output()
            .unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        let mut records: Vec<String> = text
            .lines()
            .map(|line| {
                let mut record: Value = serde_json::from_str(line).unwrap();
                let members = record.as_object_mut().unwrap();
                members.retain(|name, value| {
                    let is_tag = value.as_str().is_some_and(|text| text.starts_with("tag:"));
                    !is_tag && !["first", "last", "segment", "run"].contains(&name.as_str())
                });
                record.to_string()
            })
            .collect();
        records.sort_unstable();
        records
    }
}

/// The program as it is released.
pub(crate) fn released() -> Command {
    Command::new(env!("CARGO_BIN_EXE_noroshi-select"))
}

/// The example in which the legal basis is in force.
pub(crate) fn under_test_rules() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_noroshi-select"))
        .with_file_name("examples")
        .join("under_test_rules");
    assert!(path.exists(), "build it: cargo build --examples");
    path
}

pub(crate) fn json(mut command: Command, arguments: &[&str]) -> (i32, Value) {
    let done = command
        .args(arguments)
        .args(["--format", "json"])
        .output()
        .unwrap();
    (
        done.status.code().unwrap(),
        serde_json::from_slice(&done.stdout).unwrap(),
    )
}

/// Waits for the end; the exit code and what was printed.
pub(crate) fn end(child: Child) -> (i32, Value) {
    let done = child.wait_with_output().unwrap();
    (
        done.status.code().unwrap(),
        serde_json::from_slice(&done.stdout).unwrap(),
    )
}

pub(crate) fn ask_to_end(child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-TERM", &id]).status();
    assert!(status.unwrap().success());
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

fn signer(name: &str, seed: u8) -> SignerKey {
    let name = KeyName::parse(name).unwrap();
    SignerKey::from_seed(name, Algorithm::Ed25519, &[seed; 32]).unwrap()
}
