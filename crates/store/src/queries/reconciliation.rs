use model::assets::{CountsBy, RevisionField};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::many;
use crate::rows::reconciliation::{
    HeldRow, ImportedRow, NewTaskDecision, Reconciliation, ReconciliationRow, ReconciliationTask,
    SumsRow, TaskCountRow, TaskDecisionRow, TaskRow,
};
use crate::sql::reconciliation as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn read(
    conn: &mut Connection,
    owner: Uuid,
) -> sqlx::Result<Option<ReconciliationRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(owner)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn save(
    conn: &mut Connection,
    owner: Uuid,
    kept: &Reconciliation,
) -> sqlx::Result<()> {
    let compared = kept.compared.as_ref();
    sqlx::query::<Db>(sql::SAVE)
        .bind(owner)
        .bind(kept.inventory.map(ids::Id::uuid))
        .bind(kept.espa.map(ids::Id::uuid))
        .bind(compared.map(|(stamp, _)| stamp.as_str()))
        .bind(compared.map(|(_, at)| at.as_microsecond()))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn sums(conn: &mut Connection, owner: Uuid) -> sqlx::Result<[SumsRow; 3]> {
    let computers = sqlx::query_as::<Db, _>(sql::COMPUTER_SUMS)
        .bind(owner)
        .fetch_one(&mut *conn)
        .await?;
    let facilities = sqlx::query_as::<Db, _>(sql::FACILITY_SUMS)
        .bind(owner)
        .fetch_one(&mut *conn)
        .await?;
    let imports = sqlx::query_as::<Db, _>(sql::IMPORT_SUMS)
        .bind(owner)
        .fetch_one(&mut *conn)
        .await?;
    Ok([computers, facilities, imports])
}

pub(crate) async fn last_name(conn: &mut Connection, owner: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::LAST_NAME)
        .bind(owner)
        .fetch_one(conn)
        .await
}

pub(crate) async fn computers(conn: &mut Connection, owner: Uuid) -> sqlx::Result<Vec<HeldRow>> {
    sqlx::query_as::<Db, _>(sql::COMPUTERS)
        .bind(owner)
        .fetch_all(conn)
        .await
}

pub(crate) async fn imported(conn: &mut Connection, owner: Uuid) -> sqlx::Result<Vec<ImportedRow>> {
    sqlx::query_as::<Db, _>(sql::IMPORTED)
        .bind(owner)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_tasks(
    conn: &mut Connection,
    tasks: &[ReconciliationTask],
) -> sqlx::Result<()> {
    for (statement, tasks) in many::RECONCILIATION_TASKS.batches(tasks) {
        let mut query = sqlx::query::<Db>(statement);
        for task in tasks {
            query = query
                .bind(task.id.uuid())
                .bind(task.owner.uuid())
                .bind(task.kind.code())
                .bind(task.key.as_str())
                .bind(task.computer.map(ids::Id::uuid))
                .bind(task.other_computer.map(ids::Id::uuid))
                .bind(task.import.map(ids::Id::uuid))
                .bind(task.place.as_deref())
                .bind(task.product.as_str())
                .bind(task.maker.as_str())
                .bind(task.facility.as_str())
                .bind(task.field.map(RevisionField::code))
                .bind(task.before.as_deref())
                .bind(task.after.as_deref())
                .bind(task.counts_by.map(CountsBy::code))
                .bind(task.counted_from.map(|day| day.to_string()))
                .bind(i64::from(task.day_known))
                .bind(task.facility_id.map(ids::Id::uuid))
                .bind(task.due_on.map(|day| day.to_string()))
                .bind(task.found_at.as_microsecond())
                .bind(task.state.code())
                .bind(task.closed.map(|(why, _)| why.code()))
                .bind(task.closed.map(|(_, at)| at.as_microsecond()))
                .bind(task.version);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

pub(crate) async fn update_task(
    conn: &mut Connection,
    task: &ReconciliationTask,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_TASK)
        .bind(task.id.uuid())
        .bind(task.version)
        .bind(task.place.as_deref())
        .bind(task.import.map(ids::Id::uuid))
        .bind(task.counts_by.map(CountsBy::code))
        .bind(task.counted_from.map(|day| day.to_string()))
        .bind(task.due_on.map(|day| day.to_string()))
        .bind(task.state.code())
        .bind(task.closed.map(|(why, _)| why.code()))
        .bind(task.closed.map(|(_, at)| at.as_microsecond()))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn standing(conn: &mut Connection, owner: Uuid) -> sqlx::Result<Vec<TaskRow>> {
    sqlx::query_as::<Db, _>(sql::STANDING)
        .bind(owner)
        .fetch_all(conn)
        .await
}

pub(crate) async fn task(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<TaskRow>> {
    sqlx::query_as::<Db, _>(sql::TASK)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn page(
    conn: &mut Connection,
    owner: Uuid,
    (state, kind): (&'static str, Option<&'static str>),
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<TaskRow>> {
    sqlx::query_as::<Db, _>(sql::PAGE)
        .bind(owner)
        .bind(state)
        .bind(kind)
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

pub(crate) async fn counts(
    conn: &mut Connection,
    owner: Uuid,
    today: &str,
    soon: &str,
) -> sqlx::Result<Vec<TaskCountRow>> {
    sqlx::query_as::<Db, _>(sql::COUNTS)
        .bind(owner)
        .bind(today)
        .bind(soon)
        .fetch_all(conn)
        .await
}

pub(crate) async fn due_days(
    conn: &mut Connection,
    owner: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar::<Db, String>(sql::DUE_DAYS)
        .bind(owner)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_decision(
    conn: &mut Connection,
    decision: &NewTaskDecision<'_>,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DECISION)
        .bind(decision.id)
        .bind(decision.task.uuid())
        .bind(decision.decision)
        .bind(decision.reason)
        .bind(decision.by.uuid())
        .bind(decision.at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn decisions(
    conn: &mut Connection,
    task: Uuid,
) -> sqlx::Result<Vec<TaskDecisionRow>> {
    sqlx::query_as::<Db, _>(sql::DECISIONS)
        .bind(task)
        .fetch_all(conn)
        .await
}
