use app::App;
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::components::{Banner, SummaryList, SummaryRow, Tone};
use crate::failure::PageResult;
use crate::frame::{organisation_name, role_name};
use crate::page::{Page, render};
use crate::session::Signed;

/// What was just done, to be said on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

#[derive(Template)]
#[template(path = "pages/account/overview.html")]
struct OverviewPage {
    page: Page,
    person: SummaryList,
    access: SummaryList,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(done): Query<Done>,
) -> PageResult {
    let t = signed.here.t;
    let person = &signed.current.person;
    let roles: Vec<String> = person
        .roles
        .iter()
        .map(|role| role_name(t, *role))
        .collect();
    let tokens = app.own_tokens(signed.actor()).await?.len();
    let codes = app.recovery_codes_left(signed.actor()).await?;
    let telephone = app.telephone_codes_left(signed.actor()).await?;
    let row = |key: &str, answer: &str| SummaryRow::new(t.get(key), answer);
    let mut page = signed.page("account-title");
    let said = match done.done.as_str() {
        "password" => Some("account-done-password"),
        "factor" => Some("account-done-factor"),
        "sessions" => Some("account-done-sessions"),
        "reminders" => Some("account-done-reminders"),
        _ => None,
    };
    if let Some(key) = said {
        page = page.notice(Banner::new(t, Tone::Success, t.get(key)));
    }
    let mut access = vec![
        row("login-password", &t.get("account-password-set")).change("/account/password"),
        row("account-factor", &t.get("account-factor-set")).change("/account/second-factor"),
        row(
            "account-recovery-title",
            &t.with("account-recovery-left", "count", codes.to_string()),
        )
        .change("/account/recovery"),
        row("account-sessions-title", &t.get("account-sessions-row")).change("/account/sessions"),
        row(
            "account-tokens-title",
            &t.with("account-tokens-count", "count", tokens),
        )
        .change("/account/tokens"),
        row("reminders-title", &t.get("account-reminders-row")).change("/account/reminders"),
    ];
    if let Some(left) = telephone {
        let text = t.with("telephone-codes-row", "count", left.to_string());
        access.push(row("telephone-codes-title", &text).change("/account/telephone-codes"));
    }
    Ok(render(&OverviewPage {
        page,
        person: SummaryList::new(
            t,
            vec![
                row("people-name", &person.name),
                row("login-name", person.login.as_str()),
                row(
                    "account-organisation",
                    &organisation_name(t, &signed.current),
                ),
                row("people-roles", &roles.join("\n")),
            ],
        ),
        access: SummaryList::new(t, access),
    }))
}
