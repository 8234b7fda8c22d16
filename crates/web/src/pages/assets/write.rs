//! Adding and changing a computer.

use app::assets::Registered;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ComputerId;
use policy::Action;

use super::facilities::chosen_facility;
use super::form::{ComputerForm, FacilityOffer, LABELS, filled, read, read_revision};
use super::problems;
use super::suggest::{self, Suggestions, suggestions, taken};
use crate::components::{Banner, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

/// The button that asks the next question instead of saving.
const CLASSIFY: &str = "classify";
/// The button that searches facilities instead of saving.
const FIND: &str = "find";
/// Facilities offered at once.
const OFFERED: u32 = 200;

#[derive(Template)]
#[template(path = "pages/assets/write.html")]
struct WritePage {
    page: Page,
    form: ComputerForm,
    /// Where the form goes.
    action: String,
    /// Where to go back to.
    back: String,
    /// Version of the computer that is changed; absent for a new one.
    version: Option<i64>,
    /// Key under which the same form counts once.
    key: String,
    /// Words that the facilities offered were found by.
    found: String,
    /// What maker and product may mean.
    names: Suggestions,
}

/// What the page is for.
#[derive(Clone, Copy)]
enum Purpose {
    Add,
    Change { id: ComputerId, version: i64 },
}

pub(super) async fn show_new(State(app): State<App>, signed: Signed) -> PageResult {
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let raw = RawForm::empty();
    let page = view(&app, &signed, &raw, &FormErrors::new(), Purpose::Add).await?;
    Ok(render(&page))
}

pub(super) async fn add(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let raw = taken(form);
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let mut errors = FormErrors::new();
    if again(&raw) {
        return Ok(render(
            &view(&app, &signed, &raw, &errors, Purpose::Add).await?,
        ));
    }
    let input = read(&app, &raw, &mut errors);
    if let (Some(input), true) = (input, errors.is_empty()) {
        let key = Some(raw.get("key")).filter(|key| !key.is_empty());
        match app.add_computer(signed.actor(), &input, key).await {
            Ok(done) => return Ok(to_computer(done)),
            Err(AppError::Invalid(found)) => problems::add(&mut errors, &found, LABELS),
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, &raw, &errors, Purpose::Add).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn show_edit(
    State(app): State<App>,
    Path(id): Path<ComputerId>,
    signed: Signed,
) -> PageResult {
    let computer = app.view_computer(signed.actor(), id).await?.computer;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let revision = computer
        .current()
        .map_err(|_| AppError::Bug("a computer without revisions"))?;
    let purpose = Purpose::Change {
        id,
        version: computer.parts().version,
    };
    let page = view(
        &app,
        &signed,
        &filled(revision),
        &FormErrors::new(),
        purpose,
    )
    .await?;
    Ok(render(&page))
}

pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<ComputerId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    let raw = taken(form);
    app.view_computer(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let version = raw.get("version").parse().unwrap_or(0);
    let purpose = Purpose::Change { id, version };
    let mut errors = FormErrors::new();
    if again(&raw) {
        return Ok(render(&view(&app, &signed, &raw, &errors, purpose).await?));
    }
    let input = read_revision(&app, &raw, &mut errors);
    if let (Some(input), true) = (input, errors.is_empty()) {
        match app
            .change_computer(signed.actor(), id, version, &input)
            .await
        {
            Ok(done) => return Ok(to_computer(done)),
            Err(AppError::Invalid(found)) => problems::add(&mut errors, &found, LABELS),
            Err(AppError::Stale) => {
                let mut page = view(&app, &signed, &raw, &errors, purpose).await?;
                let t = signed.here.t;
                page.page = page.page.notice(
                    Banner::new(t, Tone::Error, t.get("computer-stale-title"))
                        .text(t.get("computer-stale-text"))
                        .link(format!("/computers/{id}"), t.get("computer-stale-link")),
                );
                return Ok(render_with(StatusCode::CONFLICT, &page));
            }
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, &raw, &errors, purpose).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Whether the form is shown again with more on it, instead of being saved. Words that were typed and not searched
/// yet are searched, also when Enter sent the form.
fn again(raw: &RawForm) -> bool {
    matches!(raw.get("do"), CLASSIFY | FIND)
        || suggest::asked(raw)
        || raw.get("facility_find") != raw.get("facility_found")
}

/// The facilities that what was typed finds; the chosen one is always among them.
async fn offer(app: &App, signed: &Signed, raw: &RawForm) -> Result<FacilityOffer, PageError> {
    let (actor, words) = (signed.actor(), raw.get("facility_find"));
    let found = app.find_facilities(actor, words, OFFERED).await?;
    let chosen = chosen_facility(app, actor, raw.get("facility"), &found.entries).await?;
    let listed = found.entries.into_iter().map(|entry| entry.facility);
    Ok(FacilityOffer {
        facilities: chosen.into_iter().chain(listed).collect(),
        searchable: found.more || !words.trim().is_empty(),
    })
}

fn to_computer(done: Registered) -> axum::response::Response {
    Redirect::to(&format!("/computers/{}", done.computer)).into_response()
}

async fn view(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
    purpose: Purpose,
) -> Result<WritePage, PageError> {
    let t = signed.here.t;
    let offer = offer(app, signed, raw).await?;
    let form = ComputerForm::new(app, signed, raw, errors, &offer)?;
    let names = suggestions(app, signed, raw).await?;
    let (title, action, back, version) = match purpose {
        Purpose::Add => (
            "computer-new-title",
            "/computers/new".to_owned(),
            "/computers".to_owned(),
            None,
        ),
        Purpose::Change { id, version } => (
            "computer-edit-title",
            format!("/computers/{id}/edit"),
            format!("/computers/{id}"),
            Some(version),
        ),
    };
    let key = match raw.get("key") {
        "" => app.ids().next_uuid().to_string(),
        key => key.to_owned(),
    };
    let title = t.get(title);
    Ok(WritePage {
        page: signed
            .page_titled(title)
            .crumb("/computers", t.get("computers-title"))
            .with_errors(!errors.is_empty()),
        form,
        action,
        back,
        version,
        key,
        found: raw.get("facility_find").to_owned(),
        names,
    })
}
