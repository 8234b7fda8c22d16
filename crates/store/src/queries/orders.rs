use model::orders::{Closing, Directive, Opening, Reply};
use sqlx::Database;
use uuid::Uuid;

use super::Db;
use crate::rows::orders::{DirectiveRow, ReplyRow};
use crate::sql::orders as sql;
use crate::tx::orders::{DirectiveCursor, DirectiveSight};

type Connection = <Db as Database>::Connection;

pub(crate) async fn insert(
    conn: &mut Connection,
    directive: &Directive,
    rules: &[u8],
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT)
        .bind(directive.id.uuid())
        .bind(directive.number.as_str())
        .bind(directive.kind.code())
        .bind(directive.duty.code())
        .bind(directive.issuer.uuid())
        .bind(directive.addressee.uuid())
        .bind(directive.operator.uuid())
        .bind(directive.filing.map(ids::Id::uuid))
        .bind(directive.text.as_str())
        .bind(directive.grounds.as_str())
        .bind(directive.hearing.as_str())
        .bind(directive.due.map(|day| day.to_string()))
        .bind(rules.to_vec())
        .bind(directive.issued_by.uuid())
        .bind(directive.issued_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_opening(
    conn: &mut Connection,
    directive: Uuid,
    opening: &Opening,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_OPENING)
        .bind(directive)
        .bind(opening.opened_by.uuid())
        .bind(opening.opened_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_reply(conn: &mut Connection, reply: &Reply) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_REPLY)
        .bind(reply.id.uuid())
        .bind(reply.directive.uuid())
        .bind(reply.text.as_str())
        .bind(reply.filing.map(ids::Id::uuid))
        .bind(reply.replied_by.uuid())
        .bind(reply.replied_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_closing(
    conn: &mut Connection,
    directive: Uuid,
    closing: &Closing,
) -> sqlx::Result<()> {
    sqlx::query::<Db>(sql::INSERT_CLOSING)
        .bind(directive)
        .bind(closing.outcome.code())
        .bind(closing.note.as_str())
        .bind(closing.closed_by.uuid())
        .bind(closing.closed_at.as_microsecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn read(conn: &mut Connection, id: Uuid) -> sqlx::Result<Option<DirectiveRow>> {
    sqlx::query_as::<Db, _>(sql::READ)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn replies(conn: &mut Connection, directive: Uuid) -> sqlx::Result<Vec<ReplyRow>> {
    sqlx::query_as::<Db, _>(sql::REPLIES)
        .bind(directive)
        .fetch_all(conn)
        .await
}

pub(crate) async fn list(
    conn: &mut Connection,
    sight: &DirectiveSight,
    open_only: bool,
    after: Option<&DirectiveCursor>,
    limit: i64,
) -> sqlx::Result<Vec<DirectiveRow>> {
    sqlx::query_as::<Db, _>(sql::LIST)
        .bind(sight.issuer)
        .bind(sight.issued.as_str())
        .bind(sight.addressee)
        .bind(sight.received.as_str())
        .bind(i64::from(open_only))
        .bind(after.map(|cursor| cursor.issued_at.as_microsecond()))
        .bind(after.map(|cursor| cursor.id.uuid()))
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn of_filing(
    conn: &mut Connection,
    filing: Uuid,
    sight: &DirectiveSight,
    limit: i64,
) -> sqlx::Result<Vec<DirectiveRow>> {
    sqlx::query_as::<Db, _>(sql::OF_FILING)
        .bind(filing)
        .bind(sight.issuer)
        .bind(sight.issued.as_str())
        .bind(sight.addressee)
        .bind(sight.received.as_str())
        .bind(limit)
        .fetch_all(conn)
        .await
}
