use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::DeliveryId;

use crate::components::{SummaryList, SummaryRow};
use crate::failure::PageResult;
use crate::fmt;
use crate::frame::named;
use crate::page::{Page, render};
use crate::pages::outbox::reason;
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/outbox/retry.html")]
struct RetryPage {
    page: Page,
    summary: SummaryList,
}

/// Asks before a delivery is started again.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<DeliveryId>,
) -> PageResult {
    let t = signed.here.t;
    let entry = app.given_up_delivery(signed.actor(), id).await?;
    let addressee = named(t, &entry.addressee.0, &entry.addressee.1);
    let rows = vec![
        SummaryRow::new(t.get("outbox-addressee"), &addressee),
        SummaryRow::new(t.get("outbox-arrived"), &fmt::date_time(t, entry.filed_at)),
        SummaryRow::new(t.get("outbox-attempts"), &entry.attempts.to_string()),
        SummaryRow::new(
            t.get("outbox-reason"),
            &reason(t, entry.last_error.as_deref()),
        ),
        SummaryRow::new(t.get("outbox-id"), &id.to_string()),
    ];
    Ok(render(&RetryPage {
        page: signed
            .page("outbox-retry-title")
            .crumb("/outbox", t.get("outbox-title")),
        summary: SummaryList::new(t, rows),
    }))
}

pub(super) async fn post(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    posted: Posted,
) -> PageResult {
    app.retry_delivery(posted.signed.actor(), id).await?;
    Ok(Redirect::to("/outbox?state=pending").into_response())
}
