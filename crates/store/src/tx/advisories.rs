use ids::{
    AdvisoryCandidateId, AdvisoryFileId, AdvisoryId, ComputerId, Digest, Id, OrganisationId,
    PersonId,
};
use jiff::Timestamp;
use policy::OwnerScope;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::advisories::{AdvisoryFile, Candidate, CandidateDecision, NewAdvisory, ToCompare};
use crate::tx::{Tx, exactly_one, on};

/// What a list of candidates is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// One computer.
    pub computer: Option<ComputerId>,
    /// Code of a decision, or `open` for those without one.
    pub decision: Option<&'static str>,
}

/// Published vulnerability information, and what of it may concern whom.
impl Tx {
    /// Whether a file of this name and content was found before.
    pub async fn advisory_file_known(
        &mut self,
        digest: &Digest,
        name: &str,
    ) -> Result<bool, StoreError> {
        let count = on!(self, advisories::file_known(digest.as_bytes(), name))?;
        Ok(0 < count)
    }

    /// Keeps what came of a file.
    pub async fn insert_advisory_file(
        &mut self,
        file: &AdvisoryFile,
        digest: &Digest,
    ) -> Result<(), StoreError> {
        on!(self, advisories::insert_file(file, digest.as_bytes()))
    }

    /// Files, newest first. For whoever runs the instance.
    pub async fn advisory_files(
        &mut self,
        before: Option<AdvisoryFileId>,
        limit: u32,
    ) -> Result<Vec<AdvisoryFile>, StoreError> {
        let before = before.map(Id::uuid);
        on!(self, advisories::files(before, i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Keeps a piece of information, in the place of what was known under its number. Tells whether anything is new.
    pub async fn keep_advisory(
        &mut self,
        advisory: &NewAdvisory,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let at = at.as_microsecond();
        let known = on!(self, advisories::known(advisory.source, &advisory.number))?;
        let id = match known {
            Some((_, digest)) if digest == advisory.digest.as_bytes() => return Ok(false),
            Some((id, _)) => {
                on!(self, advisories::update(id, advisory, at))?;
                id
            }
            None => {
                on!(self, advisories::insert(advisory, at))?;
                advisory.id.uuid()
            }
        };
        on!(self, advisories::insert_products(id, advisory))?;
        Ok(true)
    }

    /// The moment up to which information is kept, in microseconds.
    pub async fn last_advisory_change(&mut self) -> Result<i64, StoreError> {
        on!(self, advisories::last_change())
    }

    /// Computers in use that were not compared with everything up to a moment.
    pub async fn computers_to_compare(
        &mut self,
        published_up_to: i64,
        limit: u32,
    ) -> Result<Vec<ToCompare>, StoreError> {
        on!(
            self,
            advisories::to_compare(published_up_to, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Notes that a computer was compared.
    pub async fn mark_compared(
        &mut self,
        each: &ToCompare,
        published_up_to: i64,
    ) -> Result<(), StoreError> {
        let (computer, revision) = (each.computer.uuid(), each.revision.uuid());
        on!(
            self,
            advisories::compared(computer, revision, published_up_to)
        )
    }

    /// Has all computers of an operator compared again.
    pub async fn compare_again(&mut self, owner: OrganisationId) -> Result<(), StoreError> {
        on!(self, advisories::compare_again(owner.uuid()))
    }

    /// Information on a product of the master, with the place of the product in it.
    pub async fn advisories_of_product(
        &mut self,
        product: &str,
    ) -> Result<Vec<(AdvisoryId, i64)>, StoreError> {
        let found = on!(self, advisories::of_product(product))?;
        Ok(placed(found))
    }

    /// Information on a product that is called the same, by the keys of product and maker.
    pub async fn advisories_of_name(
        &mut self,
        product_key: &str,
        maker_key: &str,
    ) -> Result<Vec<(AdvisoryId, i64)>, StoreError> {
        let found = on!(self, advisories::of_name(product_key, maker_key))?;
        Ok(placed(found))
    }

    /// Keeps that a piece of information may concern a computer.
    pub async fn insert_candidate(
        &mut self,
        id: AdvisoryCandidateId,
        each: &ToCompare,
        advisory: (AdvisoryId, i64),
        reason: &'static str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            advisories::insert_candidate(
                id.uuid(),
                each.owner.uuid(),
                each.computer.uuid(),
                advisory.0.uuid(),
                advisory.1,
                reason,
                at.as_microsecond()
            )
        )
    }

    /// Candidates of a computer that nobody decided on.
    pub async fn undecided_candidates(
        &mut self,
        computer: ComputerId,
    ) -> Result<Vec<(AdvisoryCandidateId, AdvisoryId)>, StoreError> {
        let found = on!(self, advisories::undecided_of_computer(computer.uuid()))?;
        Ok(found
            .into_iter()
            .map(|(id, advisory)| (Id::from_uuid(id), Id::from_uuid(advisory)))
            .collect())
    }

    /// Removes a candidate that nobody decided on and that fits no more.
    pub async fn forget_candidate(&mut self, id: AdvisoryCandidateId) -> Result<(), StoreError> {
        on!(self, advisories::forget_candidate(id.uuid()))
    }

    /// Candidates within a scope, newest first.
    pub async fn candidates(
        &mut self,
        scope: &OwnerScope,
        filter: CandidateFilter,
        before: Option<AdvisoryCandidateId>,
        limit: u32,
    ) -> Result<Vec<Candidate>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let computer = filter.computer.map(Id::uuid);
        let before = before.map(Id::uuid);
        on!(
            self,
            advisories::candidates(
                owner.uuid(),
                computer,
                filter.decision,
                before,
                i64::from(limit)
            )
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Number of candidates within a scope.
    pub async fn count_candidates(
        &mut self,
        scope: &OwnerScope,
        filter: CandidateFilter,
    ) -> Result<i64, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(0);
        };
        let computer = filter.computer.map(Id::uuid);
        on!(
            self,
            advisories::count_candidates(owner.uuid(), computer, filter.decision)
        )
    }

    /// One candidate. The caller must hold a permit to show it.
    pub async fn candidate(
        &mut self,
        id: AdvisoryCandidateId,
    ) -> Result<Option<Candidate>, StoreError> {
        on!(self, advisories::candidate(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Keeps a decision.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when someone else decided since `version` was read.
    pub async fn decide_candidate(
        &mut self,
        decision: Uuid,
        candidate: (AdvisoryCandidateId, i64),
        code: &'static str,
        reason: Option<&str>,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, version) = (candidate.0.uuid(), candidate.1);
        let at = at.as_microsecond();
        let changed = on!(self, advisories::decide(id, version, code, at))?;
        exactly_one(changed, "advisory_candidate")?;
        on!(
            self,
            advisories::insert_decision(decision, id, code, reason, by.uuid(), at)
        )
    }

    /// Decisions on a candidate, newest first. The caller must hold a permit to show them.
    pub async fn candidate_decisions(
        &mut self,
        id: AdvisoryCandidateId,
    ) -> Result<Vec<CandidateDecision>, StoreError> {
        on!(self, advisories::decisions(id.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}

fn placed(found: Vec<(Uuid, i64)>) -> Vec<(AdvisoryId, i64)> {
    found
        .into_iter()
        .map(|(id, position)| (Id::from_uuid(id), position))
        .collect()
}
