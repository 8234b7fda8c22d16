use app::App;
use askama::Template;
use axum::extract::State;

use super::words::{self, Pairs};
use crate::components::{DeadlineBadge, EmptyState, LegalLimit, ListWay, Pagination, StatusBadge};
use crate::failure::PageResult;
use crate::fmt;
use crate::forms::RawForm;
use crate::page::{Page, render};
use crate::session::Signed;

/// Cases of one page of the list.
const SHOWN: u32 = 50;

struct Row {
    href: String,
    title: String,
    phase: StatusBadge,
    late: Option<StatusBadge>,
    prompt: Option<DeadlineBadge>,
    full: Option<LegalLimit>,
    opened: String,
}

#[derive(Template)]
#[template(path = "pages/incidents/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    empty: EmptyState,
    may_open: bool,
    pages: Option<Pagination>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let t = signed.here.t;
    let now = app.now();
    let query = RawForm::from_pairs(query);
    let after = Some(query.get("after")).filter(|after| !after.is_empty());
    let found = app.list_cases(signed.actor(), after, SHOWN).await?;
    let rows: Vec<Row> = found
        .cases
        .iter()
        .map(|entry| {
            let view = entry
                .clock
                .as_ref()
                .map(|clock| words::clock(t, clock, model::organisation::HouseTargets::NONE, now));
            let (prompt, full, late) = view.map_or((None, None, None), |view| {
                (view.prompt, view.full, view.late)
            });
            Row {
                href: format!("/cases/{}", entry.case.id()),
                title: entry.case.parts().title.as_str().to_owned(),
                phase: words::phase(t, entry.case.phase().code()),
                late,
                prompt,
                full,
                opened: fmt::date_time(t, entry.created_at),
            }
        })
        .collect();
    let shown = t.with("cases-shown", "count", rows.len());
    let way = ListWay::new("/cases", "after", query.get("after"), query.get("back"));
    let next = found.next;
    let pages = way.pagination(t, next.as_deref(), shown);
    let mut empty = EmptyState::new(t.get("cases-none"), t.get("cases-none-text"));
    if found.may_open {
        empty = empty.action("/need-to-report", t.get("cases-ask"));
    }
    Ok(render(&ListPage {
        page: signed.page("cases-title"),
        rows,
        empty,
        may_open: found.may_open,
        pages,
    }))
}
