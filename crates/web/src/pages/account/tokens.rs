use app::identity::NewToken;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use ids::{ApiTokenId, TokenScope};

use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{
    Choice, Choices, ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width, digits,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

struct TokenRow {
    id: String,
    label: String,
    scopes: String,
    created: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "pages/account/tokens.html")]
struct AccountPage {
    page: Page,
    summary: ErrorSummary,
    label: TextInput,
    scopes: Choices,
    days: TextInput,
    tokens: Vec<TokenRow>,
    secret: Option<String>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let raw = RawForm::from_pairs([("days", "90")]);
    Ok(render(
        &view(&app, &signed, &raw, &FormErrors::new(), None).await?,
    ))
}

async fn view(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
    secret: Option<String>,
) -> Result<AccountPage, PageError> {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let choices = TokenScope::ALL
        .iter()
        .map(|scope| Choice::new(scope.code(), t.get(&scope_key(*scope))))
        .collect();
    let tokens = app
        .own_tokens(signed.actor())
        .await?
        .into_iter()
        .map(|token| TokenRow {
            id: token.id.to_string(),
            label: token.label,
            scopes: token
                .scopes
                .iter()
                .map(|scope| t.get(&scope_key(*scope)).into_owned())
                .collect::<Vec<_>>()
                .join("、"),
            created: fmt::date_time(t, token.created_at),
            expires: fmt::date_time(t, token.expires_at),
        })
        .collect();
    Ok(AccountPage {
        page: signed
            .page("account-tokens-title")
            .crumb("/account", t.get("account-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        label: form
            .text("label", "account-token-label")
            .hint("account-token-label-hint")
            .required(),
        scopes: form
            .checkboxes("scopes", "account-token-scopes", choices)
            .required(),
        days: form
            .text("days", "account-token-days")
            .kind(InputKind::Digits)
            .width(Width::Xs)
            .required(),
        tokens,
        secret,
    })
}

fn scope_key(scope: TokenScope) -> String {
    format!("token-scope-{}", scope.code())
}

pub(super) async fn issue(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let scopes = form
        .all("scopes")
        .filter_map(|scope| scope.parse().ok())
        .collect();
    let new = NewToken {
        label: form.get("label").to_owned(),
        scopes,
        days: digits::integer::<u32>(form.get("days")).unwrap_or(0),
    };
    match app.issue_token(signed.actor(), new).await {
        Ok(issued) => {
            let raw = RawForm::from_pairs([("days", "90")]);
            let page = view(&app, &signed, &raw, &FormErrors::new(), Some(issued.secret)).await?;
            Ok(render(&page))
        }
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                let label = match problem.field.as_str() {
                    "label" => ("label", "account-token-label"),
                    "scopes" => ("scopes", "account-token-scopes"),
                    _ => ("days", "account-token-days"),
                };
                errors.add(label.0, label.1, field_key(problem.code));
            }
            let page = view(&app, &signed, &form, &errors, None).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(PageError::from(other).back_to("/account/tokens")),
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    Path(id): Path<ApiTokenId>,
    posted: Posted,
) -> Result<Response, PageError> {
    app.revoke_token(posted.signed.actor(), id).await?;
    Ok(Redirect::to("/account/tokens").into_response())
}
