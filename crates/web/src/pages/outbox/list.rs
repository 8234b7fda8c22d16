use app::{App, OutboxEntry, OutboxList};
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::components::{EmptyState, Pagination};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::frame::named;
use crate::page::{Page, render};
use crate::pages::outbox::reason;
use crate::session::Signed;
use crate::texts::Texts;

const PAGE: u32 = 50;

/// Which list, and which page of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    state: String,
    before: String,
}

struct Tab {
    href: String,
    label: String,
    current: bool,
}

struct Row {
    id: String,
    addressee: String,
    arrived: Time,
    attempts: u32,
    /// When it arrived at the addressee, or will be tried next.
    then: Option<Time>,
    reason: String,
}

#[derive(Template)]
#[template(path = "pages/outbox/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    empty: EmptyState,
    then: String,
    given_up: bool,
    pagination: Option<Pagination>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let list = wanted.state.parse().unwrap_or(OutboxList::GivenUp);
    let before = wanted.before.parse().ok();
    let found = app.outbox(signed.actor(), list, before, PAGE).await?;
    let address = |before: &str| format!("/outbox?state={}&before={before}", list.code());
    let counts = found.counts;
    let tabs = [
        (OutboxList::GivenUp, counts.given_up),
        (OutboxList::Pending, counts.pending),
        (OutboxList::Delivered, counts.delivered),
    ];
    let tabs = tabs
        .into_iter()
        .map(|(each, count)| Tab {
            href: format!("/outbox?state={}", each.code()),
            label: t
                .with(
                    &format!("outbox-list-{}", text_code(each)),
                    "count",
                    count.to_string(),
                )
                .into_owned(),
            current: each == list,
        })
        .collect();
    let pagination = (found.next.is_some() || before.is_some()).then(|| {
        Pagination::new(
            t,
            before.map(|_| format!("/outbox?state={}", list.code())),
            found.next.map(|id| address(&id.to_string())),
            t.with("outbox-shown", "count", found.entries.len()),
        )
    });
    let then = match list {
        OutboxList::Pending => "outbox-next-attempt",
        OutboxList::Delivered | OutboxList::GivenUp => "outbox-delivered-at",
    };
    let empty = text_code(list);
    Ok(render(&ListPage {
        page: signed.page("outbox-title"),
        tabs,
        rows: found.entries.iter().map(|entry| row(t, entry)).collect(),
        empty: EmptyState::new(
            t.get(&format!("outbox-none-{empty}-title")),
            t.get(&format!("outbox-none-{empty}-text")),
        ),
        then: t.get(then).into_owned(),
        given_up: list == OutboxList::GivenUp,
        pagination,
    }))
}

fn text_code(list: OutboxList) -> String {
    list.code().replace('_', "-")
}

fn row(t: Texts, entry: &OutboxEntry) -> Row {
    Row {
        id: entry.id.to_string(),
        addressee: named(t, &entry.addressee.0, &entry.addressee.1),
        arrived: Time::at_second(t, entry.filed_at),
        attempts: entry.attempts,
        then: entry
            .delivered_at
            .or(entry.next_attempt_at)
            .map(|at| Time::at_second(t, at)),
        reason: reason(t, entry.last_error.as_deref()),
    }
}
