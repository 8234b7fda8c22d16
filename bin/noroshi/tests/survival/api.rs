//! Asking the API until there is an answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::patience;
use crate::server::Server;

/// A request; repeated as it is, it does nothing twice.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    body: Body,
    key: Option<String>,
    version: Option<i64>,
}

#[derive(Clone, Debug)]
enum Body {
    None,
    Json(Value),
    Octets(Vec<u8>),
}

impl Ask {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: Body::None,
            key: None,
            version: None,
        }
    }

    pub(crate) fn json(method: &'static str, path: impl Into<String>, body: Value) -> Self {
        Self {
            method,
            body: Body::Json(body),
            ..Self::get(path)
        }
    }

    pub(crate) fn octets(method: &'static str, path: impl Into<String>, body: &[u8]) -> Self {
        Self {
            method,
            body: Body::Octets(body.to_vec()),
            ..Self::get(path)
        }
    }

    pub(crate) fn key(self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self
        }
    }

    pub(crate) fn version(self, version: i64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }
}

/// The API of a server, wherever it listens after its last start.
#[derive(Clone)]
pub(crate) struct Api {
    agent: Agent,
    token: String,
    address: Arc<Mutex<String>>,
    /// How long it asks for one answer.
    patience: Duration,
}

impl Api {
    pub(crate) fn new(server: &Server, patience: Duration) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(15)))
            .build()
            .new_agent();
        Self {
            agent,
            token: server.token.clone(),
            address: Arc::new(Mutex::new(server.address.clone())),
            patience,
        }
    }

    /// The server listens elsewhere now.
    pub(crate) fn moved_to(&self, server: &Server) {
        server.address.clone_into(&mut self.address.lock().unwrap());
    }

    /// Asks until there is an answer; a refusal that lasts is one.
    pub(crate) fn ask(&self, ask: &Ask) -> Result<Value, String> {
        let octets = self.octets(ask)?;
        serde_json::from_slice(&octets).map_err(|_| format!("{}: not JSON", ask.path))
    }

    /// The same, as it came.
    pub(crate) fn octets(&self, ask: &Ask) -> Result<Vec<u8>, String> {
        let what = format!("{} {}", ask.method, ask.path);
        patience::wait_at_most(self.patience, || {
            let (status, body) = self.send(ask)?;
            if (200..300).contains(&status) {
                return Some(Ok(body));
            }
            let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
            let code = problem["code"].as_str().unwrap_or_default();
            let passes = status == 503 || matches!(code, "stale" | "receipt_pending");
            (!passes).then(|| Err(format!("{what}: {status} {code} {}", problem["errors"])))
        })
        .unwrap_or_else(|| Err(format!("{what}: no answer")))
    }

    /// `None` when the server is not there or went away before it answered.
    fn send(&self, ask: &Ask) -> Option<(u16, Vec<u8>)> {
        let address = self.address.lock().unwrap().clone();
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("{address}/api/v1{}", ask.path))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(key) = &ask.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = ask.version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let answer = match &ask.body {
            Body::None => self.agent.run(request.body(()).unwrap()),
            Body::Json(value) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(value.to_string()).unwrap())
            }
            Body::Octets(octets) => {
                let request = request.header("content-type", "application/octet-stream");
                self.agent.run(request.body(octets.clone()).unwrap())
            }
        };
        let mut answer: Response<ureq::Body> = answer.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.body_mut().read_to_vec().ok()?))
    }
}
