use ids::PersonId;
use sqlx::Database;

use super::Db;
use crate::rows::enrolment::{Enrolment, EnrolmentRow};
use crate::sql::access as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_enrolment(
    conn: &mut Connection,
    enrolment: &Enrolment,
    secret_hash: &[u8],
    created_by: PersonId,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ENROLMENT)
        .bind(secret_hash)
        .bind(enrolment.person.uuid())
        .bind(enrolment.kind.code())
        .bind(created_by.uuid())
        .bind(enrolment.created_at.as_microsecond())
        .bind(enrolment.expires_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn enrolment(
    conn: &mut Connection,
    secret_hash: &[u8],
) -> sqlx::Result<Option<EnrolmentRow>> {
    sqlx::query_as::<Db, _>(sql::ENROLMENT)
        .bind(secret_hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn close_enrolments(
    conn: &mut Connection,
    person: PersonId,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::CLOSE_ENROLMENTS)
        .bind(person.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Replaces the recovery codes of a person.
pub(crate) async fn set_recovery_codes(
    conn: &mut Connection,
    person: PersonId,
    hashes: &[ids::Digest],
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::FORGET_RECOVERY_CODES)
        .bind(person.uuid())
        .execute(&mut *conn)
        .await?;
    for hash in hashes {
        sqlx::query::<Db>(sql::INSERT_RECOVERY_CODE)
            .bind(person.uuid())
            .bind(hash.as_bytes().as_slice())
            .bind(at)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn spend_recovery_code(
    conn: &mut Connection,
    person: PersonId,
    hash: &[u8],
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SPEND_RECOVERY_CODE)
        .bind(person.uuid())
        .bind(hash)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn count_recovery_codes(
    conn: &mut Connection,
    person: PersonId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_RECOVERY_CODES)
        .bind(person.uuid())
        .fetch_one(conn)
        .await
}
