//! Answers of a draft and of the wizard, as programs send them.

use std::collections::BTreeMap;

use app::incidents::{EventSheet, JudgementInput, Typed, TypedComputer};
use app::{App, AppError, FieldProblem};
use formats::answers::MAX_COMPUTERS;
use ids::Id;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use statute::{Answer, Answers, EventCode, ReportGroup};
use utoipa::ToSchema;
use uuid::Uuid;

/// What stands in one field of a draft, as typed; also what is no answer yet is kept.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FieldBody {
    /// Text, day, number, code of the option, or `yes` and `no`.
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    /// Time of day, for fields with one.
    #[serde(skip_serializing_if = "String::is_empty")]
    time: String,
    /// Code of the unit, for quantities.
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
    /// Codes of the chosen options, where several may be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ticked: Vec<String>,
    /// `filled` (the default), `investigating` (調査中), `unknown` (不明) or `not_applicable` (該当なし).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(filled|investigating|unknown|not_applicable)$")]
    state: Option<String>,
    /// Why it is under inquiry.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
    /// Whether it is an estimate (推定).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    approximate: bool,
    /// Computers concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    computers: Vec<ComputerConcerned>,
}

/// A computer that the event concerns.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ComputerConcerned {
    /// The computer of the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    computer: Option<Uuid>,
    /// Class, such as `nigo_3`.
    #[serde(skip_serializing_if = "String::is_empty")]
    class: String,
    /// Category of the facility.
    #[serde(skip_serializing_if = "String::is_empty")]
    facility_category: String,
    /// Product or service.
    product: String,
    /// Manufacturer or provider.
    #[serde(skip_serializing_if = "String::is_empty")]
    maker: String,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

impl FieldBody {
    fn read(self, key: &str) -> Result<Typed, FieldProblem> {
        let state = match self.state.as_deref().map(str::parse) {
            None => None,
            Some(Ok(state)) => Some(state),
            Some(Err(_)) => {
                let field = format!("{}/state", place(key));
                return Err(FieldProblem::new(field, "code_unknown"));
            }
        };
        if MAX_COMPUTERS < self.computers.len() {
            let field = format!("{}/computers", place(key));
            return Err(FieldProblem::new(field, "field.too_many"));
        }
        Ok(Typed {
            text: self.text,
            time: self.time,
            unit: self.unit,
            ticked: self.ticked,
            state,
            reason: self.reason,
            approximate: self.approximate,
            computers: self
                .computers
                .into_iter()
                .map(|concerned| TypedComputer {
                    computer: concerned.computer.map(Id::from_uuid),
                    class: concerned.class,
                    facility_category: concerned.facility_category,
                    product: concerned.product,
                    maker: concerned.maker,
                    note: concerned.note,
                })
                .collect(),
        })
    }
}

impl From<&Typed> for FieldBody {
    fn from(typed: &Typed) -> Self {
        Self {
            text: typed.text.clone(),
            time: typed.time.clone(),
            unit: typed.unit.clone(),
            ticked: typed.ticked.clone(),
            state: typed.state.map(|state| state.code().to_owned()),
            reason: typed.reason.clone(),
            approximate: typed.approximate,
            computers: typed
                .computers
                .iter()
                .map(|concerned| ComputerConcerned {
                    computer: concerned.computer.map(Id::uuid),
                    class: concerned.class.clone(),
                    facility_category: concerned.facility_category.clone(),
                    product: concerned.product.clone(),
                    maker: concerned.maker.clone(),
                    note: concerned.note.clone(),
                })
                .collect(),
        }
    }
}

/// Where a field of the draft stands in a request (RFC 6901).
pub(super) fn place(key: &str) -> String {
    format!("/fields/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Fields of the draft as sent.
pub(super) fn read_fields(
    sent: BTreeMap<String, FieldBody>,
) -> Result<BTreeMap<String, Typed>, AppError> {
    let mut fields = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, body) in sent {
        match body.read(&key) {
            Ok(typed) => {
                fields.insert(key, typed);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(fields)
    } else {
        Err(AppError::Invalid(problems))
    }
}

/// Fields of the draft, without those in which nothing stands.
pub(super) fn show_fields(typed: &BTreeMap<String, Typed>) -> BTreeMap<String, FieldBody> {
    typed
        .iter()
        .filter(|(_, typed)| !typed.is_empty())
        .map(|(key, typed)| (key.clone(), FieldBody::from(typed)))
        .collect()
}

/// Problems that name fields of the draft, as places in its body.
pub(super) fn in_draft(error: AppError) -> AppError {
    match error {
        AppError::Invalid(problems) => AppError::Invalid(
            problems
                .into_iter()
                .map(|problem| match problem.field.as_str() {
                    "explanation" | "idempotency_key" | "" => problem,
                    key => FieldProblem::new(place(key), problem.code),
                })
                .collect(),
        ),
        other => other,
    }
}

/// Answers to 「これは報告が必要か」.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetBody {
    /// Report group of the computer, `A` or `B`; where it is not known everything is asked.
    #[serde(default)]
    #[schema(pattern = "^[AB]$")]
    group: Option<String>,
    /// Code of the question to `yes`, `no` or `unknown`.
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

impl SheetBody {
    fn group(&self) -> Result<ReportGroup, AppError> {
        match self.group.as_deref() {
            None => Ok(ReportGroup::A),
            Some(code) => {
                ReportGroup::parse(code).ok_or_else(|| AppError::field("group", "code_unknown"))
            }
        }
    }

    fn answers(&self) -> Result<Answers, AppError> {
        let mut answers = Answers::new();
        for (code, answer) in &self.answers {
            let answer =
                Answer::parse(answer).ok_or_else(|| AppError::field("answers", "code_unknown"))?;
            answers.set(code, answer);
        }
        Ok(answers)
    }

    /// The group and the answers.
    pub(super) fn read(&self) -> Result<(ReportGroup, Answers), AppError> {
        Ok((self.group()?, self.answers()?))
    }

    /// For the wizard, on the day of awareness.
    pub(super) fn sheet(&self, app: &App, aware_on: Option<Date>) -> Result<EventSheet, AppError> {
        let (group, answers) = self.read()?;
        Ok(EventSheet {
            group,
            answers,
            aware_on: aware_on.unwrap_or_else(|| app.today()),
        })
    }

    /// For the judgement of a case, with the code where a person chose it.
    pub(super) fn judgement(&self, event: Option<&str>) -> Result<JudgementInput, AppError> {
        let (group, answers) = self.read()?;
        let event = event
            .map(|code| {
                EventCode::parse(code).ok_or_else(|| AppError::field("event", "code_unknown"))
            })
            .transpose()?;
        Ok(JudgementInput {
            group,
            answers,
            event,
        })
    }
}
