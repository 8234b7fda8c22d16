use std::collections::BTreeMap;

use app::incidents::{DraftView, SavedDraft, Section, SectionField, Seen};
use app::{App, AppError};
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use formats::forms::{Field, FieldKind};
use http::StatusCode;
use ids::CaseId;
use policy::Actor;
use serde::Serialize;
use statute::{ItemNeed, ReportStage};

use super::case::next_stage;
use super::computers::{self, Row};
use super::new::page_token;
use super::words::Pairs;
use super::{conflict, typed, words};
use crate::components::ConfidenceBadge;
use crate::failure::{PageError, PageResult, form_urlencoded};
use crate::fmt;
use crate::forms::{
    AnswerState, Checkbox, Choice, Choices, ErrorSummary, FieldError, Form, FormErrors, InputKind,
    RawForm, Select, TextInput, Width,
};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Name of the search in the register, and of its button.
const FIND: &str = "find";

/// The controls of one field. What a kind does not have stays empty.
pub(in crate::pages) struct Control {
    /// The control itself, rendered.
    pub(in crate::pages) main: String,
    pub(in crate::pages) unit: Option<Select>,
    pub(in crate::pages) approximate: Option<Checkbox>,
    pub(in crate::pages) picker: Option<Choices>,
    /// A search in the register, where it holds more than is offered.
    pub(in crate::pages) find: Option<TextInput>,
    pub(in crate::pages) rows: Vec<Row>,
    pub(in crate::pages) legend: Option<String>,
    pub(in crate::pages) state: Option<AnswerState>,
    pub(in crate::pages) reason: Option<TextInput>,
    pub(in crate::pages) unsettled: Option<ConfidenceBadge>,
    pub(in crate::pages) mark: (String, String),
}

#[derive(Template)]
#[template(path = "pages/incidents/item.html")]
struct ItemPage {
    page: Page,
    summary: ErrorSummary,
    id: CaseId,
    item: u8,
    need: String,
    controls: Vec<Control>,
    token: String,
    version: i64,
    status: String,
    may_edit: bool,
    next: Option<u8>,
    answers: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Saved {
    message: String,
    version: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, item)): Path<(CaseId, u8)>,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let draft = app.view_draft(signed.actor(), id).await?;
    let (section, stage) = section(&app, &signed, &draft, item).await?;
    let mut raw = RawForm::empty();
    raw.push(FIND, RawForm::from_pairs(query).get(FIND));
    for field in &section.fields {
        typed::show(&mut raw, field.field, &field.typed);
    }
    // An empty section is not full of errors; what was typed and cannot be read is.
    let errors = errors_of(signed.here.t, &section, |field| field.problem);
    let view = view(&app, &signed, &draft, &section, stage, &raw, &errors).await?;
    Ok(render(&view))
}

/// Saves a section without JavaScript, or at its end, and goes on.
pub(super) async fn save(
    State(app): State<App>,
    Path((id, item)): Path<(CaseId, u8)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let draft = app.view_draft(signed.actor(), id).await?;
    let saved = keep(&app, signed.actor(), &draft, item, &raw).await?;
    if !saved.conflicts.is_empty() {
        let fields: Vec<&Field> = draft.fields().filter(|field| field.item == item).collect();
        let token = page_token(&app);
        let conflicts = &saved.conflicts;
        return Ok(conflict::page(
            app.rules(),
            &signed,
            id,
            item,
            &fields,
            conflicts,
            token,
        ));
    }
    let draft = app.view_draft(signed.actor(), id).await?;
    let (section, stage) = section(&app, &signed, &draft, item).await?;
    let errors = errors_of(signed.here.t, &section, |field| field.problem);
    if !errors.is_empty() {
        let view = view(&app, &signed, &draft, &section, stage, &raw, &errors).await?;
        return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    let to = match raw.get("then") {
        FIND => {
            let words = form_urlencoded(raw.get(FIND));
            format!("/cases/{id}/items/{item}?{FIND}={words}#f-{FIND}")
        }
        "next" if item < 7 => format!("/cases/{id}/items/{}", item.saturating_add(1)),
        _ => format!("/cases/{id}#items"),
    };
    Ok(Redirect::to(&to).into_response())
}

/// Saves what is typed while it is typed.
pub(super) async fn autosave(
    State(app): State<App>,
    Path((id, item)): Path<(CaseId, u8)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let t = signed.here.t;
    let draft = app.view_draft(signed.actor(), id).await?;
    let saved = keep(&app, signed.actor(), &draft, item, &raw).await?;
    let time = fmt::time(fmt::jst(saved.saved_at));
    let answer = Saved {
        message: t.with("autosave-saved", "time", time).into_owned(),
        version: saved.version.to_string(),
    };
    let status = if saved.conflicts.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    Ok((status, Json(answer)).into_response())
}

async fn keep(
    app: &App,
    actor: &Actor,
    draft: &DraftView,
    item: u8,
    raw: &RawForm,
) -> Result<SavedDraft, AppError> {
    // The page with both values of a conflict sends one field only.
    let only = raw.get("only");
    let mut fields = BTreeMap::new();
    let mut marks = BTreeMap::new();
    for field in draft.fields().filter(|field| field.item == item) {
        if !only.is_empty() && only != field.key {
            continue;
        }
        fields.insert(field.key.clone(), typed::read(raw, field));
        let mark = raw.get(&format!("mark.{}", field.key));
        if !mark.is_empty() {
            marks.insert(field.key.clone(), mark.to_owned());
        }
    }
    let seen = Seen::Page {
        token: raw.get("page").to_owned(),
        marks,
    };
    app.save_draft(actor, draft.case, &fields, &seen).await
}

async fn section(
    app: &App,
    signed: &Signed,
    draft: &DraftView,
    item: u8,
) -> Result<(Section, ReportStage), PageError> {
    let view = app.view_case(signed.actor(), draft.case).await?;
    let stage = next_stage(view.case.phase()).unwrap_or(ReportStage::Full);
    let section = app
        .sections(draft, stage)
        .into_iter()
        .find(|section| section.item == item)
        .ok_or(AppError::NotFound)?;
    Ok((section, stage))
}

pub(in crate::pages) fn errors_of(
    t: Texts,
    section: &Section,
    code: impl Fn(&SectionField) -> Option<&'static str>,
) -> FormErrors {
    let mut errors = FormErrors::new();
    for field in &section.fields {
        if let Some(code) = code(field) {
            let label = words::label(t, field.field);
            let mut error = FieldError::new(&field.field.key, label, words::error_key(t, code))
                .arg("max", field.field.max_chars.to_string());
            if matches!(field.field.kind, FieldKind::Date | FieldKind::DateTime) {
                error = error.part(if code.starts_with("time.") {
                    "hour"
                } else {
                    "year"
                });
            }
            errors.push(error);
        }
    }
    errors
}

async fn view(
    app: &App,
    signed: &Signed,
    draft: &DraftView,
    section: &Section,
    stage: ReportStage,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ItemPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), draft.case).await?;
    let may_edit = case.may_edit;
    let controls = controls(app, signed, section, raw, errors).await?;
    let title = named(t, &section.title_ja, &section.title_en);
    let heading = t.with2("cases-item", "number", section.item, "title", title);
    let status = match draft.saved_at {
        None => t.get("autosave-idle").into_owned(),
        Some((at, _)) => t
            .with("autosave-saved", "time", fmt::time(fmt::jst(at)))
            .into_owned(),
    };
    let need = match (section.need, stage) {
        (ItemNeed::Complete, _) => "cases-need-complete",
        (ItemNeed::AsKnown, _) => "cases-need-as-known",
        (ItemNeed::Answered, _) => "cases-need-answered",
    };
    Ok(ItemPage {
        page: signed
            .page_titled(heading)
            .crumb("/cases", t.get("cases-title"))
            .crumb(
                format!("/cases/{}", draft.case),
                case.case.parts().title.as_str(),
            )
            .with_errors(!errors.is_empty()),
        summary: ErrorSummary::new(t, errors),
        id: draft.case,
        item: section.item,
        need: t.get(need).into_owned(),
        controls,
        token: page_token(app),
        version: draft.version,
        status,
        may_edit,
        next: (section.item < 7).then(|| section.item.saturating_add(1)),
        answers: section
            .fields
            .iter()
            .map(|field| {
                let text = words::typed(t, app.rules(), field.field, &field.typed);
                (words::label(t, field.field), text)
            })
            .collect(),
    })
}

/// The controls of a section. The register is offered to whoever may read it.
pub(in crate::pages) async fn controls(
    app: &App,
    signed: &Signed,
    section: &Section,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<Vec<Control>, PageError> {
    let mut controls = Vec::new();
    for field in &section.fields {
        controls.push(control(app, signed, field, section.need, raw, errors).await?);
    }
    Ok(controls)
}

async fn control(
    app: &App,
    signed: &Signed,
    section_field: &SectionField,
    need: ItemNeed,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<Control, PageError> {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let field = section_field.field;
    let key = field.key.as_str();
    let mut control = Control {
        main: main_control(t, &form, section_field),
        unit: None,
        approximate: None,
        picker: None,
        find: None,
        rows: Vec::new(),
        legend: None,
        state: None,
        reason: None,
        unsettled: (field.confidence == formats::forms::LabelConfidence::Assumed)
            .then(|| ConfidenceBadge::new(t)),
        mark: (format!("mark.{key}"), section_field.typed.mark()),
    };
    if let FieldKind::Quantity(_) = &field.kind {
        let units = choices(t, field);
        control.unit = Some(form.select(&format!("{key}.unit"), "cases-unit", units));
        if field.approximate {
            let name = format!("{key}.approximate");
            control.approximate = Some(form.checkbox(&name, "cases-approximate-box"));
        }
    }
    if field.kind == FieldKind::Computers {
        let shown = typed::read(raw, field);
        let chosen = &section_field.typed;
        let offer = computers::offered(app, signed.actor(), chosen, raw.get(FIND)).await?;
        control.find = offer.searchable.then(|| {
            form.text(FIND, "cases-computers-find")
                .hint("cases-computers-find-hint")
                .width(Width::M)
        });
        control.picker = computers::picker(&form, key, offer);
        control.rows = computers::rows(t, &form, key, &shown);
        control.legend = Some(words::label(t, field));
    }
    // What must be filled in at every stage has no 「不明」.
    let must = need == ItemNeed::Complete && section_field.needed;
    if !must {
        control.state = Some(form.answer_state(key, "answer-state-legend"));
        control.reason = Some(
            form.text(&format!("{key}.reason"), "cases-reason")
                .hint("cases-reason-hint"),
        );
    }
    Ok(control)
}

fn main_control(t: Texts, form: &Form<'_>, section_field: &SectionField) -> String {
    let field = section_field.field;
    let key = field.key.as_str();
    macro_rules! finish {
        ($control:expr) => {{
            let mut control = $control.label_text(words::label(t, field));
            let hint = words::hint(t, field);
            if !hint.is_empty() {
                control = control.hint_text(hint);
            }
            if section_field.needed {
                control = control.required();
            }
            control.to_string()
        }};
    }
    match &field.kind {
        FieldKind::Text => {
            let kind = match key {
                "contact_phone" => InputKind::Tel,
                "contact_mail" => InputKind::Email,
                "corporate_number" => InputKind::Digits,
                _ => InputKind::Text,
            };
            finish!(form.text(key, "cases-answer").kind(kind))
        }
        FieldKind::LongText => {
            finish!(
                form.text_area(key, "cases-answer")
                    .max_chars(field.max_chars)
            )
        }
        FieldKind::Date => finish!(form.date(key, "cases-answer")),
        FieldKind::DateTime => {
            let mut control = form.date_time(key, "cases-answer").time_may_be_unknown();
            if field.approximate {
                control = control.may_be_approximate();
            }
            finish!(control)
        }
        FieldKind::Choice(_) => finish!(form.radios(key, "cases-answer", choices(t, field))),
        FieldKind::Choices(_) => finish!(form.checkboxes(key, "cases-answer", choices(t, field))),
        FieldKind::Quantity(_) => finish!(
            form.text(key, "cases-answer")
                .kind(InputKind::Digits)
                .width(Width::S)
        ),
        FieldKind::YesNo => {
            let yes_no = vec![
                Choice::new("yes", t.get("cases-yes")),
                Choice::new("no", t.get("cases-no")),
            ];
            finish!(form.radios(key, "cases-answer", yes_no).inline())
        }
        FieldKind::Computers => String::new(),
    }
}

fn choices(t: Texts, field: &Field) -> Vec<Choice> {
    words::options(field)
        .iter()
        .map(|option| Choice::new(option.code.as_str(), named(t, &option.ja, &option.en)))
        .collect()
}
