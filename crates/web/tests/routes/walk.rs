//! Asks every route as everybody.

use axum::Router;
use axum::body::Body;
use http::{Method, Request, header};
use ids::TokenScope;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::body::smallest;
use crate::objects::Filled;
use crate::outcome::{self, Answer, Outcome};
use crate::people::{Group, Subject};
use crate::stage::Stage;

/// What came of one method of one path.
pub(crate) struct Row {
    pub(crate) method: Method,
    /// As routed.
    pub(crate) template: String,
    /// Which object, where there are several kinds.
    pub(crate) what: &'static str,
    /// Whether the path names an object that is not everybody's.
    pub(crate) names_object: bool,
    /// Everybody's outcome.
    pub(crate) outcomes: Vec<Seen>,
    /// The scopes with which a token may; empty for pages.
    pub(crate) scopes: Vec<TokenScope>,
}

/// One outcome.
pub(crate) struct Seen {
    pub(crate) group: Group,
    pub(crate) role: &'static str,
    pub(crate) outcome: Outcome,
    /// Whether the answer was a success (2xx).
    pub(crate) success: bool,
    /// Whether an id that does not exist gets the very same answer.
    pub(crate) same_as_absent: bool,
    /// Whether a body that cannot be read gets the very same answer.
    pub(crate) same_with_any_body: bool,
}

impl Row {
    pub(crate) fn is_api(&self) -> bool {
        self.template.starts_with("/api/")
    }

    pub(crate) fn changes(&self) -> bool {
        self.method != Method::GET
    }
}

/// Asks every method of every path, as everybody. What ends a session comes last.
pub(crate) async fn walk(stage: &Stage) -> Vec<Row> {
    let document = serde_json::to_value(web::api::document()).unwrap();
    let mut asked = Vec::new();
    for template in web::paths(statute::Mode::Exercise) {
        for filled in stage.objects.fill(&template) {
            for method in methods(&stage.router, &filled.path).await {
                asked.push((method, template.clone(), filled.clone()));
            }
        }
    }
    asked.sort_by_key(|(method, template, filled)| {
        (
            template == "/logout",
            template.clone(),
            method.to_string(),
            filled.what,
        )
    });
    let mut rows = Vec::new();
    for (method, template, filled) in asked {
        let body = smallest(&document, &template, &method.as_str().to_lowercase());
        let ask = Asked {
            stage,
            method,
            body,
            filled,
        };
        rows.push(ask.row(template).await);
    }
    rows
}

/// The methods that a path takes, as it says itself (RFC 9110 section 15.5.6).
async fn methods(router: &Router, path: &str) -> Vec<Method> {
    let request = Request::builder()
        .method(Method::TRACE)
        .uri(path)
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let allow = response
        .headers()
        .get(header::ALLOW)
        .unwrap_or_else(|| panic!("{path} names no methods"));
    let all = allow
        .to_str()
        .unwrap()
        .split(',')
        .map(|method| method.trim().parse().unwrap());
    all.filter(|method| *method != Method::HEAD).collect()
}

/// How a request proves who sends it.
enum Proof<'a> {
    Nothing,
    Session(&'a Subject),
    Token(&'a str),
}

/// One method of one path, to be asked as everybody.
struct Asked<'a> {
    stage: &'a Stage,
    method: Method,
    body: Option<Value>,
    filled: Filled,
}

impl Asked<'_> {
    async fn row(&self, template: String) -> Row {
        let api = template.starts_with("/api/");
        let (mut outcomes, mut scopes) = (Vec::new(), Vec::new());
        for subject in &self.stage.subjects {
            let proof = || match (api, &subject.token) {
                (false, _) => Proof::Session(subject),
                (true, Some(token)) => Proof::Token(token),
                (true, None) => Proof::Nothing,
            };
            let answer = self.ask(&self.filled.path, &proof()).await;
            let same_as_absent = match &self.filled.absent {
                Some(absent) if !answer.outcome.is_allowed() => {
                    let other = self.ask(absent, &proof()).await;
                    answer.status == other.status
                        && without(&answer, &self.filled.path) == without(&other, absent)
                }
                Some(_) | None => false,
            };
            let mut same_with_any_body = true;
            if self.body.is_some()
                && matches!(answer.outcome, Outcome::NotFound | Outcome::Forbidden)
            {
                for torn in ["", "{", "[]", "null"] {
                    let sent = self.ask_with(&self.filled.path, &proof(), torn).await;
                    same_with_any_body &= sent.status == answer.status && sent.body == answer.body;
                }
            }
            if api && answer.outcome.is_allowed() {
                for (scope, token) in &subject.narrow {
                    let narrow = self.ask(&self.filled.path, &Proof::Token(token)).await;
                    if narrow.outcome.is_allowed() && !scopes.contains(scope) {
                        scopes.push(*scope);
                    }
                }
            }
            outcomes.push(Seen {
                group: subject.group,
                role: subject.role,
                outcome: answer.outcome,
                success: answer.status.is_success(),
                same_as_absent,
                same_with_any_body,
            });
        }
        scopes.sort_by_key(|scope| scope.code());
        Row {
            method: self.method.clone(),
            template,
            what: self.filled.what,
            names_object: self.filled.absent.is_some(),
            outcomes,
            scopes,
        }
    }

    async fn ask(&self, path: &str, proof: &Proof<'_>) -> Answer {
        let api = path.starts_with("/api/");
        let first = self.send(path, proof, Kind::Usual).await;
        // A page that takes files is asked again as its form would be sent.
        if !api && matches!(first.outcome, Outcome::Refused(400 | 415)) {
            return self.send(path, proof, Kind::Files).await;
        }
        first
    }

    /// As [`Self::ask`], with another body.
    async fn ask_with(&self, path: &str, proof: &Proof<'_>, body: &'static str) -> Answer {
        self.send(path, proof, Kind::Text(body)).await
    }

    async fn send(&self, path: &str, proof: &Proof<'_>, kind: Kind) -> Answer {
        let api = path.starts_with("/api/");
        let mut request = Request::builder().method(&self.method).uri(path);
        let mut csrf = String::new();
        match proof {
            Proof::Nothing => {}
            Proof::Token(token) => {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            Proof::Session(subject) => {
                if let Some(session) = &subject.session {
                    request =
                        request.header(header::COOKIE, format!("noroshi={}", session.expose()));
                    csrf = session.csrf();
                }
            }
        }
        let body = match (api, kind) {
            _ if self.method == Method::GET => Body::empty(),
            (true, kind) => {
                request = request.header(header::IF_MATCH, "\"1\"");
                request = request.header(header::CONTENT_TYPE, "application/json");
                match (kind, &self.body) {
                    (Kind::Text(text), _) => Body::from(text),
                    (Kind::Usual | Kind::Files, Some(body)) => Body::from(body.to_string()),
                    (Kind::Usual | Kind::Files, None) => Body::empty(),
                }
            }
            (false, Kind::Usual | Kind::Text(_)) => {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                Body::from(format!("csrf={csrf}"))
            }
            (false, Kind::Files) => {
                request =
                    request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=walk");
                Body::from(format!(
                    "--walk\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--walk--\r\n"
                ))
            }
        };
        let request = request.body(body).unwrap();
        let response = self.stage.router.clone().oneshot(request).await.unwrap();
        outcome::read(response, api).await
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Usual,
    Files,
    /// A body that no operation can read.
    Text(&'static str),
}

/// The body of an answer without the address that was asked for, which pages repeat in links.
fn without(answer: &Answer, path: &str) -> String {
    String::from_utf8_lossy(&answer.body).replace(path, "PATH")
}
