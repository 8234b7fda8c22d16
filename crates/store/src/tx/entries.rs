use ids::{Digest, EntryId, FilingId, Id, OrganisationId, PersonId};
use jiff::Timestamp;
use model::entries::{Entry, EntryAnswer};

use crate::error::StoreError;
use crate::rows::entries::{EntryDraft, OpenEntry};
use crate::tx::{Tx, on};

/// What desks take down for operators, and the codes by which callers show who they are.
impl Tx {
    /// Keeps a report that a desk begins to take down.
    pub async fn insert_entry_draft(&mut self, new: &EntryDraft) -> Result<(), StoreError> {
        on!(self, entries::insert_draft(new))
    }

    /// Saves one at the version it was read at.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it changed since.
    pub async fn update_entry_draft(&mut self, draft: &EntryDraft) -> Result<(), StoreError> {
        match on!(self, entries::update_draft(draft))? {
            0 => Err(StoreError::Stale {
                table: "entry_draft",
            }),
            _ => Ok(()),
        }
    }

    /// One of them.
    pub async fn entry_draft(&mut self, id: EntryId) -> Result<Option<EntryDraft>, StoreError> {
        on!(self, entries::draft(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Those of a desk, the newest first.
    pub async fn entry_drafts(
        &mut self,
        desk: OrganisationId,
        limit: u32,
    ) -> Result<Vec<EntryDraft>, StoreError> {
        on!(self, entries::drafts(desk.uuid(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Removes one at the version it was read at.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it changed since.
    pub async fn delete_entry_draft(&mut self, draft: &EntryDraft) -> Result<(), StoreError> {
        match on!(self, entries::delete_draft(draft.id.uuid(), draft.version))? {
            0 => Err(StoreError::Stale {
                table: "entry_draft",
            }),
            _ => Ok(()),
        }
    }

    /// Keeps that a desk took a filing down.
    pub async fn insert_entry(&mut self, new: &Entry) -> Result<(), StoreError> {
        on!(self, entries::insert(new))
    }

    /// How a filing was taken down; `None` for what was filed by the operator.
    pub async fn entry(&mut self, filing: FilingId) -> Result<Option<Entry>, StoreError> {
        on!(self, entries::read(filing.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// What a desk took down, the newest first.
    pub async fn entries_of_desk(
        &mut self,
        desk: OrganisationId,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        on!(self, entries::of_desk(desk.uuid(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// What was taken down for an operator that has said nothing of it yet, the oldest first.
    pub async fn open_entries(
        &mut self,
        operator: OrganisationId,
        limit: u32,
    ) -> Result<Vec<OpenEntry>, StoreError> {
        on!(
            self,
            entries::open_of_operator(operator.uuid(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Keeps what the operator says of it.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it has said so before.
    pub async fn insert_entry_answer(
        &mut self,
        filing: FilingId,
        answer: &EntryAnswer,
    ) -> Result<(), StoreError> {
        on!(self, entries::insert_answer(filing.uuid(), answer))
    }

    /// Replaces the telephone codes of a person by others, or by none. Only hashes are kept.
    pub async fn set_telephone_codes(
        &mut self,
        person: PersonId,
        hashes: &[Digest],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, entries::set_codes(person, hashes, at))
    }

    /// Whose unused telephone code has this hash.
    pub async fn telephone_code(&mut self, hash: Digest) -> Result<Option<PersonId>, StoreError> {
        Ok(on!(self, entries::code(hash.as_bytes().as_slice()))?.map(Id::from_uuid))
    }

    /// Uses a telephone code up. False when there is none with this hash, or it was used.
    pub async fn spend_telephone_code(
        &mut self,
        hash: Digest,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let spent = on!(
            self,
            entries::spend_code(hash.as_bytes().as_slice(), at.as_microsecond())
        )?;
        Ok(spent == 1)
    }

    /// How many telephone codes of a person are left.
    pub async fn count_telephone_codes(&mut self, person: PersonId) -> Result<u64, StoreError> {
        let left = on!(self, entries::count_codes(person.uuid()))?;
        Ok(u64::try_from(left).unwrap_or(0))
    }
}
