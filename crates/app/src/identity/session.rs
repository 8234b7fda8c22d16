use ids::{Assurance, Digest, IdSource};
use jiff::SignedDuration;
use model::organisation::Organisation;
use model::person::{Person, PersonStatus};
use policy::{Actor, StepUp};
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::rows::access::Session;

use crate::error::AppError;
use crate::identity::limiter::later;
use crate::instance::App;

/// The secret of a session, as it stands in the cookie: 32 random octets in hexadecimal. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(***)")
    }
}

impl SessionToken {
    pub(crate) fn generate(ids: &dyn IdSource) -> Self {
        let mut octets = [0; 32];
        ids.fill(&mut octets);
        Self(hex::encode(octets))
    }

    /// Reads a token from a cookie.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The token, for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored instead of the token.
    pub(crate) fn hash(&self) -> Digest {
        hash_with("session", &self.0)
    }

    /// The anti-forgery token of the session's forms: derived, so that it need not be stored.
    pub fn csrf(&self) -> String {
        hash_with("csrf", &self.0).to_string()
    }

    /// Whether a form was made for this session. Takes the same time for every wrong token.
    pub fn csrf_matches(&self, sent: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        self.csrf().as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

/// Hashes a random secret under a purpose. The secrets have 256 bits, so no slow hash is needed.
pub(crate) fn hash_with(purpose: &str, secret: &str) -> Digest {
    let digest = Sha256::new()
        .chain_update("noroshi/")
        .chain_update(purpose)
        .chain_update([0])
        .chain_update(secret)
        .finalize();
    Digest::from_bytes(digest.into())
}

/// Who asks, with names for the page frame.
#[derive(Clone, Debug)]
pub struct CurrentSession {
    /// For the policies.
    pub actor: Actor,
    /// The person.
    pub person: Person,
    /// The organisation the person acts for.
    pub organisation: Organisation,
    /// The session; `None` with an API token.
    pub session: Option<Session>,
}

impl App {
    /// Who a session token belongs to. Moves the end of the session, at most once a minute.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when the session is unknown, ended or of a disabled person.
    pub async fn resume_session(&self, token: &SessionToken) -> Result<CurrentSession, AppError> {
        let now = self.now();
        let mut tx = self.store().begin_read("session.resume").await?;
        let session = tx
            .session_by_token(token.hash())
            .await?
            .ok_or(AppError::Unauthenticated)?;
        let access = &self.config().access;
        let age = now.duration_since(session.created_at);
        if session.expires_at <= now
            || SignedDuration::from_hours(i64::from(access.session_hours)) <= age
        {
            return Err(AppError::Unauthenticated);
        }
        let (person, organisation) = self.active_person(&mut tx, session.person).await?;
        drop(tx);
        if SignedDuration::from_mins(1) <= now.duration_since(session.seen_at) {
            let idle = SignedDuration::from_mins(i64::from(access.idle_minutes));
            let mut tx = self.store().begin("session.touch").await?;
            tx.touch_session(session.id, now, later(now, idle)).await?;
            tx.commit().await?;
        }
        let fresh_for = SignedDuration::from_mins(i64::from(access.step_up_minutes));
        let step_up = match session.stepped_up_at {
            Some(at) if now.duration_since(at) < fresh_for => StepUp::Fresh,
            Some(_) | None => StepUp::Stale,
        };
        let actor = actor(&person, &organisation, session.assurance, step_up);
        Ok(CurrentSession {
            actor,
            person,
            organisation,
            session: Some(session),
        })
    }

    /// Moves the end of a session in use by `idle_minutes` from now, and returns it.
    pub async fn extend_session(
        &self,
        session: ids::SessionId,
        idle_minutes: i64,
    ) -> Result<jiff::Timestamp, AppError> {
        let now = self.now();
        let expires_at = later(now, SignedDuration::from_mins(idle_minutes));
        let mut tx = self.store().begin("session.extend").await?;
        tx.touch_session(session, now, expires_at).await?;
        tx.commit().await?;
        Ok(expires_at)
    }

    /// Ends a session.
    pub async fn end_session(&self, token: &SessionToken) -> Result<(), AppError> {
        let mut tx = self.store().begin("session.end").await?;
        if let Some(session) = tx.session_by_token(token.hash()).await? {
            tx.revoke_session(session.id, self.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    pub(crate) async fn active_person(
        &self,
        tx: &mut Tx,
        id: ids::PersonId,
    ) -> Result<(Person, Organisation), AppError> {
        let (person, _) = tx.person(id).await?.ok_or(AppError::Unauthenticated)?;
        if person.status != PersonStatus::Active {
            return Err(AppError::Unauthenticated);
        }
        let organisation = tx
            .organisation(person.organisation)
            .await?
            .ok_or(AppError::Bug("person without an organisation"))?;
        Ok((person, organisation))
    }
}

/// What the policies must know of a person.
pub(crate) fn actor(
    person: &Person,
    organisation: &Organisation,
    assurance: Assurance,
    step_up: StepUp,
) -> Actor {
    Actor {
        person: person.id,
        organisation: organisation.id,
        organisation_kind: organisation.kind,
        roles: person.roles.clone(),
        assurance,
        step_up,
        token_scopes: Vec::new(),
        status: match person.status {
            PersonStatus::Active => policy::PersonStatus::Active,
            PersonStatus::Disabled => policy::PersonStatus::Disabled,
        },
    }
}
