mod guessing;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use config::Access;
use model::person::Person;
use secrecy::{ExposeSecret as _, SecretString};
use store::Tx;
use thiserror::Error;
use zxcvbn::Score;

use crate::error::AppError;

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than twelve characters.
    #[error("a password has at least 12 characters")]
    TooShort,
    /// More than 200 characters.
    #[error("a password has at most 200 characters")]
    TooLong,
    /// Put together from what is guessed first: common words, sequences, repetitions, the person's own names.
    #[error("a password is not made of what is guessed first")]
    Guessable,
    /// Close to what stands in lists of common and leaked passwords.
    #[error("a password is not close to common and leaked ones")]
    Common,
}

impl PasswordError {
    /// Stable code, also the key of the message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_short",
            Self::TooLong => "password_long",
            Self::Guessable => "password_guessable",
            Self::Common => "password_common",
        }
    }
}

/// More than 10^8 guesses, with the lists of common and leaked passwords, words and names at hand; each costs an
/// Argon2id hash, and the online ones are few (rate limits).
const LEAST_SCORE: Score = Score::Three;

/// What stands in place of a hash while a person was invited and has chosen no password yet.
pub(crate) const NO_PASSWORD: &str = "!";

/// Hashes passwords with Argon2id (RFC 9106).
#[derive(Clone)]
pub(crate) struct Hasher {
    params: Params,
}

impl Hasher {
    pub(crate) fn new(access: &Access) -> Self {
        let params = Params::new(access.argon2_memory_kib, access.argon2_passes, 1, None);
        Self {
            params: params.unwrap_or_default(),
        }
    }

    /// Hashes a password, off the async threads.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        blocking(move || {
            argon
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_| AppError::Bug("password hash"))
        })
        .await
    }

    /// Checks a password against a stored hash. Without one it takes as long and says no, so that nobody learns
    /// which accounts exist.
    pub(crate) async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, AppError> {
        let Some(stored) = stored else {
            self.hash(password).await?;
            return Ok(false);
        };
        blocking(move || {
            let hash =
                PasswordHash::new(&stored).map_err(|_| AppError::Bug("stored password hash"))?;
            Ok(Argon2::default()
                .verify_password(password.expose_secret().as_bytes(), &hash)
                .is_ok())
        })
        .await
    }
}

/// Checks a new password (NIST SP 800-63B: length and no composition rules, nothing that is commonly used or
/// expected). `own` are names of the person and the organisation, which are guessed first.
pub(crate) fn check_new(password: &SecretString, own: &[&str]) -> Result<(), PasswordError> {
    let text = password.expose_secret();
    match text.chars().count() {
        0..12 => return Err(PasswordError::TooShort),
        12..=200 => {}
        _ => return Err(PasswordError::TooLong),
    }
    if guessing::is_guessable(text, own) {
        return Err(PasswordError::Guessable);
    }
    let own = guessing::parts_of(own);
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    if zxcvbn::zxcvbn(text, &own).score() < LEAST_SCORE {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// Names that somebody who knows the person tries first.
pub(crate) async fn own_names(tx: &mut Tx, person: &Person) -> Result<[String; 4], AppError> {
    let organisation = tx
        .organisation(person.organisation)
        .await?
        .ok_or(AppError::Bug("a person without an organisation"))?;
    Ok([
        person.login.as_str().to_owned(),
        person.name.clone(),
        organisation.name_ja,
        organisation.name_en,
    ])
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| AppError::Bug("password task"))?
}

#[cfg(test)]
mod tests {
    use config::Access;
    use secrecy::SecretString;

    use super::{Hasher, PasswordError, check_new};

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let access = Access {
            argon2_memory_kib: 64,
            argon2_passes: 1,
            ..Access::default()
        };
        let hasher = Hasher::new(&access);
        let stored = hasher.hash(secret("correct horse battery")).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(
            hasher
                .verify(secret("correct horse battery"), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(secret("correct horse batterY"), Some(stored))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(secret("correct horse battery"), None)
                .await
                .unwrap()
        );
    }

    #[test]
    fn a_password_of_the_lists_is_refused_with_what_is_commonly_added() {
        let own = ["hoshino.ken", "星野 健", "Kakuu Denryoku"];
        for common in [
            "charlie7charlie7",
            "Charlie7Charlie7",
            "trustno1trustno1",
            "liverpool123",
        ] {
            let refused = check_new(&secret(common), &own);
            assert!(
                matches!(
                    refused,
                    Err(PasswordError::Common | PasswordError::Guessable)
                ),
                "{common}"
            );
        }
        assert_eq!(
            check_new(&secret("charlie7charlie7"), &own),
            Err(PasswordError::Common)
        );
        for good in [
            "correct horse battery",
            "demo-4f1c9a77d2e0b863",
            "朝は短く夜は長いので灯りを",
        ] {
            assert_eq!(check_new(&secret(good), &own), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_short_password_is_refused() {
        assert_eq!(
            check_new(&secret("elevenchars"), &[]),
            Err(PasswordError::TooShort)
        );
        assert_eq!(check_new(&secret("十二文字以上の合言葉です"), &[]), Ok(()));
    }
}
