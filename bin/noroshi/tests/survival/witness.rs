//! The committee's witness, as a process of its own: over HTTP, against a rollback and a fork, and through a power cut.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ledger::{Checkpoint, Hash, Receipt, SignedCheckpoint, SignerKey, Trust};

use crate::patience;
use crate::program::{Instance, printed};
use crate::unsynced::Layer;

/// The log that the tests watch.
const LOG: &str = "meti";

/// A witness with its key, trust file and memory.
struct Witness {
    trust: PathBuf,
    key: PathBuf,
    state: PathBuf,
}

/// A filled instance that knows its witness, with its settings.
fn watched() -> (Instance, Witness, PathBuf) {
    let instance = Instance::filled(None);
    let key = instance.path("witness.key");
    let public = printed(&[
        "ledger",
        "key",
        "generate",
        "--name",
        "committee.example/witness-1",
        "--out",
        key.to_str().unwrap(),
    ]);
    let settings = instance.settings("data", None, &format!("\"{}\"", public.trim()));
    let witness = Witness {
        trust: instance.path("trust.txt"),
        key,
        state: instance.path("state"),
    };
    // The witness of these tests watches one log; the others would stand still for it.
    let trust = printed(&["ledger", "trust", "--config", settings.to_str().unwrap()]);
    let end = format!("/{LOG}+");
    let lines = trust
        .lines()
        .filter(|line| !line.starts_with("log ") || line.contains(&end));
    let lines: Vec<&str> = lines.collect();
    fs::write(&witness.trust, lines.join("\n") + "\n").unwrap();
    fs::create_dir(&witness.state).unwrap();
    (instance, witness, settings)
}

impl Witness {
    fn command(&self, place: [&str; 2]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command
            .args(["ledger", "witness", "--once", "--trust"])
            .arg(&self.trust)
            .arg("--key")
            .arg(&self.key)
            .arg("--state")
            .arg(&self.state)
            .args(place)
            .stdin(Stdio::null());
        command
    }

    fn look(&self, place: [&str; 2]) -> Output {
        self.command(place).output().unwrap()
    }

    fn evidence(&self) -> usize {
        fs::read_dir(self.state.join("evidence")).unwrap().count()
    }

    /// Where it keeps the last checkpoint of a log that it co-signed, as `fsck --against` takes it.
    fn file_of(&self, log: &str) -> PathBuf {
        let files = fs::read_dir(self.state.join("checkpoints")).unwrap();
        let mut paths = files.map(|file| file.unwrap().path());
        let end = format!("~{log}");
        paths
            .find(|path| path.to_str().unwrap().ends_with(&end))
            .unwrap()
    }

    fn kept(&self, log: &str) -> SignedCheckpoint {
        SignedCheckpoint::parse(&fs::read(self.file_of(log)).unwrap()).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until the integrator has written a log.
fn wait_for_log(url: &str, log: &str) {
    patience::wait_until("the checkpoint of the log", || {
        ureq::get(format!("{url}/logs/{log}/checkpoint"))
            .call()
            .is_ok()
    });
}

/// The key of the log: whoever runs it can sign anything.
fn log_key(instance: &Instance) -> SignerKey {
    let path = instance
        .path("data")
        .join("keys")
        .join(format!("log-{LOG}.key"));
    SignerKey::parse(fs::read_to_string(path).unwrap().trim()).unwrap()
}

#[test]
fn a_log_is_cosigned_over_http_and_its_receipts_then_verify_as_witnessed() {
    let (instance, witness, settings) = watched();
    let config = settings.to_str().unwrap();
    let trust = Trust::parse(&fs::read(&witness.trust).unwrap()).unwrap();
    let server = instance.serve(&settings);
    wait_for_log(&server.url, LOG);
    let receipt = || {
        let json = printed(&["ledger", "receipt", LOG, "0", "--config", config]);
        let verified = Receipt::parse(json.trim().as_bytes())
            .unwrap()
            .verify(&trust);
        (json, verified.unwrap())
    };
    assert!(!receipt().1.witnessed);

    let address = format!("{}/logs/{LOG}", server.url);
    let seen = witness.look(["--url", &address]);
    assert_eq!(seen.status.code(), Some(0), "{}", said(&seen));
    let size = witness.kept(LOG).checkpoint().size();
    assert!(said(&seen).contains(&format!("size {size}")));
    let (json, verified) = receipt();
    assert!(verified.witnessed && verified.size == size);
    let cosigned = printed(&[
        "ledger",
        "checkpoint",
        LOG,
        "--cosigned",
        "--config",
        config,
    ]);
    let cosigned = SignedCheckpoint::parse(cosigned.as_bytes()).unwrap();
    assert_eq!(cosigned.checkpoint(), witness.kept(LOG).checkpoint());

    // The verifier that auditors run says so with its exit code, where it was built beside this program.
    let program = Path::new(env!("CARGO_BIN_EXE_noroshi")).with_file_name("noroshi-verify");
    if program.exists() {
        let file = instance.path("receipt.json");
        fs::write(&file, json).unwrap();
        let status = Command::new(program)
            .arg("--trust")
            .arg(&witness.trust)
            .arg(&file)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(0));
    }

    // A second look goes on from the first; another witness's line is not taken in.
    let again = witness.look(["--url", &address]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    let stranger = Witness {
        key: instance.path("stranger.key"),
        state: instance.path("stranger"),
        ..witness
    };
    printed(&[
        "ledger",
        "key",
        "generate",
        "--name",
        "stranger.example/w",
        "--out",
        stranger.key.to_str().unwrap(),
    ]);
    stranger.look(["--url", &address]);
    let taken = printed(&[
        "ledger",
        "checkpoint",
        LOG,
        "--cosigned",
        "--config",
        config,
    ]);
    assert!(taken.contains("committee.example/witness-1"), "{taken}");
    assert!(!taken.contains("stranger.example/w"), "{taken}");
}

#[test]
fn a_rollback_and_a_fork_over_http_are_refused_and_kept_as_evidence() {
    let (instance, witness, settings) = watched();
    let tiles = instance.path("data").join("tiles").join(LOG);
    let server = instance.serve(&settings);
    wait_for_log(&server.url, LOG);
    drop(server);
    let seen = witness.look(["--log-dir", tiles.to_str().unwrap()]);
    assert_eq!(seen.status.code(), Some(0), "{}", said(&seen));

    let honest = witness.kept(LOG);
    let mut fork = honest.checkpoint().head();
    fork.root = Hash::leaf(b"another history");
    let mut rollback = fork;
    rollback.size = fork.size.checked_sub(1).unwrap();
    for (head, evidence) in [(fork, 1), (rollback, 2)] {
        let log = LyingLog::start(forged(&instance, &honest, head), &tiles);
        let refused = witness.look(["--url", &log.url]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("ALARM"), "{}", said(&refused));
        assert_eq!(witness.evidence(), evidence);
        assert!(!log.was_sent_a_cosignature());
    }
    // What was co-signed stays what it was, and the honest log goes on.
    assert_eq!(witness.kept(LOG).checkpoint(), honest.checkpoint());
    let server = instance.serve(&settings);
    let address = format!("{}/logs/{LOG}", server.url);
    let seen = witness.look(["--url", &address]);
    assert_eq!(seen.status.code(), Some(0), "{}", said(&seen));
}

#[test]
fn what_a_witness_cosigned_survives_a_power_cut() {
    let (instance, witness, settings) = watched();
    let layer = Layer::build("");
    let server = instance.serve(&settings);
    wait_for_log(&server.url, LOG);
    for round in 0..3 {
        let mut command = witness.command(["--url", &format!("{}/logs/{LOG}", server.url)]);
        layer.preload(&mut command, &witness.state);
        let seen = command.output().unwrap();
        assert_eq!(seen.status.code(), Some(0), "{round}: {}", said(&seen));
        layer.lose_power(&witness.state);
        let size = witness.kept(LOG).checkpoint().size();
        assert!(
            said(&seen).contains(&format!("size {size}")),
            "{}",
            said(&seen)
        );
    }
    drop(server);
    // After the cuts it still knows what it co-signed, and refuses less.
    let kept = witness.kept(LOG);
    let mut head = kept.checkpoint().head();
    head.size = head.size.checked_sub(1).unwrap();
    let tiles = instance.path("data").join("tiles").join(LOG);
    let log = LyingLog::start(forged(&instance, &kept, head), &tiles);
    let refused = witness.look(["--url", &log.url]);
    assert!(said(&refused).contains("ALARM"), "{}", said(&refused));
    printed(&[
        "ledger",
        "fsck",
        "--config",
        settings.to_str().unwrap(),
        "--against",
        witness.file_of(LOG).to_str().unwrap(),
    ]);
}

#[test]
fn a_witness_whose_memory_does_not_wait_for_the_disk_is_noticed() {
    let (instance, witness, settings) = watched();
    let layer = Layer::build("/state");
    let server = instance.serve(&settings);
    wait_for_log(&server.url, LOG);
    let mut command = witness.command(["--url", &format!("{}/logs/{LOG}", server.url)]);
    layer.preload(&mut command, &witness.state);
    assert_eq!(command.output().unwrap().status.code(), Some(0));
    assert!(witness.state.join("state").exists());
    layer.lose_power(&witness.state);
    assert!(!witness.state.join("state").exists());
    assert!(!witness.state.join("checkpoints").exists());
}

/// Another tree, signed with the log's own key.
fn forged(instance: &Instance, honest: &SignedCheckpoint, head: ledger::TreeHead) -> String {
    let checkpoint = Checkpoint::new(honest.checkpoint().origin().clone(), head);
    checkpoint.sign(&[&log_key(instance)]).unwrap().to_string()
}

/// A log that shows a checkpoint of its choice over the tiles of an honest one.
struct LyingLog {
    url: String,
    posts: std::sync::Arc<std::sync::atomic::AtomicU32>,
}

impl LyingLog {
    fn start(checkpoint: String, tiles: &Path) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let posts = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
        let (seen, tiles) = (posts.clone(), tiles.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                if answer(stream, &checkpoint, &tiles) == Asked::Post {
                    seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                }
            }
        });
        Self { url, posts }
    }

    fn was_sent_a_cosignature(&self) -> bool {
        self.posts.load(std::sync::atomic::Ordering::SeqCst) != 0
    }
}

#[derive(PartialEq, Eq)]
enum Asked {
    Get,
    Post,
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, checkpoint: &str, tiles: &Path) -> Asked {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    for line in lines.by_ref() {
        if line.unwrap().is_empty() {
            break;
        }
    }
    let mut parts = first.split(' ');
    let asked = if parts.next() == Some("POST") {
        Asked::Post
    } else {
        Asked::Get
    };
    let path = parts.next().unwrap().trim_start_matches('/');
    let body = if path == "checkpoint" {
        Some(checkpoint.as_bytes().to_vec())
    } else {
        fs::read(tiles.join(path)).ok()
    };
    let (status, body) = body.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
    asked
}
