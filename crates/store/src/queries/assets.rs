use ids::{ComputerId, FilingId};
use model::assets::{Facility, Revision};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::many;
use crate::rows::assets::{
    ComputerFilingRow, ComputerRow, FacilityEntryRow, FacilityRow, FiledComputer, FiledComputerRow,
    HeadRow, OwnedRevisionRow, PhaseCountRow, RevisionRow,
};
use crate::sql::assets as sql;
use crate::tx::assets::{ComputerColumns, Narrowed, NewRevision, WholeComputer};

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_facility(
    conn: &mut Connection,
    facility: &Facility,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_FACILITY)
        .bind(facility.id.uuid())
        .bind(facility.owner.uuid())
        .bind(facility.name.as_str())
        .bind(facility.category.as_str())
        .bind(facility.installed_on.map(|day| day.to_string()))
        .bind(facility.version)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_facility(
    conn: &mut Connection,
    facility: &Facility,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_FACILITY)
        .bind(facility.id.uuid())
        .bind(facility.version)
        .bind(facility.name.as_str())
        .bind(facility.category.as_str())
        .bind(facility.installed_on.map(|day| day.to_string()))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn facility(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<FacilityRow>> {
    sqlx::query_as::<Db, _>(sql::FACILITY)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn facilities(
    conn: &mut Connection,
    owner: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<FacilityEntryRow>> {
    sqlx::query_as::<Db, _>(sql::FACILITIES)
        .bind(owner)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_computer(
    conn: &mut Connection,
    id: Uuid,
    owner: Uuid,
    columns: &ComputerColumns,
    created_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_COMPUTER)
        .bind(id)
        .bind(owner)
        .bind(columns.facility)
        .bind(columns.phase)
        .bind(columns.revision)
        .bind(columns.exemption)
        .bind(columns.retired_on.as_deref())
        .bind(columns.due_on.as_deref())
        .bind(columns.match_key.as_str())
        .bind(created_at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_computer(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    columns: &ComputerColumns,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_COMPUTER)
        .bind(id)
        .bind(version)
        .bind(columns.facility)
        .bind(columns.phase)
        .bind(columns.revision)
        .bind(columns.exemption)
        .bind(columns.notified_revision)
        .bind(columns.notified_filing)
        .bind(columns.changed_on.as_deref())
        .bind(columns.retired_on.as_deref())
        .bind(columns.retirement_filing)
        .bind(columns.due_on.as_deref())
        .bind(columns.match_key.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn set_due(
    conn: &mut Connection,
    id: Uuid,
    due_on: Option<&str>,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SET_DUE)
        .bind(id)
        .bind(due_on)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn computer(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<ComputerRow>> {
    sqlx::query_as::<Db, _>(sql::COMPUTER)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn computers_of_facility(
    conn: &mut Connection,
    facility: Uuid,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar::<Db, Uuid>(sql::COMPUTERS_OF_FACILITY)
        .bind(facility)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_revision(
    conn: &mut Connection,
    computer: ComputerId,
    revision: &Revision,
    body: &str,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_REVISION)
        .bind(revision.id.uuid())
        .bind(computer.uuid())
        .bind(i64::from(revision.number))
        .bind(body)
        .bind(reason)
        .bind(revision.written_by.uuid())
        .bind(revision.written_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn revisions(
    conn: &mut Connection,
    computer: Uuid,
) -> sqlx::Result<Vec<RevisionRow>> {
    sqlx::query_as::<Db, _>(sql::REVISIONS)
        .bind(computer)
        .fetch_all(conn)
        .await
}

pub(crate) async fn heads(
    conn: &mut Connection,
    owner: Uuid,
    narrowed: &Narrowed,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<HeadRow>> {
    sqlx::query_as::<Db, _>(sql::HEADS)
        .bind(owner)
        .bind(narrowed.phase)
        .bind(narrowed.facility)
        .bind(narrowed.product_pattern.as_deref())
        .bind(narrowed.maker_pattern.as_deref())
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_heads(
    conn: &mut Connection,
    owner: Uuid,
    narrowed: &Narrowed,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_HEADS)
        .bind(owner)
        .bind(narrowed.phase)
        .bind(narrowed.facility)
        .bind(narrowed.product_pattern.as_deref())
        .bind(narrowed.maker_pattern.as_deref())
        .fetch_one(conn)
        .await
}

pub(crate) async fn due(
    conn: &mut Connection,
    owner: Uuid,
    phase: &str,
    limit: i64,
) -> sqlx::Result<Vec<HeadRow>> {
    sqlx::query_as::<Db, _>(sql::DUE)
        .bind(owner)
        .bind(phase)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn undated(
    conn: &mut Connection,
    owner: Uuid,
    phase: &str,
    limit: i64,
) -> sqlx::Result<Vec<HeadRow>> {
    sqlx::query_as::<Db, _>(sql::UNDATED)
        .bind(owner)
        .bind(phase)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn due_counts(
    conn: &mut Connection,
    owner: Uuid,
    today: &str,
    soon_until: &str,
) -> sqlx::Result<Vec<PhaseCountRow>> {
    sqlx::query_as::<Db, _>(sql::DUE_COUNTS)
        .bind(owner)
        .bind(today)
        .bind(soon_until)
        .fetch_all(conn)
        .await
}

pub(crate) async fn filings_of_computer(
    conn: &mut Connection,
    computer: Uuid,
) -> sqlx::Result<Vec<ComputerFilingRow>> {
    sqlx::query_as::<Db, _>(sql::FILINGS_OF_COMPUTER)
        .bind(computer)
        .fetch_all(conn)
        .await
}

pub(crate) async fn filing_computers(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<FiledComputerRow>> {
    sqlx::query_as::<Db, _>(sql::FILING_COMPUTERS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_computers(
    conn: &mut Connection,
    computers: &[WholeComputer],
) -> sqlx::Result<()> {
    for (statement, computers) in many::NEW_COMPUTERS.batches(computers) {
        let mut query = sqlx::query::<Db>(statement);
        for computer in computers {
            let columns = &computer.columns;
            query = query
                .bind(computer.id)
                .bind(computer.owner)
                .bind(columns.facility)
                .bind(columns.phase)
                .bind(columns.revision)
                .bind(columns.exemption)
                .bind(columns.retired_on.as_deref())
                .bind(columns.due_on.as_deref())
                .bind(columns.match_key.as_str())
                .bind(computer.created_at);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes computers over the versions that they were read at; says how many it found so.
pub(crate) async fn save_computers(
    conn: &mut Connection,
    computers: &[WholeComputer],
) -> sqlx::Result<u64> {
    let mut written = 0_u64;
    for (statement, computers) in many::COMPUTERS.batches(computers) {
        let mut query = sqlx::query::<Db>(statement);
        for computer in computers {
            let columns = &computer.columns;
            query = query
                .bind(computer.id)
                .bind(computer.owner)
                .bind(columns.facility)
                .bind(columns.phase)
                .bind(columns.revision)
                .bind(columns.exemption)
                .bind(columns.notified_revision)
                .bind(columns.notified_filing)
                .bind(columns.changed_on.as_deref())
                .bind(columns.retired_on.as_deref())
                .bind(columns.retirement_filing)
                .bind(columns.due_on.as_deref())
                .bind(columns.match_key.as_str())
                .bind(computer.created_at)
                .bind(computer.version);
        }
        let done = query.execute(&mut *conn).await?;
        written = written.saturating_add(done.rows_affected());
    }
    Ok(written)
}

pub(crate) async fn insert_revisions(
    conn: &mut Connection,
    revisions: &[NewRevision<'_>],
    reason: &str,
) -> sqlx::Result<()> {
    for (statement, revisions) in many::REVISIONS.batches(revisions) {
        let mut query = sqlx::query::<Db>(statement);
        for NewRevision {
            computer,
            revision,
            body,
        } in revisions
        {
            query = query
                .bind(revision.id.uuid())
                .bind(computer.uuid())
                .bind(i64::from(revision.number))
                .bind(body.as_str())
                .bind(reason)
                .bind(revision.written_by.uuid())
                .bind(revision.written_at.as_microsecond());
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

pub(crate) async fn computers_between(
    conn: &mut Connection,
    owner: Uuid,
    first: Uuid,
    last: Uuid,
) -> sqlx::Result<Vec<ComputerRow>> {
    sqlx::query_as::<Db, _>(sql::COMPUTERS_BETWEEN)
        .bind(owner)
        .bind(first)
        .bind(last)
        .fetch_all(conn)
        .await
}

pub(crate) async fn revisions_between(
    conn: &mut Connection,
    owner: Uuid,
    first: Uuid,
    last: Uuid,
) -> sqlx::Result<Vec<OwnedRevisionRow>> {
    sqlx::query_as::<Db, _>(sql::REVISIONS_BETWEEN)
        .bind(owner)
        .bind(first)
        .bind(last)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_filing_computers(
    conn: &mut Connection,
    filing: FilingId,
    named: &[FiledComputer],
) -> sqlx::Result<()> {
    for (statement, named) in many::FILING_COMPUTERS.batches(named) {
        let mut query = sqlx::query::<Db>(statement);
        for each in named {
            query = query
                .bind(filing.uuid())
                .bind(i64::from(each.position))
                .bind(each.computer.uuid())
                .bind(each.revision.uuid());
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}
