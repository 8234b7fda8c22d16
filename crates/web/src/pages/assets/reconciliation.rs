//! Differences between the register and what it is compared with (照合), as tasks with their limits.

mod task;
mod words;

use app::assets::reconcile::{
    ComparedWith, ListKind, ReconciliationTask, TaskCount, TaskFilter, TaskNumbers,
};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use ids::ImportId;
use model::assets::{DiscrepancyKind, TaskState};
use policy::Action;
use serde::Deserialize;

use self::words::{difference_text, kind_label, place_text, state_label};
use super::words::limit_badge;
use crate::components::{EmptyState, ListWay, Pagination, StatusBadge};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{Choice, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render};
use crate::pages::filings::attachment::file;
use crate::problem::WebError;
use crate::routes::Routes;
use crate::session::{Posted, Signed};
use crate::texts::{Args, Texts};

/// Tasks on one page.
const PAGE: u32 = 50;

pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/computers/reconciliation", get(list).post(choose))
        .route("/computers/reconciliation/table.csv", get(table))
        .route(
            "/computers/reconciliation/{id}",
            get(task::show).post(task::decide),
        )
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    state: String,
    kind: String,
    from: String,
    back: String,
}

struct Tab {
    href: String,
    label: String,
    current: bool,
}

struct Row {
    href: String,
    product: String,
    maker: String,
    kind: String,
    difference: String,
    due: Option<fmt::Time>,
    near: Option<StatusBadge>,
    guess: bool,
}

struct ListForm {
    code: &'static str,
    label: String,
    import: Select,
    button: String,
}

#[derive(Template)]
#[template(path = "pages/reconciliation/list.html")]
struct ListPage {
    page: Page,
    compared: Option<fmt::Time>,
    states: Vec<Tab>,
    kinds: Vec<Tab>,
    numbers: Vec<(String, u32)>,
    rows: Vec<Row>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    csv: String,
    lists: Vec<ListForm>,
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let filter = filter(&query);
    let from = query.from.parse::<u32>().unwrap_or(0);
    let found = app
        .reconciliation_tasks(signed.actor(), filter, from, PAGE)
        .await?;
    let with = app.compared_with(signed.actor()).await?;
    let here = if from == 0 {
        String::new()
    } else {
        from.to_string()
    };
    let way = ListWay::new(address(filter), "from", here, &query.back);
    let next = found.next.map(|next| next.to_string());
    let shown = t.with("reconcile-shown", "count", found.total);
    let narrowed = filter.kind.is_some() || filter.state != TaskState::Open;
    let empty = if narrowed {
        EmptyState::new(t.get("reconcile-none-title"), t.get("reconcile-none-text"))
            .action("/computers/reconciliation", t.get("reconcile-none-action"))
    } else {
        EmptyState::new(
            t.get("reconcile-empty-title"),
            t.get("reconcile-empty-text"),
        )
    };
    let may_edit = app
        .policy()
        .may(signed.actor(), Action::EditRegister, &signed.own_register());
    let today = app.today();
    Ok(render(&ListPage {
        page: signed
            .page("reconcile-title")
            .crumb("/computers", t.get("computers-title")),
        compared: with.compared_at.map(|at| fmt::Time::at(t, at)),
        states: states(t, filter, &found.counts),
        kinds: kinds(t, filter, &found.counts),
        numbers: numbers(t, &found.counts),
        rows: found.tasks.iter().map(|task| row(t, task, today)).collect(),
        empty,
        pagination: way.pagination(t, next.as_deref(), shown),
        csv: format!("/computers/reconciliation/table.csv?{}", query_text(filter)),
        lists: if may_edit {
            list_forms(t, &with)
        } else {
            Vec::new()
        },
    }))
}

/// Chooses what the register is compared with.
async fn choose(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let kind = ListKind::parse(raw.get("list")).ok_or_else(WebError::not_found)?;
    let import = match raw.get(kind.code()) {
        "" => None,
        text => Some(
            text.parse::<ImportId>()
                .map_err(|_| WebError::not_found())?,
        ),
    };
    match app.compare_with(signed.actor(), kind, import).await {
        // An import that is not there, or not the reader's own.
        Err(AppError::Invalid(_)) => Err(WebError::not_found().into()),
        Err(other) => Err(PageError::from(other)),
        Ok(()) => Ok(Redirect::to("/computers/reconciliation").into_response()),
    }
}

/// The same differences as a table for a spreadsheet program.
async fn table(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let filter = filter(&query);
    let tasks = app.all_reconciliation_tasks(signed.actor(), filter).await?;
    let text = |key: &str| t.get(key).into_owned();
    let mut rows = vec![[
        text("computers-due"),
        text("reconcile-kind"),
        text("computer-product"),
        text("computer-maker"),
        text("computer-facility"),
        text("reconcile-difference"),
        text("reconcile-place"),
        text("reconcile-state"),
    ]];
    for task in &tasks {
        rows.push([
            task.due_on.map(|day| day.to_string()).unwrap_or_default(),
            kind_label(t, task.kind),
            task.product.clone(),
            task.maker.clone(),
            task.facility.clone(),
            difference_text(t, task),
            place_text(task),
            state_label(t, task.state),
        ]);
    }
    let octets = formats::table::csv(rows)
        .map_err(|_| PageError::from(AppError::Bug("differences of different widths")))?;
    let name = format!("noroshi-reconciliation-{}.csv", app.today());
    file(octets, "text/csv; charset=utf-8", &name)
}

fn filter(query: &ListQuery) -> TaskFilter {
    TaskFilter {
        state: query.state.parse().unwrap_or(TaskState::Open),
        kind: query.kind.parse().ok(),
    }
}

fn query_text(filter: TaskFilter) -> String {
    let kind = filter
        .kind
        .map(|kind| format!("&kind={}", kind.code()))
        .unwrap_or_default();
    format!("state={}{kind}", filter.state.code())
}

fn address(filter: TaskFilter) -> String {
    format!("/computers/reconciliation?{}", query_text(filter))
}

fn total(counts: &[TaskCount], state: TaskState, kind: Option<DiscrepancyKind>) -> u32 {
    counts
        .iter()
        .filter(|count| count.state == state)
        .filter(|count| kind.is_none_or(|kind| kind == count.kind))
        .fold(0, |sum, count| sum.saturating_add(count.total))
}

fn states(t: Texts, filter: TaskFilter, counts: &[TaskCount]) -> Vec<Tab> {
    TaskState::ALL
        .iter()
        .map(|state| {
            let place = TaskFilter {
                state: *state,
                ..filter
            };
            let count = total(counts, *state, filter.kind);
            Tab {
                href: address(place),
                label: with_count(t, &state_label(t, *state), count),
                current: *state == filter.state,
            }
        })
        .collect()
}

/// All kinds, then those of which there are any.
fn kinds(t: Texts, filter: TaskFilter, counts: &[TaskCount]) -> Vec<Tab> {
    let mut tabs = vec![Tab {
        href: address(TaskFilter {
            kind: None,
            ..filter
        }),
        label: with_count(
            t,
            &t.get("reconcile-kind-all"),
            total(counts, filter.state, None),
        ),
        current: filter.kind.is_none(),
    }];
    for kind in DiscrepancyKind::ALL.iter().copied() {
        let count = total(counts, filter.state, Some(kind));
        if count == 0 && filter.kind != Some(kind) {
            continue;
        }
        tabs.push(Tab {
            href: address(TaskFilter {
                kind: Some(kind),
                ..filter
            }),
            label: with_count(t, &kind_label(t, kind), count),
            current: filter.kind == Some(kind),
        });
    }
    tabs
}

fn with_count(t: Texts, label: &str, count: u32) -> String {
    t.with2("reconcile-tab", "label", label.to_owned(), "count", count)
        .into_owned()
}

fn numbers(t: Texts, counts: &[TaskCount]) -> Vec<(String, u32)> {
    let open = |part: fn(&TaskCount) -> u32| {
        counts
            .iter()
            .filter(|count| count.state == TaskState::Open)
            .fold(0_u32, |sum, count| sum.saturating_add(part(count)))
    };
    [
        ("reconcile-count-open", open(|count| count.total)),
        ("reconcile-count-overdue", open(|count| count.overdue)),
        ("reconcile-count-soon", open(|count| count.soon)),
    ]
    .into_iter()
    .map(|(key, count)| (t.get(key).into_owned(), count))
    .collect()
}

fn row(t: Texts, task: &ReconciliationTask, today: jiff::civil::Date) -> Row {
    Row {
        href: format!("/computers/reconciliation/{}", task.id),
        product: task.product.clone(),
        maker: task.maker.clone(),
        kind: kind_label(t, task.kind),
        difference: difference_text(t, task),
        due: task.due_on.map(|day| fmt::Time::until(t, day)),
        near: task
            .due_on
            .filter(|_| task.state == TaskState::Open)
            .and_then(|day| limit_badge(t, day, today)),
        guess: !task.day_known && task.due_on.is_some(),
    }
}

/// One form for each list, with the imports that may be chosen.
fn list_forms(t: Texts, with: &ComparedWith) -> Vec<ListForm> {
    let choices: Vec<Choice> = with
        .choices
        .iter()
        .map(|choice| {
            let begun = fmt::date_time(t, choice.at);
            let files = choice.files.join(" / ");
            Choice::new(
                choice.import.to_string(),
                format!("{begun} {files}").trim().to_owned(),
            )
        })
        .collect();
    ListKind::ALL
        .into_iter()
        .map(|kind| {
            let (chosen, label, hint) = match kind {
                ListKind::Inventory => (
                    with.inventory,
                    "reconcile-list-inventory",
                    "reconcile-list-inventory-hint",
                ),
                ListKind::Espa => (with.espa, "reconcile-list-espa", "reconcile-list-espa-hint"),
            };
            let chosen = chosen.map(|id| id.to_string()).unwrap_or_default();
            let raw = RawForm::from_pairs([(kind.code(), chosen)]);
            let errors = FormErrors::new();
            let form = Form::new(t, &raw, &errors);
            ListForm {
                code: kind.code(),
                label: t.get(label).into_owned(),
                import: form.select(kind.code(), label, choices.clone()).hint(hint),
                button: t.get("reconcile-list-choose").into_owned(),
            }
        })
        .collect()
}

/// What the home page says of open differences.
pub(crate) fn line(t: Texts, numbers: TaskNumbers) -> Option<String> {
    (0 < numbers.open).then(|| {
        t.with_args(
            "reconcile-home",
            Args::new()
                .set("count", numbers.open)
                .set("overdue", numbers.overdue)
                .set("soon", numbers.soon),
        )
        .into_owned()
    })
}
