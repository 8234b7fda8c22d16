use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::person::Person;
use policy::{Action, Actor};
use serde_json::json;

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::own::own_account;
use crate::identity::totp;
use crate::instance::App;
use crate::logs::LogCode;

/// A second factor that was made and is not in use before a code of it was shown.
///
/// It is kept by nobody: it goes through the person's own browser, sealed with the instance key and tied to the person.
#[derive(Clone)]
pub struct PendingFactor {
    /// Base32, for typing into an authenticator.
    pub secret: String,
    /// The same as an `otpauth:` link.
    pub link: String,
    /// The same, sealed, to be sent back with a code.
    pub sealed: String,
}

impl std::fmt::Debug for PendingFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PendingFactor(***)")
    }
}

/// A second factor as it is stored, and the time step of the code that proved it.
type Confirmed = (Vec<u8>, i64);

impl App {
    /// A new second factor for the person who asks, not yet in use.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`] when the present one was shown too long ago.
    pub async fn new_second_factor(&self, actor: &Actor) -> Result<PendingFactor, AppError> {
        drop(
            self.policy()
                .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?,
        );
        let mut tx = self.store().begin_read("second_factor.new").await?;
        let (person, _) = tx.person(actor.person).await?.ok_or(AppError::NotFound)?;
        self.pending_factor(&person)
    }

    /// Puts a new second factor in the place of the one in use; the other sessions and the recovery codes end.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `code`; [`AppError::StepUpRequired`].
    pub async fn change_second_factor(
        &self,
        actor: &Actor,
        session: ids::SessionId,
        factor: &str,
        code: &str,
    ) -> Result<(), AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?;
        let now = self.now();
        let mut tx = self.store().begin("second_factor.change").await?;
        let (person, _) = tx.person(actor.person).await?.ok_or(AppError::NotFound)?;
        let (sealed, step) = self
            .confirmed_factor(&person, factor, code)?
            .map_err(|problem| AppError::Invalid(vec![problem]))?;
        tx.set_totp(&person, Some(&sealed)).await?;
        tx.spend_totp_step(person.id, step).await?;
        tx.set_recovery_codes(person.id, &[], now).await?;
        tx.revoke_other_sessions(person.id, session, now).await?;
        let act = ActDraft {
            act: "account.second_factor_changed",
            subject: Subject::new("person", person.id),
            details: json!({}),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) fn pending_factor(&self, person: &Person) -> Result<PendingFactor, AppError> {
        let secret = totp::new_secret(self.ids());
        let mut tied = person.id.uuid().as_bytes().to_vec();
        tied.extend_from_slice(&secret);
        let sealed = self
            .sealer()
            .seal(self.ids(), &tied)
            .ok_or(AppError::Bug("second factor not sealed"))?;
        Ok(PendingFactor {
            secret: totp::secret_text(&secret),
            link: totp::totp_link(&secret, person.login.as_str())
                .ok_or(AppError::Bug("second factor link"))?,
            sealed: URL_SAFE_NO_PAD.encode(sealed),
        })
    }

    /// Opens a pending factor of this person and checks a code of it. The inner error is the person's to mend.
    pub(crate) fn confirmed_factor(
        &self,
        person: &Person,
        sealed: &str,
        code: &str,
    ) -> Result<Result<Confirmed, FieldProblem>, AppError> {
        let opened = URL_SAFE_NO_PAD
            .decode(sealed)
            .ok()
            .and_then(|sealed| self.sealer().open(&sealed));
        let secret = opened.as_deref().and_then(|tied| {
            let (of, secret) = tied.split_at_checked(16)?;
            (of == person.id.uuid().as_bytes()).then_some(secret)
        });
        let Some(secret) = secret else {
            return Ok(Err(FieldProblem::new("code", "factor_expired")));
        };
        let Some(step) = totp::matching_step(secret, code, self.now()) else {
            return Ok(Err(FieldProblem::new("code", "code_wrong")));
        };
        let stored = self
            .sealer()
            .seal(self.ids(), secret)
            .ok_or(AppError::Bug("second factor not sealed"))?;
        Ok(Ok((stored, step)))
    }

    /// A factor as the page shows it again after a wrong code: the same one, not another.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for what was not made for this person.
    pub async fn shown_factor(
        &self,
        actor: &Actor,
        sealed: &str,
    ) -> Result<PendingFactor, AppError> {
        let mut tx = self.store().begin_read("second_factor.shown").await?;
        let (person, _) = tx.person(actor.person).await?.ok_or(AppError::NotFound)?;
        self.same_factor(&person, sealed)
    }

    pub(crate) fn same_factor(
        &self,
        person: &Person,
        sealed: &str,
    ) -> Result<PendingFactor, AppError> {
        let opened = URL_SAFE_NO_PAD
            .decode(sealed)
            .ok()
            .and_then(|sealed| self.sealer().open(&sealed));
        let secret = opened.as_deref().and_then(|tied| {
            let (of, secret) = tied.split_at_checked(16)?;
            (of == person.id.uuid().as_bytes()).then_some(secret)
        });
        let secret = secret.ok_or(AppError::NotFound)?;
        Ok(PendingFactor {
            secret: totp::secret_text(secret),
            link: totp::totp_link(secret, person.login.as_str())
                .ok_or(AppError::Bug("second factor link"))?,
            sealed: sealed.to_owned(),
        })
    }
}
