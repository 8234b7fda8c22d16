//! Published vulnerability information that may concern computers of the own register (脆弱性情報の候補). Nothing here
//! says that a computer is vulnerable; people decide.

use app::advisories::{Candidate, CandidateFilter, Verdict};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use http::StatusCode;
use ids::{AdvisoryCandidateId, ComputerId};
use policy::Action;
use serde::Deserialize;

use crate::components::{Banner, EmptyState, ListWay, Pagination, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{
    Choice, Choices, ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea,
};
use crate::page::{Page, render, render_with};
use crate::routes::Routes;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Candidates on one page.
const PAGE: u32 = 50;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/advisories", get(list))
        .route("/advisories/{id}", get(show).post(decide))
}

struct Tab {
    href: String,
    label: String,
    current: bool,
}

struct Row {
    href: String,
    title: String,
    number: String,
    computer_href: String,
    computer: String,
    reason: String,
    decision: String,
}

struct Decided {
    what: String,
    by: String,
    at: fmt::Time,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    state: String,
    computer: Option<ComputerId>,
    before: Option<AdvisoryCandidateId>,
    back: String,
}

#[derive(Template)]
#[template(path = "pages/advisories/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    empty: EmptyState,
    pages: Option<Pagination>,
}

#[derive(Template)]
#[template(path = "pages/advisories/candidate.html")]
struct CandidatePageView {
    page: Page,
    summary: ErrorSummary,
    source: String,
    number: String,
    published: Option<fmt::Time>,
    cves: String,
    link: Option<String>,
    published_name: String,
    versions: Vec<String>,
    computer_href: String,
    registered_name: String,
    reason: String,
    decisions: Vec<Decided>,
    may_decide: bool,
    verdict: Choices,
    why: TextArea,
    version: i64,
    action: String,
}

const STATES: [(&str, &str); 5] = [
    ("open", "advisories-state-open"),
    ("later", "advisories-state-later"),
    ("concerns", "advisories-state-concerns"),
    ("does_not", "advisories-state-does-not"),
    ("all", "advisories-state-all"),
];

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let state = STATES
        .iter()
        .map(|(code, _)| *code)
        .find(|code| *code == query.state)
        .unwrap_or("open");
    let filter = CandidateFilter {
        computer: query.computer,
        decision: (state != "all").then_some(state),
    };
    let found = app
        .candidates(signed.actor(), filter, query.before, PAGE)
        .await?;
    let of_computer = query
        .computer
        .map(|id| format!("&computer={id}"))
        .unwrap_or_default();
    let place = |state: &str| format!("/advisories?state={state}{of_computer}");
    let here = query.before.map(|id| id.to_string()).unwrap_or_default();
    let way = ListWay::new(place(state), "before", here, &query.back);
    let next = found.next.map(|id| id.to_string());
    let shown = t.with("advisories-shown", "count", found.total);
    Ok(render(&ListPage {
        page: signed
            .page("advisories-title")
            .crumb("/computers", t.get("computers-title")),
        tabs: STATES
            .iter()
            .map(|(code, label)| Tab {
                href: place(code),
                label: t.get(label).into_owned(),
                current: *code == state,
            })
            .collect(),
        rows: found.candidates.iter().map(|each| row(t, each)).collect(),
        empty: EmptyState::new(
            t.get("advisories-none-title"),
            t.get("advisories-none-text"),
        ),
        pages: way.pagination(t, next.as_deref(), shown),
    }))
}

fn row(t: Texts, each: &Candidate) -> Row {
    Row {
        href: format!("/advisories/{}", each.id),
        title: each.title.clone(),
        number: each.number.clone(),
        computer_href: format!("/computers/{}", each.computer),
        computer: registered(each),
        reason: reason_text(t, &each.reason),
        decision: match &each.decision {
            Some((code, _)) => decision_text(t, code),
            None => t.get("advisories-state-open").into_owned(),
        },
    }
}

async fn show(
    State(app): State<App>,
    Path(id): Path<AdvisoryCandidateId>,
    signed: Signed,
) -> PageResult {
    let raw = RawForm::empty();
    let page = view(&app, &signed, id, &raw, &FormErrors::new(), None).await?;
    Ok(render(&page))
}

async fn decide(
    State(app): State<App>,
    Path(id): Path<AdvisoryCandidateId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    app.candidate(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let mut errors = FormErrors::new();
    let verdict = Verdict::parse(raw.get("decision"));
    if verdict.is_none() {
        errors.push(FieldError::new(
            "decision",
            "advisory-decision",
            "form-error-missing",
        ));
    }
    let version = raw.get("version").parse().unwrap_or(0);
    if let Some(verdict) = verdict {
        let done = app
            .decide_candidate(signed.actor(), id, version, verdict, raw.get("reason"))
            .await;
        match done {
            Ok(()) => return Ok(Redirect::to(&format!("/advisories/{id}")).into_response()),
            Err(AppError::Invalid(problems)) => {
                let missing = problems.iter().any(|problem| problem.code == "empty");
                let key = if missing {
                    "form-error-missing"
                } else {
                    "form-error-too-long"
                };
                errors.push(FieldError::new("reason", "advisory-reason", key));
            }
            Err(AppError::Stale) => {
                let t = signed.here.t;
                let banner = Banner::new(t, Tone::Error, t.get("advisory-stale-title"))
                    .text(t.get("advisory-stale-text"));
                let page = view(&app, &signed, id, &raw, &errors, Some(banner)).await?;
                return Ok(render_with(StatusCode::CONFLICT, &page));
            }
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, id, &raw, &errors, None).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: AdvisoryCandidateId,
    raw: &RawForm,
    errors: &FormErrors,
    notice: Option<Banner>,
) -> Result<CandidatePageView, PageError> {
    let t = signed.here.t;
    let found = app.candidate(signed.actor(), id).await?;
    let each = &found.candidate;
    let form = Form::new(t, raw, errors);
    let mut page = signed
        .page_titled(each.title.as_str())
        .crumb("/computers", t.get("computers-title"))
        .crumb("/advisories", t.get("advisories-title"))
        .with_errors(!errors.is_empty());
    if let Some(notice) = notice {
        page = page.notice(notice);
    }
    let (published_name, versions) = match &each.names {
        Some((maker, product, versions)) => (format!("{maker} {product}"), versions.clone()),
        None => (String::new(), Vec::new()),
    };
    let choices = Verdict::ALL
        .into_iter()
        .map(|verdict| Choice::new(verdict.code(), decision_text(t, verdict.code())))
        .collect();
    Ok(CandidatePageView {
        page,
        summary: form.summary(),
        source: source_text(t, &each.source),
        number: each.number.clone(),
        published: each.published_on.map(|day| fmt::Time::on(t, day)),
        cves: each.cves.join(", "),
        link: each.link.clone(),
        published_name,
        versions,
        computer_href: format!("/computers/{}", each.computer),
        registered_name: registered(each),
        reason: reason_text(t, &each.reason),
        decisions: found
            .decisions
            .iter()
            .map(|decided| Decided {
                what: decision_text(t, &decided.decision),
                by: decided.by.clone(),
                at: fmt::Time::at(t, decided.at),
                reason: decided.reason.clone().unwrap_or_default(),
            })
            .collect(),
        may_decide: found.may_decide,
        verdict: form
            .radios("decision", "advisory-decision", choices)
            .required(),
        why: form
            .text_area("reason", "advisory-reason")
            .hint("advisory-reason-hint"),
        version: each.version,
        action: format!("/advisories/{id}"),
    })
}

fn registered(each: &Candidate) -> String {
    format!(
        "{} {}",
        each.items.maker.as_str(),
        each.items.product.as_str()
    )
}

fn reason_text(t: Texts, code: &str) -> String {
    let key = match code {
        "same_product" => "advisory-why-same-product",
        "runs_on_product" => "advisory-why-runs-on-product",
        "same_name" => "advisory-why-same-name",
        _ => "advisory-why-similar-product",
    };
    t.get(key).into_owned()
}

fn decision_text(t: Texts, code: &str) -> String {
    let key = match code {
        "concerns" => "advisory-decision-concerns",
        "does_not" => "advisory-decision-does-not",
        _ => "advisory-decision-later",
    };
    t.get(key).into_owned()
}

fn source_text(t: Texts, code: &str) -> String {
    let key = match code {
        "kev" => "advisory-source-kev",
        "csaf" => "advisory-source-csaf",
        _ => "advisory-source-jvn",
    };
    t.get(key).into_owned()
}

/// The sentence for the home page and the page of a computer; nothing when nothing waits.
pub(super) fn notice(t: Texts, count: i64, computer: Option<ComputerId>) -> Option<Banner> {
    let href = computer.map_or_else(
        || "/advisories".to_owned(),
        |id| format!("/advisories?computer={id}"),
    );
    (0 < count).then(|| {
        let title = match computer {
            Some(_) => t.with("advisories-of-computer", "count", count),
            None => t.with("advisories-of-register", "count", count),
        };
        Banner::new(t, Tone::Info, title)
            .text(t.get("advisories-neutral"))
            .link(href, t.get("advisories-look"))
    })
}
