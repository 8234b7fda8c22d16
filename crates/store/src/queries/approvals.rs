use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::approvals::{
    ApprovalRecord, ApprovalRow, ColleagueRow, DeputyRecord, DeputyRow, NewApprovalStep,
    RouteRecord, RouteRow, StepRow,
};
use crate::sql::approvals as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_route(conn: &mut Connection, route: &RouteRecord) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ROUTE)
        .bind(route.id.uuid())
        .bind(route.owner.uuid())
        .bind(route.kind.code())
        .bind(i64::from(route.number))
        .bind(route.separation.code())
        .bind(route.stages.as_str())
        .bind(route.set_by.uuid())
        .bind(route.set_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn route(
    conn: &mut Connection,
    owner: Uuid,
    kind: &str,
) -> sqlx::Result<Option<RouteRow>> {
    sqlx::query_as::<Db, _>(sql::ROUTE)
        .bind(owner)
        .bind(kind)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn insert_request(
    conn: &mut Connection,
    request: &ApprovalRecord,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_REQUEST)
        .bind(request.id.uuid())
        .bind(request.owner.uuid())
        .bind(request.purpose.code())
        .bind(request.kind.code())
        .bind(request.case.map(ids::Id::uuid))
        .bind(request.filing.map(ids::Id::uuid))
        .bind(request.replaces.map(ids::Id::uuid))
        .bind(request.separation.code())
        .bind(request.stages.as_str())
        .bind(request.body.as_str())
        .bind(request.body_digest.as_bytes().to_vec())
        .bind(request.wanted.as_str())
        .bind(request.drafters.as_str())
        .bind(request.note.as_str())
        .bind(request.requested_by.uuid())
        .bind(request.requested_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_standing(
    conn: &mut Connection,
    request: Uuid,
    owner: Uuid,
    phase: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_STANDING)
        .bind(request)
        .bind(owner)
        .bind(phase)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_standing(
    conn: &mut Connection,
    request: Uuid,
    phase: &str,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_STANDING)
        .bind(request)
        .bind(phase)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn request(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<ApprovalRow>> {
    sqlx::query_as::<Db, _>(sql::REQUEST)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn requests_of_case(
    conn: &mut Connection,
    case: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<ApprovalRow>> {
    sqlx::query_as::<Db, _>(sql::REQUESTS_OF_CASE)
        .bind(case)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn requests_of_kind(
    conn: &mut Connection,
    owner: Uuid,
    kind: &str,
    limit: i64,
) -> sqlx::Result<Vec<ApprovalRow>> {
    sqlx::query_as::<Db, _>(sql::REQUESTS_OF_KIND)
        .bind(owner)
        .bind(kind)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn requests_in_phase(
    conn: &mut Connection,
    owner: Uuid,
    phase: &str,
    limit: i64,
) -> sqlx::Result<Vec<ApprovalRow>> {
    sqlx::query_as::<Db, _>(sql::REQUESTS_IN_PHASE)
        .bind(owner)
        .bind(phase)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_step(conn: &mut Connection, new: &NewApprovalStep) -> sqlx::Result<()> {
    let step = &new.step;
    let comment = step.comment.as_ref().map_or("", |comment| comment.as_str());
    sqlx::query::<Db>(sql::INSERT_STEP)
        .bind(new.id.uuid())
        .bind(new.request.uuid())
        .bind(i64::from(new.number))
        .bind(step.kind.code())
        .bind(i64::try_from(step.stage).unwrap_or(i64::MAX))
        .bind(comment)
        .bind(step.on_behalf_of.map(ids::Id::uuid))
        .bind(step.filing.map(ids::Id::uuid))
        .bind(step.by.uuid())
        .bind(step.at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn steps(conn: &mut Connection, request: Uuid) -> sqlx::Result<Vec<StepRow>> {
    sqlx::query_as::<Db, _>(sql::STEPS)
        .bind(request)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_deputy(
    conn: &mut Connection,
    deputy: &DeputyRecord,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DEPUTY)
        .bind(deputy.id.uuid())
        .bind(deputy.owner.uuid())
        .bind(deputy.person.uuid())
        .bind(deputy.deputy.uuid())
        .bind(deputy.from_on.to_string())
        .bind(deputy.until_on.to_string())
        .bind(deputy.reason.as_str())
        .bind(deputy.set_by.uuid())
        .bind(deputy.set_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn end_deputy(
    conn: &mut Connection,
    record: Uuid,
    by: Uuid,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::END_DEPUTY)
        .bind(record)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn deputies(
    conn: &mut Connection,
    owner: Uuid,
    from: &str,
) -> sqlx::Result<Vec<DeputyRow>> {
    sqlx::query_as::<Db, _>(sql::DEPUTIES)
        .bind(owner)
        .bind(from)
        .fetch_all(conn)
        .await
}

pub(crate) async fn colleagues(
    conn: &mut Connection,
    owner: Uuid,
) -> sqlx::Result<Vec<ColleagueRow>> {
    sqlx::query_as::<Db, _>(sql::COLLEAGUES)
        .bind(owner)
        .fetch_all(conn)
        .await
}

pub(crate) async fn look(
    conn: &mut Connection,
    person: Uuid,
    request: Uuid,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::LOOK)
        .bind(person)
        .bind(request)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn looked_at(
    conn: &mut Connection,
    person: Uuid,
    request: Uuid,
) -> sqlx::Result<Option<(Uuid,)>> {
    sqlx::query_as::<Db, _>(sql::LOOKED_AT)
        .bind(person)
        .bind(request)
        .fetch_optional(conn)
        .await
}
