use ids::{Id, PersonId, stable_codes};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::instant;

stable_codes! {
    /// What a one-time link is for.
    pub enum EnrolmentKind {
        /// Choose the first password and set up the second factor.
        Invitation = "invitation",
        /// Set up the second factor anew; the password stays.
        SecondFactor = "second_factor",
    }
}

/// A one-time link for a person to set up the account. Only the hash of its secret is kept.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// For whom.
    pub person: PersonId,
    /// What for.
    pub kind: EnrolmentKind,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

#[derive(sqlx_macros::FromRow)]
pub(crate) struct EnrolmentRow {
    person_id: Uuid,
    kind: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<EnrolmentRow> for Enrolment {
    type Error = StoreError;

    fn try_from(row: EnrolmentRow) -> Result<Self, StoreError> {
        const TABLE: &str = "enrolment";
        Ok(Self {
            person: Id::from_uuid(row.person_id),
            kind: row.kind.parse().map_err(|_| StoreError::CorruptRow {
                table: TABLE,
                column: "kind",
            })?,
            created_at: instant(row.created_at, TABLE, "created_at")?,
            expires_at: instant(row.expires_at, TABLE, "expires_at")?,
        })
    }
}
