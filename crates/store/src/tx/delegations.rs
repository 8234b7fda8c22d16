use ids::{CaseId, DelegationId, PersonId};
use jiff::Timestamp;
use policy::{DelegationScope, OrganisationScope};

use crate::error::StoreError;
use crate::rows::delegations::DelegationRecord;
use crate::tx::{Tx, on};

/// What contractors may see and fill in.
impl Tx {
    /// Keeps a delegation.
    pub async fn insert_delegation(&mut self, new: &DelegationRecord) -> Result<(), StoreError> {
        on!(self, delegations::insert(new))
    }

    /// Ends it before its time.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it was ended before.
    pub async fn end_delegation(
        &mut self,
        id: DelegationId,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            delegations::end(id.uuid(), by.uuid(), at.as_microsecond())
        )
    }

    /// A delegation by its id. The caller must still ask the policies.
    pub async fn delegation(
        &mut self,
        id: DelegationId,
    ) -> Result<Option<DelegationRecord>, StoreError> {
        on!(self, delegations::read(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// What an operator has given, the newest first.
    pub async fn delegations_given(
        &mut self,
        scope: &OrganisationScope,
        limit: u32,
    ) -> Result<Vec<DelegationRecord>, StoreError> {
        let Some(owner) = scope.organisation() else {
            return Ok(Vec::new());
        };
        on!(self, delegations::of_owner(owner.uuid(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// What a person holds at an instant, the first to end first.
    pub async fn delegations_held(
        &mut self,
        scope: &DelegationScope,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DelegationRecord>, StoreError> {
        let Some(person) = scope.person() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            delegations::in_force_of_person(person.uuid(), now.as_microsecond(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Cases of an operator that are not closed, with their titles, the newest first.
    pub async fn titles_of_cases(
        &mut self,
        scope: &OrganisationScope,
        limit: u32,
    ) -> Result<Vec<(CaseId, String)>, StoreError> {
        let Some(owner) = scope.organisation() else {
            return Ok(Vec::new());
        };
        let found = on!(
            self,
            delegations::titles_of_cases(owner.uuid(), i64::from(limit))
        )?;
        Ok(found
            .into_iter()
            .map(|(id, title)| (CaseId::from_uuid(id), title))
            .collect())
    }
}
