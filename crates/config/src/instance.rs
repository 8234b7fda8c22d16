use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// What this instance is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instance {
    /// Name in log origins: lower-case letters, digits, `.` and `-`, for example `noroshi.example`.
    pub name: String,
    /// Real filings, or an exercise of which nothing can get into a real instance.
    pub mode: Mode,
}

/// Whether an instance is real.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Acts have legal effect; those whose basis is not in force are refused.
    #[default]
    Real,
    /// 演習: marked on every page, in log origins and file formats.
    Exercise,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            name: "noroshi.localhost".to_owned(),
            mode: Mode::Real,
        }
    }
}

impl Instance {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let letters = self
            .name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
        require(
            (1..=64).contains(&self.name.len()) && letters,
            "instance.name",
            "use 1 to 64 characters of a-z, 0-9, '.' and '-'",
        )
    }
}
