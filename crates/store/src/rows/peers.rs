use ids::{CaseId, FilingId, Id, stable_codes};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, instant};

const TABLE: &str = "peer_filing";

stable_codes! {
    /// How far a filing is on its way to another instance.
    pub enum PeerState {
        /// It is tried until it is there.
        Waiting = "waiting",
        /// It is filed there; what becomes of it is looked up.
        Filed = "filed",
        /// It was not taken, and is not tried again by itself.
        Refused = "refused",
    }
}

/// A filing that travels on to another instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerFiling {
    /// The filing here.
    pub filing: FilingId,
    /// Its case.
    pub case: CaseId,
    /// Name of the other instance in the settings.
    pub peer: String,
    /// Its place among the filings of the case.
    pub place: u32,
    /// How far it is.
    pub state: PeerState,
    /// How often it was tried, or looked after in vain, since it last went well.
    pub attempts: u32,
    /// When it is tried or looked after next; never once it was refused.
    pub next_attempt_at: Option<Timestamp>,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// Code that the other instance gave with it.
    pub last_detail: Option<String>,
    /// What it is there.
    pub remote: Option<RemotePlace>,
    /// When it lay in the queue of the desk there.
    pub delivered_at: Option<Timestamp>,
    /// When somebody there first opened it.
    pub opened_at: Option<Timestamp>,
    /// When it was checked there.
    pub checked_at: Option<Timestamp>,
    /// When the other instance was last asked.
    pub looked_at: Option<Timestamp>,
    /// Since when it waits.
    pub created_at: Timestamp,
}

/// What a filing is at the other instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemotePlace {
    /// Its case there.
    pub case: CaseId,
    /// Its id there.
    pub filing: FilingId,
    /// 受付番号 there.
    pub number: String,
    /// When it arrived there.
    pub filed_at: Timestamp,
}

/// A receipt from a log of the other instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerReceipt {
    /// Code of the log.
    pub log: String,
    /// The receipt file as it came.
    pub receipt: String,
    /// `verified`, or the code of what is wrong.
    pub verdict: String,
    /// Trusted witnesses that co-signed.
    pub witnesses: u32,
    /// When it was judged.
    pub judged_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct PeerFilingRow {
    filing_id: Uuid,
    case_id: Uuid,
    peer: String,
    place: i64,
    state: String,
    attempts: i64,
    next_attempt_at: Option<i64>,
    last_error: Option<String>,
    last_detail: Option<String>,
    remote_case: Option<Uuid>,
    remote_filing: Option<Uuid>,
    remote_number: Option<String>,
    remote_filed_at: Option<i64>,
    delivered_at: Option<i64>,
    opened_at: Option<i64>,
    checked_at: Option<i64>,
    looked_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<PeerFilingRow> for PeerFiling {
    type Error = StoreError;

    fn try_from(row: PeerFilingRow) -> Result<Self, StoreError> {
        let at = |micros: Option<i64>, column| {
            micros
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        let remote = match (
            row.remote_case,
            row.remote_filing,
            row.remote_number,
            row.remote_filed_at,
        ) {
            (Some(case), Some(filing), Some(number), Some(filed_at)) => Some(RemotePlace {
                case: Id::from_uuid(case),
                filing: Id::from_uuid(filing),
                number,
                filed_at: instant(filed_at, TABLE, "remote_filed_at")?,
            }),
            (_, _, _, _) => None,
        };
        Ok(Self {
            filing: Id::from_uuid(row.filing_id),
            case: Id::from_uuid(row.case_id),
            peer: row.peer,
            place: count(row.place, TABLE, "place")?,
            state: row.state.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "state",
            })?,
            attempts: count(row.attempts, TABLE, "attempts")?,
            next_attempt_at: at(row.next_attempt_at, "next_attempt_at")?,
            last_error: row.last_error,
            last_detail: row.last_detail,
            remote,
            delivered_at: at(row.delivered_at, "delivered_at")?,
            opened_at: at(row.opened_at, "opened_at")?,
            checked_at: at(row.checked_at, "checked_at")?,
            looked_at: at(row.looked_at, "looked_at")?,
            created_at: instant(row.created_at, TABLE, "created_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct PeerReceiptRow {
    log: String,
    receipt: String,
    verdict: String,
    witnesses: i64,
    judged_at: i64,
}

impl TryFrom<PeerReceiptRow> for PeerReceipt {
    type Error = StoreError;

    fn try_from(row: PeerReceiptRow) -> Result<Self, StoreError> {
        const TABLE: &str = "peer_receipt";
        Ok(Self {
            log: row.log,
            receipt: row.receipt,
            verdict: row.verdict,
            witnesses: count(row.witnesses, TABLE, "witnesses")?,
            judged_at: instant(row.judged_at, TABLE, "judged_at")?,
        })
    }
}
