use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use ureq::http::Uri;

use super::authority::Authorities;
use super::failure::Failure;

/// Folder below that of the settings of all programs (XDG Base Directory).
const FOLDER: &str = "noroshi";
const FILE: &str = "login.toml";

/// Address of a server: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    address: String,
    loopback: bool,
}

/// A server and the token for it.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) server: Server,
    pub(super) token: SecretString,
    /// Authorities of the house, beside the public ones.
    pub(super) authorities: Option<Authorities>,
}

/// What stands in the file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    server: String,
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authorities: Option<String>,
}

impl Server {
    /// Reads an address as typed; a token would travel in the clear over plain `http`.
    pub(super) fn parse(raw: &str) -> Result<Self, Failure> {
        let address = raw.trim().trim_end_matches('/');
        let wrong = || {
            Failure::unable(format!(
                "{raw}: not an address such as https://noroshi.example"
            ))
        };
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?;
        let authority = uri.authority().ok_or_else(wrong)?.as_str();
        if authority.contains('@') || uri.query().is_some() {
            return Err(wrong());
        }
        let loopback = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            Some("http") => {
                return Err(Failure::unable(
                    "the token would travel in the clear: use https（http はこの機械の中だけで使えます）",
                ));
            }
            Some(_) | None => return Err(wrong()),
        }
        Ok(Self {
            address: address.to_owned(),
            loopback: loopback && uri.scheme_str() == Some("http"),
        })
    }

    /// Whether it is asked without TLS, on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

impl Login {
    /// The login of this machine.
    pub(super) fn load() -> Result<Self, Failure> {
        let path = place()?;
        let file = match fs::metadata(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::unable(
                    "not logged in: noroshi login SERVER（ログインしていません）",
                ));
            }
            Err(error) => return Err(shown(&path, error)),
        };
        if file.permissions().mode() & 0o077 != 0 {
            return Err(Failure::unable(format!(
                "{}: others can read the token; chmod 600 it, or log in anew with a new token",
                path.display()
            )));
        }
        let text = fs::read_to_string(&path).map_err(|error| shown(&path, error))?;
        // The cause is left out: it would show the line, and the token with it.
        let anew = || Failure::unable(format!("{}: log in anew", path.display()));
        let stored: Stored = toml::from_str(&text).map_err(|_| anew())?;
        Ok(Self {
            server: Server::parse(&stored.server)?,
            token: stored.token.into(),
            authorities: stored
                .authorities
                .map(|text| Authorities::parse(text).ok_or_else(anew))
                .transpose()?,
        })
    }

    /// Keeps the login of this machine, readable by nobody else. Returns where.
    pub(super) fn save(&self) -> Result<PathBuf, Failure> {
        let path = place()?;
        let folder = path.parent().context("no folder for the login")?;
        let stored = Stored {
            server: self.server.to_string(),
            token: self.token.expose_secret().to_owned(),
            authorities: self
                .authorities
                .as_ref()
                .map(|authorities| authorities.as_pem().to_owned()),
        };
        let text = toml::to_string(&stored).context("write the login")?;
        let temporary = folder.join("login.toml.new");
        let write = || -> std::io::Result<()> {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
            match fs::remove_file(&temporary) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&temporary)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, &path)
        };
        write().map_err(|error| shown(&path, error))?;
        Ok(path)
    }

    /// Removes the login. False when there was none.
    pub(super) fn forget() -> Result<bool, Failure> {
        let path = place()?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(shown(&path, error)),
        }
    }
}

fn shown(path: &Path, error: std::io::Error) -> Failure {
    Failure::Unable(anyhow::Error::new(error).context(path.display().to_string()))
}

/// Where the login is kept: by the convention of the desktop, which is no setting of a server.
fn place() -> Result<PathBuf, Failure> {
    let set = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let settings = match set.filter(|path| path.is_absolute()) {
        Some(folder) => folder,
        None => std::env::home_dir()
            .filter(|home| home.is_absolute())
            .context("no home folder: set XDG_CONFIG_HOME")?
            .join(".config"),
    };
    Ok(settings.join(FOLDER).join(FILE))
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn a_token_never_leaves_this_machine_without_tls() {
        for address in [
            "https://noroshi.example",
            "https://noroshi.example:8443/portal/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost",
        ] {
            assert!(Server::parse(address).is_ok(), "{address}");
        }
        for address in [
            "http://noroshi.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "https://user:secret@noroshi.example",
            "https://noroshi.example?x=1",
            "noroshi.example",
            "",
        ] {
            assert!(Server::parse(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_path_before_the_api_is_kept() {
        let server = Server::parse("https://noroshi.example/portal/").unwrap();
        assert_eq!(server.to_string(), "https://noroshi.example/portal");
        assert!(!server.is_loopback());
    }
}
