use ids::{ApprovalId, CaseId, PersonId};
use jiff::Timestamp;
use model::approvals::{Procedure, Purpose, Route};
use model::text::Prose;
use policy::{Action, Actor, Permit, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::rows::approvals::ApprovalRecord;
use store::{Tx, official};

use super::gate::{Document, canonical, drafters_json};
use super::route::{route_in_force, stages_to_json};
use crate::act::{ActDraft, Subject};
use crate::assets::{ContactInput, FileNotification, Pick};
use crate::error::AppError;
use crate::idempotency::Once;
use crate::incidents::{CorrectionInput, ReportKind};
use crate::instance::App;
use crate::logs::LogCode;

/// A request that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The request.
    pub approval: ApprovalId,
}

/// What else is needed to file what is approved.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Report(ReportKind),
    Notification(FileNotification),
}

/// A request about to be kept.
struct NewRequest {
    document: Document,
    body: String,
    route: Route,
    wanted: Value,
    drafters: Vec<PersonId>,
    replaces: Option<ApprovalId>,
    note: Option<Prose<2000>>,
}

#[derive(Serialize, Deserialize, Default)]
struct WantedWire {
    #[serde(default)]
    explanation: String,
    #[serde(default)]
    request: Option<String>,
    #[serde(default)]
    duty: Option<String>,
    #[serde(default)]
    picks: Vec<(ids::ComputerId, Option<i64>)>,
    #[serde(default)]
    contact: [String; 4],
}

impl App {
    /// Asks for approval of a report as it would be filed now; the document is frozen.
    ///
    /// # Errors
    /// As of filing; [`AppError::Conflict`] `approval_not_asked` where the organisation has no route for it.
    pub async fn request_report_approval(
        &self,
        actor: &Actor,
        id: CaseId,
        kind: &ReportKind,
        checked: Option<i64>,
        note: &str,
        key: Option<&str>,
    ) -> Result<Asked, AppError> {
        let at = self.now();
        let wanted = report_wanted(kind);
        let asked = json!([id.to_string(), kind.filing_kind().code(), wanted, note]);
        let once = Once::new(actor, "approval.request", key, &asked)?;
        let note = read_note(note)?;
        let mut tx = self.store().begin("approval.request").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let loaded = crate::incidents::load_case(&mut tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let owner = loaded.case.parts().owner;
        let permit = self.check_request(actor, &Resource::Case { id, owner })?;
        let composed = self
            .compose_report(&mut tx, actor, loaded, kind, checked)
            .await?;
        let (body, _) = canonical(&composed.new.body)?;
        let document = Document::new(owner, composed.new.kind, Some(id), &composed.new.body)?;
        let route = route_in_force(&mut tx, owner, document.kind)
            .await?
            .ok_or(AppError::Conflict("approval_not_asked"))?;
        let mut drafters = composed.ready.draft.drafters();
        drafters.push(actor.person);
        let new = NewRequest {
            document,
            body,
            route,
            wanted,
            drafters,
            replaces: None,
            note,
        };
        let asked = self.keep_request(&mut tx, actor, permit, new, at).await?;
        once.remember(&mut tx, &asked, at).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Asks for approval of a notification as it would be filed now. `replaces` is the request that it comes after.
    ///
    /// # Errors
    /// As of filing; [`AppError::Conflict`] `approval_not_asked` where the organisation has no route for it.
    pub async fn request_notification_approval(
        &self,
        actor: &Actor,
        wanted: &FileNotification,
        replaces: Option<ApprovalId>,
        note: &str,
        key: Option<&str>,
    ) -> Result<Asked, AppError> {
        let at = self.now();
        let what = notification_wanted(wanted);
        let once = Once::new(actor, "approval.request", key, &json!([what, note]))?;
        let note = read_note(note)?;
        let mut tx = self.store().begin("approval.request").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let owner = actor.organisation;
        let permit = self.check_request(actor, &Resource::Register { owner })?;
        let (document, body) = self.compose_notification(&mut tx, actor, wanted).await?;
        let route = route_in_force(&mut tx, owner, document.kind)
            .await?
            .ok_or(AppError::Conflict("approval_not_asked"))?;
        if let Some(before) = replaces {
            let before = tx.approval(before).await?.ok_or(AppError::NotFound)?;
            if before.owner != owner || before.kind != document.kind || before.case.is_some() {
                return Err(AppError::NotFound);
            }
        }
        let new = NewRequest {
            document,
            body,
            route,
            wanted: what,
            drafters: vec![actor.person],
            replaces,
            note,
        };
        let asked = self.keep_request(&mut tx, actor, permit, new, at).await?;
        once.remember(&mut tx, &asked, at).await?;
        tx.commit().await?;
        Ok(asked)
    }

    fn check_request(&self, actor: &Actor, resource: &Resource) -> Result<Permit, AppError> {
        Ok(self
            .policy()
            .check(actor, Action::RequestApproval, resource)?)
    }

    async fn keep_request(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        permit: Permit,
        new: NewRequest,
        at: Timestamp,
    ) -> Result<Asked, AppError> {
        let (mut rows, newest) = self
            .close_open_requests(tx, &new.document, actor.person, at)
            .await?;
        let mut drafters = new.drafters;
        drafters.sort();
        drafters.dedup();
        let id: ApprovalId = self.ids().next();
        let stages = new.route.stages().len();
        let record = ApprovalRecord {
            id,
            owner: new.document.owner,
            purpose: Purpose::Filing,
            kind: new.document.kind,
            case: new.document.case,
            filing: None,
            replaces: new.replaces.or(newest),
            separation: new.route.separation(),
            stages: stages_to_json(new.route.stages())?,
            body: new.body,
            body_digest: new.document.digest,
            wanted: new.wanted.to_string(),
            drafters: drafters_json(&drafters)?,
            note: new
                .note
                .as_ref()
                .map_or_else(String::new, |note| note.as_str().to_owned()),
            requested_by: actor.person,
            requested_at: at,
        };
        tx.insert_approval(&record, Procedure::begin(stages).phase().code())
            .await?;
        rows.extend(
            tx.official_rows(&official::APPROVAL_REQUEST, id.uuid())
                .await?,
        );
        let act = ActDraft {
            act: "approval.requested",
            subject: Subject::new("approval", id),
            details: json!({
                "kind": record.kind.code(),
                "stages": stages,
                "body_sha256": record.body_digest.to_string(),
            }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, at).await?;
        Ok(Asked { approval: id })
    }
}

fn read_note(note: &str) -> Result<Option<Prose<2000>>, AppError> {
    if note.trim().is_empty() {
        return Ok(None);
    }
    Prose::parse(note)
        .map(Some)
        .map_err(|error| AppError::field("note", error.code()))
}

fn report_wanted(kind: &ReportKind) -> Value {
    match kind {
        ReportKind::Prompt | ReportKind::Update | ReportKind::Full => json!({}),
        ReportKind::Correction(input) => json!({
            "explanation": input.explanation,
            "request": input.request.map(|request| request.to_string()),
        }),
    }
}

fn notification_wanted(wanted: &FileNotification) -> Value {
    let contact = &wanted.contact;
    let picks: Vec<Value> = wanted
        .picks
        .iter()
        .map(|pick| json!([pick.computer, pick.version]))
        .collect();
    json!({
        "duty": wanted.duty.code(),
        "picks": picks,
        "contact": [contact.department, contact.name, contact.phone, contact.mail],
    })
}

/// Reads what was kept beside the frozen document.
pub(super) fn wanted_of(record: &ApprovalRecord) -> Result<Wanted, AppError> {
    const TORN: AppError = AppError::Bug("a request for approval that cannot be read");
    let wire: WantedWire = serde_json::from_str(&record.wanted).map_err(|_| TORN)?;
    if let Some(duty) = wire.duty {
        let [department, name, phone, mail] = wire.contact;
        return Ok(Wanted::Notification(FileNotification {
            duty: duty.parse().map_err(|_| TORN)?,
            picks: wire
                .picks
                .into_iter()
                .map(|(computer, version)| Pick { computer, version })
                .collect(),
            contact: ContactInput {
                department,
                name,
                phone,
                mail,
            },
        }));
    }
    Ok(Wanted::Report(match record.kind {
        ids::FilingKind::IncidentPrompt => ReportKind::Prompt,
        ids::FilingKind::IncidentUpdate => ReportKind::Update,
        ids::FilingKind::IncidentFull => ReportKind::Full,
        ids::FilingKind::IncidentCorrection => ReportKind::Correction(CorrectionInput {
            explanation: wire.explanation,
            request: wire.request.and_then(|request| request.parse().ok()),
        }),
        ids::FilingKind::AssetNotification
        | ids::FilingKind::AssetChange
        | ids::FilingKind::AssetRetirement
        | ids::FilingKind::IncidentWithdrawal => return Err(TORN),
    }))
}
