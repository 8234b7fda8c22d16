use std::collections::BTreeMap;

use app::submissions::{Content, NEEDED};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::CaseId;
use policy::{Action, Resource};
use statute::SubmissionAsk;

use super::words;
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

struct Item {
    title: String,
    lines: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/submissions/addressee.html")]
struct AddresseePage {
    page: Page,
    summary: ErrorSummary,
    at: String,
    back: String,
    basis: String,
    note: String,
    items: Vec<Item>,
    asked: Vec<TextArea>,
    choices: Vec<Choices>,
    may_record: bool,
    may_mail: bool,
}

/// What an addressee gets, and what only it asks.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, addressee)): Path<(CaseId, String)>,
) -> PageResult {
    let content = app
        .submission_content(signed.actor(), id, &addressee)
        .await?;
    let raw = answered(&content);
    let page = page(&app, &signed, (id, &content), &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

/// Keeps what only this addressee asks.
pub(super) async fn answer(
    State(app): State<App>,
    Path((id, addressee)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    must_record(&app, &signed, id).await?;
    let content = app
        .submission_content(signed.actor(), id, &addressee)
        .await?;
    let mut answers = BTreeMap::new();
    for name in content.items.iter().filter_map(|item| item.name.as_ref()) {
        if form.all(name).next().is_some() {
            answers.insert(name.clone(), form.get(name).to_owned());
        }
    }
    let at = format!("/cases/{id}/submissions/{addressee}");
    match app
        .answer_submission_items(signed.actor(), id, &answers)
        .await
    {
        Ok(()) => Ok(Redirect::to(&at).into_response()),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                errors.add(
                    &problem.field,
                    "submission-own-answer",
                    field_key(problem.code),
                );
            }
            let page = page(&app, &signed, (id, &content), &form, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(PageError::from(other).back_to(at)),
    }
}

/// Keeps whether an addressee is told at all.
pub(super) async fn decide(
    State(app): State<App>,
    Path((id, addressee)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let name = format!("{addressee}.{NEEDED}");
    let answers = BTreeMap::from([(name, posted.form.get("needed").to_owned())]);
    let back = format!("/cases/{id}/submissions");
    match app
        .answer_submission_items(posted.signed.actor(), id, &answers)
        .await
    {
        Ok(()) => Ok(Redirect::to(&back).into_response()),
        Err(AppError::Invalid(_)) => Err(AppError::NotFound.into()),
        Err(other) => Err(PageError::from(other).back_to(back)),
    }
}

/// Whoever may not record learns it before typing; to strangers the case does not exist.
pub(super) async fn must_record(app: &App, signed: &Signed, id: CaseId) -> Result<(), PageError> {
    let owner = app.view_case(signed.actor(), id).await?.case.parts().owner;
    signed.must_be_allowed(app, Action::RecordSubmission, &Resource::Case { id, owner })
}

fn answered(content: &Content) -> RawForm {
    let mut raw = RawForm::empty();
    for item in &content.items {
        if let Some(name) = &item.name {
            raw.push(name.as_str(), item.answer.as_str());
        }
    }
    raw
}

async fn page(
    app: &App,
    signed: &Signed,
    (id, content): (CaseId, &Content),
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<AddresseePage, PageError> {
    let t = signed.here.t;
    let overview = app.submission_overview(signed.actor(), id).await?;
    let form = Form::new(t, raw, errors);
    let mut asked = Vec::new();
    let mut choices = Vec::new();
    for item in &content.items {
        let (Some(ask), Some(name)) = (item.ask, &item.name) else {
            continue;
        };
        let title = words::title(t, item);
        match ask {
            SubmissionAsk::Text => asked.push(
                form.text_area(name, "submission-own-answer")
                    .label_text(title.clone())
                    .rows(2)
                    .max_chars(2000),
            ),
            SubmissionAsk::YesNo => choices.push(
                form.radios(
                    name,
                    "submission-own-answer",
                    vec![
                        Choice::new("yes", t.get("submission-yes")),
                        Choice::new("no", t.get("submission-no")),
                    ],
                )
                .label_text(title.clone()),
            ),
        }
    }
    let at = format!("/cases/{id}/submissions/{}", content.addressee.code());
    Ok(AddresseePage {
        page: signed
            .page_titled(words::name(t, content))
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), overview.title.as_str())
            .crumb(
                format!("/cases/{id}/submissions"),
                t.get("submissions-title"),
            )
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        at,
        back: format!("/cases/{id}/submissions"),
        basis: words::basis(t, &content.addressee),
        note: words::note(t, &content.addressee),
        items: content
            .items
            .iter()
            .filter(|item| !item.is_empty() || item.ask.is_none())
            .map(|item| Item {
                title: words::title(t, item),
                lines: words::lines(t, app.rules(), item),
            })
            .collect(),
        asked,
        choices,
        may_record: overview.may_record,
        may_mail: overview.may_record && app.sends_mail(),
    })
}
