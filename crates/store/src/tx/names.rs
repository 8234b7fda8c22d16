use ids::{LearnedNameId, OrganisationId, PersonId};
use jiff::Timestamp;
use policy::OwnerScope;

use crate::error::StoreError;
use crate::rows::names::{LearnedName, NewLearnedName};
use crate::tx::{Tx, exactly_one, on};

/// What operators confirmed that written names mean.
impl Tx {
    /// Keeps what a name means; what was known for it before is undone by the same person.
    pub async fn learn_name(&mut self, name: &NewLearnedName) -> Result<(), StoreError> {
        on!(self, names::replace_learned(name))?;
        on!(self, names::insert_learned(name))
    }

    /// Undoes one.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is of another operator, or was undone before.
    pub async fn undo_learned_name(
        &mut self,
        id: LearnedNameId,
        owner: OrganisationId,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (by, at) = (by.uuid(), at.as_microsecond());
        let changed = on!(self, names::undo_learned(id.uuid(), owner.uuid(), by, at))?;
        exactly_one(changed, "learned_name")
    }

    /// What holds for an operator, for the matcher.
    pub async fn names_in_force(
        &mut self,
        owner: OrganisationId,
        limit: u32,
    ) -> Result<Vec<LearnedName>, StoreError> {
        on!(self, names::in_force(owner.uuid(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// All within a scope, those undone too, newest first.
    pub async fn learned_names(
        &mut self,
        scope: &OwnerScope,
        before: Option<LearnedNameId>,
        limit: u32,
    ) -> Result<Vec<LearnedName>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let before = before.map(ids::Id::uuid);
        on!(self, names::page(owner.uuid(), before, i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
