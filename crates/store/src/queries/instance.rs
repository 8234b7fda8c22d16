use sqlx::Database;

use super::Db;
use crate::sql::instance as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn read(conn: &mut Connection, key: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar::<Db, String>(sql::READ)
        .bind(key)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn write(conn: &mut Connection, key: &str, value: &str) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::WRITE)
        .bind(key)
        .bind(value)
        .execute(conn)
        .await?;
    Ok(())
}
