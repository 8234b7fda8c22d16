//! An instance with made-up organisations and a token for each of its people.

use std::sync::Arc;

use app::identity::NewToken;
use app::{App, FixedClock, Parts};
use axum::Router;
use axum::body::Body;
use config::{Config, Mode};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use ids::{OrganisationId, Role, SeededIds, TokenScope};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use testkit::World;
use tower::ServiceExt as _;
use web::page::Site;

/// 04:00 on a Sunday in Japan, three quarters of an hour after [`AWARE`].
pub(crate) const NOW: &str = "2026-11-22T04:00:00+09:00";

/// 03:17 on a Sunday in Japan.
pub(crate) const AWARE: &str = "2026-11-22T03:17:00+09:00";

/// A running instance without a socket.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) world: World,
    router: Router,
    _folder: TempDir,
}

/// A program with the token of a person.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    token: Option<String>,
}

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) octets: Vec<u8>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::default();
        config.storage.directory = folder.path().to_owned();
        config.instance.mode = Mode::Real;
        config.access.argon2_memory_kib = 64;
        config.access.argon2_passes = 1;
        let clock = Arc::new(FixedClock::new(instant(NOW)));
        let mut parts = Parts::new(config);
        parts.clock = clock.clone();
        parts.ids = Arc::new(SeededIds::new(77));
        parts.documents.printer = Arc::new(crate::printer::PlainPrinter);
        let app = App::open_migrated(parts).await.unwrap();
        let world = World::saved(5, app.store()).await;
        let router = web::router(&app, Site::default(), None);
        Self {
            app,
            clock,
            world,
            router,
            _folder: folder,
        }
    }

    /// A program without a token.
    pub(crate) fn nobody(&self) -> Client {
        self.with_token(None)
    }

    /// A program with any text as its token.
    pub(crate) fn with_token(&self, token: Option<&str>) -> Client {
        Client {
            router: self.router.clone(),
            token: token.map(str::to_owned),
        }
    }

    /// A program of the person with a role, with a token for everything.
    pub(crate) async fn client(&self, organisation: OrganisationId, role: Role) -> Client {
        self.scoped(organisation, role, TokenScope::ALL).await
    }

    /// As [`Bench::client`], with some scopes only.
    pub(crate) async fn scoped(
        &self,
        organisation: OrganisationId,
        role: Role,
        scopes: &[TokenScope],
    ) -> Client {
        let actor = self.world.actor(self.world.person(organisation, role));
        let token = NewToken {
            label: "test".to_owned(),
            scopes: scopes.to_vec(),
            days: 60,
        };
        let issued = self.app.issue_token(&actor, token).await.unwrap();
        self.with_token(Some(&issued.secret))
    }

    pub(crate) async fn csirt(&self) -> Client {
        self.client(self.world.power, Role::Csirt).await
    }

    pub(crate) async fn approver(&self) -> Client {
        self.client(self.world.power, Role::Approver).await
    }

    pub(crate) async fn compliance(&self) -> Client {
        self.client(self.world.power, Role::Compliance).await
    }

    /// The officer of the ministry that the electricity company files with.
    pub(crate) async fn officer(&self) -> Client {
        self.client(self.world.meti, Role::DeskOfficer).await
    }

    /// The analyst of the Cabinet Office.
    pub(crate) async fn analyst(&self) -> Client {
        self.client(self.world.cabinet_office, Role::CabinetAnalyst)
            .await
    }

    /// Another operator, in a role.
    pub(crate) async fn stranger(&self, role: Role) -> Client {
        self.client(self.world.railway, role).await
    }

    /// How many acts stand in the logs about a thing.
    pub(crate) async fn acts(&self, subject: &str, act: &str) -> usize {
        let mut tx = self.app.store().begin_read("test.leaves").await.unwrap();
        let leaves = tx
            .leaves_of_subject(subject.parse().unwrap(), 1_000)
            .await
            .unwrap();
        leaves.iter().filter(|leaf| leaf.act == act).count()
    }

    /// Opens a case of an incident and judges it.
    pub(crate) async fn open_case(&self) -> String {
        let csirt = self.csirt().await;
        let opened = csirt.post("/api/v1/cases", &new_case()).await;
        opened.text_of(StatusCode::CREATED, "case")
    }

    /// A prompt report; the case and the filing.
    pub(crate) async fn file_prompt(&self) -> (String, String) {
        let case = self.open_case().await;
        let csirt = self.csirt().await;
        fill_prompt(&csirt, &case).await;
        let reports = format!("/api/v1/cases/{case}/reports");
        let filed = csirt.post(&reports, &json!({ "kind": "prompt" })).await;
        let filing = filed.text_of(StatusCode::CREATED, "filing");
        (case, filing)
    }
}

impl Client {
    pub(crate) async fn send(&self, request: http::request::Builder, body: Body) -> Answer {
        let mut request = request.body(body).unwrap();
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            octets: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, &[], body).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::PUT, path, &[], body).await
    }

    /// A change with the same key as often as wanted.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, &[("idempotency-key", key)], body)
            .await
    }

    pub(crate) async fn json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(body.to_string())).await
    }

    /// Puts a file into the draft of a case.
    pub(crate) async fn attach(&self, case: &str, name: &str, content: &[u8]) -> Answer {
        let digest = hex::encode(Sha256::digest(content));
        let path = format!("/api/v1/cases/{case}/attachments/{digest}?name={name}");
        let request = Request::put(path).header(header::CONTENT_TYPE, "application/octet-stream");
        self.send(request, Body::from(content.to_vec())).await
    }
}

impl Answer {
    /// The body, which must be JSON and have the status.
    #[track_caller]
    pub(crate) fn json(&self, status: StatusCode) -> Value {
        let text = String::from_utf8_lossy(&self.octets);
        assert_eq!(self.status, status, "{text}");
        serde_json::from_slice(&self.octets).unwrap()
    }

    /// A text of the body.
    #[track_caller]
    pub(crate) fn text_of(&self, status: StatusCode, key: &str) -> String {
        self.json(status)[key].as_str().unwrap().to_owned()
    }

    /// The entity tag.
    #[track_caller]
    pub(crate) fn tag(&self) -> String {
        self.headers[header::ETAG].to_str().unwrap().to_owned()
    }

    /// Holds that this is a problem document with a status and a code.
    #[track_caller]
    pub(crate) fn refused(&self, status: StatusCode, code: &str) -> Value {
        let problem = self.json(status);
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["status"], status.as_u16());
        problem
    }

    /// Holds that these fields are named.
    #[track_caller]
    pub(crate) fn names(&self, fields: &[(&str, &str)]) {
        let problem = self.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        for (pointer, code) in fields {
            let errors = problem["errors"].as_array().unwrap();
            let named = errors
                .iter()
                .any(|error| error["pointer"] == *pointer && error["code"] == *code);
            assert!(named, "{pointer} {code} in {problem}");
        }
    }
}

/// A case of an incident, judged.
pub(crate) fn new_case() -> Value {
    json!({
        "title": "監視端末の不審な通信",
        "awareness": { "kind": "incident", "aware_at": AWARE, "source": "監視の当直が警報を見た" },
        "judgement": { "sheet": { "group": "A", "answers": { "malware_ran": "yes" } } },
    })
}

/// What items 1 and 2 need at the prompt stage.
pub(crate) async fn fill_prompt(client: &Client, case: &str) {
    let draft = format!("/api/v1/cases/{case}/draft");
    let tag = client.get(&draft).await.tag();
    let fields = json!({ "fields": {
        "corporate_number": { "text": "７０１０００１００００１７" },
        "address": { "text": "東京都千代田区霞が関1-1" },
        "contact_name": { "text": "髙橋 𠮷江" },
        "contact_phone": { "text": "03-0000-0000" },
    } });
    let saved = client
        .json(Method::PATCH, &draft, &[("if-match", &tag)], &fields)
        .await;
    saved.json(StatusCode::OK);
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
