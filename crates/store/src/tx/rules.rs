use ids::{ComputerId, OrganisationId, PersonId, RulePackId};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::rules::{KeptLimit, LimitChange, NewRulePack, RulePack};
use crate::tx::{Tx, exactly_one, on};

/// Rule packs, and limits that moved with them.
impl Tx {
    /// Keeps a proposed pack.
    pub async fn insert_rule_pack(&mut self, pack: &NewRulePack) -> Result<(), StoreError> {
        on!(self, rules::insert_pack(pack))
    }

    /// Puts a pack in force.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it was approved before, or another pack of this number was.
    pub async fn approve_rule_pack(
        &mut self,
        pack: RulePackId,
        number: u32,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            rules::approve_pack(
                pack.uuid(),
                i64::from(number),
                by.uuid(),
                at.as_microsecond()
            )
        )
    }

    /// A pack by its id.
    pub async fn rule_pack(&mut self, id: RulePackId) -> Result<Option<RulePack>, StoreError> {
        on!(self, rules::pack(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Packs, the newest proposal first.
    pub async fn rule_packs(&mut self, limit: u32) -> Result<Vec<RulePack>, StoreError> {
        on!(self, rules::packs(i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// The approved pack with the highest number.
    pub async fn rule_pack_in_force(&mut self) -> Result<Option<RulePack>, StoreError> {
        on!(self, rules::pack_in_force())?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Limits beside the computers of an operator after one of them, for working them out again in batches.
    pub async fn limits_of_owner(
        &mut self,
        owner: OrganisationId,
        after: Option<ComputerId>,
        limit: u32,
    ) -> Result<Vec<KeptLimit>, StoreError> {
        let after = after.map_or(Uuid::nil(), ids::Id::uuid);
        on!(
            self,
            rules::limits_of_owner(owner.uuid(), after, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Writes a limit that moved, and what it was before.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the computer was changed since `version` was read.
    pub async fn move_limit(
        &mut self,
        change: &LimitChange,
        version: i64,
    ) -> Result<(), StoreError> {
        let due_on = change.after.map(|day: Date| day.to_string());
        exactly_one(
            on!(
                self,
                rules::move_limit(change.computer.uuid(), version, due_on.as_deref())
            )?,
            "computer",
        )?;
        on!(self, rules::insert_limit_change(change))
    }

    /// How the limit of a computer moved, the newest first. The caller must hold a permit to show it.
    pub async fn limit_changes(
        &mut self,
        computer: ComputerId,
    ) -> Result<Vec<LimitChange>, StoreError> {
        on!(self, rules::limit_changes(computer.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
