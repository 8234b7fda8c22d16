mod access;
pub(crate) mod advisories;
mod approvals;
pub(crate) mod assets;
mod assets_many;
mod delegations;
mod desk_work;
pub(crate) mod desks;
mod drafts;
mod enrolment;
mod entries;
pub(crate) mod filings;
mod imports;
pub(crate) mod incidents;
mod instance;
mod jobs;
mod ledger;
mod maintenance;
mod names;
mod official;
pub(crate) mod orders;
mod peers;
mod people;
pub(crate) mod reconciliation;
mod reminders;
mod rules;
mod submissions;

use crate::error::StoreError;

/// One transaction on the database. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    pub(crate) inner: Inner,
    pub(crate) operation: &'static str,
}

pub(crate) enum Inner {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Makes everything done in this transaction durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        let operation = self.operation;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
        .map_err(|source| StoreError::database(operation, source))
    }

    /// Undoes everything done in this transaction.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let operation = self.operation;
        match self.inner {
            Inner::Sqlite(tx) => tx.rollback().await,
            Inner::Postgres(tx) => tx.rollback().await,
        }
        .map_err(|source| StoreError::database(operation, source))
    }
}

/// Calls a query function on whichever database this transaction runs.
macro_rules! on {
    ($tx:expr, $area:ident :: $query:ident ( $($arg:expr),* $(,)? )) => {
        match &mut $tx.inner {
            crate::tx::Inner::Sqlite(tx) => crate::sqlite::$area::$query(&mut **tx, $($arg),*).await,
            crate::tx::Inner::Postgres(tx) => crate::postgres::$area::$query(&mut **tx, $($arg),*).await,
        }
        .map_err(|source| crate::error::StoreError::database(stringify!($query), source))
    };
}

/// Requires that exactly one row was changed; anything else means that someone was faster.
pub(crate) fn exactly_one(changed: u64, table: &'static str) -> Result<(), StoreError> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale { table })
    }
}

pub(crate) use on;
