use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::FilingId;

use crate::failure::PageResult;
use crate::page::{Page, render};
use crate::pages::desks::check::once;
use crate::pages::filings::{id_of, words};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/desks/forward.html")]
struct ForwardPage {
    page: Page,
    what: String,
    operator: String,
    once: String,
    id: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    if !filing.allowed.forward {
        let code = if filing.forwardings.is_empty() {
            app::AppError::Forbidden
        } else {
            app::AppError::Conflict("already_forwarded")
        };
        return Err(code.into());
    }
    let number = filing.filing.number.as_str();
    Ok(render(&ForwardPage {
        page: signed
            .page("forward-title")
            .crumb("/desk", t.get("desk-title"))
            .crumb(format!("/filings/{id}"), number),
        what: t
            .with2(
                "desk-about",
                "kind",
                words::kind(t, filing.filing.kind),
                "number",
                number,
            )
            .into_owned(),
        operator: crate::frame::named(t, &filing.operator.name_ja, &filing.operator.name_en),
        once: app.ids().next_uuid().to_string(),
        id: id.to_string(),
    }))
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let done = app
        .forward_to_prime_minister(posted.signed.actor(), id, once(&posted.form))
        .await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/filings/{id}")).into_response()),
        Err(error) => {
            Err(crate::failure::PageError::from(error).back_to(format!("/filings/{id}/forward")))
        }
    }
}
