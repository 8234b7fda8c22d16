//! The few statements that must differ between the databases.

/// Takes one due job and locks it, so that two workers never run the same.
pub(crate) const CLAIM_JOB_SQLITE: &str = "
    UPDATE job
    SET locked_until = $2, attempts = attempts + 1
    WHERE id = (
        SELECT id
        FROM job
        WHERE state = 'ready' AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1)
        ORDER BY run_at, id
        LIMIT 1
    )
    RETURNING id, kind, payload, state, attempts, run_at, last_error, created_at, finished_at";

/// As [`CLAIM_JOB_SQLITE`]; rows that another worker is looking at are skipped.
pub(crate) const CLAIM_JOB_POSTGRES: &str = "
    UPDATE job
    SET locked_until = $2, attempts = attempts + 1
    WHERE id = (
        SELECT id
        FROM job
        WHERE state = 'ready' AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1)
        ORDER BY run_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, kind, payload, state, attempts, run_at, last_error, created_at, finished_at";

/// Copies the whole database into a new file; PostgreSQL has `pg_dump`.
pub(crate) const COPY_SQLITE: &str = "VACUUM INTO $1";
