pub(crate) const APPLIED_MIGRATIONS: &str = "
    SELECT version, checksum
    FROM _sqlx_migrations
    WHERE success
    ORDER BY version";

pub(crate) const READ: &str = "
    SELECT value
    FROM instance
    WHERE key = $1";

pub(crate) const WRITE: &str = "
    INSERT INTO instance (key, value)
    VALUES ($1, $2)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
