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

pub(crate) const REVOKE_OTHER_SESSIONS: &str = "
    UPDATE session
    SET revoked_at = $3
    WHERE person_id = $1 AND id <> $2 AND revoked_at IS NULL";

pub(crate) const SESSIONS_OF_PERSON: &str = "
    SELECT id, person_id, assurance, created_at, seen_at, expires_at, stepped_up_at
    FROM session
    WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND assurance = 'second_factor'
    ORDER BY seen_at DESC, id
    LIMIT $3";

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

pub(crate) const REVOKE_TOKENS_OF_PERSON: &str = "
    UPDATE api_token
    SET revoked_at = $2
    WHERE person_id = $1 AND revoked_at IS NULL";

pub(crate) const INSERT_ENROLMENT: &str = "
    INSERT INTO enrolment (secret_hash, person_id, kind, created_by, created_at, expires_at, closed_at)
    VALUES ($1, $2, $3, $4, $5, $6, NULL)";

pub(crate) const ENROLMENT: &str = "
    SELECT person_id, kind, created_at, expires_at
    FROM enrolment
    WHERE secret_hash = $1 AND closed_at IS NULL";

pub(crate) const CLOSE_ENROLMENTS: &str = "
    UPDATE enrolment
    SET closed_at = $2
    WHERE person_id = $1 AND closed_at IS NULL";

pub(crate) const INSERT_RECOVERY_CODE: &str = "
    INSERT INTO recovery_code (person_id, code_hash, created_at, used_at)
    VALUES ($1, $2, $3, NULL)";

pub(crate) const SPEND_RECOVERY_CODE: &str = "
    UPDATE recovery_code
    SET used_at = $3
    WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL";

pub(crate) const COUNT_RECOVERY_CODES: &str = "
    SELECT COUNT(*)
    FROM recovery_code
    WHERE person_id = $1 AND used_at IS NULL";

pub(crate) const FORGET_RECOVERY_CODES: &str = "
    DELETE FROM recovery_code
    WHERE person_id = $1";

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
