use ids::DelegationId;
use policy::{Action, Actor};
use store::Tx;
use store::rows::delegations::DelegationRecord;

use crate::error::AppError;
use crate::instance::App;

/// Who writes in a draft.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pen {
    /// A person of the operator.
    Own,
    /// A person of a contractor, in one item of what was delegated.
    Delegated {
        /// The delegation.
        id: DelegationId,
        /// The item.
        section: u8,
    },
}

impl App {
    /// Asks, in the transaction that writes, whether what was delegated may be filled in still.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `delegation_over` for the one who held it until it ended.
    pub(crate) async fn must_fill_delegated(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: DelegationId,
        section: u8,
    ) -> Result<DelegationRecord, AppError> {
        let record = tx.delegation(id).await?.ok_or(AppError::NotFound)?;
        let resource = self.delegation_resource(&record, section);
        match self.policy().check(actor, Action::FillDelegated, &resource) {
            // Filling in a draft is no official act.
            Ok(permit) => drop(permit),
            Err(_) if self.held_until_it_ended(actor, &record, section) => {
                return Err(AppError::Conflict("delegation_over"));
            }
            Err(denied) => return Err(denied.into()),
        }
        Ok(record)
    }

    /// Whether the actor could have filled it in had it not ended: only they are told that it did.
    fn held_until_it_ended(&self, actor: &Actor, record: &DelegationRecord, section: u8) -> bool {
        let before = DelegationRecord {
            ended_at: None,
            until: jiff::Timestamp::MAX,
            ..record.clone()
        };
        let resource = self.delegation_resource(&before, section);
        !record.in_force(self.now()) && self.policy().may(actor, Action::FillDelegated, &resource)
    }
}
