use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Published vulnerability information that is dropped into a folder.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Advisories {
    /// The folder; without one nothing is taken in. Files are moved on within it.
    pub folder: Option<PathBuf>,
    /// How often the folder is looked at.
    pub check_secs: u64,
}

impl Default for Advisories {
    fn default() -> Self {
        Self {
            folder: None,
            check_secs: 10,
        }
    }
}

impl Advisories {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1..=86_400).contains(&self.check_secs),
            "advisories.check_secs",
            "use 1 to 86400",
        )
    }
}

/// Names of makers and products.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// A file that adds makers, products and names to those of the program.
    pub master: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::Advisories;

    #[test]
    fn a_folder_that_is_never_looked_at_is_refused() {
        let advisories = Advisories {
            check_secs: 0,
            ..Advisories::default()
        };
        let error = advisories.check().unwrap_err().to_string();
        assert!(error.contains("advisories.check_secs"), "{error}");
        assert!(Advisories::default().check().is_ok());
    }
}
