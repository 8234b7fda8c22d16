use ids::{OrganisationId, PersonId, Role};
use model::organisation::Organisation;
use model::person::{LoginName, Person, PersonStatus};
use policy::{Action, Actor, OrganisationFacts, Resource};
use secrecy::SecretString;
use serde_json::json;
use store::StoreError;
use store::rows::people::Credential;

use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::identity::password::{PasswordError, check_new};
use crate::identity::totp;
use crate::instance::App;
use crate::logs::LogCode;

/// A person about to get an account.
#[derive(Clone)]
pub struct NewPerson {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// What the person will type to log in.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// `ja` or `en`.
    pub locale: String,
    /// What the person may do; each must fit the kind of organisation.
    pub roles: Vec<Role>,
    /// First password.
    pub password: SecretString,
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson")
            .field("organisation", &self.organisation)
            .finish_non_exhaustive()
    }
}

/// An account that was just made. The secret of the second factor is shown once.
#[derive(Clone)]
pub struct PersonCreated {
    /// The person.
    pub id: PersonId,
    /// Secret of the second factor in base32, for the authenticator.
    pub totp_secret: String,
    /// The same as an `otpauth:` link.
    pub totp_link: String,
}

impl std::fmt::Debug for PersonCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonCreated")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Makes an account at the command line of the instance (`noroshi user add`), where nobody is logged in.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; roles that mean nothing in the organisation are refused.
    pub async fn create_person(&self, new: NewPerson) -> Result<PersonCreated, AppError> {
        let mut tx = self.store().begin_read("person.check").await?;
        let organisation = tx
            .organisation(new.organisation)
            .await?
            .ok_or_else(|| AppError::field("organisation", "organisation_unknown"))?;
        drop(tx);
        let login = check(&new, policy::roles_of(organisation.kind))?;
        let hash = self.hasher().hash(new.password).await?;
        let secret = totp::new_secret(self.ids());
        let sealed = self
            .sealer()
            .seal(self.ids(), &secret)
            .ok_or(AppError::Bug("second factor not sealed"))?;
        let person = Person {
            id: self.ids().next(),
            organisation: organisation.id,
            login,
            name: new.name.trim().to_owned(),
            locale: new.locale,
            roles: new.roles,
            status: PersonStatus::Active,
            version: 1,
        };
        let credential = Credential {
            password_hash: hash,
            totp_sealed: Some(sealed),
            totp_last_step: None,
        };
        let mut tx = self.store().begin("person.create").await?;
        tx.insert_person(&person, &credential, self.now())
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::field("login", "login_taken"),
                other => other.into(),
            })?;
        tx.commit().await?;
        let totp_link = totp::totp_link(&secret, person.login.as_str())
            .ok_or(AppError::Bug("second factor link"))?;
        Ok(PersonCreated {
            id: person.id,
            totp_secret: totp::secret_text(&secret),
            totp_link,
        })
    }

    /// An organisation by id, desk code or corporate number, for the command line of the instance.
    pub async fn find_organisation(&self, name: &str) -> Result<Option<Organisation>, AppError> {
        let mut tx = self.store().begin_read("organisation.find").await?;
        let all = tx.organisations().await?;
        Ok(all.into_iter().find(|organisation| {
            organisation.id.to_string() == name
                || organisation.desk_code.as_deref() == Some(name)
                || organisation.corporate_number.as_deref() == Some(name)
        }))
    }

    /// Sets up an organisation, at the command line of the instance or for the demo.
    pub async fn create_organisation(&self, organisation: &Organisation) -> Result<(), AppError> {
        let mut tx = self.store().begin("organisation.create").await?;
        tx.insert_organisation(organisation)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("organisation_taken"),
                other => other.into(),
            })?;
        tx.commit().await?;
        Ok(())
    }

    /// People of an organisation, for its administrator.
    pub async fn people(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
    ) -> Result<Vec<Person>, AppError> {
        let mut tx = self.store().begin_read("people.list").await?;
        let found = tx
            .organisation(organisation)
            .await?
            .ok_or(AppError::NotFound)?;
        let facts = OrganisationFacts {
            id: found.id,
            kind: found.kind,
        };
        let permit =
            self.policy()
                .check(actor, Action::ManagePeople, &Resource::Organisation(facts))?;
        drop(permit);
        Ok(tx.people_of_organisation(organisation).await?)
    }

    /// Enables or disables an account. Sessions of a disabled person end at once.
    pub async fn set_person_status(
        &self,
        actor: &Actor,
        person: PersonId,
        status: PersonStatus,
    ) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("person.set_status").await?;
        let (found, _) = tx.person(person).await?.ok_or(AppError::NotFound)?;
        let account = Resource::Account {
            person,
            organisation: found.organisation,
        };
        let permit = self.policy().check(actor, Action::ManagePeople, &account)?;
        tx.set_person_status(&found, status).await?;
        if status == PersonStatus::Disabled {
            tx.revoke_sessions_of_person(person, now).await?;
        }
        let act = ActDraft {
            act: match status {
                PersonStatus::Active => "account.enabled",
                PersonStatus::Disabled => "account.disabled",
            },
            subject: Subject::new("person", person),
            details: json!({}),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn check(new: &NewPerson, allowed: &[Role]) -> Result<LoginName, AppError> {
    let mut problems = Vec::new();
    let login = LoginName::parse(&new.login).map_err(|_| FieldProblem::new("login", "login_form"));
    if !(1..=100).contains(&new.name.trim().chars().count()) {
        problems.push(FieldProblem::new("name", "name_length"));
    }
    if !matches!(new.locale.as_str(), "ja" | "en") {
        problems.push(FieldProblem::new("locale", "locale_unknown"));
    }
    if new.roles.is_empty() || new.roles.iter().any(|role| !allowed.contains(role)) {
        problems.push(FieldProblem::new("roles", "roles_unfit"));
    }
    match check_new(&new.password) {
        Ok(()) => {}
        Err(PasswordError::TooShort) => {
            problems.push(FieldProblem::new("password", "password_short"));
        }
        Err(PasswordError::TooLong) => {
            problems.push(FieldProblem::new("password", "password_long"));
        }
    }
    match login {
        Ok(login) if problems.is_empty() => Ok(login),
        Ok(_) => Err(AppError::Invalid(problems)),
        Err(problem) => {
            problems.insert(0, problem);
            Err(AppError::Invalid(problems))
        }
    }
}
