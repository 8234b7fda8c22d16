use app::App;
use app::desks::{DeskFilter, DeskState};
use askama::Template;
use axum::extract::{Query, State};
use ids::{FilingKind, OrganisationKind};
use serde::Deserialize;

use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::PageResult;
use crate::forms::{Choice, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render};
use crate::pages::filings::words::{self, ListRow};
use crate::session::Signed;
use crate::texts::Texts;

const PAGE: u32 = 50;

/// Which part of the queue is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    state: String,
    kind: String,
    after: String,
    back: String,
}

#[derive(Template)]
#[template(path = "pages/desks/queue.html")]
struct QueuePage {
    page: Page,
    desk: String,
    state: Select,
    kind: Select,
    rows: Vec<ListRow>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    sorted: bool,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let filter = DeskFilter {
        state: wanted.state.parse().unwrap_or(DeskState::Open),
        kind: wanted.kind.parse().ok(),
    };
    let after = (!wanted.after.is_empty())
        .then(|| wanted.after.parse())
        .transpose()?;
    let queue = app.desk_queue(signed.actor(), &filter, after, PAGE).await?;
    let now = app.now();
    let kind = filter.kind.map_or("", FilingKind::code);
    let address = format!("/desk?state={}&kind={kind}", filter.state.code());
    let way = ListWay::new(address, "after", wanted.after, &wanted.back);
    let next = queue.next.map(|cursor| cursor.to_string());
    let shown = t.with("filings-shown", "count", queue.items.len());
    let pagination = way.pagination(t, next.as_deref(), shown);
    let raw = RawForm::from_pairs([
        ("state", filter.state.code()),
        ("kind", filter.kind.map_or("", FilingKind::code)),
    ]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let empty = if filter.state == DeskState::Open && filter.kind.is_none() {
        EmptyState::new(t.get("desk-empty-title"), t.get("desk-empty-text"))
            .action("/desk?state=all", t.get("desk-empty-action"))
    } else {
        EmptyState::new(t.get("desk-none-title"), t.get("desk-none-text"))
            .action("/desk", t.get("desk-none-action"))
    };
    Ok(render(&QueuePage {
        page: signed.page("desk-title"),
        desk: crate::frame::named(t, &queue.desk.name_ja, &queue.desk.name_en),
        state: form.select("state", "desk-filter-state", states(t, queue.desk.kind)),
        kind: form.select("kind", "desk-filter-kind", kinds(t)),
        rows: queue
            .items
            .iter()
            .map(|item| words::list_row(t, item, now, true))
            .collect(),
        empty,
        pagination,
        sorted: filter.state != DeskState::All,
    }))
}

/// What of a queue makes sense at a desk: the Cabinet Office neither checks nor forwards.
fn states(t: Texts, desk: OrganisationKind) -> Vec<Choice> {
    let checks = desk != OrganisationKind::CabinetOffice;
    DeskState::ALL
        .iter()
        .filter(|state| match state {
            DeskState::ToForward => desk == OrganisationKind::Ministry,
            DeskState::Unchecked => checks,
            DeskState::Open | DeskState::Unopened | DeskState::Requests | DeskState::All => true,
        })
        .map(|state| {
            let code = state.code();
            let key = format!("desk-state-{}", code.replace('_', "-"));
            Choice::new(code, t.get(&key))
        })
        .collect()
}

fn kinds(t: Texts) -> Vec<Choice> {
    FilingKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), words::kind(t, *kind)))
        .collect()
}
