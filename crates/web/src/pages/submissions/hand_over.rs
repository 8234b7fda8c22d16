use app::filing::AttachmentUpload;
use app::submissions::SubmissionInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::CaseId;
use model::submissions::SubmissionStage;

use super::addressee::must_record;
use super::words;
use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{
    Choice, Choices, DateTimeInput, ErrorSummary, FileInput, Form, FormErrors, RawForm, TextArea,
    TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::pages::incidents::new::{page_token, take_moment};
use crate::print::submission::papers;
use crate::problem::WebError;
use crate::session::Signed;

/// Room for the fields around the file.
const FORM_BYTES: u64 = 1024 * 1024;

#[derive(Template)]
#[template(path = "pages/submissions/hand_over.html")]
struct HandOverPage {
    page: Page,
    summary: ErrorSummary,
    at: String,
    note: String,
    stage: Choices,
    desk: TextInput,
    happened_at: DateTimeInput,
    number: TextInput,
    how: TextArea,
    copy: FileInput,
    key: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, addressee)): Path<(CaseId, String)>,
) -> PageResult {
    must_record(&app, &signed, id).await?;
    let now = fmt::jst(app.now());
    let raw = RawForm::from_pairs([
        ("stage", SubmissionStage::Prompt.code().to_owned()),
        ("happened_at.year", now.year().to_string()),
        ("happened_at.month", now.month().to_string()),
        ("happened_at.day", now.day().to_string()),
    ]);
    let page = page(&app, &signed, (id, &addressee), &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

/// Freezes what was handed over.
pub(super) async fn record(
    State(app): State<App>,
    signed: Signed,
    Path((id, addressee)): Path<(CaseId, String)>,
    mut request: Request,
) -> PageResult {
    must_record(&app, &signed, id).await?;
    let limit = app
        .config()
        .limits
        .attachment_bytes
        .saturating_add(FORM_BYTES);
    DefaultBodyLimit::max(usize::try_from(limit).unwrap_or(usize::MAX)).apply(&mut request);
    let Ok(multipart) = Multipart::from_request(request, &app).await else {
        return Err(WebError::of_status(StatusCode::BAD_REQUEST).into());
    };
    let (raw, copy) = read(multipart).await?;
    signed.require_csrf(raw.csrf())?;
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let happened_at = take_moment(
        &app,
        t,
        &raw,
        "happened_at",
        "submission-happened-at",
        &mut errors,
    );
    let stage = raw.get("stage").parse().ok();
    if stage.is_none() {
        errors.add("stage", "submission-stage", "form-error-choose");
    }
    if raw.get("desk").trim().is_empty() {
        errors.add("desk", "submission-desk", "form-error-missing");
    }
    if let Some(stage) = stage.filter(|_| errors.is_empty()) {
        let content = app
            .submission_content(signed.actor(), id, &addressee)
            .await?;
        let papers = papers(&app, t, &content);
        let input = SubmissionInput {
            addressee: addressee.clone(),
            stage,
            desk: raw.get("desk").to_owned(),
            happened_at,
            number: raw.get("number").to_owned(),
            note: raw.get("note").to_owned(),
            copy,
        };
        let key = Some(raw.get("key")).filter(|key| !key.is_empty());
        match app
            .record_submission(signed.actor(), id, input, papers, key)
            .await
        {
            Ok(_) => {
                let to = format!("/cases/{id}/submissions");
                return Ok(Redirect::to(&to).into_response());
            }
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let label = match problem.field.as_str() {
                        "desk" => "submission-desk",
                        "number" => "submission-number-label",
                        "note" => "submission-how",
                        "copy" => "submission-copy",
                        _ => "submission-happened-at",
                    };
                    errors.add(&problem.field, label, field_key(problem.code));
                }
            }
            Err(other) => {
                let at = format!("/cases/{id}/submissions/{addressee}/manual");
                return Err(PageError::from(other).back_to(at));
            }
        }
    }
    let page = page(&app, &signed, (id, &addressee), &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

type Read = (RawForm, Option<(String, AttachmentUpload)>);

async fn read(mut multipart: Multipart) -> Result<Read, PageError> {
    let wrong = |error: axum::extract::multipart::MultipartError| -> PageError {
        WebError::of_status(error.status()).into()
    };
    let mut raw = RawForm::empty();
    let mut copy = None;
    while let Some(field) = multipart.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "copy" {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let claimed_type = field.content_type().map(str::to_owned);
            let content = field.bytes().await.map_err(wrong)?.to_vec();
            // A browser sends one empty part when no file was chosen.
            if !file_name.is_empty() || !content.is_empty() {
                let upload = AttachmentUpload {
                    content,
                    claimed_type,
                };
                copy = Some((file_name, upload));
            }
        } else {
            raw.push(name, field.text().await.map_err(wrong)?);
        }
    }
    Ok((raw, copy))
}

async fn page(
    app: &App,
    signed: &Signed,
    (id, addressee): (CaseId, &str),
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<HandOverPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let content = app
        .submission_content(signed.actor(), id, addressee)
        .await?;
    let form = Form::new(t, raw, errors);
    let at = format!("/cases/{id}/submissions/{addressee}");
    Ok(HandOverPage {
        page: signed
            .page("submission-manual-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
            .crumb(
                format!("/cases/{id}/submissions"),
                t.get("submissions-title"),
            )
            .crumb(at.clone(), words::name(t, &content))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        note: words::note(t, &content.addressee),
        stage: form
            .radios(
                "stage",
                "submission-stage",
                vec![
                    Choice::new("prompt", t.get("submission-stage-prompt")),
                    Choice::new("full", t.get("submission-stage-full")),
                ],
            )
            .required(),
        desk: form
            .text("desk", "submission-desk")
            .hint("submission-desk-hint")
            .width(Width::M)
            .required(),
        happened_at: form
            .date_time("happened_at", "submission-happened-at")
            .required(),
        number: form
            .text("number", "submission-number-label")
            .hint("submission-number-hint")
            .width(Width::M),
        how: form
            .text_area("note", "submission-how")
            .hint("submission-how-hint")
            .rows(3)
            .max_chars(1000),
        copy: form
            .file("copy", "submission-copy")
            .hint("submission-copy-hint"),
        key: page_token(app),
        at,
    })
}
