use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use app::{App, Parts};
use clap::Args;
use config::Config;
use jiff::Timestamp;
use ledger::witness::{AddCheckpoint, WitnessDirectory, WitnessError};
use ledger::{
    DirectoryTiles, Note, Resource, SignedCheckpoint, TileReader, TileStore, Trust,
    consistency_path,
};

use crate::ledger::keys::read_key;
use crate::ledger::read_limited;
use crate::serve::runtime;

/// Exit code when a log was not co-signed.
const NOT_COSIGNED: u8 = 1;
/// Largest tile or bundle: 256 entries of at most 97 bytes with their lengths.
const MAX_TILE: u64 = 65_536;

/// Arguments of `ledger witness`.
#[derive(Debug, Args)]
pub(crate) struct WitnessCommand {
    /// Trust file with the keys of the logs to watch.
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// Private key of the witness.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// What the witness remembers. Back it up, and never restore an older one.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// Tiles of a log; may be given several times. Signature lines are printed.
    #[arg(long, value_name = "DIR")]
    log_dir: Vec<PathBuf>,
    /// Address of a log, such as `https://noroshi.example/logs/meti`; may be given several times. Lines are sent there.
    #[arg(long, value_name = "URL")]
    url: Vec<String>,
    /// Settings of an instance on this machine: all its logs, lines go into its database.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One round only.
    #[arg(long)]
    once: bool,
    /// Seconds between rounds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    interval: u64,
    /// Seconds after which a silent log is reported.
    #[arg(long, default_value_t = 3_600)]
    max_age: u64,
}

/// Where a log is read, and where its co-signature goes.
enum Place {
    Directory(PathBuf),
    Address(String),
}

pub(super) fn run(command: &WitnessCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let trust = read_limited(&command.trust, Trust::MAX_BYTES)?;
    let trust = Trust::parse(&trust).with_context(|| command.trust.display().to_string())?;
    let key = read_key(&command.key)?;
    let mut witness = WitnessDirectory::open(&command.state, key, trust)?;
    anyhow::ensure!(
        command.config.is_some() || !command.log_dir.is_empty() || !command.url.is_empty(),
        "give --log-dir, --url or --config"
    );
    loop {
        let all_well = round(command, &mut witness, out)?;
        if command.once {
            return Ok(if all_well {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(NOT_COSIGNED)
            });
        }
        rest(command.interval);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "between two rounds there is nothing to wait for but time"
)]
fn rest(seconds: u64) {
    std::thread::sleep(Duration::from_secs(seconds));
}

/// Looks at every log once. False when one was not co-signed or stands still.
fn round(
    command: &WitnessCommand,
    witness: &mut WitnessDirectory,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let mut all_well = true;
    let directories = command.log_dir.iter().cloned().map(Place::Directory);
    let addresses = command.url.iter().cloned().map(Place::Address);
    for place in directories.chain(addresses) {
        let name = place.name();
        let seen = cosign(&place, witness).and_then(|signed| {
            if let Place::Address(address) = &place {
                send(address, &signed)?;
            } else if let Some(line) = signed.note().signatures().last() {
                write!(out, "{line}")?;
            }
            Ok(signed)
        });
        all_well &= tell(&name, &seen, out)?;
    }
    if let Some(settings) = &command.config {
        all_well &= round_of_instance(settings, witness, out)?;
    }
    for stall in witness.stalled(now(), command.max_age) {
        writeln!(out, "STALLED {}", stall.origin)?;
        all_well = false;
    }
    Ok(all_well)
}

fn round_of_instance(
    settings: &Path,
    witness: &mut WitnessDirectory,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let config = Config::load(Some(settings))?;
    runtime()?.block_on(async {
        let app = App::open(Parts::new(config)).await?;
        let mut all_well = true;
        for log in app.known_logs().await? {
            let place = Place::Directory(app.logs().folder(&log));
            let seen = match cosign(&place, witness) {
                Ok(signed) => app
                    .take_cosignatures(&signed)
                    .await
                    .map(|_| signed)
                    .context("the instance did not take the co-signature"),
                Err(error) => Err(error),
            };
            all_well &= tell(log.as_str(), &seen, out)?;
        }
        app.store().close().await;
        Ok(all_well)
    })
}

/// One line about a log.
fn tell(
    name: &str,
    seen: &anyhow::Result<SignedCheckpoint>,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    match seen {
        Ok(signed) => writeln!(out, "co-signed {name} size {}", signed.checkpoint().size())?,
        Err(error) => {
            let refusal = error.downcast_ref::<WitnessError>();
            let alarm =
                matches!(refusal, Some(WitnessError::Refused(refusal)) if refusal.is_alarm());
            let word = if alarm { "ALARM" } else { "failed" };
            writeln!(out, "{word} {name}: {error:#}")?;
        }
    }
    out.flush()?;
    Ok(seen.is_ok())
}

/// Reads the checkpoint of a log, checks that it continues what was seen, and co-signs it.
///
/// The co-signed checkpoint is also kept in the state folder: it is what `fsck --against` and `restore --last` ask for.
fn cosign(place: &Place, witness: &mut WitnessDirectory) -> anyhow::Result<SignedCheckpoint> {
    let bytes = place
        .read(&Resource::Checkpoint)?
        .context("there is no checkpoint yet")?;
    let mut signed = SignedCheckpoint::parse(&bytes)?;
    let checkpoint = signed.checkpoint();
    let old = witness.state().observed(checkpoint.origin());
    let old = old.map_or(0, |seen| seen.head.size);
    let size = checkpoint.size();
    // A smaller tree cannot be proven; the witness sees it as a rollback and keeps the evidence.
    let (old, proof) = if size < old {
        (size, Vec::new())
    } else {
        (
            old,
            consistency_path(old, size, &TileReader::new(place, size))?,
        )
    };
    let request = AddCheckpoint::new(old, proof, signed.clone())?;
    let line = witness.add_checkpoint(request.to_string().as_bytes(), now())?;
    signed.add_lines(&line)?;
    witness.keep_checkpoint(&signed)?;
    Ok(signed)
}

fn send(address: &str, signed: &SignedCheckpoint) -> anyhow::Result<()> {
    ureq::post(format!("{address}/cosignature"))
        .header("content-type", "text/plain; charset=utf-8")
        .send(signed.to_string().as_bytes())
        .with_context(|| format!("{address} did not take the co-signature"))?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a witness stamps what it signs with its own machine's time"
)]
fn now() -> u64 {
    u64::try_from(Timestamp::now().as_second()).unwrap_or(0)
}

impl Place {
    fn name(&self) -> String {
        match self {
            Self::Directory(path) => path.display().to_string(),
            Self::Address(address) => address.clone(),
        }
    }
}

/// Read-only: a witness writes nothing into a log.
impl TileStore for Place {
    fn read(&self, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Directory(path) => DirectoryTiles::open_reader(path).read(resource),
            Self::Address(address) => fetch(&format!("{address}/{resource}"), resource),
        }
    }

    fn write(&self, _resource: &Resource, _bytes: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

fn fetch(address: &str, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
    let limit = match resource {
        Resource::Checkpoint => u64::try_from(Note::MAX_BYTES).unwrap_or(u64::MAX),
        Resource::Hashes { .. } | Resource::Entries { .. } => MAX_TILE,
    };
    match ureq::get(address).call() {
        Ok(mut response) => {
            let body = response.body_mut().with_config().limit(limit);
            body.read_to_vec().map(Some).map_err(io::Error::other)
        }
        Err(ureq::Error::StatusCode(404)) => Ok(None),
        Err(error) => Err(io::Error::other(error)),
    }
}
