//! Reading what a command is given, within limits.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use ids::Digest;
use ledger::SignerKey;
use segment::PrivateKey;
use sha2::{Digest as _, Sha256};
use warrant::{Trust, Warrant};
use zeroize::Zeroizing;

use crate::refusal::Refused;

/// Notes, keys and trust files are never larger.
const SMALL_BYTES: u64 = 1_000_000;

pub(crate) fn read_small(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    let mut bytes = Vec::new();
    let limit = SMALL_BYTES.saturating_add(1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("read {}", path.display()))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) == limit {
        bail!("{} is larger than {SMALL_BYTES} bytes", path.display());
    }
    Ok(bytes)
}

pub(crate) fn read_whole(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("read {}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

pub(crate) fn read_trust(path: &Path) -> anyhow::Result<Trust> {
    Ok(Trust::parse(&read_small(path)?).map_err(Refused::Trust)?)
}

pub(crate) fn read_warrant(path: &Path, trust: &Trust) -> anyhow::Result<Warrant> {
    Ok(Warrant::verify(&read_small(path)?, trust).map_err(Refused::Warrant)?)
}

fn read_secret(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(read_small(path)?);
    let text = str::from_utf8(&bytes).with_context(|| format!("read {}", path.display()))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// The key with which this equipment signs; it has to be in the trust file.
pub(crate) fn read_engine_key(path: &Path, trust: &Trust) -> anyhow::Result<SignerKey> {
    let key = SignerKey::parse(&read_secret(path)?)
        .with_context(|| format!("read the key {}", path.display()))?;
    if !trust.engines().contains(key.verifier()) {
        return Err(Refused::EngineKey.into());
    }
    Ok(key)
}

pub(crate) fn read_private_key(path: &Path) -> anyhow::Result<PrivateKey> {
    Ok(PrivateKey::parse(&read_secret(path)?).map_err(Refused::Segment)?)
}

/// Writes a new file that only its owner can read.
pub(crate) fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("make {}", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("write {}", path.display()))
}

/// Writes a new file.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = File::create_new(path).with_context(|| format!("make {}", path.display()))?;
    file.write_all(bytes)
        .with_context(|| format!("write {}", path.display()))
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}
