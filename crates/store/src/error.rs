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
            Self::Database { source, .. } => may_pass(source),
            Self::Stale { .. }
            | Self::Taken { .. }
            | Self::CorruptRow { .. }
            | Self::Migration(_)
            | Self::SchemaUnknown
            | Self::Address => false,
        }
    }
}

/// Whether the same statement may work later: the connection, the server or the disk failed, not what was asked.
fn may_pass(source: &sqlx::Error) -> bool {
    match source {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing_code(&code)),
        // Decoding, types, columns, configuration: the answer would be the same again.
        _ => false,
    }
}

/// Codes of a database that is away, busy or full: SQLSTATE has five characters, SQLite gives numbers.
fn is_passing_code(code: &str) -> bool {
    const SQLSTATE_CLASSES: [&str; 5] = [
        "08", // connection exception
        "40", // serialization failure, deadlock
        "53", // insufficient resources, disk full
        "57", // operator intervention, shutdown
        "58", // system error
    ];
    // SQLITE_BUSY, LOCKED, IOERR, FULL and CANTOPEN; the low octet of an extended code is the primary one.
    const SQLITE_CODES: [u32; 5] = [5, 6, 10, 13, 14];
    if code.len() == 5 {
        return SQLSTATE_CLASSES.iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|code| SQLITE_CODES.contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use super::is_passing_code;

    #[test]
    fn a_database_that_is_away_busy_or_full_may_come_back() {
        // Deadlock, disk full, shutdown; SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE, SQLITE_FULL.
        for code in ["40P01", "53100", "57P01", "08006", "517", "778", "13"] {
            assert!(is_passing_code(code), "{code}");
        }
    }

    #[test]
    fn a_refused_statement_is_refused_again() {
        // Foreign key, check, syntax, raised exception; SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_ERROR.
        for code in ["23503", "23514", "42601", "P0001", "787", "1", ""] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
