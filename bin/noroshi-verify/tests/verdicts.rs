//! The command line and the independent Python verifier give the same verdict on every receipt.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod corpus;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ledger::{Receipt, Trust};
use serde_json::Value;

use crate::corpus::{ORIGIN, issue, mutations, trust_file};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi-verify"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

/// Writes files into a fresh directory and gives their paths.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

/// Verdict of the Rust command line on one file.
fn verdict_of_rust(trust: &Path, receipt: &Path) -> &'static str {
    let output = run(&[
        "--trust",
        trust.to_str().unwrap(),
        receipt.to_str().unwrap(),
    ]);
    match output.status.code() {
        Some(0) => "witnessed",
        Some(3) => "not_witnessed",
        Some(1) => "invalid",
        Some(2) if text(&output.stderr).contains("trust file") => "bad_trust",
        other => panic!("exit {other:?}: {}", text(&output.stderr)),
    }
}

/// Verdicts of the Python verifier, one for each of `others`; `None` when it was switched off on purpose.
fn verdicts_of_python(mode: &str, first: &Path, others: &[PathBuf]) -> Option<Vec<String>> {
    if std::env::var_os("NOROSHI_SKIP_PYTHON").is_some_and(|value| value == "1") {
        return None;
    }
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/verify_receipt.py");
    let needs = "this test needs python3 with the packages of tests/oracle/requirements.txt: run \
                 `python3 -m pip install -r tests/oracle/requirements.txt`, or set NOROSHI_SKIP_PYTHON=1";
    let mut verdicts = Vec::new();
    for chunk in others.chunks(200) {
        let mut python = Command::new("python3");
        let output = python
            .arg(&oracle)
            .arg(mode)
            .arg(first)
            .args(chunk)
            .output();
        let output = output.unwrap_or_else(|error| panic!("{needs} ({error})"));
        let printed = text(&output.stdout);
        let lines = printed
            .lines()
            .map(|line| line.split('\t').next().unwrap().to_owned());
        let before = verdicts.len();
        verdicts.extend(lines);
        let complete = verdicts.len() - before == chunk.len();
        assert!(complete, "{needs}\n{}", text(&output.stderr));
    }
    Some(verdicts)
}

#[test]
fn every_altered_field_has_the_same_verdict_in_rust_and_python() {
    let files = Files::new();
    let trust = files.write("trust", trust_file(1));
    let cases = mutations();
    let paths: Vec<PathBuf> = (cases.iter().enumerate())
        .map(|(number, case)| files.write(&format!("{number}.json"), &case.file))
        .collect();
    for (case, path) in cases.iter().zip(&paths) {
        assert_eq!(
            verdict_of_rust(&trust, path),
            case.verdict,
            "rust: {}",
            case.name
        );
    }
    if let Some(verdicts) = verdicts_of_python("--trust", &trust, &paths) {
        for (case, verdict) in cases.iter().zip(verdicts) {
            assert_eq!(verdict, case.verdict, "python: {}", case.name);
        }
    }
}

#[test]
fn every_flipped_byte_has_the_same_verdict_in_rust_and_python() {
    let files = Files::new();
    let trust_text = trust_file(1);
    let trust_path = files.write("trust", &trust_text);
    let trust = Trust::parse(trust_text.as_bytes()).unwrap();
    let good = issue(ORIGIN, None).to_json().unwrap().into_bytes();
    let mut paths = Vec::new();
    let mut verdicts = Vec::new();
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= [0x01, 0x02, 0x10, 0x20, 0x80][at % 5];
        let verified = Receipt::parse(&altered).and_then(|receipt| receipt.verify(&trust));
        verdicts.push(match verified {
            Ok(verified) if verified.witnessed => "witnessed",
            Ok(_) => "not_witnessed",
            Err(_) => "invalid",
        });
        paths.push(files.write(&format!("{at}.json"), &altered));
    }
    let refused = verdicts
        .iter()
        .filter(|verdict| **verdict == "invalid")
        .count();
    assert!(
        verdicts.len() / 2 < refused,
        "most bytes matter: {refused} of {}",
        verdicts.len()
    );
    if let Some(python) = verdicts_of_python("--trust", &trust_path, &paths) {
        for (at, (rust, python)) in verdicts.iter().zip(python).enumerate() {
            assert_eq!(*rust, python, "byte {at}");
        }
    }
}

#[test]
fn every_trust_file_is_read_alike_in_rust_and_python() {
    let files = Files::new();
    let receipt = files.write("receipt.json", issue(ORIGIN, None).to_json().unwrap());
    let cases = corpus::trust_mutations();
    let paths: Vec<PathBuf> = (cases.iter().enumerate())
        .map(|(number, (_, trust))| files.write(&format!("trust-{number}"), trust))
        .collect();
    let rust: Vec<&str> = paths
        .iter()
        .map(|trust| verdict_of_rust(trust, &receipt))
        .collect();
    for verdict in ["witnessed", "not_witnessed", "invalid", "bad_trust"] {
        assert!(rust.contains(&verdict), "no case is {verdict}");
    }
    if let Some(python) = verdicts_of_python("--each-trust", &receipt, &paths) {
        for ((name, _), (rust, python)) in cases.iter().zip(rust.iter().zip(python)) {
            assert_eq!(*rust, python, "{name}");
        }
    }
}

#[test]
fn the_text_result_is_english_and_japanese() {
    let files = Files::new();
    let trust = files.write("trust", trust_file(1));
    let good = files.write("good.json", issue(ORIGIN, None).to_json().unwrap());
    let output = run(&["--trust", trust.to_str().unwrap(), good.to_str().unwrap()]);
    let printed = text(&output.stdout);
    assert!(
        printed.starts_with("valid and witnessed\n有効です。"),
        "{printed}"
    );
    assert!(
        printed.contains("  committee.example/w1 at 2027-01-15T08:00:00Z\n"),
        "{printed}"
    );
    assert!(!printed.contains("EXERCISE") && output.stderr.is_empty());

    let cut = files.write("cut.json", "{");
    let output = run(&["--trust", trust.to_str().unwrap(), cut.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("NOT VALID: receipt is not JSON"));
    assert!(text(&output.stdout).contains("無効です。"));
}

#[test]
fn an_exercise_is_said_aloud() {
    let files = Files::new();
    let origin = "exercise/cao.example/filings";
    let accepting = corpus::trust_for(origin, 1) + "exercise accept\n";
    let trust = files.write("trust", accepting);
    let receipt = files.write("receipt.json", issue(origin, None).to_json().unwrap());
    let arguments = [
        "--trust",
        trust.to_str().unwrap(),
        receipt.to_str().unwrap(),
    ];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("EXERCISE: this is not a real act\n【演習】"));
    let refusing = files.write("trust-refusing", corpus::trust_for(origin, 1));
    let output = run(&[
        "--trust",
        refusing.to_str().unwrap(),
        receipt.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_json_result_is_for_programs() {
    let files = Files::new();
    let trust = files.write("trust", trust_file(2));
    let good = files.write("good.json", issue(ORIGIN, None).to_json().unwrap());
    let json = |receipt: &Path| -> Value {
        let trust = trust.to_str().unwrap();
        let output = run(&[
            "--format",
            "json",
            "--trust",
            trust,
            receipt.to_str().unwrap(),
        ]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let found = json(&good);
    assert_eq!(found["result"], "not_witnessed");
    assert_eq!(
        (&found["index"], &found["size"], &found["quorum"]),
        (&5.into(), &9.into(), &2.into())
    );
    assert_eq!(found["witnesses"][0]["name"], "committee.example/w1");
    assert_eq!(found["witnesses"][0]["time"], 1_800_000_000);
    let found = json(&files.write("bad.json", "{}"));
    assert_eq!(
        (&found["result"], &found["code"]),
        (&"invalid".into(), &"json".into())
    );
}

#[test]
fn checkpoints_and_their_consistency_are_verified() {
    let files = Files::new();
    let trust = files.write("trust", trust_file(1));
    let trust = trust.to_str().unwrap();
    let (old, new, proof) = corpus::history();
    let old = files.write("old", old);
    let new = files.write("new", new);
    let proof_path = files.write("proof", &proof);
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let proof_path = proof_path.to_str().unwrap();
    assert_eq!(
        run(&["checkpoint", "--trust", trust, new]).status.code(),
        Some(0)
    );
    assert_eq!(
        run(&["checkpoint", "--trust", trust, old]).status.code(),
        Some(3)
    );
    let consistency = |old, new, proof| {
        let output = run(&["consistency", "--trust", trust, "--proof", proof, old, new]);
        (
            output.status.code(),
            text(&output.stdout).lines().next().map(str::to_owned),
        )
    };
    assert_eq!(consistency(old, new, proof_path).0, Some(0));
    assert_eq!(consistency(new, old, proof_path).0, Some(1));
    let (_, shorter) = proof.split_once('\n').unwrap();
    let shorter = files.write("shorter", shorter);
    assert_eq!(consistency(old, new, shorter.to_str().unwrap()).0, Some(1));
    let noise = files.write("noise", "no hash\n");
    let (code, reason) = consistency(old, new, noise.to_str().unwrap());
    assert_eq!(code, Some(1));
    assert_eq!(
        reason.as_deref(),
        Some("NOT VALID: proof is not one Base 64 hash on each line")
    );
}

#[test]
fn wrong_usage_is_not_a_verdict() {
    let files = Files::new();
    let trust = files.write("trust", trust_file(1));
    let bad_trust = files.write("bad-trust", "noroshi-trust/v2\n");
    let good = files.write("good.json", issue(ORIGIN, None).to_json().unwrap());
    let (trust, good) = (trust.to_str().unwrap(), good.to_str().unwrap());
    for arguments in [
        &[][..],
        &[good],
        &["--trust", trust],
        &["--trust", trust, "/nonexistent/receipt.json"],
        &["--trust", bad_trust.to_str().unwrap(), good],
        &["--trust", "/nonexistent/trust", good],
        &["--format", "xml", "--trust", trust, good],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
    assert_eq!(run(&["--help"]).status.code(), Some(0));
}
