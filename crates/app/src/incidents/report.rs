use formats::answers::{Answer, AnswerValue, Answers};
use formats::filing::{
    AttachmentRef, Body, CorrectionBody, Head, IncidentBody, OperatorOutline, Report,
    ReportedAwareness,
};
use ids::{CorrectionId, FilingKind, ReceiptNumber};
use model::corporate_number::CorporateNumber;
use model::incidents::Case;
use model::names::{MailAddress, OrganisationName, PersonName, Phone};
use model::organisation::Organisation;
use model::text::{Line, Prose};
use statute::{EventCode, ReportStage};

use super::draft::{DraftAttachment, DraftView};
use crate::error::AppError;
use crate::instance::App;

/// What a correction says beside the corrected report.
#[derive(Clone, Debug)]
pub(crate) struct Correcting {
    pub(super) corrects: ReceiptNumber,
    pub(super) request: Option<CorrectionId>,
    pub(super) explanation: Prose<2000>,
}

/// The parts of a report that do not come from the draft.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) operator: &'a Organisation,
    pub(crate) case: &'a Case,
    pub(crate) event: EventCode,
    pub(crate) stage: ReportStage,
    pub(crate) update_number: Option<u32>,
    pub(crate) correcting: Option<Correcting>,
}

impl App {
    /// The body that is signed and kept.
    pub(crate) fn report_body(
        &self,
        frame: Frame<'_>,
        draft: &DraftView,
        answers: Answers,
    ) -> Result<Body, AppError> {
        let report = Report {
            case: frame.case.id(),
            stage: frame.stage,
            update_number: frame.update_number,
            event_code: frame.event,
            form: draft.sheet,
            awareness: frame
                .case
                .awareness()
                .records()
                .iter()
                .map(|record| ReportedAwareness {
                    id: record.id,
                    kind: record.kind,
                    aware_at: record.aware_at,
                    precision: record.precision,
                    source: record.source.clone(),
                    corrects: record
                        .amends
                        .as_ref()
                        .map(|amends| (amends.of, amends.reason.clone())),
                })
                .collect(),
            attachments: draft
                .attachments
                .iter()
                .map(attachment_ref)
                .collect::<Result<_, AppError>>()?,
            answers,
        };
        let head = |kind: FilingKind| self.head(kind, frame.operator, draft, &report.answers);
        match frame.correcting {
            Some(correcting) => Ok(Body::Correction(CorrectionBody {
                head: head(FilingKind::IncidentCorrection)?,
                corrects: correcting.corrects,
                request: correcting.request,
                explanation: correcting.explanation,
                report,
            })),
            None => Ok(Body::Incident(IncidentBody {
                head: head(kind_of(frame.stage))?,
                report,
            })),
        }
    }

    pub(super) fn head(
        &self,
        kind: FilingKind,
        operator: &Organisation,
        draft: &DraftView,
        answers: &Answers,
    ) -> Result<Head, AppError> {
        self.head_on(kind, operator, &draft.form_version, answers)
    }

    pub(super) fn head_on(
        &self,
        kind: FilingKind,
        operator: &Organisation,
        form_version: &str,
        answers: &Answers,
    ) -> Result<Head, AppError> {
        let text = |key: &str| text_of(answers, key);
        let sector = operator
            .sector
            .as_deref()
            .ok_or(AppError::Bug("operator without a sector"))?;
        Ok(Head {
            kind,
            mode: self.mode(),
            form_version: Line::parse(form_version)
                .map_err(|_| AppError::Bug("form version that is no line"))?,
            operator: OperatorOutline {
                id: operator.id,
                name: OrganisationName::parse(&operator.name_ja)
                    .map_err(|_| AppError::Bug("operator without a name"))?,
                corporate_number: operator
                    .corporate_number
                    .as_deref()
                    .and_then(|number| CorporateNumber::parse(number).ok()),
                sector: Line::parse(sector).map_err(|_| AppError::Bug("sector that is no line"))?,
                // The answers hold these as typed; the outline has them where they can be used as they are.
                address: text("address").and_then(|text| Line::parse(text).ok()),
                contact_department: text("contact_department")
                    .and_then(|text| Line::parse(text).ok()),
                contact_name: text("contact_name").and_then(|text| PersonName::parse(text).ok()),
                contact_phone: text("contact_phone").and_then(|text| Phone::parse(text).ok()),
                contact_mail: text("contact_mail").and_then(|text| MailAddress::parse(text).ok()),
            },
        })
    }
}

/// Which document a stage makes.
pub(super) const fn kind_of(stage: ReportStage) -> FilingKind {
    match stage {
        ReportStage::Prompt => FilingKind::IncidentPrompt,
        ReportStage::Update => FilingKind::IncidentUpdate,
        ReportStage::Full => FilingKind::IncidentFull,
    }
}

/// What a desk finds the report by: names, products and the summary, folded.
pub(crate) fn search_text(operator: &Organisation, answers: &Answers) -> String {
    let mut words = vec![statute::match_key(&operator.name_ja)];
    words.extend(
        ["summary", "affected_services", "attack_method"]
            .into_iter()
            .filter_map(|key| text_of(answers, key))
            .map(statute::match_key),
    );
    if let Some(AnswerValue::Computers(computers)) =
        answers.get("computers").and_then(Answer::value)
    {
        for computer in computers {
            words.push(statute::match_key(computer.product.as_str()));
            if let Some(maker) = &computer.maker {
                words.push(statute::match_key(maker.as_str()));
            }
        }
    }
    words.join(" ")
}

fn text_of<'a>(answers: &'a Answers, key: &str) -> Option<&'a str> {
    match answers.get(key)?.value()? {
        AnswerValue::Text(text) => Some(text),
        AnswerValue::Date(_)
        | AnswerValue::DateTime(_)
        | AnswerValue::Choice(_)
        | AnswerValue::Choices(_)
        | AnswerValue::Quantity(_)
        | AnswerValue::Computers(_)
        | AnswerValue::YesNo(_) => None,
    }
}

fn attachment_ref(attachment: &DraftAttachment) -> Result<AttachmentRef, AppError> {
    let broken = AppError::Bug("an attachment of a draft that cannot be named");
    let (Ok(file_name), Ok(media_type)) = (
        Line::parse(&attachment.file_name),
        Line::parse(&attachment.media_type),
    ) else {
        return Err(broken);
    };
    Ok(AttachmentRef {
        digest: attachment.digest,
        file_name,
        size: attachment.size,
        media_type,
    })
}
