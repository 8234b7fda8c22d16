use ids::{Digest, PersonId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::rows::enrolment::Enrolment;
use crate::tx::{Tx, on};

impl Tx {
    /// Adds a one-time link. Only the hash of its secret is kept.
    pub async fn insert_enrolment(
        &mut self,
        enrolment: &Enrolment,
        secret_hash: Digest,
        created_by: PersonId,
    ) -> Result<(), StoreError> {
        on!(
            self,
            enrolment::insert_enrolment(enrolment, secret_hash.as_bytes(), created_by)
        )
    }

    /// The one-time link with this hash, unless it was closed. The caller checks the times.
    pub async fn enrolment(
        &mut self,
        secret_hash: Digest,
    ) -> Result<Option<Enrolment>, StoreError> {
        on!(self, enrolment::enrolment(secret_hash.as_bytes()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Closes the links of a person, used or not. False when none was open.
    pub async fn close_enrolments(
        &mut self,
        person: PersonId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let closed = on!(
            self,
            enrolment::close_enrolments(person, at.as_microsecond())
        )?;
        Ok(0 < closed)
    }

    /// Replaces the recovery codes of a person by others, or by none.
    pub async fn set_recovery_codes(
        &mut self,
        person: PersonId,
        hashes: &[Digest],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(
            self,
            enrolment::set_recovery_codes(person, hashes, at.as_microsecond())
        )
    }

    /// Uses a recovery code up. False when there is none with this hash, or it was used.
    pub async fn spend_recovery_code(
        &mut self,
        person: PersonId,
        hash: Digest,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let spent = on!(
            self,
            enrolment::spend_recovery_code(person, hash.as_bytes(), at.as_microsecond())
        )?;
        Ok(spent == 1)
    }

    /// How many recovery codes of a person are left.
    pub async fn count_recovery_codes(&mut self, person: PersonId) -> Result<u64, StoreError> {
        let left = on!(self, enrolment::count_recovery_codes(person))?;
        Ok(u64::try_from(left).unwrap_or(0))
    }
}
