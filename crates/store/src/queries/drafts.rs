use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::drafts::{Draft, DraftRow};
use crate::sql::drafts as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(conn: &mut Connection, draft: &Draft) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(draft.id.uuid())
        .bind(draft.owner.uuid())
        .bind(draft.kind.code())
        .bind(draft.subject)
        .bind(draft.form_version.as_str())
        .bind(draft.body.as_str())
        .bind(draft.updated_by.uuid())
        .bind(draft.updated_at.as_microsecond())
        .bind(draft.created_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update(conn: &mut Connection, draft: &Draft) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE)
        .bind(draft.id.uuid())
        .bind(draft.version)
        .bind(draft.body.as_str())
        .bind(draft.form_version.as_str())
        .bind(draft.updated_by.uuid())
        .bind(draft.updated_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DraftRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_subject(
    conn: &mut Connection,
    subject: Uuid,
    kind: &str,
) -> sqlx::Result<Option<DraftRow>> {
    sqlx::query_as::<Db, _>(sql::OF_SUBJECT)
        .bind(subject)
        .bind(kind)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_owner(
    conn: &mut Connection,
    owner: Uuid,
    kinds: &str,
    limit: i64,
) -> sqlx::Result<Vec<DraftRow>> {
    sqlx::query_as::<Db, _>(sql::OF_OWNER)
        .bind(owner)
        .bind(kinds)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn delete(conn: &mut Connection, id: Uuid, version: i64) -> sqlx::Result<u64> {
    Ok(sqlx::query::<Db>(sql::DELETE)
        .bind(id)
        .bind(version)
        .execute(conn)
        .await?
        .rows_affected())
}
