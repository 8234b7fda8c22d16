//! What was typed, untouched.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

use crate::{forms::CsrfField, problem::WebError};

/// The fields of a form as they were sent, in order; nothing is trimmed or changed, so a
/// form with errors shows exactly what the person typed.
///
/// Extracts from a body of type `application/x-www-form-urlencoded`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawForm(Vec<(String, String)>);

impl RawForm {
    /// A form with nothing in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A form with these fields, for a draft or profile that is shown again.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field, for boxes that may be ticked together.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a single box is ticked.
    pub fn is_checked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Adds a field.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The token that came with the form.
    pub fn csrf(&self) -> &str {
        self.get(CsrfField::NAME)
    }

    /// Every field in order, without the token: what a draft keeps.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != CsrfField::NAME)
    }
}

impl<S: Send + Sync> FromRequest<S> for RawForm {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| WebError::of_status(rejection.status()).caused_by(rejection))?;
        let pairs =
            axum::extract::Form::<Vec<(String, String)>>::from_request(form_request(body), state)
                .await
                .map_err(|rejection| WebError::bad_request().caused_by(rejection))?;
        Ok(Self(pairs.0))
    }
}

/// The body of a form as a request that the framework parses; the type of the original was
/// checked by the sender's `enctype`, and anything else fails to parse.
fn form_request(body: Bytes) -> Request {
    let mut request = Request::new(body.into());
    *request.method_mut() = http::Method::POST;
    request.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    request
}
