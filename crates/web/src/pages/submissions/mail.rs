use app::submissions::{LetterWords, MailInput, Mailed};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use ids::{CaseId, SubmissionId};
use model::submissions::SubmissionStage;
use policy::{Action, Resource, StepUp};

use super::words;
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{
    Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::pages::incidents::new::page_token;
use crate::print::submission::papers;
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/submissions/mail.html")]
struct MailPage {
    page: Page,
    summary: ErrorSummary,
    at: String,
    note: String,
    stage: Choices,
    desk: TextInput,
    to: TextInput,
    remark: TextArea,
    key: String,
}

#[derive(Template)]
#[template(path = "pages/submissions/mailed.html")]
struct MailedPage {
    page: Page,
    id: SubmissionId,
    password: Option<String>,
    back: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, addressee)): Path<(CaseId, String)>,
) -> PageResult {
    let at = format!("/cases/{id}/submissions/{addressee}/mail");
    // Ask for the second factor before anything is typed, not after.
    must_send(&app, &signed, id)
        .await
        .map_err(|error| error.back_to(at))?;
    let raw = RawForm::from_pairs([("stage", SubmissionStage::Prompt.code())]);
    let page = page(&app, &signed, (id, &addressee), &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

/// Puts a letter into the outbox, and shows the password once.
pub(super) async fn send(
    State(app): State<App>,
    Path((id, addressee)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let at = format!("/cases/{id}/submissions/{addressee}/mail");
    must_send(&app, &signed, id)
        .await
        .map_err(|error| error.back_to(at.clone()))?;
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let stage = raw.get("stage").parse().ok();
    if stage.is_none() {
        errors.add("stage", "submission-stage", "form-error-choose");
    }
    for (field, label) in [("desk", "submission-desk"), ("to", "submission-to")] {
        if raw.get(field).trim().is_empty() {
            errors.add(field, label, "form-error-missing");
        }
    }
    if let Some(stage) = stage.filter(|_| errors.is_empty()) {
        let content = app
            .submission_content(signed.actor(), id, &addressee)
            .await?;
        let letter = LetterWords {
            subject: t.get("submission-mail-subject").into_owned(),
            text: t.get("submission-mail-text").into_owned(),
        };
        let input = MailInput {
            addressee: addressee.clone(),
            stage,
            desk: raw.get("desk").to_owned(),
            to: raw.get("to").to_owned(),
            note: raw.get("note").to_owned(),
        };
        let key = Some(raw.get("key")).filter(|key| !key.is_empty());
        let with = (papers(&app, t, &content), letter);
        match app
            .mail_submission(signed.actor(), id, input, with, key)
            .await
        {
            Ok(mailed) => return Ok(shown_once(&signed, id, mailed)),
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let label = match problem.field.as_str() {
                        "desk" => "submission-desk",
                        "note" => "submission-event-note",
                        _ => "submission-to",
                    };
                    errors.add(&problem.field, label, field_key(problem.code));
                }
            }
            Err(other) => return Err(PageError::from(other).back_to(at)),
        }
    }
    let page = page(&app, &signed, (id, &addressee), &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn shown_once(signed: &Signed, id: CaseId, mailed: Mailed) -> Response {
    let t = signed.here.t;
    let back = format!("/cases/{id}/submissions");
    render(&MailedPage {
        page: signed
            .page("submission-mailed-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(back.clone(), t.get("submissions-title")),
        id: mailed.submission,
        password: mailed.password,
        back,
    })
}

/// Whoever may not send learns it before typing; an instance without mail has no such page.
pub(super) async fn must_send(app: &App, signed: &Signed, id: CaseId) -> Result<(), PageError> {
    let owner = app.view_case(signed.actor(), id).await?.case.parts().owner;
    signed.must_be_allowed(app, Action::SendSubmission, &Resource::Case { id, owner })?;
    if !app.sends_mail() {
        return Err(AppError::NotFound.into());
    }
    match signed.actor().step_up {
        StepUp::Fresh => Ok(()),
        StepUp::Stale => Err(AppError::StepUpRequired.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    (id, addressee): (CaseId, &str),
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<MailPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let content = app
        .submission_content(signed.actor(), id, addressee)
        .await?;
    let form = Form::new(t, raw, errors);
    let at = format!("/cases/{id}/submissions/{addressee}");
    let stages = vec![
        Choice::new("prompt", t.get("submission-stage-prompt")),
        Choice::new("full", t.get("submission-stage-full")),
    ];
    Ok(MailPage {
        page: signed
            .page("submission-mail-title")
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
        stage: form.radios("stage", "submission-stage", stages).required(),
        desk: form
            .text("desk", "submission-desk")
            .hint("submission-desk-hint")
            .width(Width::M)
            .required(),
        to: form
            .text("to", "submission-to")
            .hint("submission-to-hint")
            .width(Width::M)
            .required(),
        remark: form
            .text_area("note", "submission-event-note")
            .rows(2)
            .max_chars(1000),
        key: page_token(app),
        at,
    })
}
