use ids::{Digest, PersonId};
use jiff::Timestamp;
use policy::Actor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::rows::jobs::Remembered;
use store::{StoreError, Tx};

use crate::error::AppError;

/// Longest key a caller may choose.
const MAX_KEY: usize = 200;

/// A request that may come twice: with a key of the caller's choice it is done once, and the second time the outcome
/// of the first is told again. Without a key each request counts.
#[derive(Debug)]
pub(crate) struct Once {
    person: PersonId,
    asked: Option<Asked>,
}

#[derive(Debug)]
struct Asked {
    key: Digest,
    request: Digest,
}

impl Once {
    /// Ties a key to what was asked for. `request` holds everything that makes the request what it is.
    pub(crate) fn new(
        actor: &Actor,
        operation: &'static str,
        key: Option<&str>,
        request: &Value,
    ) -> Result<Self, AppError> {
        let person = actor.person;
        let Some(key) = key else {
            return Ok(Self {
                person,
                asked: None,
            });
        };
        let fits = (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic());
        if !fits {
            return Err(AppError::field("idempotency_key", "idempotency_key_form"));
        }
        let request = ledger::canonical_json(&json!([operation, request]))
            .map_err(|_| AppError::Bug("a request without canonical form"))?;
        let asked = Asked {
            key: sha256(format!("noroshi/idempotency/{person}/{key}").as_bytes()),
            request: sha256(request.as_bytes()),
        };
        Ok(Self {
            person,
            asked: Some(asked),
        })
    }

    /// What came of the same request before.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the key was used for something else.
    pub(crate) async fn earlier<T: DeserializeOwned>(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<T>, AppError> {
        let Some(asked) = &self.asked else {
            return Ok(None);
        };
        let Some(remembered) = tx.remembered_outcome(asked.key, self.person).await? else {
            return Ok(None);
        };
        if remembered.request_digest != asked.request {
            return Err(AppError::Conflict("idempotency_key_reused"));
        }
        serde_json::from_str(&remembered.outcome)
            .map(Some)
            .map_err(|_| AppError::Bug("a remembered outcome that cannot be read"))
    }

    /// Writes down the outcome, in the transaction that made it.
    pub(crate) async fn remember<T: Serialize>(
        self,
        tx: &mut Tx,
        outcome: &T,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let Some(asked) = self.asked else {
            return Ok(());
        };
        let outcome = serde_json::to_string(outcome)
            .map_err(|_| AppError::Bug("an outcome without JSON form"))?;
        let remembered = Remembered {
            request_digest: asked.request,
            outcome,
        };
        tx.remember_outcome(asked.key, self.person, &remembered, at)
            .await
            .map_err(|error| match error {
                // The same request is being done at this moment; the next attempt finds its outcome.
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })
    }
}

fn sha256(octets: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(octets).into())
}
