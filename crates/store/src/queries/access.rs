use ids::{ApiTokenId, PersonId, SessionId};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::access::{ApiToken, AttemptsRow, Session, SessionRow, TokenRow};
use crate::sql::access as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_session(
    conn: &mut Connection,
    session: &Session,
    token_hash: &[u8],
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_SESSION)
        .bind(session.id.uuid())
        .bind(token_hash)
        .bind(session.person.uuid())
        .bind(session.assurance.code())
        .bind(session.created_at.as_microsecond())
        .bind(session.seen_at.as_microsecond())
        .bind(session.expires_at.as_microsecond())
        .bind(session.stepped_up_at.map(jiff::Timestamp::as_microsecond))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn session_by_token(
    conn: &mut Connection,
    token_hash: &[u8],
) -> sqlx::Result<Option<SessionRow>> {
    sqlx::query_as::<Db, _>(sql::SESSION_BY_TOKEN)
        .bind(token_hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn touch_session(
    conn: &mut Connection,
    id: SessionId,
    seen_at: i64,
    expires_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::TOUCH_SESSION)
        .bind(id.uuid())
        .bind(seen_at)
        .bind(expires_at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn step_up_session(
    conn: &mut Connection,
    id: SessionId,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::STEP_UP_SESSION)
        .bind(id.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn revoke_session(
    conn: &mut Connection,
    id: SessionId,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::REVOKE_SESSION)
        .bind(id.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn revoke_sessions_of_person(
    conn: &mut Connection,
    person: PersonId,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::REVOKE_SESSIONS_OF_PERSON)
        .bind(person.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn revoke_other_sessions(
    conn: &mut Connection,
    person: PersonId,
    kept: SessionId,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::REVOKE_OTHER_SESSIONS)
        .bind(person.uuid())
        .bind(kept.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn sessions_of_person(
    conn: &mut Connection,
    person: PersonId,
    now: i64,
    limit: i64,
) -> sqlx::Result<Vec<SessionRow>> {
    sqlx::query_as::<Db, _>(sql::SESSIONS_OF_PERSON)
        .bind(person.uuid())
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn revoke_tokens_of_person(
    conn: &mut Connection,
    person: PersonId,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::REVOKE_TOKENS_OF_PERSON)
        .bind(person.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_token(
    conn: &mut Connection,
    token: &ApiToken,
    scopes: &str,
    token_hash: &[u8],
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_TOKEN)
        .bind(token.id.uuid())
        .bind(token_hash)
        .bind(token.person.uuid())
        .bind(token.label.as_str())
        .bind(scopes)
        .bind(token.created_at.as_microsecond())
        .bind(token.expires_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn token_by_hash(
    conn: &mut Connection,
    token_hash: &[u8],
) -> sqlx::Result<Option<TokenRow>> {
    sqlx::query_as::<Db, _>(sql::TOKEN_BY_HASH)
        .bind(token_hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn tokens_of_person(
    conn: &mut Connection,
    person: Uuid,
) -> sqlx::Result<Vec<TokenRow>> {
    sqlx::query_as::<Db, _>(sql::TOKENS_OF_PERSON)
        .bind(person)
        .fetch_all(conn)
        .await
}

pub(crate) async fn revoke_token(
    conn: &mut Connection,
    id: ApiTokenId,
    person: PersonId,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::REVOKE_TOKEN)
        .bind(id.uuid())
        .bind(person.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn attempts(
    conn: &mut Connection,
    subject: &[u8],
) -> sqlx::Result<Option<AttemptsRow>> {
    sqlx::query_as::<Db, _>(sql::ATTEMPTS)
        .bind(subject)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn record_attempts(
    conn: &mut Connection,
    subject: &[u8],
    failures: i64,
    window_started_at: i64,
    locked_until: Option<i64>,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::RECORD_ATTEMPTS)
        .bind(subject)
        .bind(failures)
        .bind(window_started_at)
        .bind(locked_until)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn forget_attempts(conn: &mut Connection, subject: &[u8]) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::FORGET_ATTEMPTS)
        .bind(subject)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn forget_old(conn: &mut Connection, before: i64) -> sqlx::Result<()> {
    for statement in sql::FORGET_OLD {
        sqlx::query::<Db>(statement)
            .bind(before)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
