use ids::{Digest, PersonId};
use jiff::Timestamp;
use model::entries::{Entry, EntryAnswer};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::entries::{DraftRow, EntryDraft, EntryRow, OpenRow};
use crate::sql::entries as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_draft(conn: &mut Connection, new: &EntryDraft) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DRAFT)
        .bind(new.id.uuid())
        .bind(new.desk.uuid())
        .bind(new.operator.uuid())
        .bind(new.case.uuid())
        .bind(new.body.as_str())
        .bind(new.begun_by.uuid())
        .bind(new.begun_at.as_microsecond())
        .bind(new.updated_by.uuid())
        .bind(new.updated_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_draft(conn: &mut Connection, draft: &EntryDraft) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_DRAFT)
        .bind(draft.id.uuid())
        .bind(draft.operator.uuid())
        .bind(draft.body.as_str())
        .bind(draft.updated_by.uuid())
        .bind(draft.updated_at.as_microsecond())
        .bind(draft.version)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn draft(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DraftRow>> {
    sqlx::query_as::<Db, _>(sql::DRAFT)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn drafts(
    conn: &mut Connection,
    desk: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<DraftRow>> {
    sqlx::query_as::<Db, _>(sql::DRAFTS)
        .bind(desk)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn delete_draft(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::DELETE_DRAFT)
        .bind(id)
        .bind(version)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn insert(conn: &mut Connection, new: &Entry) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(new.filing.uuid())
        .bind(new.desk.uuid())
        .bind(new.way.code())
        .bind(new.received_at.as_microsecond())
        .bind(new.caller.name.as_str())
        .bind(new.caller.department.as_str())
        .bind(new.caller.phone.as_str())
        .bind(new.identified.code())
        .bind(new.code_of.map(ids::Id::uuid))
        .bind(new.entered_by.uuid())
        .bind(new.entered_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(conn: &mut Connection, filing: Uuid) -> sqlx::Result<Option<EntryRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(filing)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_desk(
    conn: &mut Connection,
    desk: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<EntryRow>> {
    sqlx::query_as::<Db, _>(sql::OF_DESK)
        .bind(desk)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn open_of_operator(
    conn: &mut Connection,
    operator: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<OpenRow>> {
    sqlx::query_as::<Db, _>(sql::OPEN_OF_OPERATOR)
        .bind(operator)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_answer(
    conn: &mut Connection,
    filing: Uuid,
    answer: &EntryAnswer,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ANSWER)
        .bind(filing)
        .bind(answer.verdict.code())
        .bind(answer.note.as_str())
        .bind(answer.answered_by.uuid())
        .bind(answer.answered_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the telephone codes of a person.
pub(crate) async fn set_codes(
    conn: &mut Connection,
    person: PersonId,
    hashes: &[Digest],
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::FORGET_CODES)
        .bind(person.uuid())
        .execute(&mut *conn)
        .await?;
    for hash in hashes {
        sqlx::query::<Db>(sql::INSERT_CODE)
            .bind(hash.as_bytes().as_slice())
            .bind(person.uuid())
            .bind(at.as_microsecond())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn code(conn: &mut Connection, hash: &[u8]) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar::<Db, Uuid>(sql::CODE)
        .bind(hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn spend_code(conn: &mut Connection, hash: &[u8], at: i64) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SPEND_CODE)
        .bind(hash)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn count_codes(conn: &mut Connection, person: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_CODES)
        .bind(person)
        .fetch_one(conn)
        .await
}
