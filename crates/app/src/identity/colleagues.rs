//! What an organisation's administrator does with its people (Act Art. 8(1)). No leaf holds a name.

use ids::{PersonId, Role};
use model::person::{Person, PersonStatus};
use policy::{Action, Actor, OrganisationFacts, Permit, Resource};
use serde_json::{Value, json};
use store::rows::people::Credential;
use store::{StoreError, Tx};

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::enrolment::{EnrolmentKind, EnrolmentLink};
use crate::identity::password::NO_PASSWORD;
use crate::identity::people::{checked_person, roles_fit};
use crate::instance::App;
use crate::logs::LogCode;

/// How far an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Invited; the link was not used yet.
    Invited,
    /// In use.
    Active,
    /// Waits for a new second factor.
    NoSecondFactor,
    /// Switched off.
    Disabled,
}

/// A person of the own organisation, as its administrator sees them.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The person.
    pub person: Person,
    /// How far the account is.
    pub state: AccountState,
    /// Whether it is the administrator, whose own roles and second factor are not changed here.
    pub own: bool,
}

/// A page of the people of an organisation.
#[derive(Clone, Debug)]
pub struct ColleaguePage {
    /// People by login name.
    pub people: Vec<Colleague>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Somebody about to be invited.
#[derive(Clone)]
pub struct Invitation {
    /// What the person will type to log in.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// `ja` or `en`.
    pub locale: String,
    /// What the person may do; each must fit the kind of organisation.
    pub roles: Vec<Role>,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").finish_non_exhaustive()
    }
}

impl App {
    /// People of the own organisation, by login name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] or [`AppError::Forbidden`] for whoever does not administer it.
    pub async fn colleagues(
        &self,
        actor: &Actor,
        after: Option<&str>,
        limit: u32,
    ) -> Result<ColleaguePage, AppError> {
        drop(
            self.policy()
                .check(actor, Action::ManagePeople, &own_organisation(actor))?,
        );
        let scope = self.policy().account_scope(actor, Action::ManagePeople);
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("people.list").await?;
        let mut found = tx
            .people_of_organisation(&scope, after.unwrap_or_default(), limit.saturating_add(1))
            .await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = shown < found.len();
        found.truncate(shown);
        let people: Vec<Colleague> = found
            .into_iter()
            .map(|found| colleague(actor, found))
            .collect();
        Ok(ColleaguePage {
            next: people
                .last()
                .filter(|_| more)
                .map(|last| last.person.login.as_str().to_owned()),
            people,
        })
    }

    /// One person of the own organisation.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that the person exists.
    pub async fn colleague(&self, actor: &Actor, id: PersonId) -> Result<Colleague, AppError> {
        let mut tx = self.store().begin_read("people.view").await?;
        let (found, permit) = self
            .managed(&mut tx, actor, Action::ManagePeople, id)
            .await?;
        drop(permit);
        Ok(colleague(actor, found))
    }

    /// The roles that mean something in the own organisation, for whoever may give them.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`] when the second factor was shown too long ago.
    pub fn roles_to_give(&self, actor: &Actor) -> Result<&'static [Role], AppError> {
        let somebody = Resource::Account {
            person: self.ids().next(),
            organisation: actor.organisation,
        };
        drop(self.policy().check(actor, Action::GrantRole, &somebody)?);
        Ok(policy::roles_of(actor.organisation_kind))
    }

    /// Invites somebody: an account without password or second factor, and a one-time link to set them up.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; [`AppError::StepUpRequired`].
    pub async fn invite(&self, actor: &Actor, new: Invitation) -> Result<EnrolmentLink, AppError> {
        let id: PersonId = self.ids().next();
        drop(
            self.policy()
                .check(actor, Action::ManagePeople, &own_organisation(actor))?,
        );
        let account = Resource::Account {
            person: id,
            organisation: actor.organisation,
        };
        let permit = self.policy().check(actor, Action::GrantRole, &account)?;
        let mut problems = Vec::new();
        let login = checked_person(&new.login, &new.name, &new.locale, &mut problems);
        if !roles_fit(&new.roles, policy::roles_of(actor.organisation_kind)) {
            problems.push(FieldProblem::new("roles", "roles_unfit"));
        }
        let Some(login) = login.filter(|_| problems.is_empty()) else {
            return Err(AppError::Invalid(problems));
        };
        let person = Person {
            id,
            organisation: actor.organisation,
            login,
            name: new.name.trim().to_owned(),
            locale: new.locale,
            roles: new.roles,
            status: PersonStatus::Active,
            version: 1,
        };
        let nothing_yet = Credential {
            password_hash: NO_PASSWORD.to_owned(),
            totp_sealed: None,
            totp_last_step: None,
        };
        let now = self.now();
        let mut tx = self.store().begin("people.invite").await?;
        tx.insert_person(&person, &nothing_yet, now)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::field("login", "login_taken"),
                other => other.into(),
            })?;
        let link = self
            .new_link(&mut tx, id, EnrolmentKind::Invitation, actor.person)
            .await?;
        let details =
            json!({ "roles": codes(&person.roles), "until": link.expires_at.to_string() });
        self.record_person(&mut tx, permit, "account.invited", id, details)
            .await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Gives a person other roles; `version` is that of the account as it was shown.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `roles`; [`AppError::Stale`]; [`AppError::StepUpRequired`];
    /// [`AppError::Forbidden`] for one's own.
    pub async fn change_roles(
        &self,
        actor: &Actor,
        id: PersonId,
        version: i64,
        roles: &[Role],
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("people.change_roles").await?;
        let ((mut person, _), permit) = self.managed(&mut tx, actor, Action::GrantRole, id).await?;
        if !roles_fit(roles, policy::roles_of(actor.organisation_kind)) {
            return Err(AppError::field("roles", "roles_unfit"));
        }
        let details = json!({ "before": codes(&person.roles), "roles": codes(roles) });
        person.version = version;
        tx.set_roles(&person, roles).await?;
        self.record_person(&mut tx, permit, "account.roles_changed", id, details)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Enables or disables an account. Sessions, tokens and links of a disabled person end at once, and do not come
    /// back when the account is enabled again.
    ///
    /// # Errors
    /// [`AppError::Conflict`] for one's own account: an organisation is not left without its administrator.
    pub async fn set_person_status(
        &self,
        actor: &Actor,
        id: PersonId,
        status: PersonStatus,
    ) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("people.set_status").await?;
        let ((person, _), permit) = self
            .managed(&mut tx, actor, Action::ManagePeople, id)
            .await?;
        if id == actor.person {
            return Err(AppError::Conflict("own_account"));
        }
        tx.set_person_status(&person, status).await?;
        let act = match status {
            PersonStatus::Active => "account.enabled",
            PersonStatus::Disabled => {
                tx.revoke_sessions_of_person(id, now).await?;
                tx.revoke_tokens_of_person(id, now).await?;
                tx.close_enrolments(id, now).await?;
                "account.disabled"
            }
        };
        self.record_person(&mut tx, permit, act, id, json!({}))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes the second factor of a person away and makes a one-time link to set up another; whoever was invited and
    /// has not come yet gets a new invitation. Sessions end; a password in use stays and is asked for with the link.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::Forbidden`] for one's own; [`AppError::Conflict`] for a disabled
    /// account.
    pub async fn reset_second_factor(
        &self,
        actor: &Actor,
        id: PersonId,
    ) -> Result<EnrolmentLink, AppError> {
        let now = self.now();
        let mut tx = self.store().begin("people.reset_second_factor").await?;
        let ((person, credential), permit) = self
            .managed(&mut tx, actor, Action::ResetSecondFactor, id)
            .await?;
        if person.status == PersonStatus::Disabled {
            return Err(AppError::Conflict("account_disabled"));
        }
        let (kind, act) = if credential.password_hash == NO_PASSWORD {
            (EnrolmentKind::Invitation, "account.invited_again")
        } else {
            tx.set_totp(&person, None).await?;
            tx.set_recovery_codes(id, &[], now).await?;
            (EnrolmentKind::SecondFactor, "account.second_factor_reset")
        };
        tx.revoke_sessions_of_person(id, now).await?;
        let link = self.new_link(&mut tx, id, kind, actor.person).await?;
        let details = json!({ "until": link.expires_at.to_string() });
        self.record_person(&mut tx, permit, act, id, details)
            .await?;
        tx.commit().await?;
        Ok(link)
    }

    /// A person and the permit for an act on the account.
    async fn managed(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: Action,
        id: PersonId,
    ) -> Result<((Person, Credential), Permit), AppError> {
        let found = tx.person(id).await?.ok_or(AppError::NotFound)?;
        let account = Resource::Account {
            person: id,
            organisation: found.0.organisation,
        };
        // Whoever does not manage people knows of no account but the own one, which is not managed here.
        let permit = match self.policy().check(actor, action, &account) {
            Ok(permit) => permit,
            Err(denied) if self.policy().may(actor, Action::ManagePeople, &account) => {
                return Err(denied.into());
            }
            Err(_) => return Err(AppError::NotFound),
        };
        Ok((found, permit))
    }

    async fn record_person(
        &self,
        tx: &mut Tx,
        permit: Permit,
        act: &'static str,
        id: PersonId,
        details: Value,
    ) -> Result<(), AppError> {
        let act = ActDraft {
            act,
            subject: Subject::new("person", id),
            details,
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, self.now()).await?;
        Ok(())
    }
}

fn own_organisation(actor: &Actor) -> Resource {
    Resource::Organisation(OrganisationFacts {
        id: actor.organisation,
        kind: actor.organisation_kind,
    })
}

fn colleague(actor: &Actor, (person, credential): (Person, Credential)) -> Colleague {
    let state = match person.status {
        PersonStatus::Disabled => AccountState::Disabled,
        PersonStatus::Active if credential.password_hash == NO_PASSWORD => AccountState::Invited,
        PersonStatus::Active if credential.totp_sealed.is_none() => AccountState::NoSecondFactor,
        PersonStatus::Active => AccountState::Active,
    };
    Colleague {
        own: person.id == actor.person,
        person,
        state,
    }
}

fn codes(roles: &[Role]) -> Vec<&'static str> {
    let mut codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    codes.sort_unstable();
    codes
}
