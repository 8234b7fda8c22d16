use jiff::Timestamp;
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::peers::{PeerFiling, PeerFilingRow, PeerReceipt, PeerReceiptRow};
use crate::sql::peers as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(
    conn: &mut Connection,
    filing: Uuid,
    case: Uuid,
    peer: &str,
    place: i64,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(filing)
        .bind(case)
        .bind(peer)
        .bind(place)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Option<PeerFilingRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(filing)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_case(conn: &mut Connection, case: Uuid) -> sqlx::Result<Vec<PeerFilingRow>> {
    sqlx::query_as::<Db, _>(sql::OF_CASE)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn due(
    conn: &mut Connection,
    now: i64,
    limit: i64,
) -> sqlx::Result<Vec<PeerFilingRow>> {
    sqlx::query_as::<Db, _>(sql::DUE)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn claim(
    conn: &mut Connection,
    row: &PeerFiling,
    again: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::CLAIM)
        .bind(row.filing.uuid())
        .bind(i64::from(row.attempts))
        .bind(row.next_attempt_at.map(Timestamp::as_microsecond))
        .bind(again)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn settle(conn: &mut Connection, row: &PeerFiling) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::SETTLE)
        .bind(row.filing.uuid())
        .bind(row.state.code())
        .bind(i64::from(row.attempts))
        .bind(row.next_attempt_at.map(Timestamp::as_microsecond))
        .bind(row.last_error.as_deref())
        .bind(row.last_detail.as_deref())
        .bind(row.remote.as_ref().map(|remote| remote.case.uuid()))
        .bind(row.remote.as_ref().map(|remote| remote.filing.uuid()))
        .bind(row.remote.as_ref().map(|remote| remote.number.as_str()))
        .bind(
            row.remote
                .as_ref()
                .map(|remote| remote.filed_at.as_microsecond()),
        )
        .bind(row.delivered_at.map(Timestamp::as_microsecond))
        .bind(row.opened_at.map(Timestamp::as_microsecond))
        .bind(row.checked_at.map(Timestamp::as_microsecond))
        .bind(row.looked_at.map(Timestamp::as_microsecond))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn keep_receipt(
    conn: &mut Connection,
    filing: Uuid,
    receipt: &PeerReceipt,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::KEEP_RECEIPT)
        .bind(filing)
        .bind(receipt.log.as_str())
        .bind(receipt.receipt.as_str())
        .bind(receipt.verdict.as_str())
        .bind(i64::from(receipt.witnesses))
        .bind(receipt.judged_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn receipts(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<PeerReceiptRow>> {
    sqlx::query_as::<Db, _>(sql::RECEIPTS)
        .bind(filing)
        .fetch_all(conn)
        .await
}
