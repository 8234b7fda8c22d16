//! A form that could not be taken for the moment: the page that says so sends the same again.
//!
//! Pages are never stored by the browser, so going back would show an empty form.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest as _, Request};
use http::request::Parts;
use http::{Method, header};

use crate::forms::RawForm;
use crate::problem::WebError;

/// Largest form that is kept while it is handled; larger ones are attachments or long drafts, which autosave keeps.
const MAX_OCTETS: usize = 512 * 1024;
/// A form with a field of such a name is not kept: passwords and codes never come back in a page.
const SECRET: &[&str] = &["password", "secret", "totp"];
/// Its whole name, since codes of other kinds are no secrets.
const CODE: &str = "code";
const FORM: &str = "application/x-www-form-urlencoded";

/// Reads a form into memory and gives it on; `None` for anything else.
pub(crate) async fn keep(parts: &Parts, body: Body) -> Result<(Body, Option<Bytes>), WebError> {
    if !is_kept(parts) {
        return Ok((body, None));
    }
    let octets = to_bytes(body, MAX_OCTETS)
        .await
        .map_err(|error| WebError::bad_request().caused_by(error))?;
    Ok((Body::from(octets.clone()), Some(octets)))
}

fn is_kept(parts: &Parts) -> bool {
    let text = |name| parts.headers.get(name)?.to_str().ok();
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    parts.method == Method::POST
        && text(header::CONTENT_TYPE).is_some_and(|media| media.starts_with(FORM))
        && length.is_some_and(|length| length <= MAX_OCTETS)
}

fn is_secret(name: &str) -> bool {
    name == CODE || SECRET.iter().any(|secret| name.contains(secret))
}

/// The fields of a form that was kept, with its anti-forgery token, in order.
pub(crate) async fn fields(octets: Bytes) -> Vec<(String, String)> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, FORM)
        .body(Body::from(octets));
    let Ok(request) = request else {
        return Vec::new();
    };
    let form = RawForm::from_request(request, &()).await;
    let pairs = form.map(RawForm::into_pairs).unwrap_or_default();
    if pairs.iter().any(|(name, _)| is_secret(name)) {
        return Vec::new();
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(media_type: &str, body: &'static str) -> Option<Vec<(String, String)>> {
        let (parts, body) = Request::post("/cases/new")
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_LENGTH, body.len())
            .body(Body::from(body))
            .unwrap()
            .into_parts();
        let (_, octets) = keep(&parts, body).await.unwrap();
        match octets {
            None => None,
            Some(octets) => Some(fields(octets).await),
        }
    }

    #[tokio::test]
    async fn a_form_is_kept_with_its_token_and_a_password_is_not() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let typed = "csrf=t&text=%E9%AB%99";
        let form = vec![pair("csrf", "t"), pair("text", "髙")];
        assert_eq!(kept(FORM, typed).await, Some(form));
        assert_eq!(kept("multipart/form-data", typed).await, None);
        for secret in ["login=a&password=b", "code=123456", "new_password=b"] {
            assert_eq!(kept(FORM, secret).await, Some(Vec::new()), "{secret}");
        }
    }
}
