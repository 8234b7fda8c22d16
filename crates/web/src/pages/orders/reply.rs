use app::orders::ReplyInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::DirectiveId;

use super::{must_be_fresh, view::title};
use crate::failure::{PageError, PageResult};
use crate::forms::{ErrorSummary, Form, FormErrors, RawForm, TextArea, TextInput};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::desks::once;
use crate::pages::filings::id_of;
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/orders/reply.html")]
struct ReplyPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    asked: String,
    text: TextArea,
    filing_number: TextInput,
    once: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let raw = RawForm::from_pairs([("once", app.ids().next_uuid().to_string())]);
    let page = make(&app, &signed, id_of(&id)?, &raw, &FormErrors::new()).await?;
    must_be_fresh(&signed)?;
    Ok(render(&page))
}

async fn make(
    app: &App,
    signed: &Signed,
    id: DirectiveId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ReplyPage, PageError> {
    let t = signed.here.t;
    let view = app.view_directive(signed.actor(), id).await?;
    if !view.allowed.reply {
        let refusal = if view.file.is_open() {
            AppError::Forbidden
        } else {
            AppError::Conflict("directive_closed")
        };
        return Err(refusal.into());
    }
    let form = Form::new(t, raw, errors);
    let what = title(t, &view);
    Ok(ReplyPage {
        page: signed
            .page("directive-reply-title")
            .crumb("/directives", t.get("directives-title"))
            .crumb(format!("/directives/{id}"), what.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        what,
        asked: view.file.directive.text,
        text: form
            .text_area("text", "directive-reply-text")
            .hint("directive-reply-text-hint")
            .max_chars(4000)
            .required(),
        filing_number: form
            .text("filing_number", "directive-reply-number")
            .hint("directive-reply-number-hint"),
        once: raw.get("once").to_owned(),
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: DirectiveId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let input = ReplyInput {
        text: form.get("text"),
        filing_number: form.get("filing_number"),
    };
    let errors = match app
        .reply_to_directive(signed.actor(), id, input, once(&form))
        .await
    {
        Ok(_) => return Ok(Redirect::to(&format!("/directives/{id}#answers")).into_response()),
        Err(AppError::StepUpRequired) => {
            let mut errors = FormErrors::new();
            errors.add("text", "directive-reply-text", "correction-step-up");
            errors
        }
        Err(error) => form_errors(
            error,
            &[
                ("text", "directive-reply-text"),
                ("filing_number", "directive-reply-number"),
            ],
        )?,
    };
    let page = make(&app, &signed, id, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
