use app::{App, AppError};
use askama::Template;
use axum::extract::State;

use crate::failure::{PageError, PageResult};
use crate::page::{Page, render};
use crate::session::{Posted, Signed};

const HERE: &str = "/account/telephone-codes";

#[derive(Template)]
#[template(path = "pages/entries/codes.html")]
struct CodesPage {
    page: Page,
    left: String,
    /// The codes that were just made, shown once.
    codes: Vec<String>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    page(&app, &signed, Vec::new()).await
}

pub(super) async fn make(State(app): State<App>, posted: Posted) -> PageResult {
    let signed = posted.signed;
    let codes = app
        .new_telephone_codes(signed.actor())
        .await
        .map_err(|error| PageError::from(error).back_to(HERE))?;
    page(&app, &signed, codes).await
}

async fn page(app: &App, signed: &Signed, codes: Vec<String>) -> PageResult {
    let left = app
        .telephone_codes_left(signed.actor())
        .await?
        .ok_or(AppError::NotFound)?;
    app.may_change_own_secrets(signed.actor())
        .map_err(|error| PageError::from(error).back_to(HERE))?;
    let t = signed.here.t;
    Ok(render(&CodesPage {
        page: signed
            .page("telephone-codes-title")
            .crumb("/account", t.get("account-title")),
        left: t
            .with("account-recovery-left", "count", left.to_string())
            .into_owned(),
        codes,
    }))
}
