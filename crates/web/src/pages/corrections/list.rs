use app::App;
use askama::Template;
use axum::extract::State;

use crate::components::EmptyState;
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::pages::filings::{document, words};
use crate::session::Signed;

struct OpenRow {
    href: String,
    place: String,
    text: String,
    desk: String,
    asked: Time,
    wanted_by: Option<String>,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/corrections/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<OpenRow>,
    empty: EmptyState,
}

pub(crate) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let open = app.open_corrections(signed.actor()).await?;
    let mut rows = Vec::with_capacity(open.len());
    for each in open {
        let body = formats::filing::parse(each.filing.body.as_bytes())
            .map_err(|_| app::AppError::Bug("a filed body that cannot be read"))?;
        rows.push(OpenRow {
            href: format!("/corrections/{}", each.request.id),
            place: document::place(t, &body, &each.request.field),
            text: each.request.text,
            desk: words::name(t, &each.desk),
            asked: Time::at(t, each.request.requested_at),
            wanted_by: each.request.wanted_by.map(|day| fmt::date(t, day)),
            about: t
                .with2(
                    "desk-about",
                    "kind",
                    words::kind(t, each.filing.kind),
                    "number",
                    each.filing.number.as_str(),
                )
                .into_owned(),
        });
    }
    Ok(render(&ListPage {
        page: signed.page("corrections-title"),
        rows,
        empty: EmptyState::new(
            t.get("corrections-empty-title"),
            t.get("corrections-empty-text"),
        )
        .action("/filings", t.get("corrections-empty-action")),
    }))
}
