use model::filing::Attachment;
use model::submissions::{Submission, SubmissionEvent};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::filings::AttachmentRow;
use crate::rows::submissions::{EventRow, SubmissionRow};
use crate::sql::submissions as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(conn: &mut Connection, new: &Submission) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(new.id.uuid())
        .bind(new.owner.uuid())
        .bind(new.case.uuid())
        .bind(new.addressee.as_str())
        .bind(new.desk.as_str())
        .bind(new.address.as_str())
        .bind(new.stage.code())
        .bind(new.channel.code())
        .bind(new.body.as_str())
        .bind(new.body_digest.as_bytes().as_slice())
        .bind(new.rules_digest.as_bytes().as_slice())
        .bind(new.filing.map(ids::Id::uuid))
        .bind(new.note.as_str())
        .bind(new.recorded_by.uuid())
        .bind(new.recorded_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_file(
    conn: &mut Connection,
    submission: Uuid,
    position: i64,
    file: &Attachment,
    size: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_FILE)
        .bind(submission)
        .bind(position)
        .bind(file.digest.as_bytes().as_slice())
        .bind(file.file_name.as_str())
        .bind(size)
        .bind(file.media_type.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_event(conn: &mut Connection, new: &SubmissionEvent) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_EVENT)
        .bind(new.id.uuid())
        .bind(new.submission.uuid())
        .bind(new.kind.code())
        .bind(new.happened_at.as_microsecond())
        .bind(new.number.as_str())
        .bind(new.note.as_str())
        .bind(new.recorded_by.map(ids::Id::uuid))
        .bind(new.recorded_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<SubmissionRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_case(
    conn: &mut Connection,
    case: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<SubmissionRow>> {
    sqlx::query_as::<Db, _>(sql::OF_CASE)
        .bind(case)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn files(conn: &mut Connection, id: Uuid) -> sqlx::Result<Vec<AttachmentRow>> {
    sqlx::query_as::<Db, _>(sql::FILES)
        .bind(id)
        .fetch_all(conn)
        .await
}

pub(crate) async fn events(conn: &mut Connection, id: Uuid) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as::<Db, _>(sql::EVENTS)
        .bind(id)
        .fetch_all(conn)
        .await
}

pub(crate) async fn answer(
    conn: &mut Connection,
    case: Uuid,
    name: &str,
    value: &str,
    by: Uuid,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::ANSWER)
        .bind(case)
        .bind(name)
        .bind(value)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn answers(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as::<Db, _>(sql::ANSWERS)
        .bind(case)
        .fetch_all(conn)
        .await
}
