use ids::{CorrectionId, FilingId};
use jiff::Timestamp;
use model::filing::{CorrectionAnswer, CorrectionRequest, FormalCheck, Forwarding};
use policy::FilingScope;

use crate::error::StoreError;
use crate::rows::desks::Arrival;
use crate::tx::filings::Sight;
use crate::tx::{Tx, on};

/// Where a list of requests for correction goes on: after this request, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCursor {
    /// When the last request shown was made.
    pub requested_at: Timestamp,
    /// The last request shown.
    pub id: CorrectionId,
}

impl Tx {
    /// Records a formal check.
    pub async fn insert_check(&mut self, check: &FormalCheck) -> Result<(), StoreError> {
        on!(self, desks::insert_check(check))
    }

    /// Formal checks of a filing, oldest first.
    pub async fn checks(&mut self, filing: FilingId) -> Result<Vec<FormalCheck>, StoreError> {
        on!(self, desks::checks(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Records a request for correction.
    pub async fn insert_correction_request(
        &mut self,
        request: &CorrectionRequest,
    ) -> Result<(), StoreError> {
        on!(self, desks::insert_request(request))
    }

    /// Records the answer to a request for correction.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it was answered meanwhile.
    pub async fn insert_correction_answer(
        &mut self,
        request: CorrectionId,
        answer: &CorrectionAnswer,
    ) -> Result<(), StoreError> {
        on!(self, desks::insert_answer(request, answer))
    }

    /// Whether a filing was made as the answer to a request for correction.
    pub async fn is_correction_answer(&mut self, filing: FilingId) -> Result<bool, StoreError> {
        Ok(0 < on!(self, desks::is_answer(filing.uuid()))?)
    }

    /// A request for correction by its id.
    pub async fn correction_request(
        &mut self,
        id: CorrectionId,
    ) -> Result<Option<CorrectionRequest>, StoreError> {
        on!(self, desks::request(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Requests for correction of a filing, oldest first.
    pub async fn correction_requests(
        &mut self,
        filing: FilingId,
    ) -> Result<Vec<CorrectionRequest>, StoreError> {
        on!(self, desks::requests_of_filing(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Requests for correction of filings within a scope that wait for an answer, oldest first.
    pub async fn open_correction_requests(
        &mut self,
        scope: &FilingScope,
        after: Option<RequestCursor>,
        limit: u32,
    ) -> Result<Vec<CorrectionRequest>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let sight = Sight::from(scope);
        on!(
            self,
            desks::open_requests(&sight, after.as_ref(), i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Filings of a scope that arrived from one instant until before another, the earliest first.
    pub async fn arrivals(
        &mut self,
        scope: &FilingScope,
        from: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Arrival>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let sight = Sight::from(scope);
        on!(
            self,
            desks::arrived(
                &sight,
                from.as_microsecond(),
                until.as_microsecond(),
                i64::from(limit)
            )
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Records that a notification was passed on (Act Art. 4(2)).
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it was passed on before.
    pub async fn insert_forwarding(&mut self, forwarding: &Forwarding) -> Result<(), StoreError> {
        on!(self, desks::insert_forwarding(forwarding))
    }

    /// How a notification was passed on.
    pub async fn forwardings(&mut self, filing: FilingId) -> Result<Vec<Forwarding>, StoreError> {
        on!(self, desks::forwardings(filing.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}
