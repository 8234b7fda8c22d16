//! The accessibility policy (アクセシビリティ方針), open to everyone.

use askama::Template;
use axum::{response::Response, routing::get};

use crate::page::{Here, Page, render};
use crate::routes::Routes;

/// The Japanese standard whose level AA is the target; its revision changes this line only.
pub const JIS: &str = "JIS X 8341-3:2016";

/// The edition of the Web Content Accessibility Guidelines whose level AA is the target.
pub const WCAG: &str = "WCAG 2.2";

#[derive(Template)]
#[template(path = "pages/accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

/// Serves the policy at `/accessibility`.
pub fn routes<S>() -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    Routes::new().route("/accessibility", get(show))
}

async fn show(here: Here) -> Response {
    let page = here.page("accessibility-title");
    render(&AccessibilityPage { page })
}
