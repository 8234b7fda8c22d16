use app::desks::{DeskFilter, DeskState, Handler, SavedFilter, Whose};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::{FilingId, FilingKind, OrganisationKind, PersonId};
use policy::{Action, Resource};
use serde::Deserialize;

use crate::components::{Banner, EmptyState, ListWay, Pagination, Tone};
use crate::failure::PageResult;
use crate::forms::{Choice, Form, FormErrors, RawForm, Select, TextInput};
use crate::page::{Page, render};
use crate::pages::filings::id_of;
use crate::pages::filings::words::{self, ListRow};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

const PAGE: u32 = 50;

/// Stands for nobody in forms.
pub(super) const NOBODY: &str = "nobody";

/// Which part of the queue is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    state: String,
    kind: String,
    whose: String,
    after: String,
    back: String,
    /// Whether every row of the page is chosen, for who has no JavaScript or no wish to press fifty times.
    all: String,
    /// What was just done.
    done: String,
}

/// A filter that the person keeps.
struct Kept {
    id: String,
    name: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/desks/queue.html")]
struct QueuePage {
    page: Page,
    desk: String,
    state: Select,
    kind: Select,
    whose: Select,
    name: TextInput,
    filter: Filter,
    kept: Vec<Kept>,
    rows: Vec<ListRow>,
    all: bool,
    choose_all: String,
    person: Select,
    may_assign: bool,
    /// Where reports told by telephone are taken down, for whoever may.
    enter: Option<&'static str>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    sorted: bool,
}

/// What is shown, as codes for the address and for hidden fields.
struct Filter {
    state: &'static str,
    kind: &'static str,
    whose: String,
}

impl Filter {
    fn new(filter: &DeskFilter) -> Self {
        Self {
            state: filter.state.code(),
            kind: filter.kind.map_or("", FilingKind::code),
            whose: filter.whose.to_string(),
        }
    }

    fn address(&self) -> String {
        format!(
            "/desk?state={}&kind={}&whose={}",
            self.state, self.kind, self.whose
        )
    }
}

/// The filter that codes stand for; what is not known shows what is open.
fn filter_of(state: &str, kind: &str, whose: &str) -> DeskFilter {
    DeskFilter {
        state: state.parse().unwrap_or(DeskState::Open),
        kind: kind.parse().ok(),
        whose: whose.parse().unwrap_or(Whose::Everybody),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let filter = filter_of(&wanted.state, &wanted.kind, &wanted.whose);
    let after = (!wanted.after.is_empty())
        .then(|| wanted.after.parse())
        .transpose()?;
    let queue = app.desk_queue(signed.actor(), &filter, after, PAGE).await?;
    let people = app.handlers(signed.actor()).await?;
    let may_assign = people
        .iter()
        .any(|handler| handler.id == signed.actor().person);
    let own_desk = Resource::Queue {
        desk: signed.actor().organisation,
    };
    let kept = app.saved_filters(signed.actor()).await?;
    let now = app.now();
    let codes = Filter::new(&filter);
    let way = ListWay::new(codes.address(), "after", wanted.after, &wanted.back);
    let next = queue.next.map(|cursor| cursor.to_string());
    let shown = t.with("filings-shown", "count", queue.items.len());
    let pagination = way.pagination(t, next.as_deref(), shown);
    let raw = RawForm::from_pairs([
        ("state", codes.state),
        ("kind", codes.kind),
        ("whose", codes.whose.as_str()),
    ]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let empty = if filter == DeskFilter::default() {
        EmptyState::new(t.get("desk-empty-title"), t.get("desk-empty-text"))
            .action("/desk?state=all", t.get("desk-empty-action"))
    } else {
        EmptyState::new(t.get("desk-none-title"), t.get("desk-none-text"))
            .action("/desk", t.get("desk-none-action"))
    };
    let mut page = signed.page("desk-title");
    if let Some((tone, key)) = done(&wanted.done) {
        page = page.notice(Banner::new(t, tone, t.get(key)));
    }
    if 0 < queue.overlooked {
        let text = t.with("desk-overlooked", "count", queue.overlooked);
        page = page.notice(Banner::new(t, Tone::Warning, text));
    }
    let persons = handler_choices(t, &people);
    Ok(render(&QueuePage {
        page,
        desk: crate::frame::named(t, &queue.desk.name_ja, &queue.desk.name_en),
        state: form.select("state", "desk-filter-state", states(t, queue.desk.kind)),
        kind: form.select("kind", "desk-filter-kind", kinds(t)),
        whose: form.select("whose", "desk-filter-whose", whose(t, &people)),
        name: form
            .text("name", "desk-filter-name")
            .hint("desk-filter-name-hint"),
        kept: kept.iter().map(|one| show_kept(one, &filter)).collect(),
        rows: queue
            .items
            .iter()
            .map(|item| words::list_row(t, item, now, true))
            .collect(),
        all: may_assign && !wanted.all.is_empty(),
        choose_all: format!("{}&all=yes#assign", codes.address()),
        person: form.select("person", "assign-person", persons),
        may_assign,
        enter: signed
            .must_be_allowed(&app, Action::WriteEntry, &own_desk)
            .is_ok()
            .then_some("/desk/entries"),
        filter: codes,
        empty,
        pagination,
        sorted: filter.state != DeskState::All,
    }))
}

fn show_kept(kept: &SavedFilter, filter: &DeskFilter) -> Kept {
    Kept {
        id: kept.id.to_string(),
        name: kept.name.clone(),
        href: Filter::new(&kept.filter).address(),
        current: kept.filter == *filter,
    }
}

/// Who can be named: somebody at the desk, or nobody.
pub(super) fn handler_choices(t: Texts, people: &[Handler]) -> Vec<Choice> {
    let nobody = Choice::new(NOBODY, t.get("assign-nobody"));
    people
        .iter()
        .map(person_choice)
        .chain(std::iter::once(nobody))
        .collect()
}

/// Whom a form names.
pub(super) enum Named {
    /// Nothing was chosen.
    Nothing,
    /// Somebody, or nobody.
    Handler(Option<PersonId>),
}

/// Reads whom a form names.
pub(super) fn handler_of(form: &RawForm) -> Result<Named, AppError> {
    match form.get("person") {
        "" => Ok(Named::Nothing),
        NOBODY => Ok(Named::Handler(None)),
        id => Ok(Named::Handler(Some(id_of(id)?))),
    }
}

fn person_choice(handler: &Handler) -> Choice {
    Choice::new(handler.id.to_string(), handler.name.clone())
}

/// What was done, as the page that it leads back to says.
fn done(code: &str) -> Option<(Tone, &'static str)> {
    match code {
        "assigned" => Some((Tone::Success, "assign-done")),
        "none" => Some((Tone::Warning, "assign-none")),
        "person" => Some((Tone::Error, "field-assignment-person-unknown")),
        "saved" => Some((Tone::Success, "desk-filter-saved")),
        "name" => Some((Tone::Error, "desk-filter-name-wrong")),
        "many" => Some((Tone::Error, "field-saved-filter-too-many")),
        "forgotten" => Some((Tone::Success, "desk-filter-forgotten")),
        _ => None,
    }
}

/// Whose entries can be wanted.
fn whose(t: Texts, people: &[Handler]) -> Vec<Choice> {
    [
        ("everybody", "whose-everybody"),
        ("mine", "whose-mine"),
        ("nobody", "whose-nobody"),
    ]
    .into_iter()
    .map(|(code, key)| Choice::new(code, t.get(key)))
    .chain(people.iter().map(person_choice))
    .collect()
}

/// The address of the queue that a form was sent from.
fn back(form: &RawForm, done: &str) -> axum::response::Response {
    let filter = filter_of(form.get("state"), form.get("kind"), form.get("whose"));
    let address = Filter::new(&filter).address();
    Redirect::to(&format!("{address}&done={done}")).into_response()
}

/// Names who handles the chosen filings.
pub(crate) async fn assign(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    // Who may not is told so before anything of the form is looked at.
    app.require_handler(signed.actor()).await?;
    let filings: Vec<FilingId> = form.all("filing").map(id_of).collect::<Result<_, _>>()?;
    if filings.is_empty() {
        return Ok(back(&form, "none"));
    }
    let Named::Handler(person) = handler_of(&form)? else {
        return Ok(back(&form, "person"));
    };
    match app.assign_filings(signed.actor(), &filings, person).await {
        Ok(_) => Ok(back(&form, "assigned")),
        Err(AppError::Invalid(_)) => Ok(back(&form, "person")),
        Err(error) => Err(error.into()),
    }
}

/// Keeps the present filter under a name.
pub(crate) async fn save(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let filter = filter_of(form.get("state"), form.get("kind"), form.get("whose"));
    let name = form.get("name");
    match app.save_filter(signed.actor(), name, &filter).await {
        Ok(()) => Ok(back(&form, "saved")),
        Err(AppError::Invalid(problems)) => {
            let many = problems
                .iter()
                .any(|problem| problem.code == "saved_filter_too_many");
            Ok(back(&form, if many { "many" } else { "name" }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Forgets a filter that was kept.
pub(crate) async fn forget(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    app.forget_filter(signed.actor(), id_of(&id)?).await?;
    Ok(back(&form, "forgotten"))
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
