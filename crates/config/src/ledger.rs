use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// The logs and who witnesses them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// Public keys of the witnesses whose co-signatures are taken in, as `noroshi ledger key public` prints them.
    pub witnesses: Vec<String>,
    /// Minutes without a co-signature after which the auditor's pages say that a log stands still.
    pub stalled_after_minutes: u32,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            witnesses: Vec::new(),
            stalled_after_minutes: 60,
        }
    }
}

impl Ledger {
    /// Most witnesses; a note has room for 64 signatures, the log's own included.
    const MAX_WITNESSES: usize = 32;

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        // What a key must look like beyond this is decided where keys are read.
        let shaped = |key: &String| key.len() <= 512 && key.split('+').count() >= 3;
        require(
            self.witnesses.len() <= Self::MAX_WITNESSES && self.witnesses.iter().all(shaped),
            "ledger.witnesses",
            "list at most 32 public keys of the form name+hash+base64",
        )?;
        require(
            (1..=44_640).contains(&self.stalled_after_minutes),
            "ledger.stalled_after_minutes",
            "use 1 minute to 31 days",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;

    #[test]
    fn a_witness_that_is_no_public_key_is_refused() {
        let ledger = Ledger {
            witnesses: vec!["committee.example".to_owned()],
            ..Ledger::default()
        };
        assert!(
            ledger
                .check()
                .unwrap_err()
                .to_string()
                .contains("ledger.witnesses")
        );
    }
}
