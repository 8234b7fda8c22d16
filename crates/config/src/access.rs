use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Logging in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Minutes without a request after which a session ends; drafts survive it.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Minutes for which a shown second factor counts for filing and export.
    pub step_up_minutes: u32,
    /// Failed logins of an account or address in a quarter of an hour before it must wait.
    pub failures_allowed: u32,
    /// Memory of the password hash (Argon2id) in KiB.
    pub argon2_memory_kib: u32,
    /// Passes of the password hash.
    pub argon2_passes: u32,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            session_hours: 12,
            step_up_minutes: 15,
            failures_allowed: 10,
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
        }
    }
}

impl Access {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1..=1440).contains(&self.idle_minutes),
            "access.idle_minutes",
            "use 1 to 1440",
        )?;
        require(
            (1..=168).contains(&self.session_hours),
            "access.session_hours",
            "use 1 to 168",
        )?;
        require(
            (1..=120).contains(&self.step_up_minutes),
            "access.step_up_minutes",
            "use 1 to 120",
        )?;
        require(
            (3..=100).contains(&self.failures_allowed),
            "access.failures_allowed",
            "use 3 to 100",
        )?;
        require(
            (64..=1_048_576).contains(&self.argon2_memory_kib),
            "access.argon2_memory_kib",
            "use 64 to 1048576",
        )?;
        require(
            (1..=16).contains(&self.argon2_passes),
            "access.argon2_passes",
            "use 1 to 16",
        )
    }
}
