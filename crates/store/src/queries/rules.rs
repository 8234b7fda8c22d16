use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::rules::{LimitChange, LimitChangeRow, LimitRow, NewRulePack, RulePackRow};
use crate::sql::rules as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_pack(conn: &mut Connection, pack: &NewRulePack) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_PACK)
        .bind(pack.id.uuid())
        .bind(i64::from(pack.number))
        .bind(pack.name.as_str())
        .bind(pack.issued_on.to_string())
        .bind(pack.digest.as_bytes().to_vec())
        .bind(pack.body.as_str())
        .bind(pack.note.as_str())
        .bind(pack.proposed_by.uuid())
        .bind(pack.proposed_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn approve_pack(
    conn: &mut Connection,
    pack: Uuid,
    number: i64,
    by: Uuid,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::APPROVE_PACK)
        .bind(pack)
        .bind(number)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn pack(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<RulePackRow>> {
    sqlx::query_as::<Db, _>(sql::PACK)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn packs(conn: &mut Connection, limit: i64) -> sqlx::Result<Vec<RulePackRow>> {
    sqlx::query_as::<Db, _>(sql::PACKS)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn pack_in_force(conn: &mut Connection) -> sqlx::Result<Option<RulePackRow>> {
    sqlx::query_as::<Db, _>(sql::PACK_IN_FORCE)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn limits_of_owner(
    conn: &mut Connection,
    owner: Uuid,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<LimitRow>> {
    sqlx::query_as::<Db, _>(sql::LIMITS_OF_OWNER)
        .bind(owner)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn move_limit(
    conn: &mut Connection,
    computer: Uuid,
    version: i64,
    due_on: Option<&str>,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::MOVE_LIMIT)
        .bind(computer)
        .bind(version)
        .bind(due_on)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn insert_limit_change(
    conn: &mut Connection,
    change: &LimitChange,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_LIMIT_CHANGE)
        .bind(change.id.uuid())
        .bind(change.computer.uuid())
        .bind(change.before.map(|day| day.to_string()))
        .bind(change.after.map(|day| day.to_string()))
        .bind(change.before_rules.as_bytes().to_vec())
        .bind(change.after_rules.as_bytes().to_vec())
        .bind(change.recorded_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn limit_changes(
    conn: &mut Connection,
    computer: Uuid,
) -> sqlx::Result<Vec<LimitChangeRow>> {
    sqlx::query_as::<Db, _>(sql::LIMIT_CHANGES)
        .bind(computer)
        .fetch_all(conn)
        .await
}
