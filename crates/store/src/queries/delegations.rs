use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::delegations::{DelegationRecord, DelegationRow};
use crate::sql::delegations as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(conn: &mut Connection, new: &DelegationRecord) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(new.id.uuid())
        .bind(new.owner.uuid())
        .bind(new.contractor.uuid())
        .bind(new.person.uuid())
        .bind(new.case.uuid())
        .bind(new.sections.to_string())
        .bind(new.extent.code())
        .bind(new.reason.as_str())
        .bind(new.until.as_microsecond())
        .bind(new.given_by.uuid())
        .bind(new.given_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn end(conn: &mut Connection, id: Uuid, by: Uuid, at: i64) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::END)
        .bind(id)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DelegationRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_owner(
    conn: &mut Connection,
    owner: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<DelegationRow>> {
    sqlx::query_as::<Db, _>(sql::OF_OWNER)
        .bind(owner)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn in_force_of_person(
    conn: &mut Connection,
    person: Uuid,
    now: i64,
    limit: i64,
) -> sqlx::Result<Vec<DelegationRow>> {
    sqlx::query_as::<Db, _>(sql::IN_FORCE_OF_PERSON)
        .bind(person)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn titles_of_cases(
    conn: &mut Connection,
    owner: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<(Uuid, String)>> {
    sqlx::query_as::<Db, _>(sql::TITLES_OF_CASES)
        .bind(owner)
        .bind(limit)
        .fetch_all(conn)
        .await
}
