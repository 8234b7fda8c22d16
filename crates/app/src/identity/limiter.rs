use ids::Digest;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::rows::access::Attempts;

use crate::error::AppError;
use crate::instance::App;

/// Time over which failures are counted, and for which an account or address then waits.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// What failures are counted for. Kept as a hash: who tried where is not to be read from the table.
pub(crate) fn account(login: &str) -> Digest {
    subject("account", login)
}

/// As [`account`], for the address a request came from.
pub(crate) fn address(address: &str) -> Digest {
    subject("address", address)
}

fn subject(kind: &str, text: &str) -> Digest {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(text)
        .finalize();
    Digest::from_bytes(digest.into())
}

impl App {
    /// Refuses while a subject must wait.
    pub(crate) async fn require_no_lock(
        &self,
        tx: &mut Tx,
        subject: Digest,
    ) -> Result<(), AppError> {
        let now = self.now();
        let locked = tx
            .attempts(subject)
            .await?
            .and_then(|attempts| attempts.locked_until);
        match locked {
            Some(until) if now < until => {
                let seconds = until.duration_since(now).as_secs().saturating_add(1);
                Err(AppError::TooMany {
                    retry_after_secs: u64::try_from(seconds).unwrap_or(1),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a failure, and lets the subject wait after too many.
    pub(crate) async fn count_failure(&self, tx: &mut Tx, subject: Digest) -> Result<(), AppError> {
        let now = self.now();
        let earlier = tx.attempts(subject).await?;
        let running =
            earlier.filter(|attempts| now.duration_since(attempts.window_started_at) < WINDOW);
        let failures = running.map_or(1, |attempts| attempts.failures.saturating_add(1));
        let locked_until =
            (self.config().access.failures_allowed <= failures).then(|| later(now, WINDOW));
        let window_started_at = running.map_or(now, |attempts| attempts.window_started_at);
        tx.record_attempts(
            subject,
            Attempts {
                failures,
                window_started_at,
                locked_until,
            },
        )
        .await?;
        Ok(())
    }
}

pub(crate) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(now)
}
