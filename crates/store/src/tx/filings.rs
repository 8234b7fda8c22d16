use ids::{DeliveryId, DeliveryState, Digest, FilingId, FilingKind, OrganisationId, PersonId};
use jiff::Timestamp;
use model::filing::{Addressee, Attachment, Delivery, Filing};
use policy::{FilingScope, OutboxScope};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::desks::{FilingHead, QueueEntry};
use crate::rows::outbox::{OutboxCounts, OutboxEntry};
use crate::tx::{Tx, exactly_one, on};

/// Where a list of filings goes on: before this filing, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilingCursor {
    /// Arrival of the last filing shown.
    pub filed_at: Timestamp,
    /// The last filing shown.
    pub id: FilingId,
}

/// Whose filings a scope shows, as the statements bind it. Absent means nobody.
pub(crate) struct Sight {
    pub(crate) owner: Option<Uuid>,
    /// Kinds in scope among the own filings, each between commas.
    pub(crate) owned_kinds: String,
    pub(crate) addressee: Option<Uuid>,
    /// Kinds in scope among the filings addressed to the organisation, each between commas.
    pub(crate) addressed_kinds: String,
}

/// One page of a list, as the statements bind it.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) before_micros: Option<i64>,
    pub(crate) before_id: Option<Uuid>,
    pub(crate) limit: i64,
}

/// Which entries of a queue are wanted. The default is all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Only filings of this kind.
    pub kind: Option<FilingKind>,
    /// Only entries that wait for the desk, or on which a legal limit still runs.
    pub open_only: bool,
    /// The desk checks formal requirements: an unchecked filing is open. Otherwise an unopened one is.
    pub checks: bool,
    /// The desk forwards notifications: one that was not forwarded is open.
    pub forwards: bool,
    /// Whose entries.
    pub assignee: Assignee,
}

/// Whose entries of a queue are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignee {
    /// Everybody's, and those that nobody handles.
    #[default]
    Any,
    /// Those that nobody handles.
    Nobody,
    /// Those of one person.
    Person(PersonId),
}

impl From<&FilingScope> for Sight {
    fn from(scope: &FilingScope) -> Self {
        Self {
            owner: scope.owned_by().map(ids::Id::uuid),
            owned_kinds: kind_list(scope.owned_kinds()),
            addressee: scope.addressed_to().map(ids::Id::uuid),
            addressed_kinds: kind_list(scope.addressed_kinds()),
        }
    }
}

impl Page {
    fn new(cursor: Option<FilingCursor>, limit: u32) -> Self {
        Self {
            before_micros: cursor.map(|cursor| cursor.filed_at.as_microsecond()),
            before_id: cursor.map(|cursor| cursor.id.uuid()),
            limit: i64::from(limit),
        }
    }
}

impl Tx {
    /// Records a filing; it can never be changed afterwards.
    pub async fn insert_filing(
        &mut self,
        filing: &Filing,
        search_text: &str,
    ) -> Result<(), StoreError> {
        on!(self, filings::insert(filing))?;
        on!(self, filings::insert_search(filing.id, search_text))
    }

    /// A filing with its body. The caller must hold a permit to show it.
    pub async fn filing(&mut self, id: FilingId) -> Result<Option<Filing>, StoreError> {
        on!(self, filings::read(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// A filing by its receipt number. The caller must hold a permit to show it.
    pub async fn filing_by_number(&mut self, number: &str) -> Result<Option<Filing>, StoreError> {
        on!(self, filings::read_by_number(number))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Everything filed in a case, oldest first. The caller must hold a permit to show it.
    pub async fn filings_of_case(&mut self, case: ids::CaseId) -> Result<Vec<Filing>, StoreError> {
        on!(self, filings::of_case(case.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// The version that took the place of a filing.
    pub async fn successor(&mut self, filing: FilingId) -> Result<Option<Filing>, StoreError> {
        on!(self, filings::successor(filing.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Filings within a scope, newest first.
    pub async fn filings(
        &mut self,
        scope: &FilingScope,
        kind: Option<FilingKind>,
        after: Option<FilingCursor>,
        limit: u32,
    ) -> Result<Vec<FilingHead>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let sight = Sight::from(scope);
        let kind = kind.map(FilingKind::code);
        on!(self, filings::list(&sight, kind, Page::new(after, limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Number of filings within a scope.
    pub async fn count_filings(
        &mut self,
        scope: &FilingScope,
        kind: Option<FilingKind>,
    ) -> Result<i64, StoreError> {
        if scope.is_empty() {
            return Ok(0);
        }
        on!(
            self,
            filings::count(&Sight::from(scope), kind.map(FilingKind::code))
        )
    }

    /// Filings within a scope whose normalised text holds `needle` (normalised by the caller), newest first.
    pub async fn search_filings(
        &mut self,
        scope: &FilingScope,
        needle: &str,
        after: Option<FilingCursor>,
        limit: u32,
    ) -> Result<Vec<FilingHead>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let pattern = like_pattern(needle);
        on!(
            self,
            filings::search(&Sight::from(scope), &pattern, Page::new(after, limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// All versions that name a filing as the one before, oldest first. The caller must hold a permit to show each.
    pub async fn successors(&mut self, filing: FilingId) -> Result<Vec<Filing>, StoreError> {
        on!(self, filings::successors(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Filings within a desk's scope with how far the desk is, newest first.
    pub async fn queue(
        &mut self,
        scope: &FilingScope,
        filter: &QueueFilter,
        after: Option<FilingCursor>,
        limit: u32,
    ) -> Result<Vec<QueueEntry>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        on!(
            self,
            filings::queue(&Sight::from(scope), filter, Page::new(after, limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Records an attachment of a filing, at its position.
    pub async fn insert_filing_attachment(
        &mut self,
        filing: FilingId,
        position: u32,
        attachment: &Attachment,
    ) -> Result<(), StoreError> {
        let size = i64::try_from(attachment.size).map_err(|_| StoreError::CorruptRow {
            table: "filing_attachment",
            column: "size",
        })?;
        on!(
            self,
            filings::insert_attachment(filing, i64::from(position), attachment, size)
        )
    }

    /// Attachments of a filing, in order.
    pub async fn filing_attachments(
        &mut self,
        filing: FilingId,
    ) -> Result<Vec<Attachment>, StoreError> {
        on!(self, filings::attachments(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Records that an object lies in the object directory. Recording it again changes nothing.
    pub async fn insert_object(
        &mut self,
        digest: Digest,
        size: u64,
        media_type: &str,
        created_by: PersonId,
        owner: OrganisationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let size = i64::try_from(size).map_err(|_| StoreError::CorruptRow {
            table: "attachment",
            column: "size",
        })?;
        on!(
            self,
            filings::insert_object(
                digest,
                size,
                media_type,
                created_by,
                owner,
                at.as_microsecond()
            )
        )
    }

    /// Size and media type of a recorded object.
    pub async fn object(&mut self, digest: Digest) -> Result<Option<(u64, String)>, StoreError> {
        on!(self, filings::object(digest.as_bytes()))?
            .map(|row| stored_object(&row).map(|(_, size)| (size, row.2)))
            .transpose()
    }

    /// All recorded objects with their sizes.
    pub async fn objects(&mut self) -> Result<Vec<(Digest, u64)>, StoreError> {
        on!(self, filings::objects())?
            .iter()
            .map(stored_object)
            .collect()
    }

    /// Records an authority to which a filing goes.
    pub async fn insert_addressee(
        &mut self,
        filing: FilingId,
        addressee: &Addressee,
    ) -> Result<(), StoreError> {
        on!(self, filings::insert_addressee(filing, addressee))
    }

    /// Authorities to which a filing goes.
    pub async fn addressees(&mut self, filing: FilingId) -> Result<Vec<Addressee>, StoreError> {
        on!(self, filings::addressees(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Begins the way of a filing to one addressee.
    pub async fn insert_delivery(
        &mut self,
        id: DeliveryId,
        filing: FilingId,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            filings::insert_delivery(
                id.uuid(),
                filing.uuid(),
                organisation.uuid(),
                at.as_microsecond()
            )
        )
    }

    /// A delivery by its id.
    pub async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        on!(self, filings::delivery(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Deliveries of a filing.
    pub async fn deliveries(&mut self, filing: FilingId) -> Result<Vec<Delivery>, StoreError> {
        on!(self, filings::deliveries(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Deliveries in a state, newest first; those that were opened count as delivered.
    pub async fn outbox(
        &mut self,
        scope: &OutboxScope,
        state: DeliveryState,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        on!(
            self,
            filings::outbox(state.code(), before.map(ids::Id::uuid), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// One delivery, as the list shows it.
    pub async fn outbox_entry(
        &mut self,
        scope: &OutboxScope,
        id: DeliveryId,
    ) -> Result<Option<OutboxEntry>, StoreError> {
        if scope.is_empty() {
            return Ok(None);
        }
        on!(self, filings::outbox_entry(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// How many deliveries stand where.
    pub async fn outbox_counts(&mut self, scope: &OutboxScope) -> Result<OutboxCounts, StoreError> {
        if scope.is_empty() {
            return Ok(OutboxCounts::default());
        }
        OutboxCounts::from_rows(on!(self, filings::outbox_counts())?)
    }

    /// Saves how far a delivery is; refuses a stale version.
    pub async fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        exactly_one(on!(self, filings::update_delivery(delivery))?, "delivery")
    }

    /// Records the first opening by the addressee. False when it was open already or is not there yet.
    pub async fn mark_opened(
        &mut self,
        filing: FilingId,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let changed = on!(
            self,
            filings::mark_opened(filing.uuid(), organisation.uuid(), at.as_microsecond())
        )?;
        Ok(changed == 1)
    }
}

/// Kinds, each between commas, as the statements look for them.
pub(crate) fn kind_list(kinds: &[FilingKind]) -> String {
    let mut list = String::from(",");
    for kind in kinds {
        list.push_str(kind.code());
        list.push(',');
    }
    list
}

fn stored_object(row: &(Vec<u8>, i64, String)) -> Result<(Digest, u64), StoreError> {
    let corrupt = |column| StoreError::CorruptRow {
        table: "attachment",
        column,
    };
    let digest = row.0.as_slice().try_into().map_err(|_| corrupt("digest"))?;
    let size = u64::try_from(row.1).map_err(|_| corrupt("size"))?;
    Ok((digest, size))
}

pub(crate) fn like_pattern(needle: &str) -> String {
    let mut pattern = String::new();
    pattern.push('%');
    for c in needle.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
