//! What a use case refuses, as pages and programs are told.

use app::AppError;
use app::documents::page::PrintError;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use crate::problem::{FieldProblem, WebError};
use crate::resume::Interrupted;
use crate::texts::Texts;

/// Result of a page handler.
pub type PageResult = Result<Response, PageError>;

/// Why a page could not be shown. Becomes a page, or a redirect to login or to the second factor.
#[derive(Debug)]
pub enum PageError {
    /// An error with words of its own.
    Web(Box<WebError>),
    /// Nobody is logged in; after the login the browser comes back to this path.
    LogIn {
        /// Path and query to come back to.
        next: String,
    },
    /// A form arrived after the session had ended; what was typed is carried through the login.
    Interrupted(Box<Interrupted>),
    /// The second factor must be shown again; afterwards the browser comes back to this path.
    StepUp {
        /// Path and query to come back to; `None` where the caller has to say.
        next: Option<String>,
    },
}

impl PageError {
    /// Says where to come back to after the second factor was shown.
    #[must_use]
    pub fn back_to(self, path: impl Into<String>) -> Self {
        match self {
            Self::StepUp { next: None } => Self::StepUp {
                next: Some(path.into()),
            },
            other => other,
        }
    }
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::StepUpRequired => Self::StepUp { next: None },
            other => Self::Web(Box::new(web_error(other))),
        }
    }
}

impl From<WebError> for PageError {
    fn from(error: WebError) -> Self {
        Self::Web(Box::new(error))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::Web(error) => error.into_response(),
            Self::LogIn { next } => Redirect::to(&with_next("/login", &next)).into_response(),
            Self::Interrupted(interrupted) => interrupted.into_response(),
            Self::StepUp { next } => {
                Redirect::to(&with_next("/step-up", next.as_deref().unwrap_or("/"))).into_response()
            }
        }
    }
}

/// Adds a path of this server to come back to.
pub fn with_next(path: &str, next: &str) -> String {
    let mut query = form_urlencoded(next);
    query.insert_str(0, "?next=");
    query.insert_str(0, path);
    query
}

/// A text as the value of a query (RFC 3986).
pub(crate) fn form_urlencoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => {
                use std::fmt::Write as _;
                // Writing to a String cannot fail.
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

/// Only paths of this server are followed after a login, never another host.
pub fn local_path(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if safe { next } else { "/" }
}

/// The status and code of a refusal.
pub fn web_error(error: AppError) -> WebError {
    let code = error.code();
    let status = match &error {
        AppError::Unauthenticated => StatusCode::UNAUTHORIZED,
        AppError::Forbidden | AppError::StepUpRequired => StatusCode::FORBIDDEN,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Conflict(_)
        | AppError::Stale
        | AppError::NotInForce(_)
        | AppError::Addressees(_)
        | AppError::DeskMissing { .. }
        | AppError::Attachment(_) => StatusCode::CONFLICT,
        AppError::TooLarge(_) | AppError::Print(PrintError::TooLarge) => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        AppError::TooMany { retry_after_secs } => {
            let secs = u32::try_from(*retry_after_secs).unwrap_or(u32::MAX);
            return WebError::too_many(secs);
        }
        AppError::StorageFull(_) => StatusCode::INSUFFICIENT_STORAGE,
        AppError::Print(PrintError::NoFont { .. } | PrintError::NotAvailable) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        AppError::Store(failure) if failure.is_temporary() => {
            return WebError::unavailable(5).caused_by(error);
        }
        AppError::Folder(_)
        | AppError::Store(_)
        | AppError::Log(_)
        | AppError::Receipt(_)
        | AppError::Print(PrintError::Failed(_))
        | AppError::Bug(_) => {
            return WebError::internal().caused_by(error);
        }
    };
    match error {
        AppError::Invalid(problems) => WebError::invalid(
            problems
                .into_iter()
                .map(|problem| FieldProblem {
                    pointer: pointer(&problem.field),
                    code: problem.code.to_owned(),
                    detail: String::new(),
                })
                .collect(),
        ),
        other => WebError::new(status, code).caused_by(other),
    }
}

/// The same, with the words of each field in a language.
pub fn worded(error: AppError, t: Texts) -> WebError {
    match error {
        AppError::Invalid(problems) => WebError::invalid(
            problems
                .into_iter()
                .map(|problem| FieldProblem {
                    pointer: pointer(&problem.field),
                    code: problem.code.to_owned(),
                    detail: field_text(t, problem.code),
                })
                .collect(),
        ),
        other => web_error(other),
    }
}

/// What a field code says; the text key is `field-` and the code with hyphens.
pub fn field_text(t: Texts, code: &str) -> String {
    t.find(&field_key(code))
        .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned)
}

/// Text key of a field code.
pub fn field_key(code: &str) -> String {
    format!("field-{}", code.replace(['_', '.'], "-"))
}

fn pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') {
        field.to_owned()
    } else {
        format!("/{field}")
    }
}

#[cfg(test)]
mod tests {
    use super::{local_path, with_next};

    #[test]
    fn only_paths_of_this_server_are_followed() {
        assert_eq!(local_path("/cases/1?x=2"), "/cases/1?x=2");
        for next in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\nb",
        ] {
            assert_eq!(local_path(next), "/", "{next:?}");
        }
    }

    #[test]
    fn the_way_back_survives_the_query() {
        assert_eq!(
            with_next("/login", "/cases?a=b&c"),
            "/login?next=/cases%3Fa%3Db%26c"
        );
    }
}
