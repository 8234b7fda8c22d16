//! What comes out of the database, as values of the domain.

pub mod access;
pub mod advisories;
pub mod approvals;
pub mod assets;
pub mod delegations;
pub mod desk_work;
pub mod desks;
pub mod drafts;
pub mod enrolment;
pub mod entries;
pub(crate) mod filings;
pub mod imports;
pub mod incidents;
pub mod jobs;
pub mod ledger;
pub mod maintenance;
pub mod names;
pub(crate) mod orders;
pub mod outbox;
pub mod peers;
pub mod people;
pub mod reconciliation;
pub mod reminders;
pub mod rules;
pub(crate) mod submissions;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::StoreError;

/// Reads an instant from microseconds since 1970 in UTC.
pub(crate) fn instant(
    micros: i64,
    table: &'static str,
    column: &'static str,
) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::CorruptRow { table, column })
}

/// Reads a legal day from `YYYY-MM-DD`.
pub(crate) fn day(
    text: &str,
    table: &'static str,
    column: &'static str,
) -> Result<Date, StoreError> {
    text.parse()
        .map_err(|_| StoreError::CorruptRow { table, column })
}

/// Reads a count or a position.
pub(crate) fn count(
    value: i64,
    table: &'static str,
    column: &'static str,
) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::CorruptRow { table, column })
}
