//! Orders, opinions, demands and guidance (Act Arts 6, 7, 9, 10).

use app::orders::{
    ClosingInput, DirectiveInput, DirectiveItem, DirectiveListFilter, DirectiveView, LinkedFiling,
    ReplyInput,
};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::{DirectiveId, Id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::allowed::{Allowed, CloseDirective, ReplyToDirective};
use crate::api::wire::{Name, USUAL_LIMIT, optional_day};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, issue))
        .routes(routes!(get))
        .routes(routes!(reply))
        .routes(routes!(close))
}

/// Which directives, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DirectiveQuery {
    /// `open` (the default): those that have not ended; `all`.
    #[param(pattern = "^(open|all)$")]
    state: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// Most entries wanted; the settings have a maximum.
    #[param(minimum = 1)]
    limit: Option<u32>,
}

/// Directives, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct DirectiveList {
    items: Vec<DirectiveHead>,
    /// Where the next page begins: send it as `cursor`.
    next: Option<String>,
}

/// A directive in a list.
#[derive(Debug, Serialize, ToSchema)]
struct DirectiveHead {
    id: Uuid,
    /// Number to quote.
    number: String,
    /// `order` (Act Art. 6), `opinion` (7), `demand` (9) or `guidance` (10).
    kind: &'static str,
    /// The duty that it is about: `notification` (Act Art. 4(1)), `change` (4(3)) or `report` (5).
    duty: &'static str,
    /// `unopened`, `waiting`, `overdue`, `answered`, `fulfilled`, `not_fulfilled` or `withdrawn`.
    state: &'static str,
    /// The authority.
    issuer: Name,
    /// To whom it is directed.
    addressee: Name,
    /// The operator concerned.
    operator: Name,
    /// The last day of its deadline.
    #[schema(format = Date)]
    due: Option<String>,
    #[schema(format = DateTime)]
    issued_at: String,
}

/// A directive with what came of it.
#[derive(Debug, Serialize, ToSchema)]
struct DirectiveDetail {
    head: DirectiveHead,
    /// What is to be done.
    text: String,
    /// Why; may be empty for guidance.
    grounds: String,
    /// How the addressee could state its case before (行政手続法 Art. 13); orders only.
    hearing: String,
    /// The filing that it is about, if the caller may see it.
    filing: Option<FilingLink>,
    /// When the addressee first opened it.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
    /// Answers, oldest first.
    replies: Vec<ReplyView>,
    /// How it ended.
    closing: Option<ClosingView>,
    /// Keys of the rule book that say what it is and what follows from a breach.
    law: Vec<String>,
    /// Whether the caller may answer.
    may_reply: bool,
    /// Whether the caller may end it.
    may_close: bool,
}

/// A filing.
#[derive(Debug, Serialize, ToSchema)]
struct FilingLink {
    id: Uuid,
    /// 受付番号.
    number: String,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
struct ReplyView {
    text: String,
    /// The filing that does what was asked for, if the caller may see it.
    filing: Option<FilingLink>,
    #[schema(format = DateTime)]
    replied_at: String,
}

/// How a directive ended.
#[derive(Debug, Serialize, ToSchema)]
struct ClosingView {
    /// `fulfilled`, `not_fulfilled` or `withdrawn`.
    outcome: &'static str,
    /// Remark to the addressee.
    note: String,
    #[schema(format = DateTime)]
    closed_at: String,
}

/// A directive about to be issued.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DirectiveBody {
    /// `order`, `opinion`, `demand` or `guidance`.
    #[schema(pattern = "^(order|opinion|demand|guidance)$")]
    kind: String,
    /// `notification`, `change` or `report`.
    #[schema(pattern = "^(notification|change|report)$")]
    duty: String,
    /// The operator concerned.
    operator: Uuid,
    /// The filing that it is about.
    #[serde(default)]
    filing: Option<Uuid>,
    /// What is to be done.
    #[schema(max_length = 8000)]
    text: String,
    /// Why; needed but for guidance.
    #[serde(default)]
    #[schema(max_length = 4000)]
    grounds: String,
    /// How the addressee could state its case before (行政手続法 Art. 13); needed for orders.
    #[serde(default)]
    #[schema(max_length = 1000)]
    hearing: String,
    /// The last day of the deadline; needed for orders and demands.
    #[serde(default)]
    #[schema(format = Date)]
    due: Option<String>,
}

/// A directive that was issued.
#[derive(Debug, Serialize, ToSchema)]
struct DirectiveIssued {
    directive: Uuid,
}

/// An answer to a directive.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    #[schema(max_length = 4000)]
    text: String,
    /// Receipt number of the own filing that does what was asked for.
    #[serde(default)]
    #[schema(max_length = 40)]
    filing_number: String,
}

/// An answer that was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct ReplyRecorded {
    reply: Uuid,
}

/// How a directive is ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClosingBody {
    /// `fulfilled`, `not_fulfilled` or `withdrawn`.
    #[schema(pattern = "^(fulfilled|not_fulfilled|withdrawn)$")]
    outcome: String,
    /// Remark to the addressee; needed unless it was fulfilled.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// Lists the directives that the own organisation issued or received, the newest first.
#[utoipa::path(get, path = "/api/v1/directives", tag = "orders", params(DirectiveQuery), security(("token" = [])),
    responses((status = 200, body = DirectiveList), (status = 422, description = "no such state, or a cursor that was not given")))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DirectiveQuery>,
) -> ApiResult<Json<DirectiveList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let open_only = match query.state.as_deref() {
        None | Some("open") => true,
        Some("all") => false,
        Some(_) => return Err(words(AppError::field("state", "code_unknown"))),
    };
    let after = query
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(words)?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let filter = DirectiveListFilter { open_only, after };
    let listed = app
        .directives(caller.actor(), filter, limit)
        .await
        .map_err(words)?;
    Ok(Json(DirectiveList {
        items: listed.items.iter().map(head_of_item).collect(),
        next: listed.next.map(|cursor| cursor.to_string()),
    }))
}

/// Shows a directive. The first opening by the addressee is recorded, and the authority sees it.
#[utoipa::path(get, path = "/api/v1/directives/{id}", tag = "orders", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = DirectiveDetail)))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<DirectiveDetail>> {
    let id: DirectiveId = Id::from_uuid(id);
    let view = app
        .view_directive(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(detail(&view)))
}

/// Issues an order, opinion, demand or guidance.
#[utoipa::path(post, path = "/api/v1/directives", tag = "orders", request_body = DirectiveBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = DirectiveIssued)))]
async fn issue(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<DirectiveBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    // Whoever may issue nothing is told so whatever the body holds.
    if app.issuable_directives(caller.actor()).is_empty() {
        return Err(words(AppError::NotFound));
    }
    let unknown = |field| words(AppError::field(field, "code_unknown"));
    let input = DirectiveInput {
        kind: body.kind.parse().map_err(|_| unknown("kind"))?,
        duty: body.duty.parse().map_err(|_| unknown("duty"))?,
        operator: Id::from_uuid(body.operator),
        filing: body.filing.map(Id::from_uuid),
        text: &body.text,
        grounds: &body.grounds,
        hearing: &body.hearing,
        due: optional_day("due", body.due.as_deref()).map_err(words)?,
    };
    let id = app
        .issue_directive(caller.actor(), input, key.as_deref())
        .await
        .map_err(words)?;
    let issued = DirectiveIssued {
        directive: id.uuid(),
    };
    Ok((StatusCode::CREATED, Json(issued)).into_response())
}

/// Answers a directive. It may be answered again until the authority ends it.
#[utoipa::path(post, path = "/api/v1/directives/{id}/replies", tag = "orders", request_body = ReplyBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = ReplyRecorded)))]
async fn reply(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<ReplyToDirective>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ReplyBody>,
) -> ApiResult<Response> {
    let input = ReplyInput {
        text: &body.text,
        filing_number: &body.filing_number,
    };
    let reply = app
        .reply_to_directive(caller.actor(), id, input, key.as_deref())
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let recorded = ReplyRecorded {
        reply: reply.uuid(),
    };
    Ok((StatusCode::CREATED, Json(recorded)).into_response())
}

/// Ends a directive: fulfilled, not fulfilled, or taken back.
#[utoipa::path(post, path = "/api/v1/directives/{id}/closing", tag = "orders", request_body = ClosingBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 204)))]
async fn close(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<CloseDirective>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ClosingBody>,
) -> ApiResult<StatusCode> {
    let words = |error| ApiError::worded(error, caller.t);
    let input = ClosingInput {
        outcome: body
            .outcome
            .parse()
            .map_err(|_| words(AppError::field("outcome", "code_unknown")))?,
        note: &body.note,
    };
    app.close_directive(caller.actor(), id, input, key.as_deref())
        .await
        .map_err(words)?;
    Ok(StatusCode::NO_CONTENT)
}

fn head_of_item(item: &DirectiveItem) -> DirectiveHead {
    let directive = &item.file.directive;
    DirectiveHead {
        id: directive.id.uuid(),
        number: directive.number.as_str().to_owned(),
        kind: directive.kind.code(),
        duty: directive.duty.code(),
        state: item.state.code(),
        issuer: Name::from(&item.issuer),
        addressee: Name::from(&item.addressee),
        operator: Name::from(&item.operator),
        due: directive.due.map(|day| day.to_string()),
        issued_at: directive.issued_at.to_string(),
    }
}

fn detail(view: &DirectiveView) -> DirectiveDetail {
    let file = &view.file;
    let directive = &file.directive;
    let head = DirectiveHead {
        id: directive.id.uuid(),
        number: directive.number.as_str().to_owned(),
        kind: directive.kind.code(),
        duty: directive.duty.code(),
        state: view.state.code(),
        issuer: Name::from(&view.issuer),
        addressee: Name::from(&view.addressee),
        operator: Name::from(&view.operator),
        due: directive.due.map(|day| day.to_string()),
        issued_at: directive.issued_at.to_string(),
    };
    let replies = file.replies.iter().map(|reply| ReplyView {
        text: reply.text.clone(),
        filing: view
            .answers
            .iter()
            .find(|linked| Some(linked.id) == reply.filing)
            .map(FilingLink::from),
        replied_at: reply.replied_at.to_string(),
    });
    DirectiveDetail {
        head,
        text: directive.text.clone(),
        grounds: directive.grounds.clone(),
        hearing: directive.hearing.clone(),
        filing: view.filing.as_ref().map(FilingLink::from),
        opened_at: file.opening.map(|opening| opening.opened_at.to_string()),
        replies: replies.collect(),
        closing: file.closing.as_ref().map(|closing| ClosingView {
            outcome: closing.outcome.code(),
            note: closing.note.clone(),
            closed_at: closing.closed_at.to_string(),
        }),
        law: view.law.iter().map(|entry| entry.key.clone()).collect(),
        may_reply: view.allowed.reply,
        may_close: view.allowed.close,
    }
}

impl From<&LinkedFiling> for FilingLink {
    fn from(linked: &LinkedFiling) -> Self {
        Self {
            id: linked.id.uuid(),
            number: linked.number.clone(),
        }
    }
}
