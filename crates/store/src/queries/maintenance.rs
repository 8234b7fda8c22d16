use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::maintenance::FiledObjectRow;
use crate::sql::maintenance as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn filed_objects(
    conn: &mut Connection,
    after: &[u8],
    digests: i64,
) -> sqlx::Result<Vec<FiledObjectRow>> {
    sqlx::query_as::<Db, _>(sql::FILED_OBJECTS)
        .bind(after)
        .bind(digests)
        .fetch_all(conn)
        .await
}

pub(crate) async fn stray_leaves(conn: &mut Connection, limit: i64) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar::<Db, Uuid>(sql::STRAY_LEAVES)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn lost_leaves(
    conn: &mut Connection,
    limit: i64,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as::<Db, _>(sql::LOST_LEAVES)
        .bind(limit)
        .fetch_all(conn)
        .await
}
