use formats::answers;
use formats::filing::{Body, CorrectionBody, from_value};
use ids::{CorrectionId, FilingId, FilingKind};
use model::filing::{CorrectionAnswer, CorrectionRequest, Filing};
use model::text::{Prose, TextError};
use policy::{Action, Actor, Permit, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use statute::ReportStage;
use store::{StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::desks::correction::{form_of, latest_version, read_body};
use crate::error::{AppError, FieldProblem};
use crate::filing::{DeliveryPlan, NewAttachment, NewFiling, PlannedAddressee, Recorded, facts};
use crate::idempotency::Once;
use crate::instance::App;

/// An operator's answer to a request for correction.
#[derive(Clone, Debug)]
pub struct CorrectionReply<'a> {
    /// Explanation to the desk.
    pub text: &'a str,
    /// What the field should read, as it stands in the body; `None` when nothing is corrected.
    pub value: Option<Value>,
    /// The version that the person who answers had before them; a newer one makes the answer stale.
    pub seen: Option<FilingId>,
}

/// What came of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionAnswered {
    /// The request.
    pub request: CorrectionId,
    /// The corrected version, if something was corrected.
    pub filing: Option<FilingId>,
}

impl App {
    /// Answers a request for correction, with or without a corrected value.
    ///
    /// A corrected value makes a new version that takes the place of the newest one and goes to everyone who has that:
    /// of a report an [`FilingKind::IncidentCorrection`], of a notification one of the same kind (補正 completes the
    /// notification that was filed; a change under Act Art. 4(3) is something else), and the register follows it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was answered before, the case was withdrawn, or a later document stands on file of
    /// a corrected computer; [`AppError::Stale`] when a newer
    /// version exists than the one seen; [`AppError::Invalid`] when the value does not fit the field.
    pub async fn answer_correction(
        &self,
        actor: &Actor,
        id: CorrectionId,
        reply: CorrectionReply<'_>,
        key: Option<&str>,
    ) -> Result<CorrectionAnswered, AppError> {
        // A number that has no canonical form fits no field, and could not be told from another in a request.
        if let Some(value) = &reply.value {
            ledger::canonical_json(value).map_err(|_| AppError::field("value", "number_form"))?;
        }
        let seen = reply.seen.map(|filing| filing.to_string());
        let asked = json!([id.to_string(), reply.text, reply.value, seen]);
        let once = Once::new(actor, "correction.answer", key, &asked)?;
        let mut tx = self.store().begin("correction.answer").await?;
        let request = tx.correction_request(id).await?.ok_or(AppError::NotFound)?;
        let (filing, facts) = facts(&mut tx, request.filing)
            .await?
            .ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::AnswerCorrection, &Resource::Filing(facts))?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        if request.answer.is_some() {
            return Err(AppError::Conflict("correction_answered"));
        }
        let text = Prose::<2000>::parse(reply.text)
            .map_err(|error: TextError| AppError::field("text", error.code()))?;
        let recorded = match reply.value {
            None => None,
            Some(value) => {
                let latest = latest_version(&mut tx, filing).await?;
                if reply.seen.is_some_and(|seen| seen != latest.id) {
                    return Err(AppError::Stale);
                }
                let new = self
                    .corrected(&mut tx, &request, &latest, &text, value)
                    .await?;
                Some(self.file_corrected(&mut tx, &permit, &latest, new).await?)
            }
        };
        let answer = CorrectionAnswer {
            filing: recorded.as_ref().map(|recorded| recorded.filing.id),
            text: text.as_str().to_owned(),
            answered_by: actor.person,
            answered_at: self.now(),
        };
        let outcome = CorrectionAnswered {
            request: id,
            filing: answer.filing,
        };
        self.close(&mut tx, permit, &request, &answer, recorded)
            .await?;
        once.remember(&mut tx, &outcome, answer.answered_at).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Writes the answer and its leaf: that of the corrected filing, or one in the log of the desk that asked.
    async fn close(
        &self,
        tx: &mut Tx,
        permit: Permit,
        request: &CorrectionRequest,
        answer: &CorrectionAnswer,
        recorded: Option<Recorded>,
    ) -> Result<(), AppError> {
        tx.insert_correction_answer(request.id, answer)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("correction_answered"),
                other => other.into(),
            })?;
        let rows = tx
            .official_rows(&official::CORRECTION_ANSWER, request.id.uuid())
            .await?;
        if let Some(mut recorded) = recorded {
            recorded.rows.extend(rows);
            self.seal_filing(tx, permit, recorded).await?;
            return Ok(());
        }
        let log = self
            .log_of(tx, request.organisation)
            .await?
            .ok_or(AppError::Bug("a desk without a log"))?;
        let act = ActDraft {
            act: "correction.answered",
            subject: Subject::new("filing", request.filing),
            details: json!({ "request": request.id.to_string() }),
            rows,
            logs: vec![log],
        };
        self.record(tx, permit, &act, answer.answered_at).await?;
        Ok(())
    }

    /// The newest version with the corrected value in it.
    async fn corrected(
        &self,
        tx: &mut Tx,
        request: &CorrectionRequest,
        latest: &Filing,
        text: &Prose<2000>,
        value: Value,
    ) -> Result<NewFiling, AppError> {
        self.require_open(tx, latest).await?;
        let body = read_body(latest)?;
        let path = request.field.as_str();
        let changed = replace(&body, path, value)?;
        if changed == body {
            return Err(AppError::field("value", "correction_value_same"));
        }
        self.check_answer(&changed, path)?;
        let (kind, body) = match changed {
            Body::Incident(incident) => {
                let report = incident.report;
                self.correction_of(request, latest, text, incident.head, report)
            }
            Body::Correction(correction) => {
                let report = correction.report;
                self.correction_of(request, latest, text, correction.head, report)
            }
            Body::Notification(_) => (latest.kind, changed.to_value()),
            Body::Withdrawal(_) => return Err(AppError::field("value", "correction_not_here")),
        };
        let attachments = tx.filing_attachments(latest.id).await?;
        Ok(NewFiling {
            kind,
            case: latest.case,
            supersedes: Some((latest.id, latest.sequence)),
            form_version: latest.form_version.clone(),
            body,
            attachments: attachments
                .into_iter()
                .map(|attachment| NewAttachment {
                    digest: attachment.digest,
                    file_name: attachment.file_name,
                })
                .collect(),
            search_text: String::new(),
        })
    }

    fn correction_of(
        &self,
        request: &CorrectionRequest,
        latest: &Filing,
        text: &Prose<2000>,
        mut head: formats::filing::Head,
        report: formats::filing::Report,
    ) -> (FilingKind, Value) {
        head.kind = FilingKind::IncidentCorrection;
        head.mode = self.mode();
        let body = Body::Correction(CorrectionBody {
            head,
            corrects: latest.number.clone(),
            request: Some(request.id),
            explanation: text.clone(),
            report,
        });
        (FilingKind::IncidentCorrection, body.to_value())
    }

    /// The basis must be in force, and a withdrawn case takes no corrections.
    async fn require_open(&self, tx: &mut Tx, latest: &Filing) -> Result<(), AppError> {
        let key = if latest.kind.is_notification() {
            "basis.notification"
        } else {
            "basis.report"
        };
        self.require_basis(key)?;
        let Some(case) = latest.case else {
            return Ok(());
        };
        let withdrawn = tx
            .filings_of_case(case)
            .await?
            .iter()
            .any(|filing| filing.kind == FilingKind::IncidentWithdrawal);
        if withdrawn {
            return Err(AppError::Conflict("case_withdrawn"));
        }
        Ok(())
    }

    /// The corrected answer must be fit for the stage of the report; the other answers are as they were filed.
    fn check_answer(&self, body: &Body, path: &str) -> Result<(), AppError> {
        let (Some(report), Some(key)) = (body.report(), path.strip_prefix("/answers/")) else {
            return Ok(());
        };
        let form = form_of(body).ok_or(AppError::Bug("a filed form version that is gone"))?;
        let stage: ReportStage = report.stage;
        let problems: Vec<FieldProblem> = answers::check(
            self.rules(),
            form,
            report.form,
            stage,
            &report.answers,
            self.today(),
        )
        .into_iter()
        .filter(|error| error.field == key)
        .map(|error| FieldProblem::new("value", error.code.code()))
        .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid(problems))
        }
    }

    /// Files the corrected version to everyone who has the one before it, the Prime Minister included where it was
    /// passed on.
    async fn file_corrected(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        latest: &Filing,
        new: NewFiling,
    ) -> Result<Recorded, AppError> {
        let operator = self.owner_of(tx, latest.owner).await?;
        let deliveries = tx.deliveries(latest.id).await?;
        let mut planned = Vec::new();
        for addressee in tx.addressees(latest.id).await? {
            let organisation = self.owner_of(tx, addressee.organisation).await?;
            let queued = deliveries
                .iter()
                .any(|delivery| delivery.organisation == addressee.organisation);
            planned.push(PlannedAddressee {
                organisation,
                role: addressee.role,
                basis: addressee.basis,
                delivery: if queued {
                    DeliveryPlan::Queue
                } else {
                    DeliveryPlan::ReadAlong
                },
            });
        }
        let mut recorded = self
            .record_filing(tx, permit, &operator, planned, new, self.now())
            .await?;
        self.pass_on(tx, &operator, &recorded.filing).await?;
        // What was filed of the computers changes with the document, so the register follows in the same act.
        if let (Body::Notification(before), Body::Notification(after)) =
            (read_body(latest)?, read_body(&recorded.filing)?)
        {
            let rows = self
                .correct_register(tx, (latest, &before), (&recorded.filing, &after))
                .await?;
            recorded.rows.extend(rows);
        }
        Ok(recorded)
    }
}

/// Puts a value in the place of a field and reads the document again.
///
/// Only fields of the form can be corrected: what a document is, when the operator became aware and which computer it
/// names are not answers but records of their own.
fn replace(body: &Body, path: &str, value: Value) -> Result<Body, AppError> {
    let form = form_of(body).ok_or(AppError::field("value", "correction_not_here"))?;
    if form.field_at(path).is_none() {
        return Err(AppError::field("value", "correction_not_here"));
    }
    let (parent, key) = path
        .rsplit_once('/')
        .ok_or(AppError::field("value", "correction_not_here"))?;
    let mut document = body.to_value();
    let Some(Value::Object(place)) = document.pointer_mut(parent) else {
        return Err(AppError::field("value", "correction_not_here"));
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    if value.is_null() {
        place.remove(&key);
    } else {
        place.insert(key, value);
    }
    from_value(&document).map_err(|error| AppError::field("value", error.code()))
}
