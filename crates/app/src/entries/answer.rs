use ids::FilingId;
use jiff::Timestamp;
use model::entries::{EntryAnswer, EntryVerdict};
use model::text::Prose;
use policy::{Action, Actor, Resource};
use serde_json::json;
use store::{StoreError, official};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What the operator says of what a desk took down.
#[derive(Clone, Copy)]
pub struct EntryAnswerInput<'a> {
    /// Whether it is the operator's.
    pub verdict: EntryVerdict,
    /// Remark to the desk; needed where it is not, or not right.
    pub note: &'a str,
}

impl std::fmt::Debug for EntryAnswerInput<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryAnswerInput")
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

/// Something that was taken down for the own organisation and waits for a word.
#[derive(Clone, Debug)]
pub struct OpenEntry {
    /// The filing.
    pub filing: FilingId,
    /// Name of the desk in Japanese and English.
    pub desk: (String, String),
    /// When it was told.
    pub received_at: Timestamp,
}

impl App {
    /// Says whether what a desk took down is what the own organisation told. Nothing that was filed changes by it: what
    /// is wrong is corrected by a correction, what nobody told is a matter for the desk.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a remark where one is needed; [`AppError::Conflict`] `entry_answered`.
    pub async fn answer_entry(
        &self,
        actor: &Actor,
        filing: FilingId,
        input: EntryAnswerInput<'_>,
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("entry.answer").await?;
        let document = tx.filing(filing).await?.ok_or(AppError::NotFound)?;
        let case = document.case.ok_or(AppError::NotFound)?;
        let resource = Resource::Case {
            id: case,
            owner: document.owner,
        };
        let permit = self.policy().check(actor, Action::AnswerEntry, &resource)?;
        let entry = tx.entry(filing).await?.ok_or(AppError::NotFound)?;
        let answered = || AppError::Conflict("entry_answered");
        if entry.answer.is_some() {
            return Err(answered());
        }
        let note = if input.verdict == EntryVerdict::Recognised && input.note.trim().is_empty() {
            String::new()
        } else {
            Prose::<2000>::parse(input.note)
                .map_err(|error| AppError::field("note", error.code()))?
                .as_str()
                .to_owned()
        };
        let at = self.now();
        let answer = EntryAnswer {
            verdict: input.verdict,
            note,
            answered_by: actor.person,
            answered_at: at,
        };
        tx.insert_entry_answer(filing, &answer)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => answered(),
                other => other.into(),
            })?;
        let log = self
            .log_of(&mut tx, entry.desk)
            .await?
            .unwrap_or_else(LogCode::instance);
        let act = ActDraft {
            act: "filing.entry_answered",
            subject: Subject::new("filing", filing),
            details: json!({
                "number": document.number.as_str(),
                "answer": input.verdict.code(),
            }),
            rows: tx
                .official_rows(&official::FILING_ENTRY_ANSWER, filing.uuid())
                .await?,
            logs: vec![log],
        };
        self.record(&mut tx, permit, &act, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What was taken down for the actor's operator and waits for a word, the oldest first; nothing for whoever may not
    /// say it.
    pub async fn entries_to_answer(
        &self,
        actor: &Actor,
        limit: u32,
    ) -> Result<Vec<OpenEntry>, AppError> {
        let resource = Resource::Case {
            id: self.ids().next(),
            owner: actor.organisation,
        };
        if !self.policy().may(actor, Action::AnswerEntry, &resource) {
            return Ok(Vec::new());
        }
        let mut tx = self.store().begin_read("entry.to_answer").await?;
        let mut found = Vec::new();
        for open in tx.open_entries(actor.organisation, limit).await? {
            let desk = self.owner_of(&mut tx, open.desk).await?;
            found.push(OpenEntry {
                filing: open.filing,
                desk: (desk.name_ja, desk.name_en),
                received_at: open.received_at,
            });
        }
        Ok(found)
    }
}
