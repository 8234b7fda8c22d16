use ids::{FilingId, OrganisationId, PersonId, SavedFilterId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::rows::desk_work::{Assignment, DeskTransfer, SavedFilter};
use crate::tx::{Tx, on};

/// How a desk shares its work: who handles what, what went to another desk, what a person wants to see.
impl Tx {
    /// Keeps who handles a filing from now on.
    pub async fn insert_assignment(&mut self, new: &Assignment) -> Result<(), StoreError> {
        on!(self, desk_work::insert_assignment(new))
    }

    /// Who handled a filing at a desk, the newest first.
    pub async fn assignments(
        &mut self,
        filing: FilingId,
        desk: OrganisationId,
        limit: u32,
    ) -> Result<Vec<Assignment>, StoreError> {
        on!(
            self,
            desk_work::assignments(filing.uuid(), desk.uuid(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Keeps that a filing went to another desk.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when this desk gave it away before.
    pub async fn insert_desk_transfer(&mut self, new: &DeskTransfer) -> Result<(), StoreError> {
        on!(self, desk_work::insert_transfer(new))
    }

    /// From which desk to which a filing went, in order.
    pub async fn desk_transfers(
        &mut self,
        filing: FilingId,
    ) -> Result<Vec<DeskTransfer>, StoreError> {
        on!(self, desk_work::transfers(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Keeps what a person wants to see; one of the same name is replaced.
    pub async fn save_filter(
        &mut self,
        person: PersonId,
        filter: &SavedFilter,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, desk_work::save_filter(person, filter, at))
    }

    /// What a person keeps, by name.
    pub async fn saved_filters(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<SavedFilter>, StoreError> {
        Ok(on!(self, desk_work::filters(person.uuid()))?
            .into_iter()
            .map(Into::into)
            .collect())
    }

    /// Forgets one of a person; `false` where there was none.
    pub async fn forget_filter(
        &mut self,
        person: PersonId,
        id: SavedFilterId,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, desk_work::forget_filter(id.uuid(), person.uuid()))? == 1)
    }
}
