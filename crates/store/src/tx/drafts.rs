use ids::{DraftId, FilingKind};
use policy::DraftScope;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::drafts::Draft;
use crate::tx::{Tx, exactly_one, on};

impl Tx {
    /// Keeps a new draft at version 1.
    pub async fn insert_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        on!(self, drafts::insert(draft))
    }

    /// Saves a draft over the version it was read at; refuses a stale one, so that no edit is lost.
    pub async fn update_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        exactly_one(on!(self, drafts::update(draft))?, "draft")
    }

    /// A draft by its id.
    pub async fn draft(&mut self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        on!(self, drafts::read(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The newest draft of a kind about one thing.
    pub async fn draft_of_subject(
        &mut self,
        subject: Uuid,
        kind: FilingKind,
    ) -> Result<Option<Draft>, StoreError> {
        on!(self, drafts::of_subject(subject, kind.code()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Drafts within a scope, last saved first.
    pub async fn drafts(
        &mut self,
        scope: &DraftScope,
        limit: u32,
    ) -> Result<Vec<Draft>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let kinds = crate::tx::filings::kind_list(scope.kinds());
        on!(
            self,
            drafts::of_owner(owner.uuid(), &kinds, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Removes a draft, once it is filed or thrown away; refuses a stale version.
    pub async fn delete_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        exactly_one(
            on!(self, drafts::delete(draft.id.uuid(), draft.version))?,
            "draft",
        )
    }
}
