use std::time::Duration;

use anyhow::Context as _;
pub(super) use peer::in_query;
use peer::{is_untrusted, never_arrived};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ureq::http::{Method, Request, Response, header};
use ureq::{Agent, Body};

use super::failure::{Cause, Failure, Problem, Repeat};
use super::key::Key;
use super::login_file::Login;

/// A filing with large attachments on a slow line is long; a server that hangs is not waited for all night.
const ANSWER_WITHIN: Duration = Duration::from_mins(5);
/// No answer of the API is longer; a receipt has at most one mebibyte.
const MAX_ANSWER: u64 = 16 << 20;

/// A server and the right to ask it.
pub(super) struct Connection {
    agent: Agent,
    login: Login,
    language: &'static str,
}

/// A change that is asked for.
pub(super) struct Change<'a> {
    pub(super) method: Method,
    /// Path below `/api/v1`.
    pub(super) path: String,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) key: Option<&'a Key>,
    /// The version it was made from.
    pub(super) version: Option<i64>,
}

/// A page of a list.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next: Option<String>,
}

impl<'a> Change<'a> {
    /// A change with a JSON body.
    pub(super) fn new(
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Result<Self, Failure> {
        Ok(Self {
            method,
            path: path.into(),
            content_type: "application/json",
            body: serde_json::to_vec(body).context("write the request")?,
            key: None,
            version: None,
        })
    }

    pub(super) fn under(mut self, key: &'a Key) -> Self {
        self.key = Some(key);
        self
    }

    pub(super) fn made_from(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }
}

impl Connection {
    pub(super) fn open(login: Login) -> Self {
        Self {
            agent: peer::agent(&login.server, login.authorities.as_ref(), ANSWER_WITHIN),
            login,
            language: language(),
        }
    }

    /// Reads a document.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        serde_json::from_slice(&self.get_octets(path)?)
            .context("this is no answer of Noroshi; is the address right?")
            .map_err(Failure::Unable)
    }

    /// Reads a document as it came.
    pub(super) fn get_octets(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let request = self
            .request(Method::GET, path)
            .body(())
            .context("the address cannot be asked for")?;
        let answer = self.agent.run(request).map_err(unreachable)?;
        let (status, body) = read(answer).context("the line broke")?;
        match status {
            200..=299 => Ok(body),
            500..=599 => Err(Failure::unable(Problem::read(status, &body))),
            _ => Err(Failure::Refused(Box::new(Problem::read(status, &body)))),
        }
    }

    /// Reads a list page by page, at most `limit` entries of it.
    pub(super) fn get_all(&self, path: &str, limit: usize) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut page = path.to_owned();
            if let Some(cursor) = &cursor {
                page.push(if path.contains('?') { '&' } else { '?' });
                page.push_str(&in_query("cursor", cursor));
            }
            let page: Page = self.get(&page)?;
            items.extend(page.items);
            items.truncate(limit);
            if page.next.is_none() || items.len() == limit {
                return Ok(items);
            }
            cursor = page.next;
        }
    }

    /// Asks for a change; `Value::Null` where the answer has no body.
    pub(super) fn send(&self, change: Change<'_>) -> Result<Value, Failure> {
        let Change {
            method,
            path,
            content_type,
            body,
            key,
            version,
        } = change;
        let unknown = |cause| Failure::Unknown {
            cause,
            repeat: match key {
                Some(key) => Repeat::WithKey(key.as_str().to_owned()),
                None => Repeat::AsItIs,
            },
        };
        let mut request = self
            .request(method, &path)
            .header(header::CONTENT_TYPE, content_type);
        if let Some(key) = key {
            request = request.header("idempotency-key", key.as_str());
        }
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let request = request
            .body(body)
            .context("the address cannot be asked for")?;
        let answer = match self.agent.run(request) {
            Ok(answer) => answer,
            Err(error) if never_arrived(&error) => return Err(unreachable(error)),
            Err(error) => return Err(unknown(Cause::Line(Box::new(error)))),
        };
        let (status, body) = read(answer).map_err(|error| unknown(Cause::Line(Box::new(error))))?;
        match status {
            200..=299 if body.is_empty() => Ok(Value::Null),
            200..=299 => serde_json::from_slice(&body)
                .map_err(|_| unknown(Cause::Server(Box::new(Problem::read(status, b""))))),
            500..=599 => {
                let problem = Problem::read(status, &body);
                Err(unknown(Cause::Server(Box::new(problem))))
            }
            _ => {
                let mut problem = Problem::read(status, &body);
                problem.idempotency_key = key.map(|key| key.as_str().to_owned());
                Err(Failure::Refused(Box::new(problem)))
            }
        }
    }

    fn request(&self, method: Method, path: &str) -> ureq::http::request::Builder {
        let bearer = format!("Bearer {}", self.login.token.expose_secret());
        Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.login.server))
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT_LANGUAGE, self.language)
    }
}

fn unreachable(error: ureq::Error) -> Failure {
    let why = if is_untrusted(&error) {
        "the certificate of the server is not trusted; where the house has its own authority, log in with --ca-file FILE\n\
         （サーバーの証明書を確認できません。組織の認証局を使う場合は --ca-file で指定してログインしてください）"
    } else {
        "the server cannot be reached"
    };
    Failure::Unable(anyhow::Error::new(error).context(why))
}

fn read(mut answer: Response<Body>) -> Result<(u16, Vec<u8>), ureq::Error> {
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(MAX_ANSWER);
    Ok((status, body.read_to_vec()?))
}

/// Language of the words in problem documents: that of the terminal.
fn language() -> &'static str {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var_os(name).filter(|value| !value.is_empty()));
    match set.and_then(|value| value.into_string().ok()) {
        Some(locale) if !locale.starts_with("ja") => "en",
        Some(_) | None => "ja",
    }
}
