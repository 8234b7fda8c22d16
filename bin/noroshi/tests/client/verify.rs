//! `noroshi-verify`, as whoever holds a receipt runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::Home;
use crate::server::Server;

/// The program beside ours; built where a run of this package alone has not done it.
fn program() -> PathBuf {
    let ours = Path::new(env!("CARGO_BIN_EXE_noroshi"));
    let program = ours.with_file_name("noroshi-verify");
    if !program.exists() {
        let profile = ours.parent().unwrap().file_name().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--locked", "--package", "noroshi-verify"]);
        if profile == "release" {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
    }
    program
}

/// The trust file of an instance with one witness.
pub(crate) fn trust(server: &Server) -> PathBuf {
    let keeper = Home::new();
    let key = server.beside("witness.key");
    let name = "committee.example/witness-1";
    let made = keeper.run(&[
        "ledger",
        "key",
        "generate",
        "--name",
        name,
        "--out",
        key.to_str().unwrap(),
    ]);
    assert_eq!(made.code, 0, "{}", made.talk);
    let settings = server.settings(made.out.trim());
    let trust = keeper.run(&["ledger", "trust", "--config", settings.to_str().unwrap()]);
    assert_eq!(trust.code, 0, "{}", trust.talk);
    let path = server.beside("trust.txt");
    std::fs::write(&path, trust.out).unwrap();
    path
}

/// What it ends with: 0 valid and witnessed, 1 not valid, 3 valid but not witnessed.
pub(crate) fn verify(trust: &Path, receipt: &Path) -> Option<i32> {
    let mut command = Command::new(program());
    command.arg("--trust").arg(trust).arg(receipt);
    command.output().unwrap().status.code()
}
