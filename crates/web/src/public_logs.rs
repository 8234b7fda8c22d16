//! Logs as anyone may read them (C2SP tlog-tiles), and where witnesses send their co-signatures.
//!
//! `/logs/{log}/checkpoint`, `/logs/{log}/tile/…` and `POST /logs/{log}/cosignature`.

use app::{App, AppError, LogCode};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{StatusCode, header};
use ledger::Resource;

use crate::failure::web_error;
use crate::problem::WebError;
use crate::routes::Routes;

/// A checkpoint with all its signatures is far smaller.
const MAX_COSIGNATURE: usize = 64 * 1024;
/// Code of the refusal of a line that no configured witness wrote.
const WITNESS_UNKNOWN: &str = "witness_unknown";
/// A full tile never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A partial tile may be replaced by an attempt that did not finish; a checkpoint is always the newest.
const NEVER: &str = "no-store";

pub(crate) fn routes() -> Routes {
    Routes::new().route(
        "/logs/{*path}",
        get(read)
            .post(receive)
            .layer(DefaultBodyLimit::max(MAX_COSIGNATURE)),
    )
}

async fn read(State(app): State<App>, Path(path): Path<String>) -> Result<Response, WebError> {
    let (log, rest) = split(&path).ok_or_else(WebError::not_found)?;
    let resource = Resource::parse(rest).map_err(|_| WebError::not_found())?;
    let bytes = app.log_resource(&log, resource).await.map_err(web_error)?;
    let (kind, caching) = match resource {
        Resource::Checkpoint => ("text/plain; charset=utf-8", NEVER),
        Resource::Hashes { place, .. } | Resource::Entries { place } if place.is_full() => {
            ("application/octet-stream", FOR_EVER)
        }
        Resource::Hashes { .. } | Resource::Entries { .. } => ("application/octet-stream", NEVER),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, caching),
    ];
    Ok((headers, bytes).into_response())
}

async fn receive(
    State(app): State<App>,
    Path(path): Path<String>,
    body: Bytes,
) -> Result<StatusCode, WebError> {
    let (log, rest) = split(&path).ok_or_else(WebError::not_found)?;
    if rest != "cosignature" {
        return Err(WebError::not_found());
    }
    app.receive_cosignature(&log, &body)
        .await
        .map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}

/// An unknown key is refused as C2SP tlog-witness has it: 403.
fn refusal(error: AppError) -> WebError {
    match &error {
        AppError::Invalid(problems)
            if problems
                .iter()
                .any(|problem| problem.code == WITNESS_UNKNOWN) =>
        {
            WebError::new(StatusCode::FORBIDDEN, WITNESS_UNKNOWN).caused_by(error)
        }
        _ => web_error(error),
    }
}

/// Splits `meti/2/tile/0/000` into the log `meti/2` and the rest.
fn split(path: &str) -> Option<(LogCode, &str)> {
    let (first, rest) = path.split_once('/')?;
    let (second, after) = rest.split_once('/').unwrap_or((rest, ""));
    if second.bytes().all(|byte| byte.is_ascii_digit()) {
        let code = format!("{first}/{second}");
        return Some((LogCode::parse(&code)?, after));
    }
    Some((LogCode::parse(first)?, rest))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_path_names_a_log_and_what_is_read_of_it() {
        let parts = |path: &str| split(path).map(|(log, rest)| (log.slug(), rest.to_owned()));
        assert_eq!(
            parts("meti/checkpoint"),
            Some(("meti".to_owned(), "checkpoint".to_owned()))
        );
        assert_eq!(
            parts("meti/2/tile/0/000.p/3"),
            Some(("meti~2".to_owned(), "tile/0/000.p/3".to_owned()))
        );
        for path in ["meti", "../checkpoint", "meti/1/checkpoint", "%2e%2e/x"] {
            assert!(split(path).is_none(), "{path}");
        }
    }
}
