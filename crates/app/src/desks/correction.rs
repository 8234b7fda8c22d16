use formats::filing::Body;
use formats::forms::{self, Form};
use ids::{CorrectionId, FilingId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::filing::{CorrectionRequest, Filing};
use model::organisation::Organisation;
use model::text::{Prose, TextError};
use policy::{Action, Actor, Resource};
use serde_json::{Value, json};
use store::{RequestCursor, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::idempotency::Once;
use crate::instance::App;

/// Longest path of a field.
const MAX_PATH: usize = 300;

/// What a desk asks for.
#[derive(Clone, Copy, Debug)]
pub struct NewCorrectionRequest<'a> {
    /// Path of the field in the body, for example `/answers/summary`; empty for the whole.
    pub field: &'a str,
    /// What should be put right.
    pub text: &'a str,
    /// The day by which an answer is asked for; not a legal limit.
    pub wanted_by: Option<Date>,
}

/// A request that waits for its answer, as a list shows it.
#[derive(Clone, Debug)]
pub struct OpenCorrection {
    /// The request.
    pub request: CorrectionRequest,
    /// The filing that it is about.
    pub filing: Filing,
    /// Name of the desk that asks, in Japanese and English.
    pub desk: (String, String),
}

/// One page of the requests that wait for an answer.
#[derive(Clone, Debug, Default)]
pub struct OpenCorrections {
    /// Requests, oldest first.
    pub items: Vec<OpenCorrection>,
    /// Where the list goes on.
    pub next: Option<String>,
}

/// A request with everything that is needed to answer it.
#[derive(Clone, Debug)]
pub struct CorrectionThread {
    /// The request, with its answer if there is one.
    pub request: CorrectionRequest,
    /// The filing that it is about.
    pub filing: Filing,
    /// The newest version of that document: a correction begins from it.
    pub latest: Filing,
    /// The newest version, read.
    pub body: Body,
    /// The desk that asks.
    pub desk: Organisation,
    /// Whether the actor may answer.
    pub may_answer: bool,
}

impl CorrectionThread {
    /// What stands in the field now.
    pub fn present(&self) -> Option<Value> {
        self.body
            .to_value()
            .pointer(&self.request.field)
            .cloned()
            .filter(|_| !self.request.field.is_empty())
    }
}

impl App {
    /// Asks the filer to correct a field (補正依頼).
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a field that the document does not have, an empty text or a day in the past.
    pub async fn request_correction(
        &self,
        actor: &Actor,
        filing: FilingId,
        request: NewCorrectionRequest<'_>,
        key: Option<&str>,
    ) -> Result<CorrectionId, AppError> {
        let wanted_by = request.wanted_by.map(|day| day.to_string());
        let asked = json!([filing.to_string(), request.field, request.text, wanted_by]);
        let once = Once::new(actor, "desk.request_correction", key, &asked)?;
        let mut tx = self.store().begin("desk.request_correction").await?;
        let (document, facts) = facts(&mut tx, filing).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::RequestCorrection, &Resource::Filing(facts))?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let text = Prose::<2000>::parse(request.text)
            .map_err(|error: TextError| AppError::field("text", error.code()))?;
        if !has_field(&read_body(&document)?, request.field) {
            return Err(AppError::field("field", "correction_field_unknown"));
        }
        if request.wanted_by.is_some_and(|day| day < self.today()) {
            return Err(AppError::field("wanted_by", "correction_day_past"));
        }
        let log = self.desk_log(&mut tx, actor).await?;
        let at = self.now();
        let request = CorrectionRequest {
            id: self.ids().next(),
            filing,
            organisation: actor.organisation,
            field: request.field.to_owned(),
            text: text.as_str().to_owned(),
            wanted_by: request.wanted_by,
            requested_by: Some(actor.person),
            requested_at: at,
            answer: None,
        };
        tx.insert_correction_request(&request).await?;
        let act = ActDraft {
            act: "correction.requested",
            subject: Subject::new("filing", filing),
            details: json!({ "request": request.id.to_string(), "field": request.field }),
            rows: tx
                .official_rows(&official::CORRECTION_REQUEST, request.id.uuid())
                .await?,
            logs: vec![log],
        };
        self.record(&mut tx, permit, &act, at).await?;
        once.remember(&mut tx, &request.id, at).await?;
        tx.commit().await?;
        Ok(request.id)
    }

    /// Requests for correction of the actor's own filings that wait for an answer, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever files nothing; [`AppError::Invalid`] for a cursor that we did not give.
    pub async fn open_corrections(
        &self,
        actor: &Actor,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<OpenCorrections, AppError> {
        let scope = self.policy().filing_scope(actor, Action::ViewFiling);
        if scope.owned_by().is_none() {
            return Err(AppError::NotFound);
        }
        let after = cursor.map(read_cursor).transpose()?;
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("correction.list_open").await?;
        let mut requests = tx
            .open_correction_requests(&scope, after, limit.saturating_add(1))
            .await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < requests.len();
        requests.truncate(limit);
        let next = requests
            .last()
            .filter(|_| more)
            .map(|last| format!("{}.{}", last.requested_at.as_microsecond(), last.id));
        let mut items = Vec::with_capacity(requests.len());
        for request in requests {
            let filing = tx
                .filing(request.filing)
                .await?
                .ok_or(AppError::Bug("a request without its filing"))?;
            let desk = self.owner_of(&mut tx, request.organisation).await?;
            items.push(OpenCorrection {
                request,
                filing,
                desk: (desk.name_ja, desk.name_en),
            });
        }
        Ok(OpenCorrections { items, next })
    }

    /// A request for correction of one of the actor's own filings.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for everyone else; desks see their requests with the filing.
    pub async fn view_correction(
        &self,
        actor: &Actor,
        id: CorrectionId,
    ) -> Result<CorrectionThread, AppError> {
        let mut tx = self.store().begin_read("correction.view").await?;
        let request = tx.correction_request(id).await?.ok_or(AppError::NotFound)?;
        let (filing, facts) = facts(&mut tx, request.filing)
            .await?
            .ok_or(AppError::NotFound)?;
        if facts.owner != actor.organisation {
            return Err(AppError::NotFound);
        }
        let resource = Resource::Filing(facts);
        // The own organisation reads its own document: no leaf.
        drop(self.policy().check(actor, Action::ViewFiling, &resource)?);
        let raised = Actor {
            step_up: policy::StepUp::Fresh,
            ..actor.clone()
        };
        let may_answer = request.answer.is_none()
            && self
                .policy()
                .may(&raised, Action::AnswerCorrection, &resource);
        let latest = latest_version(&mut tx, filing.clone()).await?;
        let desk = self.owner_of(&mut tx, request.organisation).await?;
        Ok(CorrectionThread {
            body: read_body(&latest)?,
            request,
            filing,
            latest,
            desk,
            may_answer,
        })
    }
}

/// The newest version of a document: corrections only, no later report or change.
pub(crate) async fn latest_version(tx: &mut Tx, filing: Filing) -> Result<Filing, AppError> {
    let mut latest = filing;
    loop {
        let mut next = None;
        for successor in tx.successors(latest.id).await? {
            if successor.kind == ids::FilingKind::IncidentCorrection
                || tx.is_correction_answer(successor.id).await?
            {
                next = Some(successor);
            }
        }
        match next {
            Some(successor) => latest = successor,
            None => return Ok(latest),
        }
    }
}

/// Reads the body of a stored filing.
pub(crate) fn read_body(filing: &Filing) -> Result<Body, AppError> {
    formats::filing::parse(filing.body.as_bytes())
        .map_err(|_| AppError::Bug("a filed body that cannot be read"))
}

/// The form that a body is written on, in its version.
pub(crate) fn form_of(body: &Body) -> Option<&'static Form> {
    forms::version(body.form_kind()?, body.head().form_version.as_str()).ok()
}

fn read_cursor(text: &str) -> Result<RequestCursor, AppError> {
    let wrong = || AppError::field("cursor", "cursor_unknown");
    let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
    let micros: i64 = micros.parse().map_err(|_| wrong())?;
    Ok(RequestCursor {
        requested_at: Timestamp::from_microsecond(micros).map_err(|_| wrong())?,
        id: id.parse().map_err(|_| wrong())?,
    })
}

/// Whether a path points at something of the document: what stands there, or a field that was left out.
pub(crate) fn has_field(body: &Body, path: &str) -> bool {
    if path.is_empty() {
        return true;
    }
    if MAX_PATH < path.len() {
        return false;
    }
    let value = body.to_value();
    if value.pointer(path).is_some() {
        return true;
    }
    // A field that was left out: the form has it, and what it belongs to is there.
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    value.pointer(parent).is_some_and(Value::is_object)
        && form_of(body).is_some_and(|form| form.field_at(path).is_some())
}
