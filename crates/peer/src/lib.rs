#![doc = include_str!("../README.md")]

mod address;
mod api;
mod authorities;
mod filing;
mod found;
mod http;

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::peers::PeerLink;
use config::{PeerInstance, Peers};
use ledger::Trust;
use secrecy::SecretString;
use thiserror::Error;

pub use self::address::{Address, AddressError};
use self::api::Api;
pub use self::authorities::Authorities;
pub use self::http::{agent, in_query, is_untrusted, never_arrived};

/// No token is longer.
const MAX_TOKEN: u64 = 4096;

/// Why the settings give no way to an instance. Shows neither token nor keys.
#[derive(Debug, Error)]
pub enum PeerError {
    /// The address cannot be used.
    #[error("peers.instances.address of {name} cannot be used")]
    Address {
        /// Which.
        name: String,
        /// Why.
        source: AddressError,
    },
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others can read the token.
    #[error("{}: others can read the token; chmod 600 it", .0.display())]
    Open(PathBuf),
    /// The file holds no token.
    #[error("{}: no token", .0.display())]
    Token(PathBuf),
    /// The file of keys is none.
    #[error("{} is no trust file", path.display())]
    Trust {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ledger::TrustError,
    },
    /// The file of authorities holds something else.
    #[error("{}: no certificates in PEM", .0.display())]
    Authorities(PathBuf),
}

/// The instances that the settings name, with the way to each.
///
/// # Errors
/// [`PeerError`] naming the file or the setting that is wrong.
pub fn links(settings: &Peers) -> Result<Vec<PeerLink>, PeerError> {
    let within = Duration::from_secs(settings.timeout_secs);
    settings
        .instances
        .iter()
        .map(|instance| link(instance, within))
        .collect()
}

fn link(instance: &PeerInstance, within: Duration) -> Result<PeerLink, PeerError> {
    let address = Address::parse(&instance.address).map_err(|source| PeerError::Address {
        name: instance.name.clone(),
        source,
    })?;
    let authorities = instance
        .ca_file
        .as_deref()
        .map(|path| {
            let text = read(path, Authorities::MAX_OCTETS)?;
            String::from_utf8(text)
                .ok()
                .and_then(Authorities::parse)
                .ok_or_else(|| PeerError::Authorities(path.to_owned()))
        })
        .transpose()?;
    let limit = u64::try_from(Trust::MAX_BYTES).unwrap_or(u64::MAX);
    let trust =
        Trust::parse(&read(&instance.trust_file, limit)?).map_err(|source| PeerError::Trust {
            path: instance.trust_file.clone(),
            source,
        })?;
    let token = token(&instance.token_file)?;
    Ok(PeerLink {
        name: instance.name.clone(),
        address: address.to_string(),
        operator: instance.operator.clone(),
        trust,
        way: Arc::new(Api::new(address, authorities.as_ref(), token, within)),
    })
}

fn token(path: &Path) -> Result<SecretString, PeerError> {
    let file = std::fs::metadata(path).map_err(|source| PeerError::File {
        path: path.to_owned(),
        source,
    })?;
    if file.permissions().mode() & 0o077 != 0 {
        return Err(PeerError::Open(path.to_owned()));
    }
    let none = || PeerError::Token(path.to_owned());
    let text = String::from_utf8(read(path, MAX_TOKEN)?).map_err(|_| none())?;
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|octet| octet.is_ascii_graphic()) {
        return Err(none());
    }
    Ok(SecretString::from(token.to_owned()))
}

/// Reads a file up to one octet more than the limit, so that a huge one is refused by whoever parses it.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, PeerError> {
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut octets))
        .map_err(|source| PeerError::File {
            path: path.to_owned(),
            source,
        })?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;

    use super::{PeerError, token};

    #[test]
    fn a_token_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "noroshi_made-up\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(token(&path), Err(PeerError::Open(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(token(&path).unwrap().expose_secret(), "noroshi_made-up");
        fs::write(&path, "\n").unwrap();
        assert!(matches!(token(&path), Err(PeerError::Token(_))));
    }
}
