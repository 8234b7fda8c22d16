pub(crate) const INSERT_SESSION: &str = "
    INSERT INTO session (id, token_hash, person_id, assurance, created_at, seen_at, expires_at, stepped_up_at, revoked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";

pub(crate) const SESSION_BY_TOKEN: &str = "
    SELECT id, person_id, assurance, created_at, seen_at, expires_at, stepped_up_at
    FROM session
    WHERE token_hash = $1 AND revoked_at IS NULL";

pub(crate) const TOUCH_SESSION: &str = "
    UPDATE session
    SET seen_at = $2, expires_at = $3
    WHERE id = $1 AND revoked_at IS NULL";

pub(crate) const STEP_UP_SESSION: &str = "
    UPDATE session
    SET assurance = 'second_factor', stepped_up_at = $2
    WHERE id = $1 AND revoked_at IS NULL";

pub(crate) const REVOKE_SESSION: &str = "
    UPDATE session
    SET revoked_at = $2
    WHERE id = $1 AND revoked_at IS NULL";

pub(crate) const REVOKE_SESSIONS_OF_PERSON: &str = "
    UPDATE session
    SET revoked_at = $2
    WHERE person_id = $1 AND revoked_at IS NULL";

pub(crate) const INSERT_TOKEN: &str = "
    INSERT INTO api_token (id, token_hash, person_id, label, scopes, created_at, expires_at, last_used_at, revoked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)";

pub(crate) const TOKEN_BY_HASH: &str = "
    SELECT id, person_id, label, scopes, created_at, expires_at
    FROM api_token
    WHERE token_hash = $1 AND revoked_at IS NULL";

pub(crate) const TOKENS_OF_PERSON: &str = "
    SELECT id, person_id, label, scopes, created_at, expires_at
    FROM api_token
    WHERE person_id = $1 AND revoked_at IS NULL
    ORDER BY created_at, id";

pub(crate) const REVOKE_TOKEN: &str = "
    UPDATE api_token
    SET revoked_at = $3
    WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL";

pub(crate) const ATTEMPTS: &str = "
    SELECT failures, window_started_at, locked_until
    FROM login_attempt
    WHERE subject_hash = $1";

pub(crate) const RECORD_ATTEMPTS: &str = "
    INSERT INTO login_attempt (subject_hash, failures, window_started_at, locked_until)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (subject_hash) DO UPDATE
    SET failures = excluded.failures, window_started_at = excluded.window_started_at,
        locked_until = excluded.locked_until";

pub(crate) const FORGET_ATTEMPTS: &str = "
    DELETE FROM login_attempt
    WHERE subject_hash = $1";

pub(crate) const FORGET_OLD: [&str; 2] = [
    "DELETE FROM login_attempt WHERE window_started_at < $1",
    "DELETE FROM session WHERE expires_at < $1",
];
