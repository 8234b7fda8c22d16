use app::assets::reconcile::{ReconciliationTask, TaskFilter};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use model::assets::{DiscrepancyKind, TaskState};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{ApiError, ApiResult, Caller};

/// Which differences, and which part of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `open`, `set_aside` or `closed`; open ones where it is absent.
    state: Option<String>,
    /// Code of a kind, such as `changed` or `inventory_only`.
    kind: Option<String>,
    /// Where the part begins, as `next` of the part before.
    from: Option<u32>,
    /// Most entries wanted.
    limit: Option<u32>,
}

/// A difference between the register and what it is compared with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct DifferenceItem {
    /// Identifies it.
    id: Uuid,
    /// Code of what differs from what.
    kind: &'static str,
    /// Where it stands.
    state: &'static str,
    /// The computer of the register.
    computer: Option<Uuid>,
    /// Another one that may be the same.
    other_computer: Option<Uuid>,
    /// Product, as it is written.
    product: String,
    /// Maker, as it is written.
    maker: String,
    /// Facility, as it is written.
    facility: String,
    /// Code of the item that differs.
    field: Option<&'static str>,
    /// What was notified, or stands in the register.
    before: Option<String>,
    /// What stands in the register, or in the list.
    after: Option<String>,
    /// File and row of the list.
    place: Option<String>,
    /// Last day, `YYYY-MM-DD`; absent where the law fixes none.
    due_on: Option<String>,
    /// Whether it counts from the day of the law, or from the day on which the difference was found.
    day_known: bool,
    /// Why it was closed by itself.
    closed_why: Option<&'static str>,
}

/// A part of the differences.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct DifferenceList {
    /// The earliest limit first, those without one last.
    items: Vec<DifferenceItem>,
    /// Where the next part begins: send it as `from`.
    next: Option<u32>,
    /// Number of all.
    total: u32,
}

/// Lists the differences of the own register, compared again if anything changed.
#[utoipa::path(get, path = "/api/v1/reconciliation", tag = "assets", params(ListQuery), security(("token" = [])),
    responses((status = 200, body = DifferenceList), (status = 401, description = "no valid token"),
        (status = 404, description = "no register"), (status = 422, description = "no such state or kind")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<DifferenceList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let state = query.state.as_deref().unwrap_or(TaskState::Open.code());
    let filter = TaskFilter {
        state: state
            .parse()
            .map_err(|_| words(AppError::field("state", "code_unknown")))?,
        kind: query
            .kind
            .map(|code| code.parse::<DiscrepancyKind>())
            .transpose()
            .map_err(|_| words(AppError::field("kind", "code_unknown")))?,
    };
    let (from, limit) = (query.from.unwrap_or(0), query.limit.unwrap_or(50));
    let page = app
        .reconciliation_tasks(caller.actor(), filter, from, limit)
        .await
        .map_err(words)?;
    Ok(Json(DifferenceList {
        items: page.tasks.into_iter().map(DifferenceItem::from).collect(),
        next: page.next,
        total: page.total,
    }))
}

impl From<ReconciliationTask> for DifferenceItem {
    fn from(task: ReconciliationTask) -> Self {
        Self {
            id: task.id.uuid(),
            kind: task.kind.code(),
            state: task.state.code(),
            computer: task.computer.map(ids::Id::uuid),
            other_computer: task.other_computer.map(ids::Id::uuid),
            product: task.product,
            maker: task.maker,
            facility: task.facility,
            field: task.field.map(model::assets::RevisionField::code),
            before: task.before,
            after: task.after,
            place: task.place,
            due_on: task.due_on.map(|day| day.to_string()),
            day_known: task.day_known,
            closed_why: task.closed.map(|(why, _)| why.code()),
        }
    }
}
