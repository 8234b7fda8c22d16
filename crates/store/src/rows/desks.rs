use ids::{
    CaseId, DeliveryState, Digest, FilingId, FilingKind, Id, OrganisationId, PersonId,
    ReceiptNumber,
};
use jiff::Timestamp;
use model::filing::{CorrectionAnswer, CorrectionRequest, FormalCheck, FormalResult, Forwarding};
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, day, instant};

/// What a list shows of a filing; the body stays in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingHead {
    /// Identifies it.
    pub id: FilingId,
    /// 受付番号.
    pub number: ReceiptNumber,
    /// Notification, change, prompt report and so on.
    pub kind: FilingKind,
    /// The operator that filed it.
    pub owner: OrganisationId,
    /// Incident case, for reports.
    pub case: Option<CaseId>,
    /// The version before.
    pub supersedes: Option<FilingId>,
    /// Place in its series.
    pub sequence: u32,
    /// Form version.
    pub form_version: String,
    /// SHA-256 over the body.
    pub body_digest: Digest,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When it arrived.
    pub filed_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct FilingHeadRow {
    id: Uuid,
    number: String,
    kind: String,
    owner_id: Uuid,
    case_id: Option<Uuid>,
    supersedes_id: Option<Uuid>,
    sequence: i64,
    form_version: String,
    body_digest: Vec<u8>,
    filed_by: Uuid,
    filed_at: i64,
}

impl TryFrom<FilingHeadRow> for FilingHead {
    type Error = StoreError;

    fn try_from(row: FilingHeadRow) -> Result<Self, StoreError> {
        const TABLE: &str = "filing";
        let corrupt = |column| StoreError::CorruptRow {
            table: TABLE,
            column,
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            number: row.number.parse().map_err(|_| corrupt("number"))?,
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            owner: Id::from_uuid(row.owner_id),
            case: row.case_id.map(Id::from_uuid),
            supersedes: row.supersedes_id.map(Id::from_uuid),
            sequence: count(row.sequence, TABLE, "sequence")?,
            form_version: row.form_version,
            body_digest: row
                .body_digest
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("body_digest"))?,
            filed_by: Id::from_uuid(row.filed_by),
            filed_at: instant(row.filed_at, TABLE, "filed_at")?,
        })
    }
}

/// A filing in a desk's queue, with how far the desk is.
///
/// `Debug` does not show the body.
#[derive(Clone)]
pub struct QueueEntry {
    /// The filing.
    pub head: FilingHead,
    /// State of the delivery to this desk; `None` where the desk reads along (a Minister who delegated).
    pub delivery: Option<DeliveryState>,
    /// When it lay in the queue.
    pub delivered_at: Option<Timestamp>,
    /// When a person here first opened it.
    pub opened_at: Option<Timestamp>,
    /// Result of the newest formal check.
    pub check: Option<FormalResult>,
    /// Requests for correction without an answer.
    pub open_requests: u32,
    /// Whether it was passed on to the Prime Minister.
    pub forwarded: bool,
    /// Whether a newer version has taken its place.
    pub superseded: bool,
    /// When the first full report of the case arrived here, from this filing on.
    pub full_filed_at: Option<Timestamp>,
    /// When a full report of the case arrived here before this filing.
    pub earlier_full_at: Option<Timestamp>,
    /// When the withdrawal of the case arrived here.
    pub withdrawn_at: Option<Timestamp>,
    /// Who at this desk handles it.
    pub assignee: Option<PersonId>,
    /// Whether this desk gave it to another one.
    pub transferred: bool,
    /// Canonical JSON of the document, from which legal limits are computed. The caller must hold a permit to show it.
    pub body: String,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct QueueRow {
    #[sqlx(flatten)]
    head: FilingHeadRow,
    delivery_state: Option<String>,
    delivered_at: Option<i64>,
    opened_at: Option<i64>,
    check_result: Option<String>,
    open_requests: i64,
    forwardings: i64,
    successors: i64,
    full_filed_at: Option<i64>,
    earlier_full_at: Option<i64>,
    withdrawn_at: Option<i64>,
    assignee_id: Option<Uuid>,
    transfers: i64,
    body: String,
}

impl std::fmt::Debug for QueueEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueueEntry")
            .field("head", &self.head)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

impl TryFrom<QueueRow> for QueueEntry {
    type Error = StoreError;

    fn try_from(row: QueueRow) -> Result<Self, StoreError> {
        const TABLE: &str = "delivery";
        let at = |value: Option<i64>, column| {
            value
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        Ok(Self {
            head: row.head.try_into()?,
            delivery: row
                .delivery_state
                .map(|state| state.parse())
                .transpose()
                .map_err(|_| StoreError::CorruptRow {
                    table: TABLE,
                    column: "state",
                })?,
            delivered_at: at(row.delivered_at, "delivered_at")?,
            opened_at: at(row.opened_at, "opened_at")?,
            check: row
                .check_result
                .map(|result| result.parse())
                .transpose()
                .map_err(|_| StoreError::CorruptRow {
                    table: "formal_check",
                    column: "result",
                })?,
            open_requests: count(row.open_requests, "correction_request", "id")?,
            forwarded: row.forwardings > 0,
            superseded: row.successors > 0,
            full_filed_at: at(row.full_filed_at, "full_filed_at")?,
            earlier_full_at: at(row.earlier_full_at, "earlier_full_at")?,
            withdrawn_at: at(row.withdrawn_at, "withdrawn_at")?,
            assignee: row.assignee_id.map(Id::from_uuid),
            transferred: row.transfers > 0,
            body: row.body,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct CheckRow {
    id: Uuid,
    filing_id: Uuid,
    organisation_id: Uuid,
    result: String,
    note: String,
    checked_by: Uuid,
    checked_at: i64,
}

impl TryFrom<CheckRow> for FormalCheck {
    type Error = StoreError;

    fn try_from(row: CheckRow) -> Result<Self, StoreError> {
        const TABLE: &str = "formal_check";
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            organisation: Id::from_uuid(row.organisation_id),
            result: row.result.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "result",
            })?,
            note: row.note,
            checked_by: Id::from_uuid(row.checked_by),
            checked_at: instant(row.checked_at, TABLE, "checked_at")?,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct RequestRow {
    id: Uuid,
    filing_id: Uuid,
    organisation_id: Uuid,
    field: String,
    text: String,
    wanted_by_on: Option<String>,
    requested_by: Option<Uuid>,
    requested_at: i64,
    answer_filing_id: Option<Uuid>,
    answer_text: Option<String>,
    answered_by: Option<Uuid>,
    answered_at: Option<i64>,
}

impl TryFrom<RequestRow> for CorrectionRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        const TABLE: &str = "correction_request";
        let answer = match (row.answer_text, row.answered_by, row.answered_at) {
            (None, None, None) => None,
            (Some(text), Some(by), Some(at)) => Some(CorrectionAnswer {
                filing: row.answer_filing_id.map(Id::from_uuid),
                text,
                answered_by: Id::from_uuid(by),
                answered_at: instant(at, "correction_answer", "answered_at")?,
            }),
            _ => {
                return Err(StoreError::CorruptRow {
                    table: "correction_answer",
                    column: "text",
                });
            }
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            organisation: Id::from_uuid(row.organisation_id),
            field: row.field,
            text: row.text,
            wanted_by: row
                .wanted_by_on
                .map(|on| day(&on, TABLE, "wanted_by_on"))
                .transpose()?,
            requested_by: row.requested_by.map(Id::from_uuid),
            requested_at: instant(row.requested_at, TABLE, "requested_at")?,
            answer,
        })
    }
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ForwardingRow {
    id: Uuid,
    filing_id: Uuid,
    from_id: Uuid,
    to_id: Uuid,
    forwarded_by: Uuid,
    forwarded_at: i64,
}

impl TryFrom<ForwardingRow> for Forwarding {
    type Error = StoreError;

    fn try_from(row: ForwardingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            filing: Id::from_uuid(row.filing_id),
            from: Id::from_uuid(row.from_id),
            to: Id::from_uuid(row.to_id),
            forwarded_by: Id::from_uuid(row.forwarded_by),
            forwarded_at: instant(row.forwarded_at, "forwarding", "forwarded_at")?,
        })
    }
}

/// A filing that arrived, as statistics count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// What was filed.
    pub kind: FilingKind,
    /// When it arrived.
    pub filed_at: Timestamp,
    /// Code of the filer's sector.
    pub sector: Option<String>,
    /// The earliest moment of awareness that it speaks of; none for notifications.
    pub aware_at: Option<Timestamp>,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct ArrivalRow {
    kind: String,
    filed_at: i64,
    sector: Option<String>,
    aware_at: Option<i64>,
}

impl TryFrom<ArrivalRow> for Arrival {
    type Error = StoreError;

    fn try_from(row: ArrivalRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.kind.parse().map_err(|_| StoreError::CorruptRow {
                table: "filing",
                column: "kind",
            })?,
            filed_at: instant(row.filed_at, "filing", "filed_at")?,
            sector: row.sector,
            aware_at: row
                .aware_at
                .map(|micros| instant(micros, "awareness", "aware_at"))
                .transpose()?,
        })
    }
}
