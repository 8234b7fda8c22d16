use ids::{CaseId, FilingId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::rows::peers::{PeerFiling, PeerReceipt};
use crate::tx::{Tx, on};

/// Filings that travel on to another instance.
impl Tx {
    /// Puts a filing among those that travel on.
    pub async fn insert_peer_filing(
        &mut self,
        filing: FilingId,
        case: CaseId,
        peer: &str,
        place: u32,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            peers::insert(
                filing.uuid(),
                case.uuid(),
                peer,
                i64::from(place),
                at.as_microsecond()
            )
        )
    }

    /// How far a filing is. The caller must hold a permit to show the filing.
    pub async fn peer_filing(
        &mut self,
        filing: FilingId,
    ) -> Result<Option<PeerFiling>, StoreError> {
        on!(self, peers::read(filing.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// The same of all filings of a case, in order. The caller must hold a permit to show the case.
    pub async fn peer_filings_of_case(
        &mut self,
        case: CaseId,
    ) -> Result<Vec<PeerFiling>, StoreError> {
        on!(self, peers::of_case(case.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Those that are to be tried or looked after now; what waits stands before what is only looked after.
    pub async fn peer_filings_due(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<PeerFiling>, StoreError> {
        on!(self, peers::due(now.as_microsecond(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Takes one for this worker until `again`. False when another worker took it.
    pub async fn claim_peer_filing(
        &mut self,
        row: &PeerFiling,
        again: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, peers::claim(row, again.as_microsecond()))? == 1)
    }

    /// Writes how far it is now.
    pub async fn settle_peer_filing(&mut self, row: &PeerFiling) -> Result<(), StoreError> {
        on!(self, peers::settle(row))
    }

    /// Keeps a receipt with what came of verifying it. False when a verified one was there.
    pub async fn keep_peer_receipt(
        &mut self,
        filing: FilingId,
        receipt: &PeerReceipt,
    ) -> Result<bool, StoreError> {
        Ok(on!(self, peers::keep_receipt(filing.uuid(), receipt))? == 1)
    }

    /// Receipts of a filing. The caller must hold a permit to show them.
    pub async fn peer_receipts(
        &mut self,
        filing: FilingId,
    ) -> Result<Vec<PeerReceipt>, StoreError> {
        on!(self, peers::receipts(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
