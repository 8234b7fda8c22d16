use ids::{AwarenessId, CaseId, CorrectionId, Digest, FilingKind, ReceiptNumber};
use jiff::Timestamp;
use model::incidents::{AwarenessKind, Precision, WithdrawalReason};
use model::text::{Line, Prose, TextError};
use serde_json::{Map, Value};
use statute::{EventCode, ReportStage};

use super::answers::{answers_value, read_answers};
use super::head::{Head, put, put_some};
use super::{FilingError, FilingErrorKind, MAX_ATTACHMENTS, MAX_AWARENESS};
use crate::answers::Answers;
use crate::forms::IncidentForm;
use crate::node::{Node, ObjectNode};

/// 速報, 続報 or 詳報 (Act Art. 5, Order Art. 4(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentBody {
    /// What every body begins with; its kind is that of the stage.
    pub head: Head,
    /// The report.
    pub report: Report,
}

/// A corrected version of a filed report (訂正): the whole report as it should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionBody {
    /// What every body begins with.
    pub head: Head,
    /// The filing that is corrected.
    pub corrects: ReceiptNumber,
    /// The request for correction that this answers.
    pub request: Option<CorrectionId>,
    /// What was wrong.
    pub explanation: Prose<2000>,
    /// The report as it should read, at the stage of the corrected one.
    pub report: Report,
}

/// Withdrawal of a report (取下げ).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalBody {
    /// What every body begins with.
    pub head: Head,
    /// The case.
    pub case: CaseId,
    /// The last filing of the case.
    pub withdraws: ReceiptNumber,
    /// Why.
    pub reason: WithdrawalReason,
    /// Why, in words.
    pub explanation: Prose<2000>,
}

/// What a report says (Order Art. 4(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The case.
    pub case: CaseId,
    /// Prompt, update or full.
    pub stage: ReportStage,
    /// n of 第n報; on an update only.
    pub update_number: Option<u32>,
    /// Kind of the event (Order Art. 4(1)).
    pub event_code: EventCode,
    /// Which of the three sheets.
    pub form: IncidentForm,
    /// Every record of awareness, corrected ones included; never empty.
    pub awareness: Vec<ReportedAwareness>,
    /// Answers by field.
    pub answers: Answers,
    /// Files that belong to it.
    pub attachments: Vec<AttachmentRef>,
}

/// A record of awareness as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedAwareness {
    /// Identifies it.
    pub id: AwarenessId,
    /// Near miss or incident.
    pub kind: AwarenessKind,
    /// The instant of awareness.
    pub aware_at: Timestamp,
    /// Whether the instant is an estimate.
    pub precision: Precision,
    /// Who noticed what.
    pub source: Prose<2000>,
    /// The record that it corrects, with the reason.
    pub corrects: Option<(AwarenessId, Prose<1000>)>,
}

/// A file named by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRef {
    /// SHA-256 over the content.
    pub digest: Digest,
    /// Name as given; shown, never used as a path.
    pub file_name: Line<255>,
    /// Octets.
    pub size: u64,
    /// Media type found by looking at the content.
    pub media_type: Line<100>,
}

impl IncidentBody {
    pub(super) fn to_value(&self) -> Value {
        let mut body = Map::new();
        self.head.write(&mut body);
        self.report.write(&mut body);
        Value::Object(body)
    }

    pub(super) fn read(head: Head, mut body: ObjectNode<'_>) -> Result<Self, FilingError> {
        let report = Report::read(&mut body)?;
        if kind_of(report.stage) != head.kind {
            let stage = body.required("stage")?;
            return Err(stage.fail(FilingErrorKind::Value("stage.not_of_kind")));
        }
        body.finish()?;
        Ok(Self { head, report })
    }
}

/// The kind of document that a stage makes.
const fn kind_of(stage: ReportStage) -> FilingKind {
    match stage {
        ReportStage::Prompt => FilingKind::IncidentPrompt,
        ReportStage::Update => FilingKind::IncidentUpdate,
        ReportStage::Full => FilingKind::IncidentFull,
    }
}

impl CorrectionBody {
    pub(super) fn to_value(&self) -> Value {
        let mut body = Map::new();
        self.head.write(&mut body);
        self.report.write(&mut body);
        put(&mut body, "corrects", self.corrects.as_str());
        put_some(&mut body, "request", self.request.map(|id| id.to_string()));
        put(&mut body, "explanation", self.explanation.as_str());
        Value::Object(body)
    }

    pub(super) fn read(head: Head, mut body: ObjectNode<'_>) -> Result<Self, FilingError> {
        let request = body.optional("request");
        let read = Self {
            head,
            corrects: body.required("corrects")?.code()?,
            request: request.map(|node| node.code()).transpose()?,
            explanation: body
                .required("explanation")?
                .parse(Prose::parse, TextError::code)?,
            report: Report::read(&mut body)?,
        };
        body.finish()?;
        Ok(read)
    }
}

impl WithdrawalBody {
    pub(super) fn to_value(&self) -> Value {
        let mut body = Map::new();
        self.head.write(&mut body);
        put(&mut body, "case", self.case.to_string());
        put(&mut body, "withdraws", self.withdraws.as_str());
        put(&mut body, "reason", self.reason.code());
        put(&mut body, "explanation", self.explanation.as_str());
        Value::Object(body)
    }

    pub(super) fn read(head: Head, mut body: ObjectNode<'_>) -> Result<Self, FilingError> {
        let read = Self {
            head,
            case: body.required("case")?.code()?,
            withdraws: body.required("withdraws")?.code()?,
            reason: body.required("reason")?.code()?,
            explanation: body
                .required("explanation")?
                .parse(Prose::parse, TextError::code)?,
        };
        body.finish()?;
        Ok(read)
    }
}

impl Report {
    fn write(&self, body: &mut Map<String, Value>) {
        put(body, "case", self.case.to_string());
        put(body, "stage", self.stage.code());
        if let Some(number) = self.update_number {
            body.insert("update_number".to_owned(), Value::from(number));
        }
        put(body, "event_code", self.event_code.code());
        put(body, "form", self.form.code());
        let awareness = self
            .awareness
            .iter()
            .map(ReportedAwareness::to_value)
            .collect();
        body.insert("awareness".to_owned(), awareness);
        body.insert("answers".to_owned(), answers_value(&self.answers));
        let attachments = self
            .attachments
            .iter()
            .map(AttachmentRef::to_value)
            .collect();
        body.insert("attachments".to_owned(), attachments);
    }

    fn read(body: &mut ObjectNode<'_>) -> Result<Self, FilingError> {
        let stage = body.required("stage")?;
        let stage = ReportStage::parse(stage.text()?)
            .ok_or_else(|| stage.fail(FilingErrorKind::Value("code.unknown")))?;
        let event = body.required("event_code")?;
        let event_code = EventCode::parse(event.text()?)
            .ok_or_else(|| event.fail(FilingErrorKind::Value("code.unknown")))?;
        let update_number = match (stage, body.optional("update_number")) {
            (ReportStage::Update, None) => {
                return Err(body
                    .required("update_number")
                    .err()
                    .unwrap_or_else(|| event.fail(FilingErrorKind::Missing)));
            }
            (ReportStage::Update, Some(node)) => match node.number::<u32>()? {
                0 => return Err(node.fail(FilingErrorKind::Value("number.zero"))),
                number => Some(number),
            },
            (ReportStage::Prompt | ReportStage::Full, Some(node)) => {
                return Err(node.fail(FilingErrorKind::UnknownField));
            }
            (ReportStage::Prompt | ReportStage::Full, None) => None,
        };
        Ok(Self {
            case: body.required("case")?.code()?,
            stage,
            update_number,
            event_code,
            form: body.required("form")?.code()?,
            awareness: read_awareness(&body.required("awareness")?)?,
            answers: read_answers(&body.required("answers")?)?,
            attachments: read_attachments(&body.required("attachments")?)?,
        })
    }
}

fn read_awareness(list: &Node<'_>) -> Result<Vec<ReportedAwareness>, FilingError> {
    let mut records = Vec::new();
    for node in list.list(MAX_AWARENESS)? {
        records.push(ReportedAwareness::read(node.object()?)?);
    }
    if records.is_empty() {
        return Err(list.fail(FilingErrorKind::Value("awareness.empty")));
    }
    Ok(records)
}

impl ReportedAwareness {
    fn to_value(&self) -> Value {
        let mut record = Map::new();
        put(&mut record, "id", self.id.to_string());
        put(&mut record, "kind", self.kind.code());
        put(&mut record, "aware_at", self.aware_at.to_string());
        put(&mut record, "precision", self.precision.code());
        put(&mut record, "source", self.source.as_str());
        if let Some((of, reason)) = &self.corrects {
            put(&mut record, "corrects", of.to_string());
            put(&mut record, "reason", reason.as_str());
        }
        Value::Object(record)
    }

    fn read(mut record: ObjectNode<'_>) -> Result<Self, FilingError> {
        let at = record.required("aware_at")?;
        let text = at.text()?;
        let aware_at = text
            .parse::<Timestamp>()
            .ok()
            .filter(|instant| instant.to_string() == text)
            .ok_or_else(|| at.fail(FilingErrorKind::Value("time.not_an_instant")))?;
        let corrects = match record.optional("corrects") {
            None => None,
            Some(node) => {
                let reason = record
                    .required("reason")?
                    .parse(Prose::parse, TextError::code)?;
                Some((node.code()?, reason))
            }
        };
        let read = Self {
            id: record.required("id")?.code()?,
            kind: record.required("kind")?.code()?,
            aware_at,
            precision: record.required("precision")?.code()?,
            source: record
                .required("source")?
                .parse(Prose::parse, TextError::code)?,
            corrects,
        };
        record.finish()?;
        Ok(read)
    }
}

fn read_attachments(list: &Node<'_>) -> Result<Vec<AttachmentRef>, FilingError> {
    let mut attachments = Vec::new();
    for node in list.list(MAX_ATTACHMENTS)? {
        attachments.push(AttachmentRef::read(node.object()?)?);
    }
    Ok(attachments)
}

impl AttachmentRef {
    fn to_value(&self) -> Value {
        let mut file = Map::new();
        put(&mut file, "digest", self.digest.to_string());
        put(&mut file, "file_name", self.file_name.as_str());
        file.insert("size".to_owned(), Value::from(self.size));
        put(&mut file, "media_type", self.media_type.as_str());
        Value::Object(file)
    }

    fn read(mut file: ObjectNode<'_>) -> Result<Self, FilingError> {
        let read = Self {
            digest: file.required("digest")?.code()?,
            file_name: file
                .required("file_name")?
                .parse(Line::parse, TextError::code)?,
            size: file.required("size")?.number()?,
            media_type: file
                .required("media_type")?
                .parse(Line::parse, TextError::code)?,
        };
        file.finish()?;
        Ok(read)
    }
}
