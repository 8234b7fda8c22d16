use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::advisories::{
    AdvisoryFile, AdvisoryFileRow, CandidateDecisionRow, CandidateRow, NewAdvisory, ToCompareRow,
};
use crate::sql::advisories as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_file(
    conn: &mut Connection,
    file: &AdvisoryFile,
    digest: &[u8],
) -> sqlx::Result<()> {
    let state = if file.set_aside.is_some() {
        "set_aside"
    } else {
        "read"
    };
    sqlx::query::<Db>(sql::INSERT_FILE)
        .bind(file.id.uuid())
        .bind(file.name.as_str())
        .bind(digest)
        .bind(state)
        .bind(file.set_aside.as_deref())
        .bind(i64::from(file.entries))
        .bind(file.received_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn file_known(
    conn: &mut Connection,
    digest: &[u8],
    name: &str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::FILE_KNOWN)
        .bind(digest)
        .bind(name)
        .fetch_one(conn)
        .await
}

pub(crate) async fn files(
    conn: &mut Connection,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<AdvisoryFileRow>> {
    sqlx::query_as::<Db, _>(sql::FILES)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn known(
    conn: &mut Connection,
    source: &str,
    number: &str,
) -> sqlx::Result<Option<(Uuid, Vec<u8>)>> {
    sqlx::query_as::<Db, (Uuid, Vec<u8>)>(sql::KNOWN)
        .bind(source)
        .bind(number)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn insert(
    conn: &mut Connection,
    advisory: &NewAdvisory,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(advisory.id.uuid())
        .bind(advisory.source)
        .bind(advisory.number.as_str())
        .bind(advisory.title.as_str())
        .bind(advisory.published_on.map(|day| day.to_string()))
        .bind(advisory.cves.as_str())
        .bind(advisory.link.as_deref())
        .bind(advisory.digest.as_bytes().to_vec())
        .bind(advisory.file.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update(
    conn: &mut Connection,
    id: Uuid,
    advisory: &NewAdvisory,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::UPDATE)
        .bind(id)
        .bind(advisory.title.as_str())
        .bind(advisory.published_on.map(|day| day.to_string()))
        .bind(advisory.cves.as_str())
        .bind(advisory.link.as_deref())
        .bind(advisory.digest.as_bytes().to_vec())
        .bind(advisory.file.uuid())
        .bind(at)
        .execute(&mut *conn)
        .await?;
    sqlx::query::<Db>(sql::FORGET_PRODUCTS)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_products(
    conn: &mut Connection,
    id: Uuid,
    advisory: &NewAdvisory,
) -> sqlx::Result<()> {
    for (position, product) in (0_i64..).zip(&advisory.products) {
        sqlx::query::<Db>(sql::INSERT_PRODUCT)
            .bind(id)
            .bind(position)
            .bind(product.maker.as_str())
            .bind(product.product.as_str())
            .bind(product.versions.as_str())
            .bind(product.keys.1.as_str())
            .bind(product.keys.0.as_str())
            .bind(product.meant_product.as_deref())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn last_change(conn: &mut Connection) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::LAST_CHANGE)
        .fetch_one(conn)
        .await
}

pub(crate) async fn to_compare(
    conn: &mut Connection,
    published_up_to: i64,
    limit: i64,
) -> sqlx::Result<Vec<ToCompareRow>> {
    sqlx::query_as::<Db, _>(sql::TO_COMPARE)
        .bind(published_up_to)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn compared(
    conn: &mut Connection,
    computer: Uuid,
    revision: Uuid,
    published_up_to: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::COMPARED)
        .bind(computer)
        .bind(revision)
        .bind(published_up_to)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn compare_again(conn: &mut Connection, owner: Uuid) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::COMPARE_AGAIN)
        .bind(owner)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn of_product(
    conn: &mut Connection,
    product: &str,
) -> sqlx::Result<Vec<(Uuid, i64)>> {
    sqlx::query_as::<Db, (Uuid, i64)>(sql::OF_PRODUCT)
        .bind(product)
        .fetch_all(conn)
        .await
}

pub(crate) async fn of_name(
    conn: &mut Connection,
    product_key: &str,
    maker_key: &str,
) -> sqlx::Result<Vec<(Uuid, i64)>> {
    sqlx::query_as::<Db, (Uuid, i64)>(sql::OF_NAME)
        .bind(product_key)
        .bind(maker_key)
        .fetch_all(conn)
        .await
}

#[expect(clippy::too_many_arguments, reason = "one for each column")]
pub(crate) async fn insert_candidate(
    conn: &mut Connection,
    id: Uuid,
    owner: Uuid,
    computer: Uuid,
    advisory: Uuid,
    position: i64,
    reason: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_CANDIDATE)
        .bind(id)
        .bind(owner)
        .bind(computer)
        .bind(advisory)
        .bind(position)
        .bind(reason)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn undecided_of_computer(
    conn: &mut Connection,
    computer: Uuid,
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    sqlx::query_as::<Db, (Uuid, Uuid)>(sql::UNDECIDED_OF_COMPUTER)
        .bind(computer)
        .fetch_all(conn)
        .await
}

pub(crate) async fn forget_candidate(conn: &mut Connection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::FORGET_CANDIDATE)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn candidates(
    conn: &mut Connection,
    owner: Uuid,
    computer: Option<Uuid>,
    decision: Option<&str>,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<CandidateRow>> {
    sqlx::query_as::<Db, _>(sql::CANDIDATES)
        .bind(owner)
        .bind(computer)
        .bind(decision)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_candidates(
    conn: &mut Connection,
    owner: Uuid,
    computer: Option<Uuid>,
    decision: Option<&str>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_CANDIDATES)
        .bind(owner)
        .bind(computer)
        .bind(decision)
        .fetch_one(conn)
        .await
}

pub(crate) async fn candidate(
    conn: &mut Connection,
    id: Uuid,
) -> sqlx::Result<Option<CandidateRow>> {
    sqlx::query_as::<Db, _>(sql::CANDIDATE)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn decide(
    conn: &mut Connection,
    id: Uuid,
    version: i64,
    decision: &str,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::DECIDE)
        .bind(id)
        .bind(version)
        .bind(decision)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn insert_decision(
    conn: &mut Connection,
    id: Uuid,
    candidate: Uuid,
    decision: &str,
    reason: Option<&str>,
    by: Uuid,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DECISION)
        .bind(id)
        .bind(candidate)
        .bind(decision)
        .bind(reason)
        .bind(by)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn decisions(
    conn: &mut Connection,
    candidate: Uuid,
) -> sqlx::Result<Vec<CandidateDecisionRow>> {
    sqlx::query_as::<Db, _>(sql::DECISIONS)
        .bind(candidate)
        .fetch_all(conn)
        .await
}
