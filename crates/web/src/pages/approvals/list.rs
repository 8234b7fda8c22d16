use app::App;
use app::approvals::ApprovalItem;
use askama::Template;
use axum::extract::State;

use super::words::{Card, card};
use crate::failure::PageResult;
use crate::page::{Page, render};
use crate::session::Signed;

struct Part {
    id: &'static str,
    title: String,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "pages/approvals/list.html")]
struct ListPage {
    page: Page,
    parts: Vec<Part>,
}

/// Everything that waits, first what waits for the reader.
pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    // The page exists for people of an operator.
    drop(app.deputies(signed.actor()).await?);
    let lists = app.approval_lists(signed.actor()).await?;
    let part = |id, key: &str, items: &[ApprovalItem]| Part {
        id,
        title: t.get(key).into_owned(),
        cards: items.iter().map(|item| card(t, item)).collect(),
    };
    let mut parts = vec![part("mine", "approvals-mine", &lists.mine)];
    for (id, key, items) in [
        ("unratified", "approvals-unratified", &lists.unratified),
        ("returned", "approvals-returned", &lists.returned),
        ("approved", "approvals-approved", &lists.approved),
        ("waiting", "approvals-waiting", &lists.waiting),
    ] {
        if !items.is_empty() {
            parts.push(part(id, key, items));
        }
    }
    Ok(render(&ListPage {
        page: signed.page("approvals-title"),
        parts,
    }))
}
