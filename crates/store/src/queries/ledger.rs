use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::ledger::{CheckpointRow, Leaf, LeafRow, StoredCheckpoint};
use crate::sql::ledger as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_leaf(conn: &mut Connection, leaf: &Leaf) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_LEAF)
        .bind(leaf.id.uuid())
        .bind(leaf.log.as_str())
        .bind(leaf.act.as_str())
        .bind(leaf.subject)
        .bind(leaf.salt.as_slice())
        .bind(leaf.record.as_str())
        .bind(leaf.commitment.as_bytes().as_slice())
        .bind(leaf.recorded_at.as_microsecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query::<Db>(sql::INSERT_PENDING)
        .bind(leaf.id.uuid())
        .bind(leaf.log.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn pending_logs(conn: &mut Connection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar::<Db, String>(sql::PENDING_LOGS)
        .fetch_all(conn)
        .await
}

pub(crate) async fn pending(
    conn: &mut Connection,
    log: &str,
    limit: i64,
) -> sqlx::Result<Vec<(Uuid, Vec<u8>)>> {
    sqlx::query_as::<Db, _>(sql::PENDING)
        .bind(log)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn sequence(
    conn: &mut Connection,
    log: &str,
    index: i64,
    leaf: Uuid,
) -> sqlx::Result<u64> {
    sqlx::query::<Db>(sql::INSERT_SEQUENCE)
        .bind(log)
        .bind(index)
        .bind(leaf)
        .execute(&mut *conn)
        .await?;
    let done = sqlx::query::<Db>(sql::REMOVE_PENDING)
        .bind(leaf)
        .bind(log)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn size(conn: &mut Connection, log: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::SIZE)
        .bind(log)
        .fetch_one(conn)
        .await
}

pub(crate) async fn commitments_from(
    conn: &mut Connection,
    log: &str,
    first: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, Vec<u8>)>> {
    sqlx::query_as::<Db, _>(sql::COMMITMENTS_FROM)
        .bind(log)
        .bind(first)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn leaves_from(
    conn: &mut Connection,
    log: &str,
    first: i64,
    limit: i64,
) -> sqlx::Result<Vec<LeafRow>> {
    sqlx::query_as::<Db, _>(sql::LEAVES_FROM)
        .bind(log)
        .bind(first)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn leaves_before(
    conn: &mut Connection,
    log: &str,
    end: i64,
    limit: i64,
) -> sqlx::Result<Vec<LeafRow>> {
    sqlx::query_as::<Db, _>(sql::LEAVES_BEFORE)
        .bind(log)
        .bind(end)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn leaf(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<LeafRow>> {
    sqlx::query_as::<Db, _>(sql::LEAF)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn leaves_of_subject(
    conn: &mut Connection,
    subject: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<LeafRow>> {
    sqlx::query_as::<Db, _>(sql::LEAVES_OF_SUBJECT)
        .bind(subject)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn unsequenced(conn: &mut Connection) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::UNSEQUENCED)
        .fetch_one(conn)
        .await
}

pub(crate) async fn insert_checkpoint(
    conn: &mut Connection,
    checkpoint: &StoredCheckpoint,
    size: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_CHECKPOINT)
        .bind(checkpoint.log.as_str())
        .bind(size)
        .bind(checkpoint.root.as_bytes().as_slice())
        .bind(checkpoint.note.as_str())
        .bind(checkpoint.created_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn latest_checkpoint(
    conn: &mut Connection,
    log: &str,
) -> sqlx::Result<Option<CheckpointRow>> {
    sqlx::query_as::<Db, _>(sql::LATEST_CHECKPOINT)
        .bind(log)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn checkpoint_covering(
    conn: &mut Connection,
    log: &str,
    index: i64,
) -> sqlx::Result<Option<CheckpointRow>> {
    sqlx::query_as::<Db, _>(sql::CHECKPOINT_COVERING)
        .bind(log)
        .bind(index)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn cosigned_checkpoint_covering(
    conn: &mut Connection,
    log: &str,
    index: i64,
) -> sqlx::Result<Option<CheckpointRow>> {
    sqlx::query_as::<Db, _>(sql::COSIGNED_CHECKPOINT_COVERING)
        .bind(log)
        .bind(index)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn checkpoints_from(
    conn: &mut Connection,
    log: &str,
    size: i64,
    limit: i64,
) -> sqlx::Result<Vec<CheckpointRow>> {
    sqlx::query_as::<Db, _>(sql::CHECKPOINTS_FROM)
        .bind(log)
        .bind(size)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn logs(conn: &mut Connection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar::<Db, String>(sql::LOGS)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_cosignature(
    conn: &mut Connection,
    log: &str,
    size: i64,
    witness: &str,
    line: &str,
    created_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_COSIGNATURE)
        .bind(log)
        .bind(size)
        .bind(witness)
        .bind(line)
        .bind(created_at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn cosignatures(
    conn: &mut Connection,
    log: &str,
    size: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar::<Db, String>(sql::COSIGNATURES)
        .bind(log)
        .bind(size)
        .fetch_all(conn)
        .await
}
