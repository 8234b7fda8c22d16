//! What was typed, untouched.

use axum::extract::{Form, FromRequest, Request, rejection::FormRejection};
use http::StatusCode;

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

    /// Every field in order, the token among them.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
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
        match Form::from_request(request, state).await {
            Ok(Form(pairs)) => Ok(Self(pairs)),
            Err(rejection) => Err(refuse(rejection)),
        }
    }
}

/// 413 and 415 as they are; a body that cannot be read is 400, since 422 means form errors.
fn refuse(rejection: FormRejection) -> WebError {
    let status = match rejection.status() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    WebError::of_status(status).caused_by(rejection)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::header::CONTENT_TYPE;

    use super::*;

    async fn read(media_type: &str, body: &'static str) -> Result<RawForm, WebError> {
        let request = Request::post("/")
            .header(CONTENT_TYPE, media_type)
            .body(Body::from(body));
        RawForm::from_request(request.unwrap(), &()).await
    }

    #[tokio::test]
    async fn values_are_kept_as_typed_and_in_order() {
        let form = "application/x-www-form-urlencoded";
        let raw = read(
            form,
            "csrf=t&kinds=os&kinds=cloud&maker=+%E9%AB%99%F0%A0%AE%B7+",
        );
        let raw = raw.await.unwrap();

        assert_eq!(raw.get("maker"), " 髙𠮷 ");
        assert_eq!(raw.all("kinds").collect::<Vec<_>>(), ["os", "cloud"]);
        assert_eq!(raw.csrf(), "t");
        assert_eq!(raw.answers().count(), 3);
    }

    #[tokio::test]
    async fn a_body_of_another_type_is_refused() {
        let refused = read("application/json", "{}").await.unwrap_err();

        assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
