//! A form that arrived after the session had ended: what was typed goes through the login and back.

use askama::Template;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::forms::RawForm;
use crate::page::{Here, Page, render_with};

/// Longest carried form, encoded. Larger forms are kept as drafts by autosave.
const MAX_OCTETS: usize = 512 * 1024;

/// A posted form that could not be taken because nobody was logged in any more.
#[derive(Clone, Debug)]
pub struct Interrupted {
    here: Here,
    carried: Carried,
}

/// What is carried through the login, in a hidden field; it never leaves the person's own browser and this server.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Where the form was posted to.
    pub path: String,
    /// Its fields in order.
    pub fields: Vec<(String, String)>,
}

impl Interrupted {
    /// Takes over a form that was posted to the present address.
    pub fn new(here: Here, form: &RawForm) -> Self {
        let path = here
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        let fields = form
            .answers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            here,
            carried: Carried { path, fields },
        }
    }
}

impl Carried {
    /// For the hidden field.
    pub fn encode(&self) -> String {
        serde_json::to_vec(self).map_or_else(|_| String::new(), |json| URL_SAFE_NO_PAD.encode(json))
    }

    /// Reads the hidden field; `None` for anything else, and for paths of other servers.
    pub fn decode(text: &str) -> Option<Self> {
        if text.is_empty() || MAX_OCTETS < text.len() {
            return None;
        }
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        let carried: Self = serde_json::from_slice(&json).ok()?;
        (crate::failure::local_path(&carried.path) == carried.path).then_some(carried)
    }
}

#[derive(Template)]
#[template(path = "pages/interrupted.html")]
struct InterruptedPage {
    page: Page,
    carried: String,
}

impl IntoResponse for Interrupted {
    fn into_response(self) -> Response {
        let view = InterruptedPage {
            page: self.here.page("interrupted-title"),
            carried: self.carried.encode(),
        };
        render_with(StatusCode::UNAUTHORIZED, &view)
    }
}

#[cfg(test)]
mod tests {
    use super::Carried;

    #[test]
    fn a_carried_form_comes_back_as_it_was_typed() {
        let carried = Carried {
            path: "/cases/1/answers".to_owned(),
            fields: vec![("summary".to_owned(), "髙𠮷 & ＜＞".to_owned())],
        };
        let again = Carried::decode(&carried.encode()).unwrap();
        assert_eq!(again.path, carried.path);
        assert_eq!(again.fields, carried.fields);
    }

    #[test]
    fn a_carried_form_cannot_lead_to_another_server() {
        let carried = Carried {
            path: "//evil.example".to_owned(),
            fields: Vec::new(),
        };
        assert!(Carried::decode(&carried.encode()).is_none());
    }
}
