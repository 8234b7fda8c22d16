use ids::PersonId;
use jiff::Timestamp;
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::desk_work::{
    Assignment, AssignmentRow, DeskTransfer, FilterRow, SavedFilter, TransferRow,
};
use crate::sql::desk_work as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_assignment(conn: &mut Connection, new: &Assignment) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ASSIGNMENT)
        .bind(new.id.uuid())
        .bind(new.filing.uuid())
        .bind(new.desk.uuid())
        .bind(new.person.map(ids::Id::uuid))
        .bind(new.assigned_by.uuid())
        .bind(new.assigned_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn assignments(
    conn: &mut Connection,
    filing: Uuid,
    desk: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<AssignmentRow>> {
    sqlx::query_as::<Db, _>(sql::ASSIGNMENTS)
        .bind(filing)
        .bind(desk)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_transfer(conn: &mut Connection, new: &DeskTransfer) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_TRANSFER)
        .bind(new.id.uuid())
        .bind(new.filing.uuid())
        .bind(new.from.uuid())
        .bind(new.to.uuid())
        .bind(new.reason.as_str())
        .bind(new.transferred_by.uuid())
        .bind(new.transferred_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn transfers(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<TransferRow>> {
    sqlx::query_as::<Db, _>(sql::TRANSFERS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn save_filter(
    conn: &mut Connection,
    person: PersonId,
    filter: &SavedFilter,
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::SAVE_FILTER)
        .bind(filter.id.uuid())
        .bind(person.uuid())
        .bind(filter.name.as_str())
        .bind(filter.state.as_str())
        .bind(filter.kind.as_deref())
        .bind(filter.assignee.as_str())
        .bind(at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn filters(conn: &mut Connection, person: Uuid) -> sqlx::Result<Vec<FilterRow>> {
    sqlx::query_as::<Db, _>(sql::FILTERS)
        .bind(person)
        .fetch_all(conn)
        .await
}

pub(crate) async fn forget_filter(
    conn: &mut Connection,
    id: Uuid,
    person: Uuid,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::FORGET_FILTER)
        .bind(id)
        .bind(person)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
