use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::many;
use crate::rows::imports::{
    ImportHead, ImportHeadRow, ImportRow, ImportRowRow, ImportSheet, ImportSheetRow, RegisterKeyRow,
};
use crate::sql::imports as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(conn: &mut Connection, head: &ImportHead) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(head.id.uuid())
        .bind(head.owner.uuid())
        .bind(head.created_by.uuid())
        .bind(head.created_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update(conn: &mut Connection, head: &ImportHead) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE)
        .bind(head.id.uuid())
        .bind(head.version)
        .bind(head.phase.as_str())
        .bind(head.updated_at.as_microsecond())
        .bind(head.filing.map(ids::Id::uuid))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<ImportHeadRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_owner(
    conn: &mut Connection,
    owner: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<ImportHeadRow>> {
    sqlx::query_as::<Db, _>(sql::OF_OWNER)
        .bind(owner)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_sheet(
    conn: &mut Connection,
    import: Uuid,
    sheet: &ImportSheet,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_SHEET)
        .bind(import)
        .bind(i64::from(sheet.position))
        .bind(sheet.file_name.as_str())
        .bind(sheet.sheet_name.as_str())
        .bind(sheet.format.as_str())
        .bind(sheet.body.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_sheet(
    conn: &mut Connection,
    import: Uuid,
    sheet: &ImportSheet,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_SHEET)
        .bind(import)
        .bind(i64::from(sheet.position))
        .bind(sheet.body.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn sheets(
    conn: &mut Connection,
    import: Uuid,
) -> sqlx::Result<Vec<ImportSheetRow>> {
    sqlx::query_as::<Db, _>(sql::SHEETS)
        .bind(import)
        .fetch_all(conn)
        .await
}

pub(crate) async fn save_rows(
    conn: &mut Connection,
    import: Uuid,
    rows: &[&ImportRow],
) -> sqlx::Result<()> {
    for (statement, rows) in many::IMPORT_ROWS.batches(rows) {
        let mut query = sqlx::query::<Db>(statement);
        for row in rows {
            query = query
                .bind(import)
                .bind(i64::from(row.sheet))
                .bind(i64::from(row.position))
                .bind(row.place.as_str())
                .bind(row.cells.as_str())
                .bind(row.decided.as_deref())
                .bind(row.state.as_str())
                .bind(row.finding.as_deref())
                .bind(row.computer.map(ids::Id::uuid));
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

pub(crate) async fn rows(conn: &mut Connection, import: Uuid) -> sqlx::Result<Vec<ImportRowRow>> {
    sqlx::query_as::<Db, _>(sql::ROWS)
        .bind(import)
        .fetch_all(conn)
        .await
}

pub(crate) async fn page(
    conn: &mut Connection,
    import: Uuid,
    state: Option<&str>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ImportRowRow>> {
    sqlx::query_as::<Db, _>(sql::PAGE)
        .bind(import)
        .bind(state)
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

pub(crate) async fn counts(
    conn: &mut Connection,
    import: Uuid,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as::<Db, _>(sql::COUNTS)
        .bind(import)
        .fetch_all(conn)
        .await
}

pub(crate) async fn forget(conn: &mut Connection, import: Uuid) -> sqlx::Result<()> {
    for statement in [sql::FORGET_ROWS, sql::FORGET_SHEETS] {
        sqlx::query::<Db>(statement)
            .bind(import)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn learn(
    conn: &mut Connection,
    owner: Uuid,
    kind: &str,
    word: &str,
    meaning: &str,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::LEARN)
        .bind(owner)
        .bind(kind)
        .bind(word)
        .bind(meaning)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn learnt(
    conn: &mut Connection,
    owner: Uuid,
    kind: &str,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as::<Db, _>(sql::LEARNT)
        .bind(owner)
        .bind(kind)
        .fetch_all(conn)
        .await
}

pub(crate) async fn register_keys(
    conn: &mut Connection,
    owner: Uuid,
) -> sqlx::Result<Vec<RegisterKeyRow>> {
    sqlx::query_as::<Db, _>(sql::REGISTER_KEYS)
        .bind(owner)
        .fetch_all(conn)
        .await
}
