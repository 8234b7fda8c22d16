use ids::{Assurance, Digest};
use jiff::{SignedDuration, Timestamp};
use model::person::{LoginName, Person, PersonStatus};
use policy::{Action, Resource, StepUp};
use secrecy::SecretString;
use serde_json::json;
use store::Tx;
use store::rows::access::Session;
use store::rows::people::Credential;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::identity::limiter::{account, address, later};
use crate::identity::own::recovery_hash;
use crate::identity::password::NO_PASSWORD;
use crate::identity::session::{SessionToken, actor};
use crate::identity::totp;
use crate::instance::App;
use crate::logs::LogCode;

/// Longest time between password and second factor.
const PASSWORD_STEP: SignedDuration = SignedDuration::from_mins(10);

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the cookie.
    pub token: SessionToken,
    /// When it ends without further requests.
    pub expires_at: Timestamp,
    /// The language the person reads.
    pub locale: String,
}

/// What a person has to do next.
#[derive(Clone, Debug)]
pub enum LoginStep {
    /// The password was right; the second factor is asked for.
    SecondFactor(NewSession),
    /// No second factor is set up; an administrator has to do it.
    NotEnrolled,
}

impl App {
    /// First step of a login: the password.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] for a wrong name or password, without saying which;
    /// [`AppError::TooMany`] after too many failures of the account or address.
    pub async fn begin_login(
        &self,
        login: &str,
        password: SecretString,
        from: &str,
    ) -> Result<LoginStep, AppError> {
        let name = LoginName::parse(login).ok();
        let by_account = account(name.as_ref().map_or("", LoginName::as_str));
        let by_address = address(from);
        let mut tx = self.store().begin_read("login.begin").await?;
        self.require_no_lock(&mut tx, by_account).await?;
        self.require_no_lock(&mut tx, by_address).await?;
        let found = match &name {
            Some(name) => tx.person_by_login(name.as_str()).await?,
            None => None,
        };
        drop(tx);
        let found = found.filter(|(person, _)| person.status == PersonStatus::Active);
        let stored = found
            .as_ref()
            .map(|(_, credential)| credential.password_hash.clone())
            .filter(|hash| hash != NO_PASSWORD);
        let right = self.hasher().verify(password, stored).await?;
        let Some((person, credential)) = found.filter(|_| right) else {
            self.fail(&[by_account, by_address]).await?;
            return Err(AppError::Unauthenticated);
        };
        if credential.totp_sealed.is_none() {
            return Ok(LoginStep::NotEnrolled);
        }
        let now = self.now();
        let expires_at = later(now, PASSWORD_STEP);
        let mut tx = self.store().begin("login.password").await?;
        let token = self
            .new_session(&mut tx, &person, Assurance::Password, None, expires_at)
            .await?;
        tx.commit().await?;
        Ok(LoginStep::SecondFactor(NewSession {
            token,
            expires_at,
            locale: person.locale,
        }))
    }

    /// Second step of a login: the code. The session gets a new token, so that an old one is worth nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong or used code; [`AppError::TooMany`] after too many.
    pub async fn finish_login(
        &self,
        token: &SessionToken,
        code: &str,
        from: &str,
    ) -> Result<NewSession, AppError> {
        let (session, person, credential) = self.session_credential(token).await?;
        let subjects = [account(person.login.as_str()), address(from)];
        let mut tx = self.store().begin_read("login.second_factor").await?;
        for subject in subjects {
            self.require_no_lock(&mut tx, subject).await?;
        }
        drop(tx);
        let recovery = recovery_hash(person.id, code);
        let step = self.code_step(&credential, code)?;
        if step.is_none() && recovery.is_none() {
            self.fail(&subjects).await?;
            return Err(AppError::field("code", "code_wrong"));
        }
        let now = self.now();
        let idle = SignedDuration::from_mins(i64::from(self.config().access.idle_minutes));
        let expires_at = later(now, idle);
        let mut tx = self.store().begin("login.finish").await?;
        match (step, recovery) {
            (Some(step), _) => {
                if !tx.spend_totp_step(person.id, step).await? {
                    return Err(AppError::field("code", "code_used"));
                }
            }
            (None, Some(hash)) => {
                if !tx.spend_recovery_code(person.id, hash, now).await? {
                    drop(tx);
                    self.fail(&subjects).await?;
                    return Err(AppError::field("code", "code_wrong"));
                }
            }
            (None, None) => return Err(AppError::Bug("a login without a code")),
        }
        tx.revoke_session(session.id, now).await?;
        tx.forget_attempts(account(person.login.as_str())).await?;
        let token = self
            .new_session(
                &mut tx,
                &person,
                Assurance::SecondFactor,
                Some(now),
                expires_at,
            )
            .await?;
        let by = if step.is_some() {
            "totp"
        } else {
            "recovery_code"
        };
        self.record_login(&mut tx, &person, by, now).await?;
        tx.commit().await?;
        Ok(NewSession {
            token,
            expires_at,
            locale: person.locale,
        })
    }

    /// Shows the second factor again, so that filing and export are allowed for a while.
    ///
    /// # Errors
    /// As [`App::finish_login`].
    pub async fn step_up(&self, token: &SessionToken, code: &str) -> Result<(), AppError> {
        let (session, person, credential) = self.session_credential(token).await?;
        if session.assurance != Assurance::SecondFactor {
            return Err(AppError::Unauthenticated);
        }
        let subject = account(person.login.as_str());
        let mut tx = self.store().begin_read("step_up.begin").await?;
        self.require_no_lock(&mut tx, subject).await?;
        drop(tx);
        let Some(step) = self.code_step(&credential, code)? else {
            self.fail(&[subject]).await?;
            return Err(AppError::field("code", "code_wrong"));
        };
        let mut tx = self.store().begin("step_up.finish").await?;
        if !tx.spend_totp_step(person.id, step).await? {
            return Err(AppError::field("code", "code_used"));
        }
        if !tx.step_up_session(session.id, self.now()).await? {
            return Err(AppError::Unauthenticated);
        }
        tx.commit().await?;
        Ok(())
    }

    async fn session_credential(
        &self,
        token: &SessionToken,
    ) -> Result<(Session, Person, Credential), AppError> {
        let now = self.now();
        let mut tx = self.store().begin_read("session.credential").await?;
        let session = tx
            .session_by_token(token.hash())
            .await?
            .filter(|session| now < session.expires_at)
            .ok_or(AppError::Unauthenticated)?;
        let (person, credential) = tx
            .person(session.person)
            .await?
            .ok_or(AppError::Unauthenticated)?;
        if person.status != PersonStatus::Active {
            return Err(AppError::Unauthenticated);
        }
        Ok((session, person, credential))
    }

    fn code_step(&self, credential: &Credential, code: &str) -> Result<Option<i64>, AppError> {
        let Some(sealed) = &credential.totp_sealed else {
            return Ok(None);
        };
        let secret = self
            .sealer()
            .open(sealed)
            .ok_or(AppError::Bug("second factor sealed with another key"))?;
        Ok(totp::matching_step(&secret, code, self.now()))
    }

    pub(crate) async fn fail(&self, subjects: &[Digest]) -> Result<(), AppError> {
        let mut tx = self.store().begin("login.fail").await?;
        for subject in subjects {
            self.count_failure(&mut tx, *subject).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn new_session(
        &self,
        tx: &mut Tx,
        person: &Person,
        assurance: Assurance,
        stepped_up_at: Option<Timestamp>,
        expires_at: Timestamp,
    ) -> Result<SessionToken, AppError> {
        let now = self.now();
        let token = SessionToken::generate(self.ids());
        let session = Session {
            id: self.ids().next(),
            person: person.id,
            assurance,
            created_at: now,
            seen_at: now,
            expires_at,
            stepped_up_at,
        };
        tx.insert_session(&session, token.hash()).await?;
        Ok(token)
    }

    async fn record_login(
        &self,
        tx: &mut Tx,
        person: &Person,
        by: &'static str,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let organisation = tx
            .organisation(person.organisation)
            .await?
            .ok_or(AppError::Bug("person without an organisation"))?;
        let actor = actor(
            person,
            &organisation,
            Assurance::SecondFactor,
            StepUp::Fresh,
        );
        let account = Resource::Account {
            person: person.id,
            organisation: organisation.id,
        };
        let permit = self
            .policy()
            .check(&actor, Action::ManageOwnAccount, &account)?;
        let act = ActDraft {
            act: "account.logged_in",
            subject: Subject::new("person", person.id),
            details: json!({ "by": by }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, at).await?;
        Ok(())
    }
}
