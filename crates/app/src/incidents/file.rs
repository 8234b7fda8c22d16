use formats::filing::Body;
use ids::{CaseId, CorrectionId, FilingKind, ReceiptNumber};
use jiff::Timestamp;
use model::filing::CorrectionAnswer;
use model::incidents::{Case, CaseStep, Filed};
use model::organisation::Organisation;
use model::text::Prose;
use policy::{Action, Actor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use statute::{Duty, EventCode, ReportStage};
use store::Tx;
use store::official::{self, RowRef};

use super::awareness::{refusal, resource};
use super::draft::{FormStanding, OpenDraft};
use super::load::{Loaded, load_case, record_of};
use super::report::{Correcting, Frame, search_text};
use super::seed::read_body;
use crate::approvals::{Document, Gate};
use crate::error::AppError;
use crate::filing::{FiledReceiptNumber, NewAttachment, NewFiling};
use crate::idempotency::Once;
use crate::instance::App;

/// Which report is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// 速報.
    Prompt,
    /// 続報.
    Update,
    /// 詳報.
    Full,
    /// 訂正 of the last report.
    Correction(CorrectionInput),
}

/// What a correction says beside the corrected report.
#[derive(Clone, PartialEq, Eq)]
pub struct CorrectionInput {
    /// What was wrong.
    pub explanation: String,
    /// The request for correction that this answers.
    pub request: Option<CorrectionId>,
}

impl std::fmt::Debug for CorrectionInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CorrectionInput")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// What the filer is told at once, in a form that can be remembered for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The filing.
    pub filing: ids::FilingId,
    /// 受付番号.
    pub number: String,
    /// When it arrived, in microseconds since 1970 in UTC.
    pub arrived_at_micros: i64,
}

impl Filing {
    /// When it arrived (デジタル手続法 Art. 6(3)).
    pub fn arrived_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.arrived_at_micros).ok()
    }
}

impl From<FiledReceiptNumber> for Filing {
    fn from(filed: FiledReceiptNumber) -> Self {
        Self {
            filing: filed.filing,
            number: filed.number.as_str().to_owned(),
            arrived_at_micros: filed.arrived_at.as_microsecond(),
        }
    }
}

impl ReportKind {
    /// The step of the case.
    pub const fn step(&self) -> CaseStep {
        match self {
            Self::Prompt => CaseStep::FilePrompt,
            Self::Update => CaseStep::FileUpdate,
            Self::Full => CaseStep::FileFull,
            Self::Correction(_) => CaseStep::FileCorrection,
        }
    }

    /// What the policies are asked: 速報 may be filed by the CSIRT alone, at night (Order Art. 4(2)).
    pub const fn action(&self) -> Action {
        match self {
            Self::Prompt => Action::FilePrompt,
            Self::Update | Self::Full | Self::Correction(_) => Action::FileReport,
        }
    }

    /// The kind of document.
    pub const fn filing_kind(&self) -> FilingKind {
        match self {
            Self::Prompt => FilingKind::IncidentPrompt,
            Self::Update => FilingKind::IncidentUpdate,
            Self::Full => FilingKind::IncidentFull,
            Self::Correction(_) => FilingKind::IncidentCorrection,
        }
    }

    fn request(&self) -> Value {
        match self {
            Self::Prompt | Self::Update | Self::Full => json!(self.filing_kind().code()),
            Self::Correction(input) => json!([
                self.filing_kind().code(),
                input.explanation,
                input.request.map(|request| request.to_string()),
            ]),
        }
    }
}

/// How a report goes out.
enum Way {
    /// With the approvals that the route asks for.
    Ordinary,
    /// Without them, for a reason.
    Emergency(Prose<2000>),
}

impl Way {
    fn reason(&self) -> Option<&str> {
        match self {
            Self::Ordinary => None,
            Self::Emergency(reason) => Some(reason.as_str()),
        }
    }
}

/// A document that is put together and not yet filed.
pub(crate) struct Composed {
    pub(crate) ready: Ready,
    pub(crate) correcting: Option<Correcting>,
    pub(crate) new: NewFiling,
}

/// Everything that a filing of a case is made from.
pub(crate) struct Ready {
    pub(super) loaded: Loaded,
    pub(crate) operator: Organisation,
    pub(crate) draft: OpenDraft,
    pub(super) event: EventCode,
    pub(super) stage: ReportStage,
}

impl App {
    /// Files a report of a case to the Minister (or the regional head) and the Prime Minister at once (Act Art. 5,
    /// Order Art. 4(2)).
    ///
    /// `checked` is the version of the draft that the person checked; a draft that changed since is refused.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with each field that is missing or wrong at this stage; [`AppError::Conflict`] when the
    /// case does not allow the step; [`AppError::NotInForce`] outside an exercise before the law is in force.
    pub async fn file_report(
        &self,
        actor: &Actor,
        id: CaseId,
        kind: &ReportKind,
        checked: Option<i64>,
        key: Option<&str>,
    ) -> Result<Filing, AppError> {
        let permit = (kind.action(), &Way::Ordinary);
        self.file_with(actor, id, kind, permit, checked, key).await
    }

    /// Files the prompt report at once, without the approvals that the own route asks for (Order Art. 4(2): 速やかに).
    /// The reason is kept, and whoever decides last on the route is asked to ratify it (追認).
    ///
    /// # Errors
    /// As of [`App::file_report`]; [`AppError::Conflict`] `emergency_not_needed` where nothing keeps it from being filed.
    pub async fn file_prompt_in_emergency(
        &self,
        actor: &Actor,
        id: CaseId,
        reason: &str,
        checked: Option<i64>,
        key: Option<&str>,
    ) -> Result<Filing, AppError> {
        let reason = Prose::parse(reason)
            .map_err(|error| AppError::field("emergency_reason", error.code()))?;
        let way = Way::Emergency(reason);
        let permit = (Action::FileInEmergency, &way);
        self.file_with(actor, id, &ReportKind::Prompt, permit, checked, key)
            .await
    }

    async fn file_with(
        &self,
        actor: &Actor,
        id: CaseId,
        kind: &ReportKind,
        (action, way): (Action, &Way),
        checked: Option<i64>,
        key: Option<&str>,
    ) -> Result<Filing, AppError> {
        let now = self.now();
        let request = json!([id.to_string(), kind.request(), way.reason()]);
        let once = Once::new(actor, "case.file_report", key, &request)?;
        let mut tx = self.store().begin("case.file_report").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, action, &resource(&loaded.case))?;
        let Composed {
            ready,
            correcting,
            new,
        } = self
            .compose_report(&mut tx, actor, loaded, kind, checked)
            .await?;
        let document = Document::new(ready.operator.id, new.kind, new.case, &new.body)?;
        let gate = self.approval_gate(&mut tx, &document).await?;
        let ratified_by = match (way, &gate) {
            (Way::Ordinary, _) => {
                gate.require()?;
                None
            }
            (Way::Emergency(reason), Gate::Lacking { route, .. }) => Some((route, reason)),
            (Way::Emergency(_), Gate::NotAsked | Gate::Passed(_)) => {
                return Err(AppError::Conflict("emergency_not_needed"));
            }
        };
        let (addressees, _) = self
            .plan_addressees(&mut tx, &ready.operator, Duty::IncidentReport, self.today())
            .await?;
        let mut recorded = self
            .record_filing(&mut tx, &permit, &ready.operator, addressees, new, now)
            .await?;
        self.pass_on(&mut tx, &ready.operator, &recorded.filing)
            .await?;
        let filed = Filed {
            filing: recorded.filing.id,
            at: now,
        };
        let case = step(ready.loaded.case.clone(), kind, filed)?;
        for record in ready.loaded.case.awareness().standing() {
            tx.insert_filing_awareness(filed.filing, record.id).await?;
        }
        tx.update_case(&record_of(&case, &ready.loaded.record))
            .await?;
        if let Some(row) = &ready.draft.row {
            tx.delete_draft(row).await?;
        }
        if let Some(correcting) = correcting {
            let rows = answer_request(&mut tx, actor, &correcting, filed).await?;
            recorded.rows.extend(rows);
        }
        let rows = match ratified_by {
            None => {
                self.close_approval(&mut tx, &gate, &recorded.filing)
                    .await?
            }
            Some((route, reason)) => {
                let mut drafters = ready.draft.drafters();
                drafters.push(actor.person);
                self.open_ratification(&mut tx, route, &recorded.filing, reason, &drafters)
                    .await?
            }
        };
        recorded.rows.extend(rows);
        let outcome: Filing = self.seal_filing(&mut tx, permit, recorded).await?.into();
        once.remember(&mut tx, &outcome, now).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Puts the document together that a filing of the case would make now.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with each field that is missing or wrong; [`AppError::Stale`] when the draft is not at the
    /// version that was checked.
    pub(crate) async fn compose_report(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        loaded: Loaded,
        kind: &ReportKind,
        checked: Option<i64>,
    ) -> Result<Composed, AppError> {
        let id = loaded.case.id();
        let ready = self.ready(tx, loaded, kind).await?;
        if checked.is_some_and(|version| version != ready.draft.view.version) {
            return Err(AppError::Stale);
        }
        let correcting = self.correcting(tx, actor, &ready, kind).await?;
        let (answers, problems) = self.filing_problems(&ready.draft.view, ready.stage);
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let search = search_text(&ready.operator, &answers);
        let frame = Frame {
            operator: &ready.operator,
            case: &ready.loaded.case,
            event: ready.event,
            stage: ready.stage,
            update_number: update_number(&ready, kind),
            correcting: correcting.clone(),
        };
        let body = self.report_body(frame, &ready.draft.view, answers)?;
        let new = NewFiling {
            kind: kind.filing_kind(),
            case: Some(id),
            supersedes: last_filing(&ready.loaded),
            form_version: ready.draft.view.form_version.clone(),
            body: body.to_value(),
            attachments: attachments(&ready.draft),
            search_text: search,
        };
        Ok(Composed {
            ready,
            correcting,
            new,
        })
    }

    /// Loads what a filing is made from, and refuses what the phase or the law does not allow.
    pub(super) async fn ready(
        &self,
        tx: &mut Tx,
        loaded: Loaded,
        kind: &ReportKind,
    ) -> Result<Ready, AppError> {
        self.require_report_basis()?;
        if !loaded.case.phase().allows(kind.step()) {
            return Err(AppError::Conflict("case.phase"));
        }
        let event = loaded
            .case
            .event()
            .ok_or(AppError::Conflict("case.no_judgement"))?;
        let operator = tx
            .organisation(loaded.record.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let draft = self.open_draft(tx, &loaded).await?;
        if draft.view.standing == FormStanding::Gone {
            return Err(AppError::Conflict("draft.form_gone"));
        }
        let stage = self.stage(tx, &loaded, kind).await?;
        Ok(Ready {
            loaded,
            operator,
            draft,
            event,
            stage,
        })
    }

    /// Refuses acts without a basis in force, outside an exercise (DESIGN section 4).
    pub(crate) fn require_report_basis(&self) -> Result<(), AppError> {
        statute::standing(self.rules(), "basis.report", self.today(), self.mode())
            .map(|_standing| ())
            .map_err(AppError::NotInForce)
    }

    /// The stage whose requirements apply: of a correction, that of the corrected report.
    async fn stage(
        &self,
        tx: &mut Tx,
        loaded: &Loaded,
        kind: &ReportKind,
    ) -> Result<ReportStage, AppError> {
        match kind {
            ReportKind::Prompt => Ok(ReportStage::Prompt),
            ReportKind::Update => Ok(ReportStage::Update),
            ReportKind::Full => Ok(ReportStage::Full),
            ReportKind::Correction(_) => {
                let body = last_body(tx, loaded).await?;
                body.report()
                    .map(|report| report.stage)
                    .ok_or(AppError::Conflict("case.phase"))
            }
        }
    }

    async fn correcting(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        ready: &Ready,
        kind: &ReportKind,
    ) -> Result<Option<Correcting>, AppError> {
        let ReportKind::Correction(input) = kind else {
            return Ok(None);
        };
        let explanation = Prose::parse(&input.explanation)
            .map_err(|error| AppError::field("explanation", error.code()))?;
        let corrects = last_number(&ready.loaded).ok_or(AppError::Conflict("case.phase"))?;
        if let Some(id) = input.request {
            let request = tx.correction_request(id).await?.ok_or(AppError::NotFound)?;
            let own = ready
                .loaded
                .filings
                .iter()
                .any(|filing| filing.id() == request.filing);
            if !own {
                return Err(AppError::NotFound);
            }
            if request.answer.is_some() {
                return Err(AppError::Conflict("correction_answered"));
            }
            let (_, facts) = crate::filing::facts(tx, request.filing)
                .await?
                .ok_or(AppError::NotFound)?;
            drop(self.policy().check(
                actor,
                Action::AnswerCorrection,
                &policy::Resource::Filing(facts),
            )?);
        }
        Ok(Some(Correcting {
            corrects,
            request: input.request,
            explanation,
        }))
    }
}

/// The last report of a case that is not a withdrawal, with its place in the series.
pub(super) fn last_filing(loaded: &Loaded) -> Option<(ids::FilingId, u32)> {
    loaded
        .filings
        .last()
        .map(|filing| (filing.head.id, filing.head.sequence))
}

pub(super) fn last_number(loaded: &Loaded) -> Option<ReceiptNumber> {
    loaded
        .filings
        .last()
        .map(|filing| filing.head.number.clone())
}

async fn last_body(tx: &mut Tx, loaded: &Loaded) -> Result<Body, AppError> {
    let (id, _) = last_filing(loaded).ok_or(AppError::Conflict("case.phase"))?;
    let filing = tx
        .filing(id)
        .await?
        .ok_or(AppError::Bug("a filing of the case is missing"))?;
    read_body(&filing.body)
}

fn step(case: Case, kind: &ReportKind, filed: Filed) -> Result<Case, AppError> {
    match kind {
        ReportKind::Prompt => case.file_prompt(filed),
        ReportKind::Update => case.file_update(filed).map(|(case, _)| case),
        ReportKind::Full => case.file_full(filed),
        ReportKind::Correction(_) => case.file_correction(filed),
    }
    .map_err(refusal)
}

/// n of 第n報: of an update, and of a correction of one.
fn update_number(ready: &Ready, kind: &ReportKind) -> Option<u32> {
    let updates = ready.loaded.case.phase().updates();
    match (kind, ready.stage) {
        (ReportKind::Update, _) => Some(updates.saturating_add(1)),
        (ReportKind::Correction(_), ReportStage::Update) => Some(updates.max(1)),
        (
            ReportKind::Prompt | ReportKind::Full | ReportKind::Correction(_),
            ReportStage::Prompt | ReportStage::Update | ReportStage::Full,
        ) => None,
    }
}

fn attachments(draft: &OpenDraft) -> Vec<NewAttachment> {
    draft
        .view
        .attachments
        .iter()
        .map(|file| NewAttachment {
            digest: file.digest,
            file_name: file.file_name.clone(),
        })
        .collect()
}

/// Writes the answer to the request for correction that a correction answers, and names its row.
async fn answer_request(
    tx: &mut Tx,
    actor: &Actor,
    correcting: &Correcting,
    filed: Filed,
) -> Result<Vec<RowRef>, AppError> {
    let Some(request) = correcting.request else {
        return Ok(Vec::new());
    };
    let answer = CorrectionAnswer {
        filing: Some(filed.filing),
        text: correcting.explanation.as_str().to_owned(),
        answered_by: actor.person,
        answered_at: filed.at,
    };
    tx.insert_correction_answer(request, &answer)
        .await
        .map_err(|error| match error {
            store::StoreError::Taken { .. } => AppError::Conflict("correction_answered"),
            other => other.into(),
        })?;
    Ok(tx
        .official_rows(&official::CORRECTION_ANSWER, request.uuid())
        .await?)
}
