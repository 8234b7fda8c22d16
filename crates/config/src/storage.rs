use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Where the instance keeps things.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// `sqlite:FILE` or `postgres://…`; empty means `noroshi.sqlite` in `directory`.
    pub database: String,
    /// Connections to the database at most.
    pub connections: u32,
    /// Directory for attachments, log tiles and keys.
    pub directory: PathBuf,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            database: String::new(),
            connections: 8,
            directory: PathBuf::from("noroshi-data"),
        }
    }
}

impl Storage {
    /// Address of the database.
    pub fn database_address(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.directory.join("noroshi.sqlite").display())
        } else {
            self.database.clone()
        }
    }

    /// Directory of the attachments.
    pub fn objects(&self) -> PathBuf {
        self.directory.join("objects")
    }

    /// Directory of the log tiles, one folder a log.
    pub fn tiles(&self) -> PathBuf {
        self.directory.join("tiles")
    }

    /// Directory of the keys; only its owner may read it.
    pub fn keys(&self) -> PathBuf {
        self.directory.join("keys")
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let known = ["sqlite:", "postgres:", "postgresql:"];
        require(
            self.database.is_empty() || known.iter().any(|kind| self.database.starts_with(kind)),
            "storage.database",
            "begin with sqlite: or postgres:",
        )?;
        require(
            (2..=200).contains(&self.connections),
            "storage.connections",
            "use 2 to 200",
        )
    }
}
