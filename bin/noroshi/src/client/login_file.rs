use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use peer::{Address, Authorities};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// Folder below that of the settings of all programs (XDG Base Directory).
const FOLDER: &str = "noroshi";
const FILE: &str = "login.toml";

/// A server and the token for it.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) server: Address,
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

/// Reads an address as typed.
pub(super) fn address(raw: &str) -> Result<Address, Failure> {
    Address::parse(raw).map_err(|error| Failure::unable(format!("{raw}: {error}")))
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
            server: address(&stored.server)?,
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
