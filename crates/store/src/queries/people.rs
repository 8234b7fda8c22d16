use model::organisation::Organisation;
use model::person::Person;
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::people::{OrganisationRow, PersonRow, cause_code, enabled_code};
use crate::sql::people as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_organisation(
    conn: &mut Connection,
    organisation: &Organisation,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ORGANISATION)
        .bind(organisation.id.uuid())
        .bind(organisation.kind.code())
        .bind(organisation.name_ja.as_str())
        .bind(organisation.name_en.as_str())
        .bind(organisation.desk_code.as_deref())
        .bind(organisation.corporate_number.as_deref())
        .bind(organisation.sector.as_deref())
        .bind(organisation.prefecture.as_deref())
        .bind(organisation.parent.map(ids::Id::uuid))
        .bind(organisation.designation.map(|d| d.on.to_string()))
        .bind(organisation.designation.map(|d| cause_code(d.cause)))
        .bind(organisation.targets.prompt_hours.map(i64::from))
        .bind(organisation.targets.full_days_before.map(i64::from))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_targets(
    conn: &mut Connection,
    organisation: &Organisation,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_TARGETS)
        .bind(organisation.id.uuid())
        .bind(organisation.version)
        .bind(organisation.targets.prompt_hours.map(i64::from))
        .bind(organisation.targets.full_days_before.map(i64::from))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn organisation(
    conn: &mut Connection,
    id: Uuid,
) -> sqlx::Result<Option<OrganisationRow>> {
    sqlx::query_as::<Db, _>(sql::ORGANISATION)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn organisation_by_desk(
    conn: &mut Connection,
    desk_code: &str,
) -> sqlx::Result<Option<OrganisationRow>> {
    sqlx::query_as::<Db, _>(sql::ORGANISATION_BY_DESK)
        .bind(desk_code)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn organisations(conn: &mut Connection) -> sqlx::Result<Vec<OrganisationRow>> {
    sqlx::query_as::<Db, _>(sql::ORGANISATIONS)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_person(
    conn: &mut Connection,
    person: &Person,
    password_hash: &str,
    totp_sealed: Option<&[u8]>,
    created_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_PERSON)
        .bind(person.id.uuid())
        .bind(person.organisation.uuid())
        .bind(person.login.as_str())
        .bind(person.name.as_str())
        .bind(person.locale.as_str())
        .bind(password_hash)
        .bind(totp_sealed)
        .bind(enabled_code(person.status))
        .bind(created_at)
        .execute(&mut *conn)
        .await?;
    for role in &person.roles {
        sqlx::query::<Db>(sql::INSERT_ROLE)
            .bind(person.id.uuid())
            .bind(role.code())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn person(
    conn: &mut Connection,
    id: Uuid,
) -> sqlx::Result<Option<(PersonRow, Vec<String>)>> {
    let row = sqlx::query_as::<Db, PersonRow>(sql::PERSON)
        .bind(id)
        .fetch_optional(&mut *conn)
        .await?;
    with_roles(conn, row).await
}

pub(crate) async fn person_by_login(
    conn: &mut Connection,
    login: &str,
) -> sqlx::Result<Option<(PersonRow, Vec<String>)>> {
    let row = sqlx::query_as::<Db, PersonRow>(sql::PERSON_BY_LOGIN)
        .bind(login)
        .fetch_optional(&mut *conn)
        .await?;
    with_roles(conn, row).await
}

async fn with_roles(
    conn: &mut Connection,
    row: Option<PersonRow>,
) -> sqlx::Result<Option<(PersonRow, Vec<String>)>> {
    let Some(row) = row else { return Ok(None) };
    let roles = sqlx::query_scalar::<Db, String>(sql::ROLES)
        .bind(row.id)
        .fetch_all(conn)
        .await?;
    Ok(Some((row, roles)))
}

pub(crate) async fn people_of_organisation(
    conn: &mut Connection,
    organisation: Uuid,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<(PersonRow, Vec<String>)>> {
    let rows = sqlx::query_as::<Db, PersonRow>(sql::PEOPLE_OF_ORGANISATION)
        .bind(organisation)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await?;
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        let roles = sqlx::query_scalar::<Db, String>(sql::ROLES)
            .bind(row.id)
            .fetch_all(&mut *conn)
            .await?;
        people.push((row, roles));
    }
    Ok(people)
}

/// Replaces the roles, if the version is still the one given.
pub(crate) async fn set_roles(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    roles: &[ids::Role],
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::NEXT_VERSION)
        .bind(id)
        .bind(version)
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() == 1 {
        sqlx::query::<Db>(sql::REMOVE_ROLES)
            .bind(id)
            .execute(&mut *conn)
            .await?;
        for role in roles {
            sqlx::query::<Db>(sql::INSERT_ROLE)
                .bind(id)
                .bind(role.code())
                .execute(&mut *conn)
                .await?;
        }
    }
    Ok(done.rows_affected())
}

pub(crate) async fn set_password(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    hash: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SET_PASSWORD)
        .bind(id)
        .bind(version)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn set_totp(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    sealed: Option<&[u8]>,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SET_TOTP)
        .bind(id)
        .bind(version)
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn spend_totp_step(
    conn: &mut Connection,
    id: Uuid,
    step: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SPEND_TOTP_STEP)
        .bind(id)
        .bind(step)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn set_enabled(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    enabled: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SET_ENABLED)
        .bind(id)
        .bind(version)
        .bind(enabled)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn set_locale(conn: &mut Connection, id: Uuid, locale: &str) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::SET_LOCALE)
        .bind(id)
        .bind(locale)
        .execute(conn)
        .await?;
    Ok(())
}
