//! API v1: the same use cases as the pages, for programs. Described by `docs/api/openapi.json`.

mod allowed;
mod assets;
mod deliveries;
mod desks;
mod document;
mod filings;
mod incidents;
mod logs;
mod me;
mod orders;
mod submissions;
mod wire;

use app::identity::CurrentSession;
use app::{App, AppError};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use policy::Actor;
use utoipa::openapi::OpenApi as OpenApiDocument;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::failure::worded;
use crate::page::Here;
use crate::problem::WebError;
use crate::routes::Routes;
use crate::texts::Texts;

/// Result of an API handler; the error becomes a problem document (RFC 9457).
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a request of a program was refused.
#[derive(Debug)]
pub struct ApiError(WebError);

impl ApiError {
    /// A refusal in the words of the caller's language.
    pub fn worded(error: AppError, t: Texts) -> Self {
        Self(worded(error, t))
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self(worded(error, Texts::new(crate::locale::Locale::En)))
    }
}

impl From<WebError> for ApiError {
    fn from(error: WebError) -> Self {
        Self(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

/// A program with an API token (RFC 6750).
#[derive(Clone, Debug)]
pub struct Caller {
    /// Person, organisation and what the policies must know of them.
    pub current: CurrentSession,
    /// Language of the words in problem documents.
    pub t: Texts,
}

impl Caller {
    /// Who asks, for the use cases.
    pub fn actor(&self) -> &Actor {
        &self.current.actor
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let t = Here::of(parts).t;
        let header = parts.headers.get(http::header::AUTHORIZATION);
        let secret = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| ApiError(WebError::unauthenticated()))?;
        let current = app
            .resume_token(secret)
            .await
            .map_err(|error| ApiError::worded(error, t))?;
        Ok(Self { current, t })
    }
}

/// Longest idempotency key taken.
const MAX_KEY: usize = 200;

/// The `Idempotency-Key` header: the same key and request again give the same outcome, not a second filing.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        match value.to_str() {
            Ok(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            Ok(_) | Err(_) => {
                Err(WebError::new(http::StatusCode::BAD_REQUEST, "idempotency_key").into())
            }
        }
    }
}

/// The entity tag of a version (RFC 9110 section 8.8.3).
pub(crate) fn entity_tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that a change was made from, in `If-Match`.
///
/// # Errors
/// 428 where it is missing (RFC 6585 section 3), 400 where it is not one of our tags.
pub(crate) fn version_wanted(headers: &http::HeaderMap) -> Result<i64, ApiError> {
    let Some(tag) = headers.get(http::header::IF_MATCH) else {
        let missing = http::StatusCode::PRECONDITION_REQUIRED;
        return Err(WebError::new(missing, "if_match_missing").into());
    };
    tag.to_str()
        .ok()
        .and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .ok_or_else(|| WebError::new(http::StatusCode::BAD_REQUEST, "if_match").into())
}

#[derive(OpenApi)]
#[openapi(modifiers(&Bearer))]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApiDocument) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        document
            .components
            .get_or_insert_with(Default::default)
            .add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn chapters() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(assets::routes())
        .merge(incidents::routes())
        .merge(submissions::routes())
        .merge(filings::routes())
        .merge(desks::routes())
        .merge(orders::routes())
        .merge(deliveries::routes())
        .merge(logs::routes())
        .merge(me::routes())
}

/// All routes of the API.
pub(crate) fn routes() -> Routes {
    Routes::documented(chapters())
}

/// The description of the API (OpenAPI 3.1), as committed in `docs/api/openapi.json`.
pub fn document() -> OpenApiDocument {
    document::complete(chapters().split_for_parts().1)
}
