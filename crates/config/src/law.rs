use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Whose rule packs are accepted from outside the program.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Law {
    /// Public keys of those who sign rule packs, as `noroshi law pack key` prints them; none means that only the rule
    /// book of the program counts.
    pub pack_keys: Vec<String>,
    /// How many of them must have signed a pack.
    pub pack_quorum: u32,
}

impl Default for Law {
    fn default() -> Self {
        Self {
            pack_keys: Vec::new(),
            pack_quorum: 2,
        }
    }
}

impl Law {
    /// Most keys; a note has room for 64 signatures.
    const MAX_KEYS: u32 = 32;

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        // What a key must look like beyond this is decided where keys are read.
        let shaped = |key: &String| key.len() <= 512 && key.split('+').count() >= 3;
        let keys = u32::try_from(self.pack_keys.len()).unwrap_or(u32::MAX);
        require(
            keys <= Self::MAX_KEYS && self.pack_keys.iter().all(shaped),
            "law.pack_keys",
            "list at most 32 public keys of the form name+hash+base64",
        )?;
        require(
            (1..=Self::MAX_KEYS).contains(&self.pack_quorum)
                && (keys == 0 || self.pack_quorum <= keys),
            "law.pack_quorum",
            "use at least 1, and not more than law.pack_keys lists",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Law;

    #[test]
    fn more_signers_than_keys_are_never_asked_for() {
        let law = Law {
            pack_keys: vec!["law.example+00000000+AAAA".to_owned()],
            ..Law::default()
        };
        let error = law.check().unwrap_err().to_string();
        assert!(error.contains("law.pack_quorum"), "{error}");
        assert!(Law::default().check().is_ok());
    }
}
