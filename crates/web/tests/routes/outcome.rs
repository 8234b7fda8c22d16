//! What came of a request, as the table says it.

use axum::body::Body;
use http::{Response, StatusCode, header};
use http_body_util::BodyExt as _;

/// What a person or program was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Done or shown, or a form shown again: this one may.
    Ok,
    /// May, once the second factor is shown again.
    StepUp,
    /// May know of it, and may not do this.
    Forbidden,
    /// Does not exist for this one.
    NotFound,
    /// Is sent to the login.
    LogIn,
    /// The request itself is refused, whoever sends it.
    Refused(u16),
}

impl Outcome {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Ok => "ok".to_owned(),
            Self::StepUp => "step-up".to_owned(),
            Self::Forbidden => "403".to_owned(),
            Self::NotFound => "404".to_owned(),
            Self::LogIn => "log in".to_owned(),
            Self::Refused(status) => status.to_string(),
        }
    }

    /// Whether this one may, now or with a fresh second factor.
    pub(crate) const fn is_allowed(self) -> bool {
        matches!(self, Self::Ok | Self::StepUp)
    }
}

/// A response, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) outcome: Outcome,
    pub(crate) body: Vec<u8>,
}

pub(crate) async fn read(response: Response<Body>, api: bool) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let to = parts
        .headers
        .get(header::LOCATION)
        .map(|to| to.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let outcome = match parts.status {
        StatusCode::SEE_OTHER if to.starts_with("/login") => Outcome::LogIn,
        StatusCode::SEE_OTHER if to.starts_with("/step-up") => Outcome::StepUp,
        StatusCode::UNAUTHORIZED => Outcome::LogIn,
        StatusCode::FORBIDDEN if holds(&body, "step_up_required") => Outcome::StepUp,
        StatusCode::FORBIDDEN => Outcome::Forbidden,
        StatusCode::NOT_FOUND => Outcome::NotFound,
        // A form with errors is shown to whoever may send it; a program's body is read before anybody is asked.
        StatusCode::UNPROCESSABLE_ENTITY if !api => Outcome::Ok,
        StatusCode::CONFLICT => Outcome::Ok,
        status if status.is_success() || status.is_redirection() => Outcome::Ok,
        status if status.is_client_error() => Outcome::Refused(status.as_u16()),
        status => panic!("{status}: {}", String::from_utf8_lossy(&body)),
    };
    Answer {
        status: parts.status,
        outcome,
        body,
    }
}

fn holds(body: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(body).contains(text)
}
