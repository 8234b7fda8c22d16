use thiserror::Error;

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database answered with an error, or not at all.
    #[error("the database failed in {operation}")]
    Database {
        /// The query function.
        operation: &'static str,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
    /// Someone else changed the row since it was read.
    #[error("{table} was changed meanwhile")]
    Stale {
        /// Table of the row.
        table: &'static str,
    },
    /// A value that must be unique is taken.
    #[error("already there ({operation})")]
    Taken {
        /// The query function.
        operation: &'static str,
    },
    /// A row does not mean anything; somebody changed it from outside.
    #[error("{table}.{column} holds a value that cannot be read")]
    CorruptRow {
        /// Table of the row.
        table: &'static str,
        /// Column that cannot be read.
        column: &'static str,
    },
    /// The schema is newer or older than this program.
    #[error("the database schema could not be brought to this version")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The schema is not the one this program knows; `noroshi migrate` would bring it there.
    #[error("the database schema is not the one this program knows; run `noroshi migrate`")]
    SchemaUnknown,
    /// The address of the database is neither `sqlite:` nor `postgres:`.
    #[error("the database address must begin with sqlite: or postgres:")]
    Address,
}

impl StoreError {
    pub(crate) fn database(operation: &'static str, source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::Database(error) if error.is_unique_violation() => {
                Self::Taken { operation }
            }
            _ => Self::Database { operation, source },
        }
    }

    /// Whether trying again later may help: the database is away, busy or full.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Database { source, .. } => !matches!(
                source,
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_)
            ),
            Self::Stale { .. }
            | Self::Taken { .. }
            | Self::CorruptRow { .. }
            | Self::Migration(_)
            | Self::SchemaUnknown
            | Self::Address => false,
        }
    }
}
