use ids::{OrganisationId, PersonId, Role};
use model::organisation::Organisation;
use model::person::{LoginName, Person, PersonStatus};
use secrecy::SecretString;
use store::StoreError;
use store::rows::people::Credential;

use crate::error::{AppError, FieldProblem};
use crate::identity::password::check_new;
use crate::identity::totp;
use crate::instance::App;

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
        let login = check(&new, &organisation)?;
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
}

fn check(new: &NewPerson, organisation: &Organisation) -> Result<LoginName, AppError> {
    let allowed = policy::roles_of(organisation.kind);
    let mut problems = Vec::new();
    let login = checked_person(&new.login, &new.name, &new.locale, &mut problems);
    if !roles_fit(&new.roles, allowed) {
        problems.push(FieldProblem::new("roles", "roles_unfit"));
    }
    if let Err(error) = check_new(
        &new.password,
        &[
            &new.login,
            &new.name,
            &organisation.name_ja,
            &organisation.name_en,
        ],
    ) {
        problems.push(FieldProblem::new("password", error.code()));
    }
    login
        .filter(|_| problems.is_empty())
        .ok_or(AppError::Invalid(problems))
}

/// Checks what is written down of a person; the login is absent where it is wrong.
pub(crate) fn checked_person(
    login: &str,
    name: &str,
    locale: &str,
    problems: &mut Vec<FieldProblem>,
) -> Option<LoginName> {
    let login = LoginName::parse(login).ok();
    if login.is_none() {
        problems.push(FieldProblem::new("login", "login_form"));
    }
    if !(1..=100).contains(&name.trim().chars().count()) {
        problems.push(FieldProblem::new("name", "name_length"));
    }
    if !matches!(locale, "ja" | "en") {
        problems.push(FieldProblem::new("locale", "locale_unknown"));
    }
    login
}

/// Whether there is a role and each means something in the organisation.
pub(super) fn roles_fit(roles: &[Role], allowed: &[Role]) -> bool {
    !roles.is_empty() && roles.iter().all(|role| allowed.contains(role))
}
