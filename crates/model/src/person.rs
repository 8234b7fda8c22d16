use std::fmt;

use ids::{OrganisationId, PersonId, Role};
use thiserror::Error;

/// A person with an account. `Debug` shows the id only: names are personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Identifies the person in permits and leaves.
    pub id: PersonId,
    /// The organisation the person acts for.
    pub organisation: OrganisationId,
    /// What the person types to log in.
    pub login: LoginName,
    /// Name shown to colleagues and to the authorities.
    pub name: String,
    /// `ja` or `en`.
    pub locale: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Whether the account may be used.
    pub status: PersonStatus,
    /// Grows with each change.
    pub version: i64,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonStatus {
    /// May log in.
    Active,
    /// May not log in; sessions and tokens are refused at once.
    Disabled,
}

/// What a person types to log in.
///
/// Invariant: 3 to 64 characters of `a-z`, `0-9`, `.`, `-`, `_`, beginning with a letter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LoginName(String);

/// Says that a text is no login name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a login name has 3 to 64 characters of a-z, 0-9, '.', '-', '_' and begins with a letter")]
pub struct LoginNameError;

impl LoginName {
    /// Reads a login name; capitals are folded.
    pub fn parse(raw: &str) -> Result<Self, LoginNameError> {
        let name = raw.trim().to_ascii_lowercase();
        let length_fits = (3..=64).contains(&name.len());
        let letters = name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
        if length_fits && letters && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            Ok(Self(name))
        } else {
            Err(LoginNameError)
        }
    }

    /// The name as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginName(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::LoginName;

    #[test]
    fn a_login_name_is_folded_and_checked() {
        assert_eq!(
            LoginName::parse(" Denki.Csirt ").unwrap().as_str(),
            "denki.csirt"
        );
        for wrong in ["", "ab", "1abc", "a b c", "山田太郎", &"a".repeat(65)] {
            assert!(LoginName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
