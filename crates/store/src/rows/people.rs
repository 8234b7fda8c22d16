use ids::{Id, OrganisationKind, Role};
use jiff::civil::Date;
use model::organisation::{Designation, DesignationCause, HouseTargets, Organisation};
use model::person::{LoginName, Person, PersonStatus};
use uuid::Uuid;

use crate::error::StoreError;

#[derive(sqlx_macros::FromRow)]
pub(crate) struct OrganisationRow {
    id: Uuid,
    kind: String,
    name_ja: String,
    name_en: String,
    desk_code: Option<String>,
    corporate_number: Option<String>,
    sector: Option<String>,
    prefecture: Option<String>,
    parent_id: Option<Uuid>,
    designated_on: Option<String>,
    designation_cause: Option<String>,
    prompt_target_hours: Option<i64>,
    full_target_days_before: Option<i64>,
    version: i64,
}

fn corrupt(column: &'static str) -> StoreError {
    StoreError::CorruptRow {
        table: "organisation",
        column,
    }
}

impl TryFrom<OrganisationRow> for Organisation {
    type Error = StoreError;

    fn try_from(row: OrganisationRow) -> Result<Self, StoreError> {
        let kind: OrganisationKind = row.kind.parse().map_err(|_| corrupt("kind"))?;
        let designation = match (
            row.designated_on.as_deref(),
            row.designation_cause.as_deref(),
        ) {
            (None, None) => None,
            (Some(on), Some(cause)) => {
                let on: Date = on.parse().map_err(|_| corrupt("designated_on"))?;
                let cause = match cause {
                    "ordinary" => DesignationCause::Ordinary,
                    "succession" => DesignationCause::Succession,
                    _ => return Err(corrupt("designation_cause")),
                };
                Some(Designation { on, cause })
            }
            _ => return Err(corrupt("designation_cause")),
        };
        let small = |value: Option<i64>, column| {
            value
                .map(u16::try_from)
                .transpose()
                .map_err(|_| corrupt(column))
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            kind,
            name_ja: row.name_ja,
            name_en: row.name_en,
            desk_code: row.desk_code,
            corporate_number: row.corporate_number,
            sector: row.sector,
            prefecture: row.prefecture,
            parent: row.parent_id.map(Id::from_uuid),
            designation,
            targets: HouseTargets {
                prompt_hours: small(row.prompt_target_hours, "prompt_target_hours")?,
                full_days_before: small(row.full_target_days_before, "full_target_days_before")?,
            },
            version: row.version,
        })
    }
}

/// The text stored for a designation cause.
pub(crate) const fn cause_code(cause: DesignationCause) -> &'static str {
    match cause {
        DesignationCause::Ordinary => "ordinary",
        DesignationCause::Succession => "succession",
    }
}

/// The number stored for a status.
pub(crate) const fn enabled_code(status: PersonStatus) -> i64 {
    match status {
        PersonStatus::Active => 1,
        PersonStatus::Disabled => 0,
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: Uuid,
    organisation_id: Uuid,
    login: String,
    name: String,
    locale: String,
    password_hash: String,
    totp_sealed: Option<Vec<u8>>,
    totp_last_step: Option<i64>,
    enabled: i64,
    version: i64,
}

/// What proves that a person is who they say. Never printed.
pub struct Credential {
    /// Argon2id in PHC string form.
    pub password_hash: String,
    /// Secret of the second factor (RFC 6238), sealed with the instance key; `None` before enrolment.
    pub totp_sealed: Option<Vec<u8>>,
    /// Last time step for which a code was taken; a code is good once.
    pub totp_last_step: Option<i64>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(***)")
    }
}

impl PersonRow {
    pub(crate) fn into_parts(self, roles: &[String]) -> Result<(Person, Credential), StoreError> {
        let corrupt = |column| StoreError::CorruptRow {
            table: "person",
            column,
        };
        let roles: Result<Vec<Role>, _> = roles.iter().map(|role| role.parse()).collect();
        let person = Person {
            id: Id::from_uuid(self.id),
            organisation: Id::from_uuid(self.organisation_id),
            login: LoginName::parse(&self.login).map_err(|_| corrupt("login"))?,
            name: self.name,
            locale: self.locale,
            roles: roles.map_err(|_| StoreError::CorruptRow {
                table: "person_role",
                column: "role",
            })?,
            status: match self.enabled {
                1 => PersonStatus::Active,
                0 => PersonStatus::Disabled,
                _ => return Err(corrupt("enabled")),
            },
            version: self.version,
        };
        let credential = Credential {
            password_hash: self.password_hash,
            totp_sealed: self.totp_sealed,
            totp_last_step: self.totp_last_step,
        };
        Ok((person, credential))
    }
}
