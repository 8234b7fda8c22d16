use app::incidents::WithdrawalInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::CaseId;
use model::incidents::{CaseStep, WithdrawalReason};
use policy::{Action, Resource};

use super::new::page_token;
use super::words;
use crate::failure::{PageError, PageResult};
use crate::forms::{
    Choice, Choices, ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/incidents/withdraw.html")]
struct WithdrawPage {
    page: Page,
    summary: ErrorSummary,
    id: CaseId,
    reason: Choices,
    explanation: TextArea,
    key: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    must_withdraw(&app, &signed, id).await?;
    let raw = RawForm::empty();
    Ok(render(
        &view(&app, &signed, id, &raw, &FormErrors::new()).await?,
    ))
}

pub(super) async fn file(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    must_withdraw(&app, &signed, id).await?;
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let reason = raw.get("reason").parse::<WithdrawalReason>().ok();
    if reason.is_none() {
        errors.add("reason", "cases-withdraw-reason", "form-error-choose");
    }
    let explanation = raw.get("explanation").to_owned();
    if explanation.trim().is_empty() {
        errors.add(
            "explanation",
            "cases-withdraw-explanation",
            "form-error-missing",
        );
    }
    if let Some(reason) = reason.filter(|_| errors.is_empty()) {
        let input = WithdrawalInput {
            reason,
            explanation,
        };
        let key = Some(raw.get("key")).filter(|key| !key.is_empty());
        match app.withdraw_report(signed.actor(), id, &input, key).await {
            Ok(filed) => {
                let to = format!("/filings/{}/receipt", filed.filing);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let key = words::error_key(t, problem.code);
                    errors.push(FieldError::new(
                        &problem.field,
                        "cases-withdraw-explanation",
                        key,
                    ));
                }
            }
            Err(other) => {
                return Err(PageError::from(other).back_to(format!("/cases/{id}/withdrawal")));
            }
        }
    }
    let view = view(&app, &signed, id, &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// Whoever may not withdraw learns it before typing; to strangers the case does not exist.
async fn must_withdraw(app: &App, signed: &Signed, id: CaseId) -> Result<(), PageError> {
    let owner = app.view_case(signed.actor(), id).await?.case.parts().owner;
    signed.must_be_allowed(app, Action::FileReport, &Resource::Case { id, owner })
}

async fn view(
    app: &App,
    signed: &Signed,
    id: CaseId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<WithdrawPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    if !case.steps.contains(&CaseStep::Withdraw) {
        return Err(AppError::Conflict("case.phase").into());
    }
    let form = Form::new(t, raw, errors);
    let reasons = WithdrawalReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.code(), words::withdrawal(t, *reason)))
        .collect();
    Ok(WithdrawPage {
        page: signed
            .page("cases-withdraw-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        reason: form
            .radios("reason", "cases-withdraw-reason", reasons)
            .required(),
        explanation: form
            .text_area("explanation", "cases-withdraw-explanation")
            .rows(4)
            .max_chars(2000)
            .required(),
        key: page_token(app),
    })
}
