use app::App;
use askama::Template;
use axum::extract::{Query, State};
use http::StatusCode;
use policy::{Action, OrganisationFacts, Resource};
use serde::Deserialize;

use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::page::{Page, render_with};
use crate::pages::desks::form_errors;
use crate::pages::filings::words;
use crate::session::Signed;

const PAGE: u32 = 50;

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: Option<String>,
    after: String,
    back: String,
}

struct FoundRow {
    href: String,
    number: String,
    kind: String,
    operator: String,
    arrived: Time,
}

#[derive(Template)]
#[template(path = "pages/desks/search.html")]
struct SearchPage {
    page: Page,
    summary: ErrorSummary,
    q: TextInput,
    asked: bool,
    rows: Vec<FoundRow>,
    empty: EmptyState,
    pagination: Option<Pagination>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let own = Resource::Organisation(OrganisationFacts {
        id: signed.actor().organisation,
        kind: signed.actor().organisation_kind,
    });
    signed.must_be_allowed(&app, Action::SearchFilings, &own)?;
    let after = (!wanted.after.is_empty())
        .then(|| wanted.after.parse())
        .transpose()?;
    let mut errors = FormErrors::new();
    let mut rows = Vec::new();
    let mut pagination = None;
    if let Some(words_wanted) = &wanted.q {
        match app
            .search_filings(signed.actor(), words_wanted, after, PAGE)
            .await
        {
            Ok(found) => {
                let address = search_path(words_wanted);
                let way = ListWay::new(address, "after", wanted.after.as_str(), &wanted.back);
                let next = found.next.map(|cursor| cursor.to_string());
                let shown = t.with("filings-shown", "count", found.items.len());
                pagination = way.pagination(t, next.as_deref(), shown);
                rows = found
                    .items
                    .into_iter()
                    .map(|(head, operator)| FoundRow {
                        href: format!("/filings/{}", head.id),
                        number: head.number.as_str().to_owned(),
                        kind: words::kind(t, head.kind),
                        operator: words::name(t, &operator),
                        arrived: Time::at(t, head.filed_at),
                    })
                    .collect();
            }
            Err(error) => errors = form_errors(error, &[("q", "search-q")])?,
        }
    }
    let raw = RawForm::from_pairs([("q", wanted.q.as_deref().unwrap_or_default())]);
    let form = Form::new(t, &raw, &errors);
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(render_with(
        status,
        &SearchPage {
            page: signed.page("search-title").with_errors(!errors.is_empty()),
            summary: form.summary(),
            q: form
                .text("q", "search-q")
                .hint("search-q-hint")
                .kind(InputKind::Text)
                .width(Width::Full)
                .required(),
            asked: wanted.q.is_some() && errors.is_empty(),
            rows,
            empty: EmptyState::new(t.get("search-none-title"), t.get("search-none-text")),
            pagination,
        },
    ))
}

fn search_path(words: &str) -> String {
    let query = crate::failure::with_next("", words);
    let encoded = query.strip_prefix("?next=").unwrap_or_default();
    format!("/desk/search?q={encoded}")
}
