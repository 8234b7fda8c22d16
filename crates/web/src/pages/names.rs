//! What written names mean (製品名の対応): suggestions to confirm, what was learned, undoing it.

use app::names::{LearnName, LearnedEntry, Reason, Suggestion};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use ids::LearnedNameId;
use policy::Action;
use serde::Deserialize;

use crate::components::{Banner, EmptyState, ListWay, Pagination, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{Form, FormErrors, RawForm, TextInput};
use crate::frame::named;
use crate::page::{Page, render};
use crate::routes::Routes;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Names on one page.
const PAGE: u32 = 50;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/names", get(show).post(learn))
        .route("/names/{id}/undo", post(undo))
}

struct Offer {
    name: String,
    reasons: String,
    preselected: bool,
    maker_id: String,
    product_id: String,
}

struct Row {
    written: String,
    meant: String,
    by: String,
    at: fmt::Time,
    undone: Option<(String, fmt::Time)>,
    undo: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamesQuery {
    maker: String,
    product: String,
    before: Option<LearnedNameId>,
    back: String,
}

#[derive(Template)]
#[template(path = "pages/names/names.html")]
struct NamesPage {
    page: Page,
    maker: TextInput,
    product: TextInput,
    asked: bool,
    written_maker: String,
    written_product: String,
    offers: Vec<Offer>,
    may_learn: bool,
    rows: Vec<Row>,
    empty: EmptyState,
    pages: Option<Pagination>,
}

async fn show(
    State(app): State<App>,
    Query(query): Query<NamesQuery>,
    signed: Signed,
) -> PageResult {
    let page = view(&app, &signed, &query, None).await?;
    Ok(render(&page))
}

async fn learn(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let input = LearnName {
        maker: raw.get("maker").to_owned(),
        product: raw.get("product").to_owned(),
        maker_id: raw.get("maker_id").to_owned(),
        product_id: raw.get("product_id").to_owned(),
    };
    match app.learn_name(signed.actor(), &input).await {
        Ok(_) => Ok(Redirect::to("/names").into_response()),
        Err(AppError::Invalid(_)) => {
            let t = signed.here.t;
            let banner = Banner::new(t, Tone::Error, t.get("names-refused-title"))
                .text(t.get("names-refused-text"));
            let query = NamesQuery {
                maker: input.maker,
                product: input.product,
                ..NamesQuery::default()
            };
            let page = view(&app, &signed, &query, Some(banner)).await?;
            Ok(crate::page::render_with(
                http::StatusCode::UNPROCESSABLE_ENTITY,
                &page,
            ))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

async fn undo(State(app): State<App>, Path(id): Path<LearnedNameId>, posted: Posted) -> PageResult {
    let signed = posted.signed;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    app.undo_name(signed.actor(), id).await?;
    Ok(Redirect::to("/names").into_response())
}

async fn view(
    app: &App,
    signed: &Signed,
    query: &NamesQuery,
    notice: Option<Banner>,
) -> Result<NamesPage, PageError> {
    let t = signed.here.t;
    let actor = signed.actor();
    let asked = !query.product.trim().is_empty() || !query.maker.trim().is_empty();
    let offers = if asked {
        app.suggest_names(actor, &query.maker, &query.product)
            .await?
    } else {
        Vec::new()
    };
    let mut entries = app
        .learned_names(actor, query.before, PAGE.saturating_add(1))
        .await?;
    let full = usize::try_from(PAGE).is_ok_and(|page| page < entries.len());
    if full {
        entries.pop();
    }
    let next = entries
        .last()
        .filter(|_| full)
        .map(|entry| entry.name.id.to_string());
    let here = query.before.map(|id| id.to_string()).unwrap_or_default();
    let way = ListWay::new("/names", "before", here, &query.back);
    let shown = t.with("names-shown", "count", entries.len());
    let raw = RawForm::from_pairs([
        ("maker", query.maker.as_str()),
        ("product", query.product.as_str()),
    ]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let mut page = signed
        .page("names-title")
        .crumb("/computers", t.get("computers-title"));
    if let Some(notice) = notice {
        page = page.notice(notice);
    }
    Ok(NamesPage {
        page,
        maker: form.text("maker", "computer-maker"),
        product: form.text("product", "computer-product"),
        asked,
        written_maker: query.maker.trim().to_owned(),
        written_product: query.product.trim().to_owned(),
        may_learn: app
            .policy()
            .may(actor, Action::EditRegister, &signed.own_register())
            && !query.product.trim().is_empty(),
        offers: offers.iter().map(|each| offer(t, each)).collect(),
        rows: entries.into_iter().map(|entry| row(t, entry)).collect(),
        empty: EmptyState::new(t.get("names-none-title"), t.get("names-none-text")),
        pages: way.pagination(t, next.as_deref(), shown),
    })
}

fn offer(t: Texts, each: &Suggestion) -> Offer {
    let maker = named(t, &each.maker_ja, &each.maker_en);
    let name = match (&each.product_ja, &each.product_en) {
        (Some(ja), Some(en)) => format!("{maker} {}", named(t, ja, en)),
        _ => maker,
    };
    let reasons: Vec<String> = each
        .reasons
        .iter()
        .map(|reason| t.get(reason_key(*reason)).into_owned())
        .collect();
    Offer {
        name,
        reasons: reasons.join(" / "),
        preselected: each.preselected,
        maker_id: each.maker_id.clone(),
        product_id: each.product_id.clone().unwrap_or_default(),
    }
}

fn row(t: Texts, entry: LearnedEntry) -> Row {
    let name = entry.name;
    Row {
        written: format!("{} {}", name.maker, name.product).trim().to_owned(),
        meant: match entry.meant {
            Some([ja, en]) => named(t, &ja, &en),
            None => t.get("names-meant-gone").into_owned(),
        },
        by: name.by,
        at: fmt::Time::at(t, name.at),
        undone: name.undone.map(|(by, at)| (by, fmt::Time::at(t, at))),
        undo: format!("/names/{}/undo", name.id),
    }
}

pub(crate) const fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Learned => "names-why-learned",
        Reason::ProductName => "names-why-product-name",
        Reason::ProductNamePart => "names-why-product-name-part",
        Reason::ModelNumber => "names-why-model-number",
        Reason::ProductSimilar => "names-why-product-similar",
        Reason::MakerName => "names-why-maker-name",
        Reason::MakerSimilar => "names-why-maker-similar",
        Reason::MakerInProduct => "names-why-maker-in-product",
        Reason::MakerDiffers => "names-why-maker-differs",
        Reason::MakerUnknown => "names-why-maker-unknown",
    }
}
