use ids::{CaseId, DecisionId, PersonId, ReceiptNumber};
use jiff::civil::Date;
use model::incidents::{Case, DecisionNotToReport, RecheckState};
use model::text::{Line, Prose};
use policy::{Action, Actor, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use statute::{Answers, EventFinding, ReportGroup};
use store::official;
use store::rows::incidents::DecisionRecord;
use store::{DecisionCursor, Tx};

use super::awareness::{refusal, resource};
use super::judge::{EventSheet, answers_from_json, answers_json};
use super::load::{load_case, record_of};
use super::open::blank_record;
use crate::act::{ActDraft, Subject};
use crate::error::{AppError, FieldProblem};
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// Numbers of the register begin with this.
const NUMBER_PREFIX: &str = "HF";

/// A decision not to report, about to be recorded.
#[derive(Clone)]
pub struct NewDecision {
    /// The case; without one a case is opened for it, so that it can be looked at again.
    pub case: Option<CaseId>,
    /// What happened, in a few words.
    pub summary: String,
    /// The report group of the computer.
    pub group: ReportGroup,
    /// Answers of the wizard.
    pub answers: Answers,
    /// Why the event need not be reported.
    pub reason: String,
    /// The day on which the question is asked again.
    pub recheck_on: Date,
}

impl std::fmt::Debug for NewDecision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewDecision")
            .field("case", &self.case)
            .field("recheck_on", &self.recheck_on)
            .finish_non_exhaustive()
    }
}

/// A decision as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDecision {
    /// Identifies it.
    pub decision: DecisionId,
    /// Number in the register.
    pub number: String,
    /// The case it belongs to.
    pub case: CaseId,
}

/// A decision of the register.
#[derive(Clone, Debug)]
pub struct DecisionView {
    /// Identifies it.
    pub id: DecisionId,
    /// Number in the register.
    pub number: ReceiptNumber,
    /// The case.
    pub case: Option<CaseId>,
    /// What happened.
    pub summary: String,
    /// Answers it rests on.
    pub answers: Answers,
    /// What the rule book said: code of the outcome.
    pub outcome: String,
    /// Why nothing is reported.
    pub reason: Prose<2000>,
    /// The day to look again.
    pub recheck_on: Date,
    /// Whether that day has come.
    pub recheck: RecheckState,
    /// Whether it stands, or was taken back or renewed.
    pub standing: bool,
    /// Who decided.
    pub decided_by: PersonId,
    /// Name of that person.
    pub decided_by_name: String,
    /// When.
    pub decided_at: jiff::Timestamp,
}

/// One page of the register of decisions not to report.
#[derive(Clone, Debug, Default)]
pub struct DecisionPage {
    /// What stands first, the nearest day to look again first.
    pub decisions: Vec<DecisionView>,
    /// Where the register goes on.
    pub next: Option<String>,
}

impl App {
    /// Records a decision not to report: who, why, on which answers, and when to look again (Order Art. 4(2)(i) to
    /// (iii)).
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a day to look again that has passed.
    pub async fn decide_not_to_report(
        &self,
        actor: &Actor,
        new: &NewDecision,
        key: Option<&str>,
    ) -> Result<RecordedDecision, AppError> {
        let now = self.now();
        let once = Once::new(actor, "case.decide_not_to_report", key, &request(new))?;
        let (summary, reason) = self.read_decision(new)?;
        let mut tx = self.store().begin("case.decide_not_to_report").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let (case, mut record, opened) = if let Some(id) = new.case {
            let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
            (loaded.case, loaded.record, false)
        } else {
            let case = Case::open(self.ids().next(), actor.organisation, summary.clone());
            let record = blank_record(&case, actor, None, now);
            (case, record, true)
        };
        let permit = self
            .policy()
            .check(actor, Action::DecideNotToReport, &resource(&case))?;
        let finding = self.decision_finding(&mut tx, &case, new).await?;
        let decision = DecisionNotToReport {
            id: self.ids().next(),
            decided_by: actor.person,
            decided_at: now,
            reason: reason.clone(),
            recheck_on: new.recheck_on,
        };
        let id = decision.id;
        let case = case.decide_not_to_report(decision).map_err(refusal)?;
        record = record_of(&case, &record);
        if opened {
            tx.insert_case(&record).await?;
        } else {
            tx.update_case(&record).await?;
        }
        let number = self.decision_number();
        let row = DecisionRecord {
            id,
            number: number.clone(),
            owner: case.parts().owner,
            case: Some(case.id()),
            summary: summary.as_str().to_owned(),
            answers: answers_json(&new.answers),
            outcome: finding.outcome.code().to_owned(),
            reason,
            recheck_on: new.recheck_on,
            rules_digest: self.rules_digest(),
            decided_by: actor.person,
            decided_at: now,
        };
        tx.insert_decision(&row).await?;
        let rows = tx
            .official_rows(&official::NO_REPORT_DECISION, id.uuid())
            .await?;
        let act = ActDraft {
            act: "case.decided_not_to_report",
            subject: Subject::new("case", case.id()),
            details: json!({
                "number": number.as_str(),
                "outcome": finding.outcome.code(),
                "recheck_on": new.recheck_on.to_string(),
            }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        let recorded = RecordedDecision {
            decision: id,
            number: number.as_str().to_owned(),
            case: case.id(),
        };
        once.remember(&mut tx, &recorded, now).await?;
        tx.commit().await?;
        Ok(recorded)
    }

    /// Takes a decision not to report back: the case is open again, and the decision stays in the register.
    pub async fn reopen_case(&self, actor: &Actor, id: CaseId) -> Result<(), AppError> {
        let mut tx = self.store().begin("case.reopen").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::EditCase, &resource(&loaded.case))?;
        let case = loaded.case.reopen().map_err(refusal)?;
        tx.update_case(&record_of(&case, &loaded.record)).await?;
        let act = ActDraft {
            act: "case.reopened",
            subject: Subject::new("case", id),
            details: json!({}),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The register of decisions not to report: what stands first, the nearest day to look again first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a cursor that we did not give.
    pub async fn list_decisions(
        &self,
        actor: &Actor,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<DecisionPage, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewCase);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let after = cursor.map(read_cursor).transpose()?;
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("case.decisions").await?;
        let mut found = tx.decisions(&scope, after, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < found.len();
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|(last, standing)| cursor_text(last, *standing));
        let mut decisions = Vec::with_capacity(found.len());
        for (record, standing) in found {
            decisions.push(self.decision_view(&mut tx, record, standing).await?);
        }
        Ok(DecisionPage { decisions, next })
    }

    /// One decision of the register.
    pub async fn view_decision(
        &self,
        actor: &Actor,
        id: DecisionId,
    ) -> Result<DecisionView, AppError> {
        let mut tx = self.store().begin_read("case.decision").await?;
        let record = tx.decision(id).await?.ok_or(AppError::NotFound)?;
        let case = record.case.ok_or(AppError::NotFound)?;
        let resource = Resource::Case {
            id: case,
            owner: record.owner,
        };
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        let loaded = load_case(&mut tx, case).await?.ok_or(AppError::NotFound)?;
        let standing = match loaded.case.phase() {
            model::incidents::CasePhase::DecidedNotToReport { decision, .. } => *decision == id,
            model::incidents::CasePhase::Open
            | model::incidents::CasePhase::PromptFiled { .. }
            | model::incidents::CasePhase::FullFiled { .. }
            | model::incidents::CasePhase::Extended { .. }
            | model::incidents::CasePhase::Withdrawn(_) => false,
        };
        self.decision_view(&mut tx, record, standing).await
    }

    async fn decision_view(
        &self,
        tx: &mut Tx,
        record: DecisionRecord,
        standing: bool,
    ) -> Result<DecisionView, AppError> {
        let name = tx
            .person(record.decided_by)
            .await?
            .map(|(person, _)| person.name)
            .unwrap_or_default();
        let recheck = if standing && record.recheck_on <= self.today() {
            RecheckState::Due
        } else {
            RecheckState::Resting
        };
        Ok(DecisionView {
            id: record.id,
            number: record.number,
            case: record.case,
            summary: record.summary,
            answers: answers_from_json(&record.answers),
            outcome: record.outcome,
            reason: record.reason,
            recheck_on: record.recheck_on,
            recheck,
            standing,
            decided_by: record.decided_by,
            decided_by_name: name,
            decided_at: record.decided_at,
        })
    }

    fn read_decision(&self, new: &NewDecision) -> Result<(Line<200>, Prose<2000>), AppError> {
        let mut problems = Vec::new();
        let summary = Line::<200>::parse(&new.summary)
            .map_err(|error| problems.push(FieldProblem::new("summary", error.code())));
        let reason = Prose::<2000>::parse(&new.reason)
            .map_err(|error| problems.push(FieldProblem::new("reason", error.code())));
        if new.recheck_on <= self.today() {
            problems.push(FieldProblem::new("recheck_on", "recheck.not_ahead"));
        }
        match (summary, reason) {
            (Ok(summary), Ok(reason)) if problems.is_empty() => Ok((summary, reason)),
            (Ok(_) | Err(()), _) => Err(AppError::Invalid(problems)),
        }
    }

    async fn decision_finding(
        &self,
        tx: &mut Tx,
        case: &Case,
        new: &NewDecision,
    ) -> Result<EventFinding, AppError> {
        let operator = tx
            .organisation(case.parts().owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let sheet = EventSheet {
            group: new.group,
            answers: new.answers.clone(),
            aware_on: self.aware_on(case),
        };
        self.event_finding(&operator, &sheet)
    }

    fn decision_number(&self) -> ReceiptNumber {
        let mut random = [0; 8];
        self.ids().fill(&mut random);
        ReceiptNumber::new(NUMBER_PREFIX, self.today().year(), random)
    }
}

/// Says where the register goes on: whether the decision stands (0 as in the order of the list), day and id.
fn cursor_text(last: &DecisionRecord, standing: bool) -> String {
    let settled = i32::from(!standing);
    format!("{settled}.{}.{}", last.recheck_on, last.id)
}

fn read_cursor(text: &str) -> Result<DecisionCursor, AppError> {
    let wrong = || AppError::field("cursor", "cursor_unknown");
    let (settled, rest) = text.split_once('.').ok_or_else(wrong)?;
    let (recheck_on, id) = rest.split_once('.').ok_or_else(wrong)?;
    Ok(DecisionCursor {
        standing: match settled {
            "0" => true,
            "1" => false,
            _ => return Err(wrong()),
        },
        recheck_on: recheck_on.parse().map_err(|_| wrong())?,
        id: id.parse().map_err(|_| wrong())?,
    })
}

fn request(new: &NewDecision) -> Value {
    json!([
        new.case.map(|case| case.to_string()),
        new.summary,
        new.group.code(),
        answers_json(&new.answers),
        new.reason,
        new.recheck_on.to_string(),
    ])
}
