use ids::{Digest, FilingId, OrganisationId, PersonId};
use model::filing::{Addressee, Attachment, Delivery, Filing};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::desks::{FilingHeadRow, QueueRow};
use crate::rows::filings::{AddresseeRow, AttachmentRow, DeliveryRow, FilingRow};
use crate::rows::outbox::OutboxRow;
use crate::sql::filings as sql;
use crate::tx::filings::{Assignee, Page, QueueFilter, Sight};

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(conn: &mut Connection, filing: &Filing) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(filing.id.uuid())
        .bind(filing.number.as_str())
        .bind(filing.kind.code())
        .bind(filing.owner.uuid())
        .bind(filing.case.map(ids::Id::uuid))
        .bind(filing.supersedes.map(ids::Id::uuid))
        .bind(i64::from(filing.sequence))
        .bind(filing.form_version.as_str())
        .bind(filing.body.as_str())
        .bind(filing.body_digest.as_bytes().as_slice())
        .bind(filing.rules_digest.as_bytes().as_slice())
        .bind(filing.filed_by.uuid())
        .bind(filing.filed_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn read_by_number(
    conn: &mut Connection,
    number: &str,
) -> sqlx::Result<Option<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::READ_BY_NUMBER)
        .bind(number)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn of_case(conn: &mut Connection, case: Uuid) -> sqlx::Result<Vec<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::OF_CASE)
        .bind(case)
        .fetch_all(conn)
        .await
}

pub(crate) async fn successor(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Option<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::SUCCESSOR)
        .bind(filing)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn list(
    conn: &mut Connection,
    sight: &Sight,
    kind: Option<&str>,
    page: Page,
) -> sqlx::Result<Vec<FilingHeadRow>> {
    sqlx::query_as::<Db, _>(sql::LIST)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(kind)
        .bind(page.before_micros)
        .bind(page.before_id)
        .bind(page.limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count(
    conn: &mut Connection,
    sight: &Sight,
    kind: Option<&str>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(kind)
        .fetch_one(conn)
        .await
}

pub(crate) async fn search(
    conn: &mut Connection,
    sight: &Sight,
    pattern: &str,
    page: Page,
) -> sqlx::Result<Vec<FilingHeadRow>> {
    sqlx::query_as::<Db, _>(sql::SEARCH)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(pattern)
        .bind(page.before_micros)
        .bind(page.before_id)
        .bind(page.limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn successors(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<FilingRow>> {
    sqlx::query_as::<Db, _>(sql::SUCCESSORS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn queue(
    conn: &mut Connection,
    sight: &Sight,
    filter: &QueueFilter,
    page: Page,
) -> sqlx::Result<Vec<QueueRow>> {
    sqlx::query_as::<Db, _>(sql::QUEUE)
        .bind(sight.owner)
        .bind(sight.owned_kinds.as_str())
        .bind(sight.addressee)
        .bind(sight.addressed_kinds.as_str())
        .bind(page.before_micros)
        .bind(page.before_id)
        .bind(i64::from(filter.open_only))
        .bind(i64::from(filter.checks))
        .bind(i64::from(filter.forwards))
        .bind(filter.kind.map(ids::FilingKind::code))
        .bind(match filter.assignee {
            Assignee::Any => 0_i64,
            Assignee::Nobody => 1,
            Assignee::Person(_) => 2,
        })
        .bind(match filter.assignee {
            Assignee::Any | Assignee::Nobody => None,
            Assignee::Person(person) => Some(person.uuid()),
        })
        .bind(page.limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_search(
    conn: &mut Connection,
    filing: FilingId,
    text: &str,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_SEARCH)
        .bind(filing.uuid())
        .bind(text)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_attachment(
    conn: &mut Connection,
    filing: FilingId,
    position: i64,
    attachment: &Attachment,
    size: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ATTACHMENT)
        .bind(filing.uuid())
        .bind(position)
        .bind(attachment.digest.as_bytes().as_slice())
        .bind(attachment.file_name.as_str())
        .bind(size)
        .bind(attachment.media_type.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn attachments(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<AttachmentRow>> {
    sqlx::query_as::<Db, _>(sql::ATTACHMENTS)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_object(
    conn: &mut Connection,
    digest: Digest,
    size: i64,
    media_type: &str,
    created_by: PersonId,
    owner: OrganisationId,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_OBJECT)
        .bind(digest.as_bytes().as_slice())
        .bind(size)
        .bind(media_type)
        .bind(created_by.uuid())
        .bind(owner.uuid())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn object(
    conn: &mut Connection,
    digest: &[u8],
) -> sqlx::Result<Option<(Vec<u8>, i64, String)>> {
    sqlx::query_as::<Db, _>(sql::OBJECT)
        .bind(digest)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn objects(conn: &mut Connection) -> sqlx::Result<Vec<(Vec<u8>, i64, String)>> {
    sqlx::query_as::<Db, _>(sql::OBJECTS).fetch_all(conn).await
}

pub(crate) async fn insert_addressee(
    conn: &mut Connection,
    filing: FilingId,
    addressee: &Addressee,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_ADDRESSEE)
        .bind(filing.uuid())
        .bind(addressee.organisation.uuid())
        .bind(addressee.role.code())
        .bind(addressee.basis.as_str())
        .bind(addressee.since.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn addressees(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<AddresseeRow>> {
    sqlx::query_as::<Db, _>(sql::ADDRESSEES)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_delivery(
    conn: &mut Connection,
    id: Uuid,
    filing: Uuid,
    organisation: Uuid,
    next_attempt_at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_DELIVERY)
        .bind(id)
        .bind(filing)
        .bind(organisation)
        .bind(next_attempt_at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn delivery(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DeliveryRow>> {
    sqlx::query_as::<Db, _>(sql::DELIVERY)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn deliveries(
    conn: &mut Connection,
    filing: Uuid,
) -> sqlx::Result<Vec<DeliveryRow>> {
    sqlx::query_as::<Db, _>(sql::DELIVERIES)
        .bind(filing)
        .fetch_all(conn)
        .await
}

pub(crate) async fn outbox(
    conn: &mut Connection,
    state: &str,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<OutboxRow>> {
    sqlx::query_as::<Db, _>(sql::OUTBOX)
        .bind(state)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn outbox_entry(
    conn: &mut Connection,
    id: Uuid,
) -> sqlx::Result<Option<OutboxRow>> {
    sqlx::query_as::<Db, _>(sql::OUTBOX_ENTRY)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn outbox_counts(conn: &mut Connection) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as::<Db, _>(sql::OUTBOX_COUNTS)
        .fetch_all(conn)
        .await
}

pub(crate) async fn update_delivery(
    conn: &mut Connection,
    delivery: &Delivery,
) -> sqlx::Result<u64> {
    let micros = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_microsecond);
    let done = sqlx::query::<Db>(sql::UPDATE_DELIVERY)
        .bind(delivery.id.uuid())
        .bind(delivery.version)
        .bind(delivery.state.code())
        .bind(i64::from(delivery.attempts))
        .bind(micros(delivery.next_attempt_at))
        .bind(micros(delivery.delivered_at))
        .bind(micros(delivery.opened_at))
        .bind(delivery.last_error.as_deref())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn mark_opened(
    conn: &mut Connection,
    filing: Uuid,
    organisation: Uuid,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::MARK_OPENED)
        .bind(filing)
        .bind(organisation)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
