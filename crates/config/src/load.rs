use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Access, Advisories, Documents, Exercise, Instance, Law, Ledger, Limits, Mail, Names, Peers,
    Reminders, Server, Storage,
};

/// All settings of an instance.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// What this instance is.
    pub instance: Instance,
    /// What the exercise is, on an instance in exercise mode.
    pub exercise: Exercise,
    /// Where it listens.
    pub server: Server,
    /// Where it keeps things.
    pub storage: Storage,
    /// Logging in.
    pub access: Access,
    /// Limits of what comes in.
    pub limits: Limits,
    /// The logs and who witnesses them.
    pub ledger: Ledger,
    /// Whose rule packs are accepted from outside the program.
    pub law: Law,
    /// What is printed and with which fonts.
    pub documents: Documents,
    /// Published vulnerability information that is dropped into a folder.
    pub advisories: Advisories,
    /// Names of makers and products.
    pub names: Names,
    /// Reminders of what is due.
    pub reminders: Reminders,
    /// How mail leaves.
    pub mail: Mail,
    /// Other instances to which filings travel on.
    pub peers: Peers,
}

/// Why settings cannot be used. The text names the key and where it came from.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be found.
    #[error("there is no settings file {}", .0.display())]
    Missing(PathBuf),
    /// A key is unknown or has a value of another kind.
    #[error("the settings cannot be read: {0}")]
    Unreadable(Box<figment::Error>),
    /// A value is outside what makes sense.
    #[error("{key}: {reason}")]
    Value {
        /// The key, for example `access.idle_minutes`.
        key: &'static str,
        /// What would be right.
        reason: &'static str,
    },
}

impl Config {
    /// Reads the defaults, then the file, then the environment, and checks the result.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(ConfigError::Missing(file.to_owned()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        // NOROSHI_TEST_* and NOROSHI_CORPUS belong to the tests and are no settings.
        let environment = Env::prefixed("NOROSHI_")
            .filter(|key| key.as_str().contains("__"))
            .split("__");
        let config: Self = figment
            .merge(environment)
            .extract()
            .map_err(|error| ConfigError::Unreadable(Box::new(error)))?;
        config.check()?;
        Ok(config)
    }

    /// Checks that the values make sense together.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.instance.check()?;
        self.exercise.check(self.instance.mode)?;
        self.server.check()?;
        self.storage.check()?;
        self.access.check()?;
        self.limits.check()?;
        self.ledger.check()?;
        self.law.check()?;
        self.documents.check()?;
        self.advisories.check()?;
        self.reminders.check()?;
        self.mail.check()?;
        self.peers.check()
    }
}

pub(crate) fn require(
    holds: bool,
    key: &'static str,
    reason: &'static str,
) -> Result<(), ConfigError> {
    if holds {
        Ok(())
    } else {
        Err(ConfigError::Value { key, reason })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Config, ConfigError};

    fn load(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Config::load(Some(file.path()))
    }

    #[test]
    fn the_defaults_are_valid() {
        load("").unwrap();
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = load("[server]\nlissen = \"x\"").unwrap_err().to_string();
        assert!(error.contains("lissen"), "{error}");
    }

    #[test]
    fn a_value_outside_its_range_is_an_error_that_names_the_key() {
        let error = load("[access]\nidle_minutes = 0").unwrap_err().to_string();
        assert!(error.contains("access.idle_minutes"), "{error}");
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let missing = std::path::Path::new("no-such-settings.toml");
        assert!(matches!(
            Config::load(Some(missing)),
            Err(ConfigError::Missing(_))
        ));
    }
}
