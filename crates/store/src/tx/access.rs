use ids::{ApiTokenId, Digest, PersonId, SessionId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::rows::access::{ApiToken, Attempts, Session};
use crate::tx::{Tx, on};

impl Tx {
    /// Begins a session. Only the hash of its token is kept.
    pub async fn insert_session(
        &mut self,
        session: &Session,
        token_hash: Digest,
    ) -> Result<(), StoreError> {
        on!(self, access::insert_session(session, token_hash.as_bytes()))
    }

    /// The session of a token, unless it was revoked. The caller checks the times.
    pub async fn session_by_token(
        &mut self,
        token_hash: Digest,
    ) -> Result<Option<Session>, StoreError> {
        on!(self, access::session_by_token(token_hash.as_bytes()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Moves the end of a session in use.
    pub async fn touch_session(
        &mut self,
        session: SessionId,
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            access::touch_session(
                session,
                seen_at.as_microsecond(),
                expires_at.as_microsecond()
            )
        )
    }

    /// Records that the second factor was shown. False when the session is gone.
    pub async fn step_up_session(
        &mut self,
        session: SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, access::step_up_session(session, at.as_microsecond()))? == 1)
    }

    /// Ends a session.
    pub async fn revoke_session(
        &mut self,
        session: SessionId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, access::revoke_session(session, at.as_microsecond()))
    }

    /// Ends all sessions of a person.
    pub async fn revoke_sessions_of_person(
        &mut self,
        person: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            access::revoke_sessions_of_person(person, at.as_microsecond())
        )
    }

    /// Ends the sessions of a person but one, and returns how many ended.
    pub async fn revoke_other_sessions(
        &mut self,
        person: PersonId,
        kept: SessionId,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        on!(
            self,
            access::revoke_other_sessions(person, kept, at.as_microsecond())
        )
    }

    /// The sessions of a person that have both factors and have not ended, last used first.
    pub async fn sessions_of_person(
        &mut self,
        person: PersonId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        on!(
            self,
            access::sessions_of_person(person, now.as_microsecond(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Ends all tokens of a person.
    pub async fn revoke_tokens_of_person(
        &mut self,
        person: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            access::revoke_tokens_of_person(person, at.as_microsecond())
        )
    }

    /// Adds an API token. Only its hash is kept.
    pub async fn insert_token(
        &mut self,
        token: &ApiToken,
        token_hash: Digest,
    ) -> Result<(), StoreError> {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
        on!(
            self,
            access::insert_token(token, &scopes.join(" "), token_hash.as_bytes())
        )
    }

    /// The API token with this hash, unless it was revoked. The caller checks the times.
    pub async fn token_by_hash(
        &mut self,
        token_hash: Digest,
    ) -> Result<Option<ApiToken>, StoreError> {
        on!(self, access::token_by_hash(token_hash.as_bytes()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The tokens a person has now.
    pub async fn tokens_of_person(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<ApiToken>, StoreError> {
        on!(self, access::tokens_of_person(person.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Ends a token of this person. False when there is none.
    pub async fn revoke_token(
        &mut self,
        token: ApiTokenId,
        person: PersonId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(on!(
            self,
            access::revoke_token(token, person, at.as_microsecond())
        )? == 1)
    }

    /// Failed logins of an account or address, named by a hash.
    pub async fn attempts(&mut self, subject: Digest) -> Result<Option<Attempts>, StoreError> {
        on!(self, access::attempts(subject.as_bytes()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Records failed logins.
    pub async fn record_attempts(
        &mut self,
        subject: Digest,
        attempts: Attempts,
    ) -> Result<(), StoreError> {
        on!(
            self,
            access::record_attempts(
                subject.as_bytes(),
                i64::from(attempts.failures),
                attempts.window_started_at.as_microsecond(),
                attempts.locked_until.map(Timestamp::as_microsecond),
            )
        )
    }

    /// Forgets failed logins after a good one.
    pub async fn forget_attempts(&mut self, subject: Digest) -> Result<(), StoreError> {
        on!(self, access::forget_attempts(subject.as_bytes()))
    }

    /// Removes ended sessions and old attempt counters.
    pub async fn forget_old_access(&mut self, before: Timestamp) -> Result<(), StoreError> {
        on!(self, access::forget_old(before.as_microsecond()))
    }
}
