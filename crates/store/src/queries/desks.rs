use ids::CorrectionId;
use model::filing::{CorrectionAnswer, CorrectionRequest, FormalCheck, Forwarding};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::desks::{ArrivalRow, CheckRow, ForwardingRow, RequestRow};
use crate::sql::desks as sql;
use crate::tx::desks::RequestCursor;
use crate::tx::filings::Sight;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_check(conn: &mut Connection, check: &FormalCheck) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_CHECK)
        .bind(check.id.uuid())
        .bind(check.filing.uuid())
        .bind(check.organisation.uuid())
        .bind(check.result.code())
        .bind(check.note.as_str())
        .bind(check.checked_by.uuid())
        .bind(check.checked_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn checks(conn: &mut Connection, filing: Uuid) -> sqlx::Result<Vec<CheckRow>> {
    sqlx::query_as::<Db, _>(sql::CHECKS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_request(
    conn: &mut Connection,
    request: &CorrectionRequest,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_REQUEST)
        .bind(request.id.uuid())
        .bind(request.filing.uuid())
        .bind(request.organisation.uuid())
        .bind(request.field.as_str())
        .bind(request.text.as_str())
        .bind(request.wanted_by.map(|on| on.to_string()))
        .bind(request.requested_by.map(ids::Id::uuid))
        .bind(request.requested_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_answer(
    conn: &mut Connection,
    request: CorrectionId,
    answer: &CorrectionAnswer,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ANSWER)
        .bind(request.uuid())
        .bind(answer.filing.map(ids::Id::uuid))
        .bind(answer.text.as_str())
        .bind(answer.answered_by.uuid())
        .bind(answer.answered_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn request(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<RequestRow>> {
    sqlx::query_as::<Db, _>(sql::REQUEST)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn requests_of_filing(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<RequestRow>> {
    sqlx::query_as::<Db, _>(sql::REQUESTS_OF_FILING)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn is_answer(conn: &mut Connection, filing: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::IS_ANSWER)
        .bind(filing)
        .fetch_one(conn)
        .await
}

pub(crate) async fn open_requests(
    conn: &mut Connection,
    sight: &Sight,
    after: Option<&RequestCursor>,
    limit: i64,
) -> sqlx::Result<Vec<RequestRow>> {
    sqlx::query_as::<Db, _>(sql::OPEN_REQUESTS)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(after.map(|cursor| cursor.requested_at.as_microsecond()))
        .bind(after.map(|cursor| cursor.id.uuid()))
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_forwarding(
    conn: &mut Connection,
    forwarding: &Forwarding,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_FORWARDING)
        .bind(forwarding.id.uuid())
        .bind(forwarding.filing.uuid())
        .bind(forwarding.from.uuid())
        .bind(forwarding.to.uuid())
        .bind(forwarding.forwarded_by.uuid())
        .bind(forwarding.forwarded_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn forwardings(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<ForwardingRow>> {
    sqlx::query_as::<Db, _>(sql::FORWARDINGS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn arrived(
    conn: &mut Connection,
    sight: &Sight,
    from: i64,
    until: i64,
    limit: i64,
) -> sqlx::Result<Vec<ArrivalRow>> {
    sqlx::query_as::<Db, _>(sql::ARRIVED)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(from)
        .bind(until)
        .bind(limit)
        .fetch_all(conn)
        .await
}
