use ids::{CaseId, SubmissionId};
use model::reminders::MailAddress;
use model::submissions::{SubmissionChannel, SubmissionStage};
use policy::{Action, Actor};
use serde_json::json;

use super::Papers;
use super::record::{Paper, Wanted, act_of, needed_line, prose};
use crate::documents::archive::ArchiveError;
use crate::error::{AppError, FieldProblem};
use crate::idempotency::Once;
use crate::instance::App;
use crate::mail::{Letter, Mail, MailAttachment, MailFailure, MailOrigin};

/// The media type of the letter among the frozen files.
pub(super) const LETTER: &str = "message/rfc822";
/// Letters and digits that are not taken for others on the telephone.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of a password: 20 of 32 are 100 bits.
const LENGTH: usize = 20;

/// Words of a letter, in the language of whoever sends it. They say nothing of the case.
#[derive(Clone, Debug)]
pub struct LetterWords {
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// A submission that goes out by mail.
#[derive(Clone, Debug)]
pub struct MailInput {
    /// Code of the addressee in the rule book.
    pub addressee: String,
    /// Which report.
    pub stage: SubmissionStage,
    /// The concrete desk.
    pub desk: String,
    /// Its mail address.
    pub to: String,
    /// Remark for the own file; may be empty.
    pub note: String,
}

/// A submission in the outbox. `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailed {
    /// The submission.
    pub submission: SubmissionId,
    /// The password, to be told by another way. It is shown once and kept nowhere; nothing when the request came twice.
    pub password: Option<String>,
}

impl std::fmt::Debug for Mailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailed")
            .field("submission", &self.submission)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Freezes what an addressee gets and puts it into the outbox: a mail that says nothing, with an encrypted attachment.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the fields; [`AppError::NotFound`] for an unknown addressee;
    /// [`AppError::Conflict`] where this instance sends no mail, or for an addressee that is reached by filing the report;
    /// [`AppError::StepUpRequired`].
    pub async fn mail_submission(
        &self,
        actor: &Actor,
        id: CaseId,
        input: MailInput,
        (papers, words): (Papers, LetterWords),
        key: Option<&str>,
    ) -> Result<Mailed, AppError> {
        let now = self.now();
        let request = json!([
            id.to_string(),
            input.addressee,
            input.stage.code(),
            input.desk,
            input.to,
            input.note,
        ]);
        let once = Once::new(actor, "submission.mail", key, &request)?;
        let told_before = |submission| Mailed {
            submission,
            password: None,
        };
        let mut tx = self.store().begin_read("submission.mail").await?;
        drop(
            self.submission_permit(&mut tx, actor, id, Action::SendSubmission)
                .await?,
        );
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(told_before(earlier));
        }
        drop(tx);
        let (wanted, to) = read(&input)?;
        let mut frozen = self.freeze(actor, id, wanted, papers, now).await?;
        let password = self.password();
        let mail = Mail {
            id: frozen.submission.id.uuid(),
            to,
            subject: words.subject,
            text: words.text,
            at: now,
            origin: MailOrigin::Person,
            attachments: Vec::new(),
        };
        let letter = self
            .write_letter(mail, &frozen.papers, password.clone())
            .await?;
        frozen.papers.push(Paper {
            name: "mail.eml".to_owned(),
            media_type: LETTER,
            content: letter.octets,
        });
        let files = self.keep_papers(&frozen.papers).await?;
        let mut tx = self.store().begin("submission.mail").await?;
        let permit = self
            .submission_permit(&mut tx, actor, id, Action::SendSubmission)
            .await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(told_before(earlier));
        }
        let submission = frozen.submission;
        let rows = self
            .write_submission(&mut tx, actor, &submission, &files)
            .await?;
        self.enqueue_letter(&mut tx, submission.id, now).await?;
        let act = act_of("submission.mailed", &submission, &files, rows);
        self.record(&mut tx, permit, &act, now).await?;
        once.remember(&mut tx, &submission.id, now).await?;
        tx.commit().await?;
        self.wake_workers();
        Ok(Mailed {
            submission: submission.id,
            password: Some(password),
        })
    }

    /// Writes the letter with all papers in one archive that only the password opens.
    async fn write_letter(
        &self,
        mut mail: Mail,
        papers: &[Paper],
        password: String,
    ) -> Result<Letter, AppError> {
        let mailer = self
            .mailer()
            .ok_or(AppError::Conflict("mail_not_available"))?;
        let archives = self.documents().archives.clone();
        // Names inside an archive are readable without the password, so they say nothing.
        let files: Vec<(String, Vec<u8>)> = (1_u32..)
            .zip(papers)
            .map(|(place, paper)| {
                let ending = paper.name.rsplit('.').next().unwrap_or("bin");
                (format!("{place}.{ending}"), paper.content.clone())
            })
            .collect();
        let name = format!("{}.zip", mail.id.simple());
        let writing = move || {
            let content = archives
                .lock(&files, &password)
                .map_err(|error| match error {
                    ArchiveError::NotAvailable => AppError::Conflict("mail_not_available"),
                    ArchiveError::Failed => AppError::Bug("an archive that cannot be packed"),
                })?;
            mail.attachments.push(MailAttachment {
                name,
                media_type: "application/zip",
                content,
            });
            mailer.write(&mail).map_err(|error| match error {
                MailFailure::Refused => AppError::field("to", "mail_address_wrong"),
                MailFailure::Unreachable | MailFailure::Folder => AppError::Conflict(error.code()),
            })
        };
        tokio::task::spawn_blocking(writing)
            .await
            .map_err(|_| AppError::Bug("a letter whose writing fell over"))?
    }

    fn password(&self) -> String {
        let mut random = [0; LENGTH];
        self.ids().fill(&mut random);
        let mut password = String::new();
        for (place, octet) in random.iter().enumerate() {
            if place != 0 && place % 5 == 0 {
                password.push('-');
            }
            let letter = LETTERS.get(usize::from(*octet & 31)).copied();
            password.push(char::from(letter.unwrap_or(b'a')));
        }
        password
    }
}

fn read(input: &MailInput) -> Result<(Wanted<'_>, MailAddress), AppError> {
    let mut problems = Vec::new();
    let desk = needed_line(&input.desk, "desk", &mut problems);
    let to = MailAddress::parse(&input.to);
    if to.is_err() {
        problems.push(FieldProblem::new("to", "mail_address_wrong"));
    }
    let note = prose(&input.note, &mut problems);
    match to {
        Ok(to) if problems.is_empty() => {
            let wanted = Wanted {
                addressee: &input.addressee,
                stage: input.stage,
                channel: SubmissionChannel::Mail,
                desk,
                address: to.as_str().to_owned(),
                note,
            };
            Ok((wanted, to))
        }
        _ => Err(AppError::Invalid(problems)),
    }
}
