use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::reminders::{
    Event, EventRow, FeedRow, MailRow, Moment, Notice, NoticeRow, Preference, PreferenceRow,
    ReminderMail,
};
use crate::sql::reminders as sql;

type Connection = <Db as Database>::Connection;

pub(crate) async fn people(
    conn: &mut Connection,
    organisation: Uuid,
) -> sqlx::Result<Vec<PreferenceRow>> {
    sqlx::query_as::<Db, _>(sql::PEOPLE)
        .bind(organisation)
        .fetch_all(conn)
        .await
}

pub(crate) async fn preference(
    conn: &mut Connection,
    person: Uuid,
) -> sqlx::Result<Option<PreferenceRow>> {
    sqlx::query_as::<Db, _>(sql::PREFERENCE)
        .bind(person)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn set_preference(
    conn: &mut Connection,
    preference: &Preference,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::SET_PREFERENCE)
        .bind(preference.person.uuid())
        .bind(preference.quiet.map(|quiet| i64::from(quiet.from())))
        .bind(preference.quiet.map(|quiet| i64::from(quiet.until())))
        .bind(
            preference
                .mail
                .as_ref()
                .map(model::reminders::MailAddress::as_str),
        )
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_notice(conn: &mut Connection, new: &Notice) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::INSERT_NOTICE)
        .bind(new.id.uuid())
        .bind(new.person.uuid())
        .bind(new.moment.kind.code())
        .bind(new.moment.subject.as_str())
        .bind(new.moment.anchor.code())
        .bind(new.moment.anchor_at.as_microsecond())
        .bind(new.moment.hours)
        .bind(i64::from(new.legal))
        .bind(new.sight.code())
        .bind(new.hour.code())
        .bind(new.created_at.as_microsecond())
        .bind(new.mail.map(ids::Id::uuid))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn is_noticed(
    conn: &mut Connection,
    person: Uuid,
    moment: &Moment,
) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::IS_NOTICED)
        .bind(person)
        .bind(moment.kind.code())
        .bind(moment.subject.as_str())
        .bind(moment.anchor.code())
        .bind(moment.anchor_at.as_microsecond())
        .bind(moment.hours)
        .fetch_one(conn)
        .await
}

pub(crate) async fn notices(
    conn: &mut Connection,
    person: Uuid,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<NoticeRow>> {
    sqlx::query_as::<Db, _>(sql::NOTICES)
        .bind(person)
        .bind(after.map(|(at, _)| at))
        .bind(after.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_unread(conn: &mut Connection, person: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_UNREAD)
        .bind(person)
        .fetch_one(conn)
        .await
}

pub(crate) async fn read_notice(
    conn: &mut Connection,
    person: Uuid,
    id: Uuid,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::READ_NOTICE)
        .bind(person)
        .bind(id)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn read_all(
    conn: &mut Connection,
    person: Uuid,
    until: i64,
    at: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::READ_ALL_NOTICES)
        .bind(person)
        .bind(until)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn insert_mail(conn: &mut Connection, new: &ReminderMail) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_MAIL)
        .bind(new.id.uuid())
        .bind(new.person.uuid())
        .bind(new.address.as_str())
        .bind(new.due_at.map(jiff::Timestamp::as_microsecond))
        .bind(i64::from(new.legal))
        .bind(new.created_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn mails_due(
    conn: &mut Connection,
    now: i64,
    limit: i64,
) -> sqlx::Result<Vec<MailRow>> {
    sqlx::query_as::<Db, _>(sql::MAILS_DUE)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn claim_mail(
    conn: &mut Connection,
    mail: &ReminderMail,
    again: i64,
) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::CLAIM_MAIL)
        .bind(mail.id.uuid())
        .bind(i64::from(mail.attempts))
        .bind(mail.next_attempt_at.map(jiff::Timestamp::as_microsecond))
        .bind(again)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn settle_mail(conn: &mut Connection, mail: &ReminderMail) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::SETTLE_MAIL)
        .bind(mail.id.uuid())
        .bind(mail.state.as_str())
        .bind(mail.next_attempt_at.map(jiff::Timestamp::as_microsecond))
        .bind(mail.last_error.as_deref())
        .bind(mail.settled_at.map(jiff::Timestamp::as_microsecond))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn mails(
    conn: &mut Connection,
    state: &str,
    limit: i64,
) -> sqlx::Result<Vec<MailRow>> {
    sqlx::query_as::<Db, _>(sql::MAILS)
        .bind(state)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn count_mails(conn: &mut Connection, state: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar::<Db, i64>(sql::COUNT_MAILS)
        .bind(state)
        .fetch_one(conn)
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

pub(crate) async fn feed(conn: &mut Connection, person: Uuid) -> sqlx::Result<Option<FeedRow>> {
    sqlx::query_as::<Db, _>(sql::FEED)
        .bind(person)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn set_feed(
    conn: &mut Connection,
    person: Uuid,
    secret_hash: &[u8],
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::SET_FEED)
        .bind(person)
        .bind(secret_hash)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn remove_feed(conn: &mut Connection, person: Uuid) -> sqlx::Result<u64> {
    let done = sqlx::query::<Db>(sql::REMOVE_FEED)
        .bind(person)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn feed_by_secret(
    conn: &mut Connection,
    secret_hash: &[u8],
) -> sqlx::Result<Option<FeedRow>> {
    sqlx::query_as::<Db, _>(sql::FEED_BY_SECRET)
        .bind(secret_hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn feed_fetched(conn: &mut Connection, person: Uuid, at: i64) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::FEED_FETCHED)
        .bind(person)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn events(conn: &mut Connection, person: Uuid) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as::<Db, _>(sql::EVENTS)
        .bind(person)
        .fetch_all(conn)
        .await
}

pub(crate) async fn insert_event(
    conn: &mut Connection,
    person: Uuid,
    event: &Event,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_EVENT)
        .bind(person)
        .bind(event.uid.as_str())
        .bind(event.due_at.as_microsecond())
        .bind(event.changed_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update_event(
    conn: &mut Connection,
    person: Uuid,
    event: &Event,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::UPDATE_EVENT)
        .bind(person)
        .bind(event.uid.as_str())
        .bind(event.due_at.as_microsecond())
        .bind(i64::from(event.sequence))
        .bind(event.changed_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn remove_event(
    conn: &mut Connection,
    person: Uuid,
    uid: &str,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::REMOVE_EVENT)
        .bind(person)
        .bind(uid)
        .execute(conn)
        .await?;
    Ok(())
}
