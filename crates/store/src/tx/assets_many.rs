//! Many computers at once, as an import and its notification write them.

use std::collections::HashMap;

use ids::{ComputerId, FilingId, Id, OrganisationId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::assets::{Computer, Revision};
use uuid::Uuid;

use super::assets::{ComputerColumns, NewRevision, WholeComputer};
use crate::error::StoreError;
use crate::official::{OfficialTable, RowRef};
use crate::rows::assets::{FiledComputer, RevisionEntry, revision_body};
use crate::tx::{Tx, on};

/// Computers that one question reads.
const READ_AT_ONCE: usize = 500;
/// Fewer than these are read one by one: they may lie far apart.
const FEW: usize = 8;
/// First keys of an official table that one question reads.
const OFFICIAL_AT_ONCE: u32 = 1_000;

impl Tx {
    /// Enters new computers, each with its first revision and its legal limit.
    pub async fn insert_computers(
        &mut self,
        computers: &[(Computer, Option<Date>)],
        reason: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let rows = whole(computers, at)?;
        on!(self, assets::insert_computers(&rows))?;
        let mut revisions: Vec<NewRevision<'_>> = Vec::with_capacity(computers.len());
        for (computer, _) in computers {
            let revision = computer.current().map_err(|_| StoreError::CorruptRow {
                table: "computer",
                column: "revision_id",
            })?;
            revisions.push(NewRevision {
                computer: computer.id(),
                revision,
                body: revision_body(revision)?,
            });
        }
        on!(self, assets::insert_revisions(&revisions, reason))
    }

    /// Saves computers over the versions that they were read at. Revisions are added apart.
    pub async fn update_computers(
        &mut self,
        computers: &[(Computer, Option<Date>)],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let rows = whole(computers, at)?;
        let written = on!(self, assets::save_computers(&rows))?;
        if u64::try_from(rows.len()) == Ok(written) {
            Ok(())
        } else {
            Err(StoreError::Stale { table: "computer" })
        }
    }

    /// Those of these computers that are of this owner, with all their revisions. The caller must hold a permit to show
    /// them.
    pub async fn computers_of(
        &mut self,
        owner: OrganisationId,
        wanted: &[ComputerId],
    ) -> Result<HashMap<ComputerId, Computer>, StoreError> {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        let mut found = HashMap::with_capacity(wanted.len());
        for chunk in wanted.chunks(READ_AT_ONCE) {
            let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
                continue;
            };
            let ranges: Vec<(Uuid, Uuid)> = if chunk.len() < FEW {
                chunk.iter().map(|id| (id.uuid(), id.uuid())).collect()
            } else {
                vec![(first.uuid(), last.uuid())]
            };
            for (first, last) in ranges {
                self.read_between(owner, chunk, (first, last), &mut found)
                    .await?;
            }
        }
        Ok(found)
    }

    async fn read_between(
        &mut self,
        owner: OrganisationId,
        wanted: &[ComputerId],
        (first, last): (Uuid, Uuid),
        found: &mut HashMap<ComputerId, Computer>,
    ) -> Result<(), StoreError> {
        let rows = on!(self, assets::computers_between(owner.uuid(), first, last))?;
        let mut revisions: HashMap<Uuid, Vec<Revision>> = HashMap::with_capacity(rows.len());
        for row in on!(self, assets::revisions_between(owner.uuid(), first, last))? {
            if wanted
                .binary_search(&Id::from_uuid(row.computer_id))
                .is_ok()
            {
                let entry: RevisionEntry = row.revision.try_into()?;
                revisions
                    .entry(row.computer_id)
                    .or_default()
                    .push(entry.revision);
            }
        }
        for row in rows {
            let id = Id::from_uuid(row.id);
            if wanted.binary_search(&id).is_ok() {
                let own = revisions.remove(&row.id).unwrap_or_default();
                found.insert(id, row.with(own)?);
            }
        }
        Ok(())
    }

    /// Names computers in a filing, in the order of its rows.
    pub async fn insert_filing_computers(
        &mut self,
        filing: FilingId,
        named: &[FiledComputer],
    ) -> Result<(), StoreError> {
        on!(self, assets::insert_filing_computers(filing, named))
    }

    /// Rows of an official table with these first keys, as [`Tx::official_rows`] gives them for one; for keys that
    /// were made one after the other.
    pub async fn official_rows_of(
        &mut self,
        table: &'static OfficialTable,
        first_keys: &[Uuid],
    ) -> Result<Vec<RowRef>, StoreError> {
        let mut wanted = first_keys.to_vec();
        wanted.sort_unstable();
        let mut found = Vec::with_capacity(wanted.len());
        let Some((first, last)) = wanted.first().copied().zip(wanted.last().copied()) else {
            return Ok(found);
        };
        let mut after = first.as_u128().checked_sub(1).map(Uuid::from_u128);
        loop {
            let rows = self.official_batch(table, after, OFFICIAL_AT_ONCE).await?;
            let Some(read_to) = rows.last().map(first_key).transpose()? else {
                return Ok(found);
            };
            for row in rows {
                if wanted.binary_search(&first_key(&row)?).is_ok() {
                    found.push(row);
                }
            }
            if last <= read_to {
                return Ok(found);
            }
            after = Some(read_to);
        }
    }
}

/// The first part of the key of an official row.
fn first_key(row: &RowRef) -> Result<Uuid, StoreError> {
    let first = row.key.split('/').next().unwrap_or_default();
    first.parse().map_err(|_| StoreError::CorruptRow {
        table: row.table,
        column: "key",
    })
}

fn whole(
    computers: &[(Computer, Option<Date>)],
    at: Timestamp,
) -> Result<Vec<WholeComputer>, StoreError> {
    let mut rows = Vec::with_capacity(computers.len());
    for (computer, due_on) in computers {
        let parts = computer.parts();
        rows.push(WholeComputer {
            id: parts.id.uuid(),
            owner: parts.owner.uuid(),
            columns: ComputerColumns::of(computer, *due_on)?,
            created_at: at.as_microsecond(),
            version: parts.version,
        });
    }
    Ok(rows)
}
