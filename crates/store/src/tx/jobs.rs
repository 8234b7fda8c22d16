use ids::{Digest, JobId, PersonId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::rows::jobs::{Job, Remembered};
use crate::sql::dialect;
use crate::tx::{Inner, Tx, exactly_one, on};

impl Tx {
    /// Adds work that commits with this transaction.
    pub async fn enqueue(
        &mut self,
        id: JobId,
        kind: &str,
        payload: &str,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            jobs::enqueue(
                id.uuid(),
                kind,
                payload,
                run_at.as_microsecond(),
                now.as_microsecond()
            )
        )
    }

    /// Takes one due job and locks it until `locked_until`.
    pub async fn claim_job(
        &mut self,
        now: Timestamp,
        locked_until: Timestamp,
    ) -> Result<Option<Job>, StoreError> {
        let statement = match self.inner {
            Inner::Sqlite(_) => dialect::CLAIM_JOB_SQLITE,
            Inner::Postgres(_) => dialect::CLAIM_JOB_POSTGRES,
        };
        on!(
            self,
            jobs::claim(
                statement,
                now.as_microsecond(),
                locked_until.as_microsecond()
            )
        )?
        .map(TryInto::try_into)
        .transpose()
    }

    /// Marks a job as done.
    pub async fn finish_job(&mut self, job: JobId, at: Timestamp) -> Result<(), StoreError> {
        exactly_one(
            on!(self, jobs::finish(job.uuid(), at.as_microsecond()))?,
            "job",
        )
    }

    /// Puts a job back for later.
    pub async fn retry_job(
        &mut self,
        job: JobId,
        run_at: Timestamp,
        error: &str,
    ) -> Result<(), StoreError> {
        exactly_one(
            on!(
                self,
                jobs::retry(job.uuid(), run_at.as_microsecond(), error)
            )?,
            "job",
        )
    }

    /// Gives a job up; a person must look at it.
    pub async fn bury_job(
        &mut self,
        job: JobId,
        at: Timestamp,
        error: &str,
    ) -> Result<(), StoreError> {
        exactly_one(
            on!(self, jobs::bury(job.uuid(), at.as_microsecond(), error))?,
            "job",
        )
    }

    /// Tries a given-up job again, from the first attempt.
    pub async fn revive_job(&mut self, job: JobId, run_at: Timestamp) -> Result<(), StoreError> {
        exactly_one(
            on!(self, jobs::revive(job.uuid(), run_at.as_microsecond()))?,
            "job",
        )
    }

    /// Jobs that were given up, newest first.
    pub async fn dead_jobs(&mut self, limit: u32) -> Result<Vec<Job>, StoreError> {
        on!(self, jobs::dead(i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// The given-up job of a kind with this payload, newest first.
    pub async fn dead_job(&mut self, kind: &str, payload: &str) -> Result<Option<Job>, StoreError> {
        on!(self, jobs::dead_of(kind, payload))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The waiting job of a kind with this payload, newest first.
    pub async fn waiting_job(
        &mut self,
        kind: &str,
        payload: &str,
    ) -> Result<Option<Job>, StoreError> {
        on!(self, jobs::ready_of(kind, payload))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Number of jobs that wait.
    pub async fn waiting_jobs(&mut self) -> Result<i64, StoreError> {
        on!(self, jobs::ready())
    }

    /// Writes down what came of a request sent with an idempotency key.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the same key was used at the same time.
    pub async fn remember_outcome(
        &mut self,
        key_hash: Digest,
        person: PersonId,
        remembered: &Remembered,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            jobs::remember_outcome(
                key_hash.as_bytes(),
                person.uuid(),
                remembered.request_digest.as_bytes(),
                &remembered.outcome,
                at.as_microsecond(),
            )
        )
    }

    /// What came of an earlier request of this person under the same key.
    pub async fn remembered_outcome(
        &mut self,
        key_hash: Digest,
        person: PersonId,
    ) -> Result<Option<Remembered>, StoreError> {
        let row = on!(
            self,
            jobs::remembered_outcome(key_hash.as_bytes(), person.uuid())
        )?;
        row.map(|(request_digest, outcome)| {
            let request_digest =
                request_digest
                    .as_slice()
                    .try_into()
                    .map_err(|_| StoreError::CorruptRow {
                        table: "idempotency",
                        column: "request_digest",
                    })?;
            Ok(Remembered {
                request_digest,
                outcome,
            })
        })
        .transpose()
    }
}
