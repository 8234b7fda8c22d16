use ids::{OrganisationId, PersonId, Role};
use jiff::Timestamp;
use model::organisation::Organisation;
use model::person::{Person, PersonStatus};
use policy::AccountScope;

use crate::error::StoreError;
use crate::rows::people::{Credential, enabled_code};
use crate::tx::{Tx, exactly_one, on};

impl Tx {
    /// Adds an organisation.
    pub async fn insert_organisation(
        &mut self,
        organisation: &Organisation,
    ) -> Result<(), StoreError> {
        on!(self, people::insert_organisation(organisation))
    }

    /// Changes an organisation's own targets; refuses a stale version.
    pub async fn update_targets(&mut self, organisation: &Organisation) -> Result<(), StoreError> {
        exactly_one(
            on!(self, people::update_targets(organisation))?,
            "organisation",
        )
    }

    /// An organisation by its id.
    pub async fn organisation(
        &mut self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, StoreError> {
        on!(self, people::organisation(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The authority that the rule book calls `desk_code`.
    pub async fn organisation_by_desk(
        &mut self,
        desk_code: &str,
    ) -> Result<Option<Organisation>, StoreError> {
        on!(self, people::organisation_by_desk(desk_code))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// All organisations of the instance: the address book, which holds nothing of the law's contents.
    pub async fn organisations(&mut self) -> Result<Vec<Organisation>, StoreError> {
        on!(self, people::organisations())?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Adds a person with roles.
    pub async fn insert_person(
        &mut self,
        person: &Person,
        credential: &Credential,
        created_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            people::insert_person(
                person,
                &credential.password_hash,
                credential.totp_sealed.as_deref(),
                created_at.as_microsecond(),
            )
        )
    }

    /// A person and what proves it.
    pub async fn person(
        &mut self,
        id: PersonId,
    ) -> Result<Option<(Person, Credential)>, StoreError> {
        on!(self, people::person(id.uuid()))?
            .map(|(row, roles)| row.into_parts(&roles))
            .transpose()
    }

    /// A person by login name.
    pub async fn person_by_login(
        &mut self,
        login: &str,
    ) -> Result<Option<(Person, Credential)>, StoreError> {
        on!(self, people::person_by_login(login))?
            .map(|(row, roles)| row.into_parts(&roles))
            .transpose()
    }

    /// People with an account of an organisation and what proves them, by login name from after one of them.
    pub async fn people_of_organisation(
        &mut self,
        scope: &AccountScope,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(Person, Credential)>, StoreError> {
        let Some(organisation) = scope.organisation() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            people::people_of_organisation(organisation.uuid(), after, i64::from(limit))
        )?
        .into_iter()
        .map(|(row, roles)| row.into_parts(&roles))
        .collect()
    }

    /// Replaces the roles; refuses a stale version.
    pub async fn set_roles(&mut self, person: &Person, roles: &[Role]) -> Result<(), StoreError> {
        exactly_one(
            on!(
                self,
                people::set_roles(person.id.uuid(), person.version, roles)
            )?,
            "person",
        )
    }

    /// Replaces the password hash; refuses a stale version.
    pub async fn set_password(&mut self, person: &Person, hash: &str) -> Result<(), StoreError> {
        exactly_one(
            on!(
                self,
                people::set_password(person.id.uuid(), person.version, hash)
            )?,
            "person",
        )
    }

    /// Replaces or removes the second factor; refuses a stale version.
    pub async fn set_totp(
        &mut self,
        person: &Person,
        sealed: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        exactly_one(
            on!(
                self,
                people::set_totp(person.id.uuid(), person.version, sealed)
            )?,
            "person",
        )
    }

    /// Marks a time step of the second factor as used. False when it, or a later one, was used before.
    pub async fn spend_totp_step(
        &mut self,
        person: PersonId,
        step: i64,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, people::spend_totp_step(person.uuid(), step))? == 1)
    }

    /// Enables or disables an account; refuses a stale version.
    pub async fn set_person_status(
        &mut self,
        person: &Person,
        status: PersonStatus,
    ) -> Result<(), StoreError> {
        let enabled = enabled_code(status);
        exactly_one(
            on!(
                self,
                people::set_enabled(person.id.uuid(), person.version, enabled)
            )?,
            "person",
        )
    }

    /// Remembers the language a person reads.
    pub async fn set_locale(&mut self, person: PersonId, locale: &str) -> Result<(), StoreError> {
        on!(self, people::set_locale(person.uuid(), locale))
    }
}
