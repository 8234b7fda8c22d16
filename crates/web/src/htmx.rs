//! What htmx tells us about a request, and the few answers it understands.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};

/// How a page was asked for. Extracts from any request and never refuses one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HxRequest {
    /// An ordinary navigation or form post: answer with the whole page.
    Whole,
    /// htmx wants a part to put into a page that is open: answer with the part.
    Part,
}

impl HxRequest {
    /// Reads the headers of htmx 4: `HX-Request-Type` says which of the two it will swap.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let says = |name: &str, value: &str| {
            headers
                .get(name)
                .is_some_and(|found| found.as_bytes() == value.as_bytes())
        };
        let whole = says("hx-request-type", "full")
            || says("hx-boosted", "true")
            || says("hx-history-restore-request", "true");
        if says("hx-request", "true") && !whole {
            Self::Part
        } else {
            Self::Whole
        }
    }

    /// Whether the answer is a part of a page.
    pub fn is_part(self) -> bool {
        self == Self::Part
    }

    /// Sends the browser to `path` after a change: 303 for a form post, and for htmx the
    /// header that makes it navigate (a 303 would be followed inside the open page).
    pub fn redirect(self, path: &str) -> Response {
        match (self, HeaderValue::from_str(path)) {
            (Self::Part, Ok(target)) => {
                [(HeaderName::from_static("hx-redirect"), target)].into_response()
            }
            _ => Redirect::to(path).into_response(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for HxRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::from_headers(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_browser_without_script_gets_the_whole_page() {
        assert_eq!(HxRequest::from_headers(&headers(&[])), HxRequest::Whole);
    }

    #[test]
    fn htmx_gets_a_part_unless_it_will_swap_the_whole_body() {
        let part = headers(&[("hx-request", "true"), ("hx-request-type", "partial")]);
        let full = headers(&[("hx-request", "true"), ("hx-request-type", "full")]);

        assert_eq!(HxRequest::from_headers(&part), HxRequest::Part);
        assert_eq!(HxRequest::from_headers(&full), HxRequest::Whole);
    }

    #[test]
    fn a_redirect_is_303_or_the_header_that_htmx_follows() {
        let plain = HxRequest::Whole.redirect("/incidents");
        let part = HxRequest::Part.redirect("/incidents");

        assert_eq!(plain.status(), StatusCode::SEE_OTHER);
        assert_eq!(part.status(), StatusCode::OK);
        assert_eq!(part.headers()["hx-redirect"], "/incidents");
    }
}
