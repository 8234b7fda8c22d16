use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::names::{LearnedNameRow, NewLearnedName};
use crate::sql::names as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_learned(
    conn: &mut Connection,
    name: &NewLearnedName,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_LEARNED)
        .bind(name.id.uuid())
        .bind(name.owner.uuid())
        .bind(name.maker.as_str())
        .bind(name.product.as_str())
        .bind(name.keys.0.as_str())
        .bind(name.keys.1.as_str())
        .bind(name.meant_maker.as_str())
        .bind(name.meant_product.as_deref())
        .bind(name.by.uuid())
        .bind(name.at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn undo_learned(
    conn: &mut Connection,
    id: Uuid,
    owner: Uuid,
    by: Uuid,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UNDO_LEARNED)
        .bind(id)
        .bind(owner)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn replace_learned(
    conn: &mut Connection,
    name: &NewLearnedName,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::REPLACE_LEARNED)
        .bind(name.owner.uuid())
        .bind(name.keys.0.as_str())
        .bind(name.keys.1.as_str())
        .bind(name.by.uuid())
        .bind(name.at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn in_force(
    conn: &mut Connection,
    owner: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<LearnedNameRow>> {
    sqlx::query_as::<Db, _>(sql::IN_FORCE)
        .bind(owner)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn page(
    conn: &mut Connection,
    owner: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<LearnedNameRow>> {
    sqlx::query_as::<Db, _>(sql::PAGE)
        .bind(owner)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}
