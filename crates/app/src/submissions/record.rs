use formats::answers::Answers;
use ids::{CaseId, Digest, SubmissionId};
use jiff::{SignedDuration, Timestamp};
use model::filing::Attachment;
use model::submissions::{
    Submission, SubmissionChannel, SubmissionEvent, SubmissionEventKind, SubmissionFile,
    SubmissionStage,
};
use model::text::{Line, Prose};
use policy::{Action, Actor, Resource};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use statute::{SubmissionEntry, SubmissionNeed, submissions};
use store::official::{self, RowRef};
use store::{StoreError, Tx};

use super::Content;
use crate::act::{ActDraft, Subject};
use crate::documents::page::{Document, PrintError};
use crate::error::{AppError, FieldProblem};
use crate::filing::AttachmentUpload;
use crate::idempotency::Once;
use crate::incidents::{DraftView, WorkbookWords};
use crate::instance::App;
use crate::logs::LogCode;

/// How far a clock of somebody else may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// That something was handed over by a person.
#[derive(Clone, Debug)]
pub struct SubmissionInput {
    /// Code of the addressee in the rule book.
    pub addressee: String,
    /// Which report.
    pub stage: SubmissionStage,
    /// The concrete desk: whom one spoke to, which counter.
    pub desk: String,
    /// When; nothing means that it could not be read.
    pub happened_at: Option<Timestamp>,
    /// The number that the addressee gave; may be empty.
    pub number: String,
    /// How it was handed over; may be empty.
    pub note: String,
    /// The stamped copy.
    pub copy: Option<(String, AttachmentUpload)>,
}

/// What became of a submission, as a person records it.
#[derive(Clone, Debug)]
pub struct HappenedInput {
    /// What.
    pub kind: SubmissionEventKind,
    /// When.
    pub happened_at: Option<Timestamp>,
    /// The addressee's number; may be empty.
    pub number: String,
    /// Remark; may be empty.
    pub note: String,
}

/// The papers of a submission, in the language of whoever hands it over.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    /// The page to print.
    pub document: Option<Document>,
    /// Words of the workbook.
    pub words: Option<WorkbookWords>,
}

/// What was frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The submission.
    pub submission: SubmissionId,
    /// SHA-256 over its canonical JSON.
    pub body_digest: Digest,
}

/// A file that will be frozen.
pub(super) struct Paper {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) content: Vec<u8>,
}

/// Everything that is frozen, before it is written.
pub(super) struct Frozen {
    pub(super) submission: Submission,
    pub(super) papers: Vec<Paper>,
}

impl App {
    /// Freezes what a person handed to an addressee, with what it said back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; [`AppError::NotFound`] for an unknown addressee;
    /// [`AppError::Conflict`] for an addressee that is reached by filing the report.
    pub async fn record_submission(
        &self,
        actor: &Actor,
        id: CaseId,
        input: SubmissionInput,
        papers: Papers,
        key: Option<&str>,
    ) -> Result<SubmissionId, AppError> {
        let now = self.now();
        let copy_digest = input
            .copy
            .as_ref()
            .map(|(_, upload)| hex::encode(Sha256::digest(&upload.content)));
        let request = json!([
            id.to_string(),
            input.addressee,
            input.stage.code(),
            input.desk,
            input.happened_at.map(|at| at.to_string()),
            input.number,
            input.note,
            copy_digest,
        ]);
        let once = Once::new(actor, "submission.record", key, &request)?;
        let mut tx = self.store().begin_read("submission.prepare").await?;
        self.may_submit(&mut tx, actor, id, Action::RecordSubmission)
            .await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        drop(tx);
        let mut problems = Vec::new();
        let desk = needed_line(&input.desk, "desk", &mut problems);
        let event = self.read_event(
            SubmissionEventKind::Sent,
            (input.happened_at, &input.number),
            now,
            &mut problems,
        );
        let note = prose(&input.note, &mut problems);
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let wanted = Wanted {
            addressee: &input.addressee,
            stage: input.stage,
            channel: SubmissionChannel::Manual,
            desk,
            address: String::new(),
            note,
        };
        let frozen = self.freeze(actor, id, wanted, papers, now).await?;
        let mut files = self.keep_papers(&frozen.papers).await?;
        if let Some((name, upload)) = input.copy {
            let name =
                Line::<255>::parse(&name).map_err(|error| AppError::field("copy", error.code()))?;
            let stored = self
                .store_attachment(actor, actor.organisation, upload)
                .await
                .map_err(of_copy)?;
            files.push(Attachment {
                digest: stored.digest,
                file_name: name.as_str().to_owned(),
                size: stored.size,
                media_type: stored.media_type.to_owned(),
            });
        }
        let mut tx = self.store().begin("submission.record").await?;
        let permit = self
            .submission_permit(&mut tx, actor, id, Action::RecordSubmission)
            .await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let submission = frozen.submission;
        let mut rows = self
            .write_submission(&mut tx, actor, &submission, &files)
            .await?;
        let event = SubmissionEvent {
            submission: submission.id,
            recorded_by: Some(actor.person),
            ..event
        };
        tx.insert_submission_event(&event).await?;
        rows.extend(
            tx.official_rows(&official::SUBMISSION_EVENT, event.id.uuid())
                .await?,
        );
        let act = act_of("submission.recorded", &submission, &files, rows);
        self.record(&mut tx, permit, &act, now).await?;
        once.remember(&mut tx, &submission.id, now).await?;
        tx.commit().await?;
        Ok(submission.id)
    }

    /// Records what became of a submission: arrived, opened, confirmed, with which number.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields.
    pub async fn record_submission_event(
        &self,
        actor: &Actor,
        id: SubmissionId,
        input: &HappenedInput,
    ) -> Result<(), AppError> {
        let now = self.now();
        let mut tx = self.store().begin("submission.event").await?;
        let file = tx.submission(id).await?.ok_or(AppError::NotFound)?;
        let case = file.submission.case;
        let permit = self
            .submission_permit(&mut tx, actor, case, Action::RecordSubmission)
            .await?;
        let mut problems = Vec::new();
        let event = self.read_event(
            input.kind,
            (input.happened_at, &input.number),
            now,
            &mut problems,
        );
        let note = prose(&input.note, &mut problems);
        if !may_record(&file.submission, input.kind) {
            problems.push(FieldProblem::new("kind", "submission_event_kind"));
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        let event = SubmissionEvent {
            submission: id,
            note,
            recorded_by: Some(actor.person),
            ..event
        };
        tx.insert_submission_event(&event).await?;
        let rows = tx
            .official_rows(&official::SUBMISSION_EVENT, event.id.uuid())
            .await?;
        let act = ActDraft {
            act: "submission.happened",
            subject: Subject::new("submission", id),
            details: json!({
                "kind": event.kind.code(),
                "at": event.happened_at.to_string(),
                "number": event.number,
            }),
            rows,
            logs: vec![LogCode::instance()],
        };
        self.record(&mut tx, permit, &act, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A submission with its frozen files.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn view_submission(
        &self,
        actor: &Actor,
        id: SubmissionId,
    ) -> Result<SubmissionFile, AppError> {
        let mut tx = self.store().begin_read("submission.view").await?;
        let file = tx.submission(id).await?.ok_or(AppError::NotFound)?;
        let resource = Resource::Case {
            id: file.submission.case,
            owner: file.submission.owner,
        };
        drop(self.policy().check(actor, Action::ViewCase, &resource)?);
        Ok(file)
    }

    /// A frozen file, as it was handed over.
    ///
    /// # Errors
    /// As [`App::view_submission`].
    pub async fn submission_paper(
        &self,
        actor: &Actor,
        id: SubmissionId,
        digest: Digest,
    ) -> Result<(Attachment, Vec<u8>), AppError> {
        let file = self.view_submission(actor, id).await?;
        let found = file
            .files
            .into_iter()
            .find(|file| file.digest == digest)
            .ok_or(AppError::NotFound)?;
        let content = self.objects().get(digest).await?;
        Ok((found, content))
    }

    async fn may_submit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CaseId,
        action: Action,
    ) -> Result<(), AppError> {
        drop(self.submission_permit(tx, actor, id, action).await?);
        Ok(())
    }

    pub(crate) async fn submission_permit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CaseId,
        action: Action,
    ) -> Result<policy::Permit, AppError> {
        let record = tx.case(id).await?.ok_or(AppError::NotFound)?;
        let resource = Resource::Case {
            id,
            owner: record.owner,
        };
        Ok(self.policy().check(actor, action, &resource)?)
    }

    /// Puts together what is handed over, and prints it.
    pub(super) async fn freeze(
        &self,
        actor: &Actor,
        id: CaseId,
        wanted: Wanted<'_>,
        papers: Papers,
        now: Timestamp,
    ) -> Result<Frozen, AppError> {
        let draft = self.view_draft(actor, id).await?;
        let mut tx = self.store().begin_read("submission.freeze").await?;
        let record = tx.case(id).await?.ok_or(AppError::NotFound)?;
        let sector = self.owner_of(&mut tx, record.owner).await?.sector;
        let answers = tx.submission_answers(id).await?;
        let filing = tx.filings_of_case(id).await?.last().map(|head| head.id);
        drop(tx);
        let known = submissions(self.rules(), sector.as_deref(), self.today());
        let entry: SubmissionEntry<'_> = known
            .into_iter()
            .find(|(entry, _)| entry.code() == wanted.addressee)
            .ok_or(AppError::NotFound)?;
        if entry.1.need == SubmissionNeed::Report {
            return Err(AppError::Conflict("submission_by_report"));
        }
        let content = self.content(entry, &draft, &answers, self.today());
        let body = ledger::canonical_json(&content.to_value(&draft))
            .map_err(|_| AppError::Bug("a submission without canonical form"))?;
        let submission = Submission {
            id: self.ids().next(),
            owner: record.owner,
            case: id,
            addressee: entry.0.code().to_owned(),
            desk: wanted.desk,
            address: wanted.address,
            stage: wanted.stage,
            channel: wanted.channel,
            body_digest: Digest::from_bytes(Sha256::digest(body.as_bytes()).into()),
            body,
            rules_digest: self.rules_digest(),
            filing,
            note: wanted.note,
            recorded_by: actor.person,
            recorded_at: now,
        };
        let papers = self.papers(&submission, &content, &draft, papers).await?;
        Ok(Frozen { submission, papers })
    }

    async fn papers(
        &self,
        submission: &Submission,
        content: &Content,
        draft: &DraftView,
        wanted: Papers,
    ) -> Result<Vec<Paper>, AppError> {
        let name = format!("{}-{}", submission.addressee, submission.stage.code());
        let mut papers = Vec::new();
        if let Some(document) = wanted.document {
            match self.print(document).await {
                Ok(content) => papers.push(Paper {
                    name: format!("{name}.pdf"),
                    media_type: "application/pdf",
                    content,
                }),
                // A program without a printer freezes the rest all the same: 03:17 is no time to refuse.
                Err(AppError::Print(PrintError::NotAvailable | PrintError::NoFont { .. })) => {}
                Err(other) => return Err(other),
            }
        }
        if let Some(words) = wanted.words {
            let answers = self.answers_of(content);
            let book = self
                .report_workbook(draft.form, draft.sheet, &answers, "", &words)
                .await;
            match book {
                Ok(content) => papers.push(Paper {
                    name: format!("{name}.xlsx"),
                    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    content,
                }),
                Err(AppError::Conflict(_)) => {}
                Err(other) => return Err(other),
            }
        }
        papers.push(Paper {
            name: format!("{name}.json"),
            media_type: "application/json",
            content: submission.body.clone().into_bytes(),
        });
        Ok(papers)
    }

    /// The answers of the common form that an addressee gets.
    fn answers_of(&self, content: &Content) -> Answers {
        let mut answers = Answers::new();
        for (field, typed) in content.items.iter().flat_map(|item| &item.taken) {
            if let Ok(Some(answer)) = typed.read(self.rules(), field) {
                answers.insert(field.key.clone(), answer);
            }
        }
        answers
    }

    /// Makes papers durable before anything names them.
    pub(super) async fn keep_papers(&self, papers: &[Paper]) -> Result<Vec<Attachment>, AppError> {
        let mut files = Vec::new();
        for paper in papers {
            files.push(Attachment {
                digest: self.objects().put(&paper.content).await?,
                file_name: paper.name.clone(),
                size: u64::try_from(paper.content.len()).unwrap_or(u64::MAX),
                media_type: paper.media_type.to_owned(),
            });
        }
        Ok(files)
    }

    /// Writes a submission with its files, and gives their rows.
    pub(super) async fn write_submission(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        submission: &Submission,
        files: &[Attachment],
    ) -> Result<Vec<RowRef>, AppError> {
        for file in files {
            tx.insert_object(
                file.digest,
                file.size,
                &file.media_type,
                actor.person,
                submission.owner,
                submission.recorded_at,
            )
            .await?;
        }
        tx.insert_submission(submission, files)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })?;
        let id = submission.id.uuid();
        let mut rows = tx.official_rows(&official::SUBMISSION, id).await?;
        rows.extend(tx.official_rows(&official::SUBMISSION_FILE, id).await?);
        Ok(rows)
    }

    fn read_event(
        &self,
        kind: SubmissionEventKind,
        (at, number): (Option<Timestamp>, &str),
        now: Timestamp,
        problems: &mut Vec<FieldProblem>,
    ) -> SubmissionEvent {
        let latest = now.checked_add(AHEAD).unwrap_or(now);
        let happened_at = match at {
            Some(at) if at <= latest => at,
            Some(_) => {
                problems.push(FieldProblem::new("happened_at", "moment_in_future"));
                now
            }
            None => {
                problems.push(FieldProblem::new("happened_at", "text.empty"));
                now
            }
        };
        let number = if number.trim().is_empty() {
            String::new()
        } else {
            needed_line(number, "number", problems)
        };
        SubmissionEvent {
            id: self.ids().next(),
            submission: self.ids().next(),
            kind,
            happened_at,
            number,
            note: String::new(),
            recorded_by: None,
            recorded_at: now,
        }
    }
}

/// What a person may say of a submission. What was handed over by hand has left, and cannot come back as a mail can.
fn may_record(submission: &Submission, kind: SubmissionEventKind) -> bool {
    match kind {
        SubmissionEventKind::Queued => false,
        SubmissionEventKind::Sent | SubmissionEventKind::Failed => match submission.channel {
            SubmissionChannel::Manual => false,
            SubmissionChannel::Mail => true,
        },
        SubmissionEventKind::Delivered
        | SubmissionEventKind::Opened
        | SubmissionEventKind::Checked => true,
    }
}

/// What is wanted of a submission, read.
pub(super) struct Wanted<'a> {
    pub(super) addressee: &'a str,
    pub(super) stage: SubmissionStage,
    pub(super) channel: SubmissionChannel,
    pub(super) desk: String,
    pub(super) address: String,
    pub(super) note: String,
}

/// The act of freezing a submission: addressee, channel and digests, no content.
pub(super) fn act_of(
    act: &'static str,
    submission: &Submission,
    files: &[Attachment],
    rows: Vec<RowRef>,
) -> ActDraft {
    let files: Vec<_> = files
        .iter()
        .map(|file| json!({ "octets": file.size, "sha256": file.digest.to_string() }))
        .collect();
    ActDraft {
        act,
        subject: Subject::new("submission", submission.id),
        details: json!({
            "addressee": submission.addressee,
            "stage": submission.stage.code(),
            "channel": submission.channel.code(),
            "body_sha256": submission.body_digest.to_string(),
            "files": files,
        }),
        rows,
        logs: vec![LogCode::instance()],
    }
}

pub(super) fn needed_line(
    text: &str,
    field: &'static str,
    problems: &mut Vec<FieldProblem>,
) -> String {
    match Line::<200>::parse(text) {
        Ok(line) => line.as_str().to_owned(),
        Err(error) => {
            problems.push(FieldProblem::new(field, error.code()));
            String::new()
        }
    }
}

pub(super) fn prose(text: &str, problems: &mut Vec<FieldProblem>) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    match Prose::<1000>::parse(text) {
        Ok(prose) => prose.as_str().to_owned(),
        Err(error) => {
            problems.push(FieldProblem::new("note", error.code()));
            String::new()
        }
    }
}

fn of_copy(error: AppError) -> AppError {
    match error {
        AppError::Invalid(problems) => AppError::Invalid(
            problems
                .into_iter()
                .map(|problem| FieldProblem::new("copy", problem.code))
                .collect(),
        ),
        other => other,
    }
}
