use jiff::civil::Date;
use model::organisation::{DesignationCause, Organisation};
use policy::{Action, Actor, Resource};
use statute::{
    Answer, Answers, Duty, Entrance, EventCode, EventContext, EventFinding, ReportGroup, Topic,
    next_question, questions, reportable,
};
use store::Tx;

use crate::error::AppError;
use crate::filing::PlannedAddressee;
use crate::instance::App;

/// What a person answers to 「これは報告が必要か」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSheet {
    /// The report group of the computer; where it is not known, [`ReportGroup::A`] asks everything.
    pub group: ReportGroup,
    /// Answers by code of the question.
    pub answers: Answers,
    /// The day of awareness: the duty arises under the law of that day.
    pub aware_on: Date,
}

/// One plain question, for a person at 03:17.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventQuestion {
    /// Stable code.
    pub code: String,
    /// Question in Japanese.
    pub text_ja: String,
    /// Question in English.
    pub text_en: String,
    /// Help in Japanese; may be empty.
    pub help_ja: String,
    /// Help in English; may be empty.
    pub help_en: String,
    /// Article in Japanese.
    pub basis_ja: String,
    /// Article.
    pub basis: String,
    /// Asked only of computers in this report group.
    pub group: Option<ReportGroup>,
    /// The answer so far, if the question was answered.
    pub answer: Option<Answer>,
    /// Whether the answer could still change the result.
    pub open: bool,
}

/// What the rule book says of the answers.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Outcome, codes, exclusions, reasons.
    pub finding: EventFinding,
    /// The gravest code that holds, or else that may hold: the report is written under it.
    pub event: Option<EventCode>,
    /// All questions for the group, in order.
    pub questions: Vec<EventQuestion>,
    /// The question to ask next.
    pub next: Option<String>,
    /// To whom a report would go.
    pub addressees: Vec<PlannedAddressee>,
}

impl App {
    /// The questions of the wizard, and what the rule book says of the answers so far (Order Art. 4(1), (2)).
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the duty is not in force on the day of awareness.
    pub async fn judge_event(
        &self,
        actor: &Actor,
        sheet: &EventSheet,
    ) -> Result<Finding, AppError> {
        let case = Resource::Case {
            id: self.ids().next(),
            owner: actor.organisation,
        };
        drop(self.policy().check(actor, Action::ViewCase, &case)?);
        let mut tx = self.store().begin_read("case.judge").await?;
        let operator = tx
            .organisation(actor.organisation)
            .await?
            .ok_or(AppError::NotFound)?;
        self.find_event(&mut tx, &operator, sheet).await
    }

    pub(super) async fn find_event(
        &self,
        tx: &mut Tx,
        operator: &Organisation,
        sheet: &EventSheet,
    ) -> Result<Finding, AppError> {
        let (addressees, _) = self
            .plan_addressees(tx, operator, Duty::IncidentReport, self.today())
            .await?;
        let finding = self.event_finding(operator, sheet)?;
        let asked = questions(self.rules(), Topic::Event, sheet.aware_on);
        let next = next_question(
            self.rules(),
            Topic::Event,
            &sheet.answers,
            &finding.open_questions,
            sheet.aware_on,
        )
        .map(|asked| asked.code.to_owned());
        let questions = asked
            .into_iter()
            .filter(|asked| {
                asked
                    .question
                    .group
                    .is_none_or(|group| group == sheet.group)
            })
            .map(|asked| EventQuestion {
                code: asked.code.to_owned(),
                text_ja: asked.text_ja.to_owned(),
                text_en: asked.text_en.to_owned(),
                help_ja: asked.help_ja.to_owned(),
                help_en: asked.help_en.to_owned(),
                basis_ja: asked.entry.basis_ja.clone(),
                basis: asked.entry.basis.clone(),
                group: asked.question.group,
                answer: sheet
                    .answers
                    .is_given(asked.code)
                    .then(|| sheet.answers.get(asked.code)),
                open: finding.open_questions.iter().any(|open| open == asked.code),
            })
            .collect();
        let event = finding.codes.first().or(finding.may_be.first()).copied();
        Ok(Finding {
            finding,
            event,
            questions,
            next,
            addressees,
        })
    }

    pub(super) fn event_finding(
        &self,
        operator: &Organisation,
        sheet: &EventSheet,
    ) -> Result<EventFinding, AppError> {
        let entrance = match operator.designation.map(|designation| designation.cause) {
            Some(DesignationCause::Succession) => Entrance::Espa53,
            Some(DesignationCause::Ordinary) | None => Entrance::Ordinary,
        };
        let context = EventContext {
            group: sheet.group,
            aware_on: sheet.aware_on,
            event_on: None,
            designated_on: operator.designation.map(|designation| designation.on),
            entrance,
            became_specified_on: None,
        };
        reportable(self.rules(), &sheet.answers, &context).map_err(|refusal| match refusal {
            statute::EventRefusal::Question(_) => AppError::field("answers", refusal.code()),
            statute::EventRefusal::NotInForce { .. } | statute::EventRefusal::Grace(_) => {
                AppError::Conflict(refusal.code())
            }
        })
    }
}

/// The answers as kept with a judgement or decision: JSON by code of the question.
pub(super) fn answers_json(answers: &Answers) -> String {
    let object: serde_json::Map<String, serde_json::Value> = answers
        .iter()
        .map(|(code, answer)| (code.to_owned(), answer.code().into()))
        .collect();
    serde_json::Value::Object(object).to_string()
}

/// Reads what [`answers_json`] wrote; unknown answers are left out.
pub(super) fn answers_from_json(text: &str) -> Answers {
    let mut answers = Answers::new();
    let read: Result<std::collections::BTreeMap<String, String>, _> = serde_json::from_str(text);
    for (code, answer) in read.unwrap_or_default() {
        if let Some(answer) = Answer::parse(&answer) {
            answers.set(&code, answer);
        }
    }
    answers
}
