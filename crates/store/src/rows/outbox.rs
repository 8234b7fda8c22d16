use ids::{DeliveryId, DeliveryState, Id};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::{count, instant};

const TABLE: &str = "delivery";

fn corrupt(column: &'static str) -> StoreError {
    StoreError::CorruptRow {
        table: TABLE,
        column,
    }
}

/// A delivery as whoever runs the instance sees it: to whom and how far, never what or of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Identifies it.
    pub id: DeliveryId,
    /// Name of the addressee, in Japanese and English.
    pub addressee: (String, String),
    /// When the filing arrived here.
    pub filed_at: Timestamp,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it will be tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// When it lay in the addressee's queue.
    pub delivered_at: Option<Timestamp>,
    /// Code of the last failure.
    pub last_error: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct OutboxRow {
    id: Uuid,
    state: String,
    attempts: i64,
    next_attempt_at: Option<i64>,
    delivered_at: Option<i64>,
    last_error: Option<String>,
    filed_at: i64,
    name_ja: String,
    name_en: String,
}

impl TryFrom<OutboxRow> for OutboxEntry {
    type Error = StoreError;

    fn try_from(row: OutboxRow) -> Result<Self, StoreError> {
        let at = |value: Option<i64>, column| {
            value
                .map(|micros| instant(micros, TABLE, column))
                .transpose()
        };
        Ok(Self {
            id: Id::from_uuid(row.id),
            addressee: (row.name_ja, row.name_en),
            filed_at: instant(row.filed_at, "filing", "filed_at")?,
            state: row.state.parse().map_err(|_| corrupt("state"))?,
            attempts: count(row.attempts, TABLE, "attempts")?,
            next_attempt_at: at(row.next_attempt_at, "next_attempt_at")?,
            delivered_at: at(row.delivered_at, "delivered_at")?,
            last_error: row.last_error,
        })
    }
}

/// How many deliveries stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// On their way.
    pub pending: u64,
    /// In the addressee's queue, opened or not.
    pub delivered: u64,
    /// Given up; a person must look.
    pub given_up: u64,
}

impl OutboxCounts {
    pub(crate) fn from_rows(rows: Vec<(String, i64)>) -> Result<Self, StoreError> {
        let mut counts = Self::default();
        for (state, found) in rows {
            let found = u64::try_from(found).map_err(|_| corrupt("state"))?;
            let slot = match state.parse().map_err(|_| corrupt("state"))? {
                DeliveryState::Pending => &mut counts.pending,
                DeliveryState::Delivered | DeliveryState::Opened => &mut counts.delivered,
                DeliveryState::Dead => &mut counts.given_up,
            };
            *slot = slot.saturating_add(found);
        }
        Ok(counts)
    }
}
