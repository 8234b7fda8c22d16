//! The register of computers.

use app::App;
use app::assets::{ComputerFilter, ComputerHead};
use askama::Template;
use axum::extract::{Query, State};
use ids::{ComputerId, FacilityId};
use model::assets::ComputerPhase;
use serde::Deserialize;

use super::facilities::chosen_facility;
use super::words::{class_label, exemption_label, limit_badge, phase_badge, phase_label};
use crate::components::{EmptyState, ListWay, Pagination, StatusBadge};
use crate::failure::{PageResult, form_urlencoded};
use crate::fmt;
use crate::forms::{Choice, Form, FormErrors, InputKind, RawForm, Select, TextInput, Width};
use crate::page::{Page, render};
use crate::session::Signed;

/// Computers on one page.
const PAGE: u32 = 50;
/// Facilities offered for narrowing the list; the page of facilities leads to the others.
const OFFERED: u32 = 200;

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    phase: String,
    facility: String,
    before: Option<ComputerId>,
    back: String,
}

struct Row {
    href: String,
    product: String,
    maker: String,
    facility: String,
    class: String,
    phase: StatusBadge,
    exemption: Option<String>,
    due: Option<fmt::Time>,
    near: Option<StatusBadge>,
}

#[derive(Template)]
#[template(path = "pages/assets/list.html")]
struct ListPage {
    page: Page,
    search: TextInput,
    phase: Select,
    facility: Select,
    rows: Vec<Row>,
    pagination: Pagination,
    empty: Option<EmptyState>,
    may_edit: bool,
    to_file: u32,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let actor = signed.actor();
    let may_edit = app.policy().may(
        actor,
        policy::Action::EditRegister,
        &policy::Resource::Register {
            owner: actor.organisation,
        },
    );
    let filter = filter(&query);
    let narrowed = filter != ComputerFilter::default();
    let found = app.computers(actor, &filter, query.before, PAGE).await?;
    let counts = app.assets_due(actor, 1).await?.counts;
    let facilities = app.find_facilities(actor, "", OFFERED).await?;
    let today = app.today();
    let rows: Vec<Row> = found
        .computers
        .iter()
        .map(|head| row(t, head, today))
        .collect();
    let raw = RawForm::from_pairs([
        ("q", query.q.as_str()),
        ("phase", query.phase.as_str()),
        ("facility", query.facility.as_str()),
    ]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let phases = ComputerPhase::CODES
        .iter()
        .map(|code| Choice::new(*code, phase_label(t, code)))
        .collect();
    let mut places: Vec<Choice> = facilities
        .entries
        .iter()
        .map(|entry| Choice::new(entry.facility.id.to_string(), entry.facility.name.as_str()))
        .collect();
    if let Some(chosen) = chosen_facility(&app, actor, &query.facility, &facilities.entries).await?
    {
        places.push(Choice::new(chosen.id.to_string(), chosen.name.as_str()));
    }
    let here = query.before.map(|id| id.to_string()).unwrap_or_default();
    let way = ListWay::new(address(&query), "before", here, &query.back);
    let next = found.next.map(|id| id.to_string());
    let shown = t
        .with2("computers-shown", "shown", rows.len(), "total", found.total)
        .into_owned();
    let empty = rows.is_empty().then(|| {
        if narrowed {
            EmptyState::new(t.get("computers-none-title"), t.get("computers-none-text"))
                .action("/computers", t.get("computers-none-action"))
        } else {
            let state = EmptyState::new(
                t.get("computers-empty-title"),
                t.get("computers-empty-text"),
            );
            if may_edit {
                state.action("/computers/new", t.get("computers-add"))
            } else {
                state
            }
        }
    });
    let to_file = [counts.new.total, counts.changed.total, counts.ended.total]
        .into_iter()
        .fold(0_u32, u32::saturating_add);
    Ok(render(&ListPage {
        page: signed.page("computers-title"),
        search: form
            .text("q", "computers-search")
            .hint("computers-search-hint")
            .kind(InputKind::Search)
            .width(Width::M),
        phase: form.select("phase", "computers-phase", phases),
        facility: {
            let select = form.select("facility", "computer-facility", places);
            if facilities.more {
                select.hint("computers-facility-more")
            } else {
                select
            }
        },
        rows,
        pagination: way
            .pagination(t, next.as_deref(), shown.as_str())
            .unwrap_or_else(|| Pagination::new(t, None, None, shown)),
        empty,
        may_edit,
        to_file,
    }))
}

fn row(t: crate::texts::Texts, head: &ComputerHead, today: jiff::civil::Date) -> Row {
    Row {
        href: format!("/computers/{}", head.id),
        product: head.items.product.as_str().to_owned(),
        maker: head.items.maker.as_str().to_owned(),
        facility: head.facility_name.clone(),
        class: class_label(t, head.items.class),
        phase: phase_badge(t, &head.phase),
        exemption: head.exemption.map(|reason| exemption_label(t, reason)),
        due: head.due_on.map(|day| fmt::Time::until(t, day)),
        near: head.due_on.and_then(|day| limit_badge(t, day, today)),
    }
}

fn filter(query: &ListQuery) -> ComputerFilter {
    let phase = ComputerPhase::CODES
        .into_iter()
        .find(|code| *code == query.phase);
    let facility: Option<FacilityId> = query.facility.parse().ok();
    let search = Some(query.q.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    ComputerFilter {
        phase,
        facility,
        search,
    }
}

/// The address of the first page, with the same filter.
fn address(query: &ListQuery) -> String {
    let mut address = "/computers".to_owned();
    for (name, value) in [
        ("q", &query.q),
        ("phase", &query.phase),
        ("facility", &query.facility),
    ] {
        if !value.is_empty() {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            address.push_str(&form_urlencoded(value));
        }
    }
    address
}
