use app::App;
use app::desks::{CorrectionReply, CorrectionThread};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::CorrectionId;

use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::corrections::field::{self, LABEL, VALUE};
use crate::pages::desks::form_errors;
use crate::pages::filings::view::{Thread, thread};
use crate::pages::filings::{document, id_of, words};
use crate::session::{Posted, Signed};

/// Whether a value is corrected, or only an explanation is sent.
const HOW: &str = "how";
const CORRECT: &str = "correct";

#[derive(Template)]
#[template(path = "pages/corrections/answer.html")]
struct AnswerPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    desk: String,
    thread: Thread,
    may_answer: bool,
    present: Vec<String>,
    how: Option<Choices>,
    controls: Vec<String>,
    text: TextArea,
    once: String,
    seen: String,
    filing: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let correction = app.view_correction(signed.actor(), id_of(&id)?).await?;
    // Ask for the second factor before anything is typed, not after.
    if correction.may_answer && signed.actor().step_up == policy::StepUp::Stale {
        return Err(PageError::from(app::AppError::StepUpRequired).back_to(signed.path()));
    }
    let mut raw = RawForm::from_pairs([
        ("once", app.ids().next_uuid().to_string()),
        ("seen", correction.latest.id.to_string()),
        (HOW, CORRECT.to_owned()),
    ]);
    let path = &correction.request.field;
    if let Some(field) = field::correctable(&correction.body, path) {
        field::fill(&mut raw, &correction.body, field, path);
    }
    Ok(render(&view(
        &signed,
        &correction,
        &raw,
        &FormErrors::new(),
    )))
}

fn view(
    signed: &Signed,
    correction: &CorrectionThread,
    raw: &RawForm,
    errors: &FormErrors,
) -> AnswerPage {
    let t = signed.here.t;
    let path = &correction.request.field;
    let form = Form::new(t, raw, errors);
    let field = field::correctable(&correction.body, path);
    let present = document::sections(t, &correction.body)
        .into_iter()
        .flat_map(|section| section.rows)
        .find(|row| row.path == *path)
        .map(|row| row.lines)
        .unwrap_or_default();
    AnswerPage {
        page: signed
            .page("correction-title")
            .crumb("/corrections", t.get("corrections-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        what: t
            .with2(
                "desk-about",
                "kind",
                words::kind(t, correction.filing.kind),
                "number",
                correction.filing.number.as_str(),
            )
            .into_owned(),
        desk: crate::frame::named(t, &correction.desk.name_ja, &correction.desk.name_en),
        thread: thread(t, &correction.body, &correction.request),
        may_answer: correction.may_answer,
        present,
        how: field.is_some().then(|| {
            form.radios(
                HOW,
                "correction-how",
                vec![
                    Choice::new(CORRECT, t.get("correction-how-correct"))
                        .hint(t.get("correction-how-correct-hint")),
                    Choice::new("explain", t.get("correction-how-explain")),
                ],
            )
            .required()
        }),
        controls: field
            .map(|field| field::controls(t, &form, field))
            .unwrap_or_default(),
        text: form
            .text_area("text", "correction-text")
            .hint("correction-text-hint")
            .max_chars(2000)
            .required(),
        once: raw.get("once").to_owned(),
        seen: raw.get("seen").to_owned(),
        filing: format!("/filings/{}", correction.filing.id),
    }
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: CorrectionId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let correction = app.view_correction(signed.actor(), id).await?;
    let mut errors = FormErrors::new();
    let path = &correction.request.field;
    let value = match field::correctable(&correction.body, path) {
        Some(field) if form.get(HOW) == CORRECT => {
            field::read(app.rules(), field, &form, &mut errors)
        }
        Some(_) | None => None,
    };
    if errors.is_empty() {
        let reply = CorrectionReply {
            text: form.get("text"),
            value,
            seen: form.get("seen").parse().ok(),
        };
        let key = Some(form.get("once")).filter(|key| !key.is_empty());
        match app.answer_correction(signed.actor(), id, reply, key).await {
            Ok(done) => {
                let next = done.filing.map_or_else(
                    || format!("/filings/{}#corrections", correction.filing.id),
                    |filing| format!("/filings/{filing}/receipt"),
                );
                return Ok(Redirect::to(&next).into_response());
            }
            Err(app::AppError::StepUpRequired) => {
                errors.add("text", "correction-text", "correction-step-up");
            }
            Err(error) => {
                errors = form_errors(error, &[("text", "correction-text"), (VALUE, LABEL)])?;
            }
        }
    }
    Ok(render_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &view(&signed, &correction, &form, &errors),
    ))
}
