//! What everybody does with the own account.

use jiff::Timestamp;
use policy::{Action, Actor, Resource};
use secrecy::SecretString;
use serde_json::{Value, json};
use store::Tx;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::identity::limiter::account;
use crate::identity::password::{check_new, own_names};
use crate::identity::session::hash_with;
use crate::identity::totp::half_width;
use crate::instance::App;
use crate::logs::LogCode;

/// Recovery codes made at once.
const RECOVERY_CODES: usize = 10;
/// Digits of a recovery code: typed with the keys that codes of the second factor are typed with.
pub(crate) const CODE_DIGITS: usize = 12;

/// A session of the own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Since when.
    pub since: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The account of the person who asks.
pub(crate) fn own_account(actor: &Actor) -> Resource {
    Resource::Account {
        person: actor.person,
        organisation: actor.organisation,
    }
}

impl App {
    /// Whether the password, second factor and recovery codes of the person who asks may be changed now.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`] when the second factor was shown too long ago.
    pub fn may_change_own_secrets(&self, actor: &Actor) -> Result<(), AppError> {
        drop(
            self.policy()
                .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?,
        );
        Ok(())
    }

    /// Changes the password of the person who asks; the other sessions end.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `current` or `password`; [`AppError::StepUpRequired`]; [`AppError::TooMany`]
    /// after too many wrong passwords.
    pub async fn change_password(
        &self,
        actor: &Actor,
        session: ids::SessionId,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?;
        let mut tx = self.store().begin_read("password.check").await?;
        let (person, credential) = tx.person(actor.person).await?.ok_or(AppError::NotFound)?;
        let by_account = account(person.login.as_str());
        self.require_no_lock(&mut tx, by_account).await?;
        let own = own_names(&mut tx, &person).await?;
        drop(tx);
        let stored = Some(credential.password_hash);
        if !self.hasher().verify(current, stored.clone()).await? {
            self.fail(&[by_account]).await?;
            return Err(AppError::field("current", "password_wrong"));
        }
        if let Err(error) = check_new(&new, &own.each_ref().map(String::as_str)) {
            return Err(AppError::field("password", error.code()));
        }
        if self.hasher().verify(new.clone(), stored).await? {
            return Err(AppError::field("password", "password_same"));
        }
        let hash = self.hasher().hash(new).await?;
        let now = self.now();
        let mut tx = self.store().begin("password.change").await?;
        tx.set_password(&person, &hash).await?;
        let ended = tx.revoke_other_sessions(person.id, session, now).await?;
        let details = json!({ "sessions_ended": ended });
        self.record_own(&mut tx, permit, "account.password_changed", actor, details)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The sessions of the person who asks, last used first.
    pub async fn own_sessions(
        &self,
        actor: &Actor,
        session: ids::SessionId,
    ) -> Result<Vec<OwnSession>, AppError> {
        drop(
            self.policy()
                .check(actor, Action::ManageOwnAccount, &own_account(actor))?,
        );
        let limit = self.config().limits.page_entries;
        let mut tx = self.store().begin_read("session.list").await?;
        let sessions = tx
            .sessions_of_person(actor.person, self.now(), limit)
            .await?;
        Ok(sessions
            .into_iter()
            .map(|one| OwnSession {
                since: one.created_at,
                seen_at: one.seen_at,
                current: one.id == session,
            })
            .collect())
    }

    /// Ends the other sessions of the person who asks, and returns how many ended.
    pub async fn end_other_sessions(
        &self,
        actor: &Actor,
        session: ids::SessionId,
    ) -> Result<u64, AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ManageOwnAccount, &own_account(actor))?;
        let now = self.now();
        let mut tx = self.store().begin("session.end_others").await?;
        let ended = tx.revoke_other_sessions(actor.person, session, now).await?;
        let details = json!({ "sessions_ended": ended });
        self.record_own(&mut tx, permit, "account.sessions_ended", actor, details)
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// How many recovery codes the person who asks has left.
    pub async fn recovery_codes_left(&self, actor: &Actor) -> Result<u64, AppError> {
        let mut tx = self.store().begin_read("recovery.count").await?;
        Ok(tx.count_recovery_codes(actor.person).await?)
    }

    /// Makes recovery codes for the person who asks, in place of earlier ones. Each is good once instead of a code of
    /// the second factor. They are shown once.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`].
    pub async fn new_recovery_codes(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        let permit = self
            .policy()
            .check(actor, Action::ChangeOwnSecrets, &own_account(actor))?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.digit_code()).collect();
        let hashes: Vec<ids::Digest> = codes
            .iter()
            .filter_map(|code| recovery_hash(actor.person, code))
            .collect();
        let now = self.now();
        let mut tx = self.store().begin("recovery.new").await?;
        tx.set_recovery_codes(actor.person, &hashes, now).await?;
        let details = json!({ "codes": hashes.len() });
        self.record_own(
            &mut tx,
            permit,
            "account.recovery_codes_made",
            actor,
            details,
        )
        .await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Twelve random digits in groups of four.
    pub(crate) fn digit_code(&self) -> String {
        let mut code = String::new();
        let mut digits: usize = 0;
        while digits < CODE_DIGITS {
            let mut octet = [0];
            self.ids().fill(&mut octet);
            // Above 249 it is drawn again, so that all digits are as likely.
            let Some(digit) =
                char::from_digit(u32::from(octet[0]) % 10, 10).filter(|_| octet[0] < 250)
            else {
                continue;
            };
            if digits != 0 && digits.is_multiple_of(4) {
                code.push('-');
            }
            code.push(digit);
            digits = digits.saturating_add(1);
        }
        code
    }

    /// Records what a person did with the own account, in the log of the instance.
    pub(crate) async fn record_own(
        &self,
        tx: &mut Tx,
        permit: policy::Permit,
        act: &'static str,
        actor: &Actor,
        details: Value,
    ) -> Result<(), AppError> {
        let act = ActDraft {
            act,
            subject: Subject::new("person", actor.person),
            details,
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, self.now()).await?;
        Ok(())
    }
}

/// The stored form of a recovery code; `None` for what cannot be one. Full-width digits are taken too.
pub(crate) fn recovery_hash(person: ids::PersonId, typed: &str) -> Option<ids::Digest> {
    let code = digits_of(typed);
    (code.len() == CODE_DIGITS).then(|| hash_with("recovery", &format!("{person}/{code}")))
}

/// The digits of what was typed, full-width ones too.
pub(crate) fn digits_of(typed: &str) -> String {
    typed
        .chars()
        .map(half_width)
        .filter(char::is_ascii_digit)
        .collect()
}
