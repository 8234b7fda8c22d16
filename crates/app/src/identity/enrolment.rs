use ids::{Assurance, PersonId};
use jiff::{SignedDuration, Timestamp};
use model::person::{Person, PersonStatus};
use policy::{Action, Permit, Resource, StepUp};
use secrecy::SecretString;
use serde_json::json;
use store::Tx;
use store::rows::enrolment::Enrolment;
pub use store::rows::enrolment::EnrolmentKind;
use store::rows::people::Credential;

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::limiter::{account, later};
use crate::identity::password::{check_new, own_names};
use crate::identity::second_factor::PendingFactor;
use crate::identity::session::{SessionToken, actor, hash_with};
use crate::instance::App;
use crate::logs::LogCode;

/// How long a one-time link is good.
const VALID: SignedDuration = SignedDuration::from_hours(72);

/// A one-time link that was just made. Its secret is shown once.
#[derive(Clone)]
pub struct EnrolmentLink {
    /// For whom.
    pub person: PersonId,
    /// What stands in the link.
    pub secret: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for EnrolmentLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentLink")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// What somebody with a one-time link sees.
#[derive(Clone)]
pub struct EnrolmentView {
    /// What the link is for.
    pub kind: EnrolmentKind,
    /// Name to log in.
    pub login: String,
    /// The second factor to be set up.
    pub factor: PendingFactor,
}

impl std::fmt::Debug for EnrolmentView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentView")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What somebody with a one-time link sends.
#[derive(Clone, Debug)]
pub struct EnrolmentInput {
    /// The new password with an invitation; otherwise the one in use.
    pub password: SecretString,
    /// The second factor, as it was shown.
    pub factor: String,
    /// A code of it.
    pub code: String,
}

impl App {
    /// Makes the only open link of a person; earlier ones are closed.
    pub(crate) async fn new_link(
        &self,
        tx: &mut Tx,
        person: PersonId,
        kind: EnrolmentKind,
        by: PersonId,
    ) -> Result<EnrolmentLink, AppError> {
        let now = self.now();
        let secret = SessionToken::generate(self.ids()).expose().to_owned();
        let link = Enrolment {
            person,
            kind,
            created_at: now,
            expires_at: later(now, VALID),
        };
        tx.close_enrolments(person, now).await?;
        tx.insert_enrolment(&link, hash_with("enrolment", &secret), by)
            .await?;
        Ok(EnrolmentLink {
            person,
            secret,
            expires_at: link.expires_at,
        })
    }

    /// What a one-time link is for, with a second factor to set up.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is unknown, used, closed or too old, without saying which.
    pub async fn view_enrolment(&self, secret: &str) -> Result<EnrolmentView, AppError> {
        let mut tx = self.store().begin_read("enrolment.view").await?;
        let (link, person, _) = self.open_link(&mut tx, secret).await?;
        Ok(EnrolmentView {
            kind: link.kind,
            login: person.login.as_str().to_owned(),
            factor: self.pending_factor(&person)?,
        })
    }

    /// A second factor as the page of a link shows it again after a wrong code: the same one, not another.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is not good and for what was not made for its person.
    pub async fn shown_enrolment_factor(
        &self,
        secret: &str,
        sealed: &str,
    ) -> Result<PendingFactor, AppError> {
        let mut tx = self.store().begin_read("enrolment.factor").await?;
        let (_, person, _) = self.open_link(&mut tx, secret).await?;
        self.same_factor(&person, sealed)
    }

    /// Sets up the account with a one-time link, which is used up. An act of its own.
    ///
    /// # Errors
    /// [`AppError::NotFound`] as above; [`AppError::Invalid`] naming `password` or `code`; [`AppError::TooMany`]
    /// after too many wrong passwords.
    pub async fn enrol(&self, secret: &str, input: EnrolmentInput) -> Result<(), AppError> {
        let mut tx = self.store().begin_read("enrolment.check").await?;
        let (link, person, credential) = self.open_link(&mut tx, secret).await?;
        self.require_no_lock(&mut tx, account(person.login.as_str()))
            .await?;
        let own = own_names(&mut tx, &person).await?;
        drop(tx);
        let mut problems = Vec::new();
        match link.kind {
            EnrolmentKind::Invitation => {
                let own = own.each_ref().map(String::as_str);
                if let Err(error) = check_new(&input.password, &own) {
                    problems.push(FieldProblem::new("password", error.code()));
                }
            }
            EnrolmentKind::SecondFactor => {
                let stored = Some(credential.password_hash);
                if !self.hasher().verify(input.password.clone(), stored).await? {
                    self.fail(&[account(person.login.as_str())]).await?;
                    problems.push(FieldProblem::new("password", "password_wrong"));
                }
            }
        }
        let (sealed, step) = match self.confirmed_factor(&person, &input.factor, &input.code)? {
            Ok(confirmed) => confirmed,
            Err(problem) => {
                problems.push(problem);
                return Err(AppError::Invalid(problems));
            }
        };
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let hash = match link.kind {
            EnrolmentKind::Invitation => Some(self.hasher().hash(input.password).await?),
            EnrolmentKind::SecondFactor => None,
        };
        self.finish_enrolment(secret, hash, &sealed, step).await
    }

    async fn finish_enrolment(
        &self,
        secret: &str,
        hash: Option<String>,
        sealed: &[u8],
        step: i64,
    ) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("enrolment.finish").await?;
        let (link, mut person, _) = self.open_link(&mut tx, secret).await?;
        let permit = self.own_permit(&mut tx, &person).await?;
        if let Some(hash) = hash {
            tx.set_password(&person, &hash).await?;
            person.version = person.version.saturating_add(1);
        }
        tx.set_totp(&person, Some(sealed)).await?;
        tx.spend_totp_step(person.id, step).await?;
        tx.close_enrolments(person.id, now).await?;
        tx.revoke_sessions_of_person(person.id, now).await?;
        tx.set_recovery_codes(person.id, &[], now).await?;
        tx.forget_attempts(account(person.login.as_str())).await?;
        let act = ActDraft {
            act: "account.enrolled",
            subject: Subject::new("person", person.id),
            details: json!({ "kind": link.kind.code() }),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The permit of a person who is not logged in but proved to be the owner of the account.
    async fn own_permit(&self, tx: &mut Tx, person: &Person) -> Result<Permit, AppError> {
        let organisation = tx
            .organisation(person.organisation)
            .await?
            .ok_or(AppError::Bug("person without an organisation"))?;
        let owner = actor(person, &organisation, Assurance::Password, StepUp::Stale);
        let account = Resource::Account {
            person: person.id,
            organisation: organisation.id,
        };
        Ok(self
            .policy()
            .check(&owner, Action::ManageOwnAccount, &account)?)
    }

    async fn open_link(
        &self,
        tx: &mut Tx,
        secret: &str,
    ) -> Result<(Enrolment, Person, Credential), AppError> {
        let now = self.now();
        let link = tx
            .enrolment(hash_with("enrolment", secret))
            .await?
            .filter(|link| now < link.expires_at)
            .ok_or(AppError::NotFound)?;
        let (person, credential) = tx
            .person(link.person)
            .await?
            .filter(|(person, _)| person.status == PersonStatus::Active)
            .ok_or(AppError::NotFound)?;
        Ok((link, person, credential))
    }
}
