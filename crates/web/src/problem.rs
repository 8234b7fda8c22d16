//! Errors as people and programs get them: a page in the reader's language, or a problem
//! document (RFC 9457) below `/api/` and `/logs/`.
//!
//! A handler returns a [`WebError`]: status and stable code, nothing else reaches the body.
//! [`present`] turns it into words; it also replaces the plain-text answers of the framework.
//! The cause stays in the response extensions for the one place that logs.

use std::{error::Error, fmt, sync::Arc};

use askama::Template;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{
    failure::local_path,
    page::{Here, Page},
    resend,
    texts::Texts,
};

/// Media type of a problem document (RFC 9457 section 3).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Below these paths answers are for programs.
const FOR_PROGRAMS: [&str; 2] = ["/api/", "/logs/"];

/// An error on its way to the reader: a status and a stable code.
#[derive(Clone)]
pub struct WebError {
    status: StatusCode,
    code: &'static str,
    retry_after_secs: Option<u32>,
    fields: Vec<FieldProblem>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// One field of a request that cannot be taken, in a problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ProblemField)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// Stable code of the reason.
    pub code: String,
    /// The reason in words.
    pub detail: String,
}

impl WebError {
    /// An error with a code of the caller's. The words are the texts
    /// `problem-<code>-title` and `problem-<code>-text`; without them, those of the status.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            retry_after_secs: None,
            fields: Vec::new(),
            cause: None,
        }
    }

    /// 400: the request cannot be read.
    pub fn bad_request() -> Self {
        Self::of_status(StatusCode::BAD_REQUEST)
    }

    /// 401: no valid credentials.
    pub fn unauthenticated() -> Self {
        Self::of_status(StatusCode::UNAUTHORIZED)
    }

    /// 403: known, but not allowed.
    pub fn forbidden() -> Self {
        Self::of_status(StatusCode::FORBIDDEN)
    }

    /// 404: absent, or the reader may not know that it exists.
    pub fn not_found() -> Self {
        Self::of_status(StatusCode::NOT_FOUND)
    }

    /// 409: wrong phase, or changed meanwhile.
    pub fn conflict() -> Self {
        Self::of_status(StatusCode::CONFLICT)
    }

    /// 500: our fault.
    pub fn internal() -> Self {
        Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 503: try again later.
    pub fn unavailable(retry_after_secs: u32) -> Self {
        let mut error = Self::of_status(StatusCode::SERVICE_UNAVAILABLE);
        error.retry_after_secs = Some(retry_after_secs);
        error
    }

    /// 429: too many requests.
    pub fn too_many(retry_after_secs: u32) -> Self {
        let mut error = Self::of_status(StatusCode::TOO_MANY_REQUESTS);
        error.retry_after_secs = Some(retry_after_secs);
        error
    }

    /// 422: fields that cannot be taken, for programs. Pages show their form again instead.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let mut error = Self::of_status(StatusCode::UNPROCESSABLE_ENTITY);
        error.fields = fields;
        error
    }

    /// The error that a bare status stands for.
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(status, generic_code(status))
    }

    /// Names the fields that it is about, for programs.
    #[must_use]
    pub fn naming(mut self, fields: Vec<FieldProblem>) -> Self {
        self.fields = fields;
        self
    }

    /// Keeps what caused the error for the log. It never reaches the body.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What caused the error, for the log.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    fn title(&self, t: Texts) -> String {
        self.words(t, "title")
    }

    fn text(&self, t: Texts) -> String {
        self.words(t, "text")
    }

    fn words(&self, t: Texts, part: &str) -> String {
        let generic = generic_code(self.status);
        t.find(&format!("problem-{}-{part}", self.code))
            .unwrap_or_else(|| t.get(&format!("problem-{generic}-{part}")))
            .into_owned()
    }
}

impl fmt::Debug for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebError")
            .field("status", &self.status)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every error of the routes below it its words; use with
/// [`axum::middleware::from_fn`], outside the routes and inside the logging layer, which
/// finds the [`WebError`] in the response extensions.
pub async fn present(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let here = Here::of(&parts);
    let (response, sent) = match resend::keep(&parts, body).await {
        Ok((body, sent)) => (next.run(Request::from_parts(parts, body)).await, sent),
        Err(error) => (error.into_response(), None),
    };
    let error = match response.extensions().get::<WebError>() {
        Some(error) => error.clone(),
        None if is_unspoken(&response) => WebError::of_status(response.status()),
        None => return response,
    };
    let (kept, _) = response.into_parts();
    let mut spoken = if FOR_PROGRAMS
        .iter()
        .any(|path| here.uri.path().starts_with(path))
    {
        challenged(document(&error, &here))
    } else {
        let again = match sent {
            Some(sent) if error.status == StatusCode::SERVICE_UNAVAILABLE => {
                resend::fields(sent).await
            }
            Some(_) | None => Vec::new(),
        };
        page(&error, &here, again)
    };
    merge(spoken.headers_mut(), kept.headers);
    if let Some(secs) = error.retry_after_secs {
        spoken
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    spoken.extensions_mut().extend(kept.extensions);
    spoken.extensions_mut().insert(error);
    spoken
}

/// A program that is not known is told how it makes itself known (RFC 9110 section 11.6.1, RFC 6750).
fn challenged(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}

/// Keeps headers such as `Allow`, `WWW-Authenticate` and cookies; not those of the old body.
fn merge(into: &mut HeaderMap, from: HeaderMap) {
    let mut last = None;
    for (name, value) in from {
        last = name.or(last);
        let Some(name) = last.clone() else { continue };
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            into.append(name, value);
        }
    }
}

/// An error of the framework: no body that was written for a reader.
fn is_unspoken(response: &Response) -> bool {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return false;
    }
    let media_type = response.headers().get(header::CONTENT_TYPE);
    media_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"))
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage<'a> {
    page: Page,
    text: String,
    status: u16,
    code: &'a str,
    sign_in: bool,
    /// The form that was sent, to send it again.
    again: Vec<(String, String)>,
    address: String,
}

fn page(error: &WebError, here: &Here, again: Vec<(String, String)>) -> Response {
    let address = here.uri.path_and_query().map_or("/", |path| path.as_str());
    let view = ProblemPage {
        page: here.page_titled(error.title(here.t)),
        text: error.text(here.t),
        status: error.status.as_u16(),
        code: error.code,
        sign_in: error.status == StatusCode::UNAUTHORIZED,
        again,
        address: local_path(address).to_owned(),
    };
    let html_type = HeaderValue::from_static("text/html; charset=utf-8");
    match view.render() {
        Ok(html) => (error.status, [(header::CONTENT_TYPE, html_type)], html).into_response(),
        Err(_) => error.status.into_response(),
    }
}

/// A problem document (RFC 9457 section 3).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument<'a> {
    /// Names the kind of problem; the last part is the code.
    #[serde(rename = "type")]
    kind: String,
    /// In words, in the language of the request.
    title: String,
    /// The status.
    status: u16,
    /// What to do.
    detail: String,
    /// Stable code.
    code: &'a str,
    /// Fields that are missing or wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldProblem],
}

fn document(error: &WebError, here: &Here) -> Response {
    let problem = ProblemDocument {
        kind: format!("/problems/{}", error.code),
        title: error.title(here.t),
        status: error.status.as_u16(),
        detail: error.text(here.t),
        code: error.code,
        errors: &error.fields,
    };
    let problem_type = HeaderValue::from_static(PROBLEM_JSON);
    match serde_json::to_vec(&problem) {
        Ok(body) => (error.status, [(header::CONTENT_TYPE, problem_type)], body).into_response(),
        Err(_) => error.status.into_response(),
    }
}

/// The code whose words fit any error of a status.
fn generic_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "unauthenticated",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "timeout",
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => "conflict",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "media-type",
        StatusCode::UNPROCESSABLE_ENTITY => "invalid",
        StatusCode::TOO_MANY_REQUESTS => "too-many",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        other if other.is_server_error() => "internal",
        _ => "bad-request",
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    fn routes() -> Router {
        let failing = || async {
            WebError::internal().caused_by(std::io::Error::other("SELECT secret FROM users"))
        };
        Router::new()
            .route("/broken", get(failing))
            .route("/api/v1/broken", get(failing))
            .route("/busy", get(|| async { WebError::unavailable(30) }))
            .route(
                "/form",
                get(|| async { (StatusCode::UNPROCESSABLE_ENTITY, "plain") }),
            )
            .layer(from_fn(present))
    }

    async fn ask(uri: &str) -> (Response<()>, String) {
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let (parts, body) = routes().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (
            Response::from_parts(parts, ()),
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    #[tokio::test]
    async fn a_page_error_is_a_page_in_the_language_of_the_reader() {
        let (ja, ja_body) = ask("/nowhere").await;
        let (_, en_body) = ask("/nowhere?lang=en").await;

        assert_eq!(ja.status(), StatusCode::NOT_FOUND);
        assert!(
            ja_body.contains("<html lang=\"ja\"") && ja_body.contains("ページが見つかりません")
        );
        assert!(en_body.contains("<html lang=\"en\"") && en_body.contains("Page not found"));
    }

    #[tokio::test]
    async fn an_api_error_is_a_problem_document() {
        let (response, body) = ask("/api/v1/broken?lang=en").await;
        let document: serde_json::Value = serde_json::from_str(&body).unwrap();

        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        assert_eq!(document["status"], 500);
        assert_eq!(document["type"], "/problems/internal");
        assert_eq!(document["code"], "internal");
    }

    #[tokio::test]
    async fn no_body_tells_what_happened_inside() {
        for uri in ["/broken", "/api/v1/broken"] {
            let (response, body) = ask(uri).await;
            assert!(
                !body.contains("secret") && !body.contains("SELECT"),
                "{body}"
            );
            let kept = response.extensions().get::<WebError>().unwrap();
            assert_eq!(
                kept.cause().unwrap().to_string(),
                "SELECT secret FROM users"
            );
        }
    }

    #[tokio::test]
    async fn a_busy_answer_says_when_to_come_back() {
        let (response, _) = ask("/busy").await;

        assert_eq!(response.headers()[header::RETRY_AFTER], "30");
    }

    #[tokio::test]
    async fn the_plain_text_of_the_framework_is_replaced() {
        let (response, body) = ask("/form").await;

        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("<h1") && !body.contains(">plain<"));
    }

    #[test]
    fn every_generic_code_has_words_in_both_languages() {
        for number in 400..600_u16 {
            let status = StatusCode::from_u16(number).unwrap();
            for locale in [crate::locale::Locale::Ja, crate::locale::Locale::En] {
                let t = Texts::new(locale);
                for part in ["title", "text"] {
                    let key = format!("problem-{}-{part}", generic_code(status));
                    assert!(t.find(&key).is_some(), "{key}");
                }
            }
        }
    }
}
