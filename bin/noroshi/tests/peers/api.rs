//! Asking an instance by its API.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

/// How long something may take that happens by itself.
const PATIENCE: Duration = Duration::from_mins(4);

pub(crate) struct Api {
    agent: Agent,
    url: String,
    token: String,
}

impl Api {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .new_agent();
        Self {
            agent,
            url: url.to_owned(),
            token: token.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, Some(body.to_string().into_bytes()), None)
    }

    /// Saves answers into the draft of a case.
    pub(crate) fn draft(&self, case: &str, fields: &Value) {
        let draft = self.get(&format!("/cases/{case}/draft"));
        let body = json!({ "fields": fields }).to_string().into_bytes();
        let path = format!("/cases/{case}/draft");
        self.ask("PATCH", &path, Some(body), draft["version"].as_i64());
    }

    pub(crate) fn put(&self, path: &str, body: &[u8]) -> Value {
        self.ask("PUT", path, Some(body.to_vec()), None)
    }

    fn ask(&self, method: &str, path: &str, body: Option<Vec<u8>>, version: Option<i64>) -> Value {
        let kind = if method == "PUT" {
            "application/octet-stream"
        } else {
            "application/json"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let mut answer = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()).unwrap(),
            None => self.agent.run(request.body(()).unwrap()).unwrap(),
        };
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(
            answer.status().is_success(),
            "{method} {path}: {} {text}",
            answer.status()
        );
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// Looks until something has happened.
pub(crate) fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "{what} did not happen");
        #[expect(
            clippy::disallowed_methods,
            reason = "another process does it; there is no event of it to wait for"
        )]
        std::thread::sleep(Duration::from_millis(300));
    }
}
