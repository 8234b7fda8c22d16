//! The own account: password, second factor, recovery codes, sessions and API tokens.

pub(crate) mod factor;
mod notices;
mod overview;
mod password;
mod recovery;
mod reminders;
mod sessions;
mod tokens;

use app::AppError;
use axum::routing::{get, post};
use ids::SessionId;

use crate::failure::PageError;
use crate::routes::Routes;
use crate::session::Signed;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/account", get(overview::show))
        .route(
            "/account/password",
            get(password::show).post(password::change),
        )
        .route(
            "/account/second-factor",
            get(factor::show).post(factor::change),
        )
        .route(
            "/account/recovery",
            get(recovery::show).post(recovery::make),
        )
        .route("/account/sessions", get(sessions::show))
        .route("/account/sessions/end", post(sessions::end_others))
        .route("/account/notices", get(notices::show))
        .route("/account/notices/read", post(notices::read))
        .route(
            "/account/reminders",
            get(reminders::show).post(reminders::set),
        )
        .route("/account/calendar", post(reminders::make_calendar))
        .route("/account/calendar/end", post(reminders::end_calendar))
        .route("/account/tokens", get(tokens::show).post(tokens::issue))
        .route("/account/tokens/{id}/revoke", post(tokens::revoke))
}

/// The session of a page; there is always one, since tokens open no pages.
fn session_of(signed: &Signed) -> Result<SessionId, PageError> {
    match &signed.current.session {
        Some(session) => Ok(session.id),
        None => Err(AppError::Bug("a page without a session").into()),
    }
}
