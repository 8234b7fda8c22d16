use std::time::Duration;

use app::peers::{Found, Outgoing, Peer, PeerFailure, PeerIdentity, RemotePlace};
use ids::{CorrectionId, FilingId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::http::{Method, Request, Response, header};
use ureq::{Agent, Body};

use crate::address::Address;
use crate::authorities::Authorities;
use crate::http::{agent, is_untrusted};
use crate::{filing, found};

/// No answer is longer: a filing has at most 32 mebibytes.
const MAX_ANSWER: u64 = 40 << 20;

/// The API of an instance, with the right to ask it.
pub(crate) struct Api {
    agent: Agent,
    address: Address,
    token: SecretString,
}

/// A request; repeated as it is, it does nothing twice.
pub(crate) struct Ask<'a> {
    method: Method,
    path: String,
    body: Content<'a>,
    key: Option<String>,
    version: Option<i64>,
}

enum Content<'a> {
    None,
    Json(Value),
    Octets(&'a [u8]),
}

/// What the other side says when it refuses (RFC 9457).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    errors: Vec<FieldRefusal>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FieldRefusal {
    pointer: String,
}

/// Why a request brought nothing.
pub(crate) enum Failed {
    /// The other side refused, with this status.
    Refused(u16, Refusal),
    /// Anything else.
    Other(PeerFailure),
}

impl<'a> Ask<'a> {
    pub(crate) fn json(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self {
            method,
            path: path.into(),
            body: Content::Json(body),
            key: None,
            version: None,
        }
    }

    pub(crate) fn octets(path: String, body: &'a [u8]) -> Self {
        Self {
            body: Content::Octets(body),
            ..Self::bare(Method::PUT, path)
        }
    }

    pub(crate) fn bare(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            body: Content::None,
            key: None,
            version: None,
        }
    }

    pub(crate) fn key(self, key: String) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    pub(crate) fn made_from(self, version: i64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }
}

impl From<Failed> for PeerFailure {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Other(failure) => failure,
            Failed::Refused(401 | 403, _) => Self::Token,
            // Somebody there works on the same draft, or asks to come again.
            Failed::Refused(408 | 429, _) => Self::Busy,
            Failed::Refused(409, refusal)
                if matches!(
                    refusal.code.as_str(),
                    "stale" | "draft_conflict" | "receipt_pending"
                ) =>
            {
                Self::Busy
            }
            Failed::Refused(_, refusal) => {
                let mut code = refusal.code;
                if code.is_empty() {
                    return Self::Answer;
                }
                for error in refusal.errors.iter().take(3) {
                    code.push('.');
                    code.push_str(error.pointer.rsplit('/').next().unwrap_or_default());
                }
                Self::Refused(code)
            }
        }
    }
}

impl Api {
    pub(crate) fn new(
        address: Address,
        authorities: Option<&Authorities>,
        token: SecretString,
        within: Duration,
    ) -> Self {
        Self {
            agent: agent(&address, authorities, within),
            address,
            token,
        }
    }

    /// Reads a document.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, PeerFailure> {
        serde_json::from_slice(&self.get_octets(path)?).map_err(|_| PeerFailure::Answer)
    }

    /// Reads a document as it came.
    pub(crate) fn get_octets(&self, path: &str) -> Result<Vec<u8>, PeerFailure> {
        Ok(self.octets(Ask::bare(Method::GET, path))?)
    }

    /// Asks for a change.
    pub(crate) fn send(&self, ask: Ask<'_>) -> Result<Value, Failed> {
        let body = self.octets(ask)?;
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|_| Failed::Other(PeerFailure::Answer))
    }

    fn octets(&self, ask: Ask<'_>) -> Result<Vec<u8>, Failed> {
        let broken = |error: &ureq::Error| {
            Failed::Other(if is_untrusted(error) {
                PeerFailure::Untrusted
            } else {
                PeerFailure::Unreachable
            })
        };
        let answer = self.run(ask).map_err(|error| broken(&error))?;
        let (status, body) = read(answer).map_err(|error| broken(&error))?;
        match status {
            200..=299 => Ok(body),
            500..=599 => Err(Failed::Other(PeerFailure::Busy)),
            _ => {
                let refusal = serde_json::from_slice(&body).unwrap_or_default();
                Err(Failed::Refused(status, refusal))
            }
        }
    }

    fn run(&self, ask: Ask<'_>) -> Result<Response<Body>, ureq::Error> {
        let bearer = format!("Bearer {}", self.token.expose_secret());
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("{}/api/v1{}", self.address, ask.path))
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT_LANGUAGE, "ja");
        if let Some(key) = ask.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = ask.version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        match ask.body {
            Content::None => self.agent.run(request.body(())?),
            Content::Json(value) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.agent.run(request.body(value.to_string())?)
            }
            Content::Octets(octets) => {
                let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
                self.agent.run(request.body(octets)?)
            }
        }
    }
}

fn read(mut answer: Response<Body>) -> Result<(u16, Vec<u8>), ureq::Error> {
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(MAX_ANSWER);
    Ok((status, body.read_to_vec()?))
}

impl Peer for Api {
    fn file(&self, report: &Outgoing) -> Result<RemotePlace, PeerFailure> {
        filing::file(self, report)
    }

    fn look(&self, filing: FilingId) -> Result<Found, PeerFailure> {
        found::look(self, filing)
    }

    fn answer(&self, correction: CorrectionId, text: &str) -> Result<(), PeerFailure> {
        let path = format!("/corrections/{correction}/answer");
        let key = format!("noroshi-peer/answer/{correction}");
        let ask = Ask::json(Method::POST, path, json!({ "text": text })).key(key);
        self.send(ask)?;
        Ok(())
    }

    fn ask(&self) -> Result<PeerIdentity, PeerFailure> {
        #[derive(Deserialize)]
        struct Me {
            organisation_ja: String,
            organisation_en: String,
            organisation_kind: String,
            roles: Vec<String>,
            scopes: Vec<String>,
            exercise: bool,
        }
        let me: Me = self.get("/me")?;
        Ok(PeerIdentity {
            organisation: (me.organisation_ja, me.organisation_en),
            kind: me.organisation_kind,
            roles: me.roles,
            scopes: me.scopes,
            exercise: me.exercise,
        })
    }
}
