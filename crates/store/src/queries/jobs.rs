use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::jobs::JobRow;
use crate::sql::jobs as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn enqueue(
    conn: &mut Connection,
    id: Uuid,
    kind: &str,
    payload: &str,
    run_at: i64,
    created_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::ENQUEUE)
        .bind(id)
        .bind(kind)
        .bind(payload)
        .bind(run_at)
        .bind(created_at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn claim(
    conn: &mut Connection,
    statement: &'static str,
    now: i64,
    locked_until: i64,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as::<Db, _>(statement)
        .bind(now)
        .bind(locked_until)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn finish(conn: &mut Connection, id: Uuid, at: i64) -> sqlx::Result<u64> {
    Ok(sqlx::query::<Db>(sql::FINISH)
        .bind(id)
        .bind(at)
        .execute(conn)
        .await?
        .rows_affected())
}

pub(crate) async fn retry(
    conn: &mut Connection,
    id: Uuid,
    run_at: i64,
    error: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::RETRY)
        .bind(id)
        .bind(run_at)
        .bind(error)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn bury(
    conn: &mut Connection,
    id: Uuid,
    at: i64,
    error: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::BURY)
        .bind(id)
        .bind(at)
        .bind(error)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn revive(conn: &mut Connection, id: Uuid, run_at: i64) -> sqlx::Result<u64> {
    Ok(sqlx::query::<Db>(sql::REVIVE)
        .bind(id)
        .bind(run_at)
        .execute(conn)
        .await?
        .rows_affected())
}

pub(crate) async fn dead(conn: &mut Connection, limit: i64) -> sqlx::Result<Vec<JobRow>> {
    sqlx::query_as::<Db, _>(sql::DEAD)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn dead_of(
    conn: &mut Connection,
    kind: &str,
    payload: &str,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as::<Db, _>(sql::DEAD_OF)
        .bind(kind)
        .bind(payload)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn ready_of(
    conn: &mut Connection,
    kind: &str,
    payload: &str,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as::<Db, _>(sql::READY_OF)
        .bind(kind)
        .bind(payload)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn ready(conn: &mut Connection) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::READY)
        .fetch_one(conn)
        .await
}

pub(crate) async fn remember_outcome(
    conn: &mut Connection,
    key_hash: &[u8],
    person: Uuid,
    request_digest: &[u8],
    outcome: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::REMEMBER_OUTCOME)
        .bind(key_hash)
        .bind(person)
        .bind(request_digest)
        .bind(outcome)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn remembered_outcome(
    conn: &mut Connection,
    key_hash: &[u8],
    person: Uuid,
) -> sqlx::Result<Option<(Vec<u8>, String)>> {
    sqlx::query_as::<Db, _>(sql::REMEMBERED_OUTCOME)
        .bind(key_hash)
        .bind(person)
        .fetch_optional(conn)
        .await
}
