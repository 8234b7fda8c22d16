use ids::{CaseId, FilingId};
use jiff::civil::Date;
use model::incidents::{Awareness, Precision};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::desks::FilingHeadRow;
use crate::rows::filings::FilingRow;
use crate::rows::incidents::{
    AwarenessRow, CaseRecord, CaseRow, DecisionRecord, DecisionRow, JudgementRecord, JudgementRow,
    ListedDecisionRow,
};
use crate::sql::incidents as sql;
use crate::tx::incidents::DecisionCursor;

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert_case(conn: &mut Connection, case: &CaseRecord) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_CASE)
        .bind(case.id.uuid())
        .bind(case.owner.uuid())
        .bind(case.title.as_str())
        .bind(case.phase.as_str())
        .bind(case.event.as_deref())
        .bind(case.form.as_deref())
        .bind(case.prompt_filed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.full_filed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.closed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.close_reason.as_deref())
        .bind(case.leading_aware_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.created_by.uuid())
        .bind(case.created_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_case(conn: &mut Connection, case: &CaseRecord) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::UPDATE_CASE)
        .bind(case.id.uuid())
        .bind(case.version)
        .bind(case.title.as_str())
        .bind(case.phase.as_str())
        .bind(case.event.as_deref())
        .bind(case.form.as_deref())
        .bind(case.prompt_filed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.full_filed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.closed_at.map(jiff::Timestamp::as_microsecond))
        .bind(case.close_reason.as_deref())
        .bind(case.leading_aware_at.map(jiff::Timestamp::as_microsecond))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn case(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<CaseRow>> {
    sqlx::query_as::<Db, _>(sql::CASE)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn cases(
    conn: &mut Connection,
    owner: Uuid,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<CaseRow>> {
    sqlx::query_as::<Db, _>(sql::CASES)
        .bind(owner)
        .bind(before.map(|(at, _)| at))
        .bind(before.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn open_cases(
    conn: &mut Connection,
    owner: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<CaseRow>> {
    sqlx::query_as::<Db, _>(sql::OPEN_CASES)
        .bind(owner)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_open_cases(conn: &mut Connection, owner: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_OPEN_CASES)
        .bind(owner)
        .fetch_one(conn)
        .await
}

pub(crate) async fn insert_awareness(
    conn: &mut Connection,
    case: CaseId,
    awareness: &Awareness,
) -> sqlx::Result<()> {
    let approximate = match awareness.precision {
        Precision::Exact => 0_i64,
        Precision::Approximate => 1,
    };
    sqlx::query::<Db>(sql::INSERT_AWARENESS)
        .bind(awareness.id.uuid())
        .bind(case.uuid())
        .bind(awareness.kind.code())
        .bind(awareness.aware_at.as_microsecond())
        .bind(approximate)
        .bind(awareness.source.as_str())
        .bind(awareness.amends.as_ref().map(|amends| amends.of.uuid()))
        .bind(
            awareness
                .amends
                .as_ref()
                .map(|amends| amends.reason.as_str().to_owned()),
        )
        .bind(awareness.recorded_by.uuid())
        .bind(awareness.recorded_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn awareness(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<AwarenessRow>> {
    sqlx::query_as::<Db, _>(sql::AWARENESS)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_judgement(
    conn: &mut Connection,
    case: CaseId,
    judgement: &JudgementRecord,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_JUDGEMENT)
        .bind(case.uuid())
        .bind(i64::from(judgement.number))
        .bind(judgement.event.as_str())
        .bind(judgement.group.as_str())
        .bind(judgement.answers.as_str())
        .bind(judgement.rules_digest.as_bytes().as_slice())
        .bind(judgement.judged_by.uuid())
        .bind(judgement.judged_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn judgements(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<JudgementRow>> {
    sqlx::query_as::<Db, _>(sql::JUDGEMENTS)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_decision(
    conn: &mut Connection,
    decision: &DecisionRecord,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DECISION)
        .bind(decision.id.uuid())
        .bind(decision.number.as_str())
        .bind(decision.owner.uuid())
        .bind(decision.case.map(ids::Id::uuid))
        .bind(decision.summary.as_str())
        .bind(decision.answers.as_str())
        .bind(decision.outcome.as_str())
        .bind(decision.reason.as_str())
        .bind(decision.recheck_on.to_string())
        .bind(decision.rules_digest.as_bytes().as_slice())
        .bind(decision.decided_by.uuid())
        .bind(decision.decided_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn decisions_of_case(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<DecisionRow>> {
    sqlx::query_as::<Db, _>(sql::DECISIONS_OF_CASE)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn decision(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DecisionRow>> {
    sqlx::query_as::<Db, _>(sql::DECISION)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn decisions(
    conn: &mut Connection,
    owner: Uuid,
    after: Option<&DecisionCursor>,
    limit: i64,
) -> sqlx::Result<Vec<ListedDecisionRow>> {
    sqlx::query_as::<Db, _>(sql::DECISIONS)
        .bind(owner)
        .bind(after.map(|cursor| i32::from(!cursor.standing)))
        .bind(after.map(|cursor| cursor.recheck_on.to_string()))
        .bind(after.map(|cursor| cursor.id.uuid()))
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_rechecks_due(
    conn: &mut Connection,
    owner: Uuid,
    today: Date,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_RECHECKS_DUE)
        .bind(owner)
        .bind(today.to_string())
        .fetch_one(conn)
        .await
}

pub(crate) async fn insert_filing_awareness(
    conn: &mut Connection,
    filing: FilingId,
    awareness: ids::AwarenessId,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_FILING_AWARENESS)
        .bind(filing.uuid())
        .bind(awareness.uuid())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn filing_awareness(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    sqlx::query_as::<Db, _>(sql::FILING_AWARENESS_OF_CASE)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn filings_of_case(
    conn: &mut Connection,
    case: Uuid,
) -> sqlx::Result<Vec<FilingHeadRow>> {
    sqlx::query_as::<Db, _>(sql::FILINGS_OF_CASE)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn last_filing_of(
    conn: &mut Connection,
    owner: Uuid,
    kind: &str,
) -> sqlx::Result<Option<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::LAST_FILING_OF)
        .bind(owner)
        .bind(kind)
        .fetch_optional(conn)
        .await
}
