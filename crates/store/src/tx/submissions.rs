use std::collections::BTreeMap;

use ids::{CaseId, PersonId, SubmissionId};
use jiff::Timestamp;
use model::filing::Attachment;
use model::submissions::{Submission, SubmissionEvent, SubmissionFile};

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// What was handed to each addressee of a case, and what became of it.
impl Tx {
    /// Keeps a submission with its files, whose objects must be recorded.
    pub async fn insert_submission(
        &mut self,
        new: &Submission,
        files: &[Attachment],
    ) -> Result<(), StoreError> {
        on!(self, submissions::insert(new))?;
        for (position, file) in (0_i64..).zip(files) {
            let size = i64::try_from(file.size).map_err(|_| StoreError::CorruptRow {
                table: "submission_file",
                column: "size",
            })?;
            on!(
                self,
                submissions::insert_file(new.id.uuid(), position, file, size)
            )?;
        }
        Ok(())
    }

    /// Keeps what became of a submission.
    pub async fn insert_submission_event(
        &mut self,
        new: &SubmissionEvent,
    ) -> Result<(), StoreError> {
        on!(self, submissions::insert_event(new))
    }

    /// A submission. The caller must still ask the policies.
    pub async fn submission(
        &mut self,
        id: SubmissionId,
    ) -> Result<Option<SubmissionFile>, StoreError> {
        match on!(self, submissions::read(id.uuid()))? {
            Some(row) => self.whole_submission(row.try_into()?).await.map(Some),
            None => Ok(None),
        }
    }

    /// Submissions of a case, oldest first. The caller must hold a permit to show the case.
    pub async fn submissions_of_case(
        &mut self,
        case: CaseId,
        limit: u32,
    ) -> Result<Vec<SubmissionFile>, StoreError> {
        let mut files = Vec::new();
        for row in on!(self, submissions::of_case(case.uuid(), i64::from(limit)))? {
            files.push(self.whole_submission(row.try_into()?).await?);
        }
        Ok(files)
    }

    /// Answers an item that only some addressees want, or answers it anew.
    pub async fn answer_submission_item(
        &mut self,
        case: CaseId,
        name: &str,
        value: &str,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            submissions::answer(case.uuid(), name, value, by.uuid(), at.as_microsecond())
        )
    }

    /// Answers to such items, by name.
    pub async fn submission_answers(
        &mut self,
        case: CaseId,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        Ok(on!(self, submissions::answers(case.uuid()))?
            .into_iter()
            .collect())
    }

    async fn whole_submission(
        &mut self,
        submission: Submission,
    ) -> Result<SubmissionFile, StoreError> {
        let id = submission.id.uuid();
        let files = on!(self, submissions::files(id))?
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, StoreError>>()?;
        let events = on!(self, submissions::events(id))?
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, StoreError>>()?;
        Ok(SubmissionFile {
            submission,
            files,
            events,
        })
    }
}
