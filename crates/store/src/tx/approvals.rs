use ids::{ApprovalId, CaseId, DeputyId, FilingKind, OrganisationId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::approvals::ApprovalStep;
use policy::OwnerScope;

use crate::error::StoreError;
use crate::rows::approvals::{
    ApprovalRecord, ColleagueRole, DeputyRecord, NewApprovalStep, RouteRecord,
};
use crate::tx::{Tx, exactly_one, on};

/// Approvals inside an organisation.
impl Tx {
    /// Keeps a route; the highest number is in force.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody else set it meanwhile.
    pub async fn insert_approval_route(&mut self, route: &RouteRecord) -> Result<(), StoreError> {
        on!(self, approvals::insert_route(route))
    }

    /// The route in force for a kind of document.
    pub async fn approval_route(
        &mut self,
        owner: OrganisationId,
        kind: FilingKind,
    ) -> Result<Option<RouteRecord>, StoreError> {
        on!(self, approvals::route(owner.uuid(), kind.code()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Keeps a request that begins in a phase.
    pub async fn insert_approval(
        &mut self,
        request: &ApprovalRecord,
        phase: &'static str,
    ) -> Result<(), StoreError> {
        on!(self, approvals::insert_request(request))?;
        on!(
            self,
            approvals::insert_standing(
                request.id.uuid(),
                request.owner.uuid(),
                phase,
                request.requested_at.as_microsecond()
            )
        )
    }

    /// A request by its id. The caller must still ask the policies.
    pub async fn approval(&mut self, id: ApprovalId) -> Result<Option<ApprovalRecord>, StoreError> {
        on!(self, approvals::request(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Requests about a case, the newest first. The caller must hold a permit for the case.
    pub async fn approvals_of_case(
        &mut self,
        case: CaseId,
        limit: u32,
    ) -> Result<Vec<ApprovalRecord>, StoreError> {
        on!(
            self,
            approvals::requests_of_case(case.uuid(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Requests of an owner about a kind of document, the newest first. The caller must hold a permit to file it.
    pub async fn approvals_of_kind(
        &mut self,
        owner: OrganisationId,
        kind: FilingKind,
        limit: u32,
    ) -> Result<Vec<ApprovalRecord>, StoreError> {
        on!(
            self,
            approvals::requests_of_kind(owner.uuid(), kind.code(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Requests in a phase within a scope, the oldest first.
    pub async fn approvals_in_phase(
        &mut self,
        scope: &OwnerScope,
        phase: &'static str,
        limit: u32,
    ) -> Result<Vec<ApprovalRecord>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            approvals::requests_in_phase(owner.uuid(), phase, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Writes what was done, and where the request stands now.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody else did something meanwhile.
    pub async fn insert_approval_step(
        &mut self,
        new: &NewApprovalStep,
        phase: &'static str,
    ) -> Result<(), StoreError> {
        on!(self, approvals::insert_step(new))?;
        exactly_one(
            on!(
                self,
                approvals::update_standing(new.request.uuid(), phase, new.step.at.as_microsecond())
            )?,
            "approval_standing",
        )
    }

    /// What was done with a request, in order.
    pub async fn approval_steps(
        &mut self,
        request: ApprovalId,
    ) -> Result<Vec<ApprovalStep>, StoreError> {
        on!(self, approvals::steps(request.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Keeps that somebody stands in for somebody.
    pub async fn insert_deputy(&mut self, deputy: &DeputyRecord) -> Result<(), StoreError> {
        on!(self, approvals::insert_deputy(deputy))
    }

    /// Ends it before its last day.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it was ended before.
    pub async fn end_deputy(
        &mut self,
        record: DeputyId,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            approvals::end_deputy(record.uuid(), by.uuid(), at.as_microsecond())
        )
    }

    /// Who stands in for whom on a day or later. The caller must belong to the organisation.
    pub async fn deputies(
        &mut self,
        owner: OrganisationId,
        from: Date,
    ) -> Result<Vec<DeputyRecord>, StoreError> {
        let from = from.to_string();
        on!(self, approvals::deputies(owner.uuid(), &from))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Active people of an organisation, once for each role. The caller must belong to the organisation.
    pub async fn colleague_roles(
        &mut self,
        owner: OrganisationId,
    ) -> Result<Vec<ColleagueRole>, StoreError> {
        on!(self, approvals::colleagues(owner.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Remembers that a person looked at a request.
    pub async fn remember_look(
        &mut self,
        person: PersonId,
        request: ApprovalId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            approvals::look(person.uuid(), request.uuid(), at.as_microsecond())
        )
    }

    /// Whether a person has looked at a request.
    pub async fn has_looked(
        &mut self,
        person: PersonId,
        request: ApprovalId,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, approvals::looked_at(person.uuid(), request.uuid()))?.is_some())
    }
}
