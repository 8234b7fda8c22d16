//! The demonstration, backup and restore on PostgreSQL, with the program itself.

use std::fs;
use std::path::Path;

use testkit::TestDatabase;

use crate::patience;
use crate::program::{Instance, printed, run};

/// An empty database on the server for tests; `None`, and a line that says so, where there is none.
fn database() -> Option<TestDatabase> {
    runtime().block_on(TestDatabase::empty_postgres())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn the_demonstration_runs_on_postgresql_and_a_second_start_finds_its_data() {
    let Some(database) = database() else {
        return;
    };
    let instance = Instance::filled(Some(database.address()));
    let logins = fs::read_to_string(instance.path("data/demo.json")).unwrap();
    let again = instance.demo(Some(database.address()));
    let page = patience::wait_for("the login page", || {
        let mut response = ureq::get(format!("{}/login", again.url)).call().ok()?;
        response.body_mut().read_to_string().ok()
    });
    assert!(
        page.contains("denki.shonin"),
        "the sample users are offered"
    );
    let now = fs::read_to_string(instance.path("data/demo.json")).unwrap();
    let password = |text: &str| {
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        file["password"].as_str().unwrap().to_owned()
    };
    assert_eq!(password(&logins), password(&now));
    assert!(!instance.path("data/noroshi.sqlite").exists());
}

#[test]
fn a_backup_of_postgresql_comes_back_and_an_older_one_than_was_cosigned_is_refused() {
    let (Some(database), Some(again), Some(older)) = (database(), database(), database()) else {
        return;
    };
    let instance = Instance::filled(Some(database.address()));
    let key = instance.path("witness.key");
    let public = printed(&[
        "ledger",
        "key",
        "generate",
        "--name",
        "committee.example/witness-1",
        "--out",
        text(&key),
    ]);
    let witnesses = format!("\"{}\"", public.trim());
    let settings = instance.settings("data", Some(database.address()), &witnesses);
    let trust = instance.path("trust.txt");
    fs::write(
        &trust,
        printed(&["ledger", "trust", "--config", text(&settings)]),
    )
    .unwrap();
    let state = instance.path("state");
    let cosign = || {
        printed(&[
            "ledger",
            "witness",
            "--once",
            "--trust",
            text(&trust),
            "--key",
            text(&key),
            "--state",
            text(&state),
            "--config",
            text(&settings),
        ])
    };
    let server = instance.serve(&settings);
    patience::wait_until("the logs", || {
        run(&[
            "ledger",
            "checkpoint",
            "instance",
            "--config",
            text(&settings),
        ])
        .status
        .success()
    });
    cosign();
    let backup = instance.path("backup");
    let made = printed(&[
        "backup",
        "--config",
        text(&settings),
        "--out",
        text(&backup),
        "--with-keys",
    ]);
    assert!(made.contains("instance:"), "{made}");
    assert!(backup.join("database.pgdump").exists());

    // It comes back whole, into another folder and database, while the first goes on.
    let second = instance.settings("second", Some(again.address()), &witnesses);
    let last: Vec<_> = checkpoints(&state);
    let restored = printed(&restore(&second, &backup, &last));
    assert!(restored.contains("restored"), "{restored}");
    printed(&["ledger", "fsck", "--config", text(&second)]);
    let restored_server = instance.serve(&second);
    assert!(
        ureq::get(format!("{}/login", restored_server.url))
            .call()
            .is_ok()
    );
    drop(restored_server);

    // An act after the backup, and a witness who has seen it.
    let size = instance_size(&settings);
    printed(&["ledger", "rotate", "instance", "--config", text(&settings)]);
    patience::wait_until("a longer log", || size < instance_size(&settings));
    let seen = cosign();
    assert!(seen.contains("co-signed"), "{seen}");
    drop(server);
    let third = instance.settings("third", Some(older.address()), &witnesses);
    let refused = run(&restore(&third, &backup, &checkpoints(&state)));
    let words = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(
        words.contains("co-signed leaves are not in this backup"),
        "{words}"
    );
    assert!(words.contains("nothing was put into place"), "{words}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every checkpoint that the witness keeps.
fn checkpoints(state: &Path) -> Vec<String> {
    let files = fs::read_dir(state.join("checkpoints")).unwrap();
    files
        .map(|file| text(&file.unwrap().path()).to_owned())
        .collect()
}

fn restore<'a>(settings: &'a Path, backup: &'a Path, last: &'a [String]) -> Vec<&'a str> {
    let mut arguments = vec![
        "restore",
        "--config",
        text(settings),
        "--from",
        text(backup),
    ];
    for checkpoint in last {
        arguments.extend(["--last", checkpoint]);
    }
    arguments
}

fn instance_size(settings: &Path) -> u64 {
    let checkpoint = printed(&[
        "ledger",
        "checkpoint",
        "instance",
        "--config",
        text(settings),
    ]);
    let signed = ledger::SignedCheckpoint::parse(checkpoint.as_bytes()).unwrap();
    signed.checkpoint().size()
}
