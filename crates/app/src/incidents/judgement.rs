use ids::CaseId;
use model::incidents::{Case, Judgement};
use policy::{Action, Actor};
use serde_json::{Value, json};
use statute::{Answers, EventCode, ReportGroup};
use store::Tx;
use store::rows::incidents::JudgementRecord;

use super::awareness::resource;
use super::judge::{EventSheet, answers_json};
use super::load::{Loaded, load_case, record_of};
use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::idempotency::Once;
use crate::instance::App;
use crate::logs::LogCode;

/// Answers of the wizard that a case is judged by, or the code that a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgementInput {
    /// The report group of the computer.
    pub group: ReportGroup,
    /// Answers by code of the question.
    pub answers: Answers,
    /// The code, where a person chose it; else the gravest that the answers give.
    pub event: Option<EventCode>,
}

impl JudgementInput {
    pub(super) fn request(&self) -> Value {
        json!([
            self.group.code(),
            answers_json(&self.answers),
            self.event.map(EventCode::code),
        ])
    }
}

impl App {
    /// Notes under which code the event of a case falls; earlier judgements stay visible.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `judgement.no_event` when neither the answers nor the person name a code.
    pub async fn judge_case(
        &self,
        actor: &Actor,
        id: CaseId,
        input: &JudgementInput,
        key: Option<&str>,
    ) -> Result<EventCode, AppError> {
        let now = self.now();
        let request = json!([id.to_string(), input.request()]);
        let once = Once::new(actor, "case.judge", key, &request)?;
        let mut tx = self.store().begin("case.judge_case").await?;
        if let Some(earlier) = once.earlier::<EventCode>(&mut tx).await? {
            return Ok(earlier);
        }
        let Loaded {
            record,
            case,
            judgements,
            ..
        } = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::EditCase, &resource(&case))?;
        let (case, event) = self
            .add_judgement(&mut tx, actor, case, judgements.len(), input)
            .await?;
        tx.update_case(&record_of(&case, &record)).await?;
        let act = ActDraft {
            act: "case.judged",
            subject: Subject::new("case", id),
            details: judged_details(event, input),
            rows: Vec::new(),
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        once.remember(&mut tx, &event, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Judges a case in a transaction that is open; the caller saves the case and records the act.
    pub(crate) async fn add_judgement(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: Case,
        earlier: usize,
        input: &JudgementInput,
    ) -> Result<(Case, EventCode), AppError> {
        let now = self.now();
        let operator = tx
            .organisation(case.parts().owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let sheet = EventSheet {
            group: input.group,
            answers: input.answers.clone(),
            aware_on: self.aware_on(&case),
        };
        let finding = self.event_finding(&operator, &sheet)?;
        let event = input
            .event
            .or(finding.codes.first().copied())
            .or(finding.may_be.first().copied())
            .ok_or(AppError::Conflict("judgement.no_event"))?;
        let record = JudgementRecord {
            number: u32::try_from(earlier).unwrap_or(u32::MAX).saturating_add(1),
            event: event.code().to_owned(),
            group: input.group.code().to_owned(),
            answers: answers_json(&input.answers),
            rules_digest: self.rules_digest(),
            judged_by: actor.person,
            judged_at: now,
        };
        tx.insert_judgement(case.id(), &record).await?;
        let case = case.judge(Judgement {
            event,
            by: actor.person,
            at: now,
        });
        Ok((case, event))
    }

    /// The day of the earliest awareness that stands; today while nobody has said when.
    pub(super) fn aware_on(&self, case: &Case) -> jiff::civil::Date {
        case.awareness()
            .standing()
            .map(|record| record.aware_at)
            .min()
            .map_or_else(|| self.today(), statute::calendar::jst::day_of)
    }
}

/// What the leaf of a judgement says: the code and the answers, no free text.
pub(super) fn judged_details(event: EventCode, input: &JudgementInput) -> Value {
    let answers: serde_json::Map<String, Value> = input
        .answers
        .iter()
        .map(|(code, answer)| (code.to_owned(), answer.code().into()))
        .collect();
    json!({ "event": event.code(), "group": input.group.code(), "answers": answers })
}
