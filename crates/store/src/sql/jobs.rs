pub(crate) const ENQUEUE: &str = "
    INSERT INTO job (id, kind, payload, state, attempts, run_at, locked_until, last_error, created_at, finished_at)
    VALUES ($1, $2, $3, 'ready', 0, $4, NULL, NULL, $5, NULL)";

pub(crate) const FINISH: &str = "
    UPDATE job
    SET state = 'done', locked_until = NULL, finished_at = $2
    WHERE id = $1 AND state = 'ready'";

pub(crate) const RETRY: &str = "
    UPDATE job
    SET run_at = $2, locked_until = NULL, last_error = $3
    WHERE id = $1 AND state = 'ready'";

pub(crate) const BURY: &str = "
    UPDATE job
    SET state = 'dead', locked_until = NULL, finished_at = $2, last_error = $3
    WHERE id = $1 AND state = 'ready'";

pub(crate) const REVIVE: &str = "
    UPDATE job
    SET state = 'ready', attempts = 0, run_at = $2, locked_until = NULL, finished_at = NULL
    WHERE id = $1 AND state = 'dead'";

pub(crate) const DEAD: &str = "
    SELECT id, kind, payload, state, attempts, run_at, last_error, created_at, finished_at
    FROM job
    WHERE state = 'dead'
    ORDER BY finished_at DESC, id
    LIMIT $1";

pub(crate) const DEAD_OF: &str = "
    SELECT id, kind, payload, attempts, run_at, last_error, created_at
    FROM job
    WHERE kind = $1 AND payload = $2 AND state = 'dead'
    ORDER BY finished_at DESC, id
    LIMIT 1";

pub(crate) const READY_OF: &str = "
    SELECT id, kind, payload, attempts, run_at, last_error, created_at
    FROM job
    WHERE kind = $1 AND payload = $2 AND state = 'ready'
    ORDER BY created_at DESC, id
    LIMIT 1";

pub(crate) const READY: &str = "
    SELECT COUNT(*)
    FROM job
    WHERE state = 'ready'";

pub(crate) const REMEMBER_OUTCOME: &str = "
    INSERT INTO idempotency (key_hash, person_id, request_digest, outcome, created_at)
    VALUES ($1, $2, $3, $4, $5)";

pub(crate) const REMEMBERED_OUTCOME: &str = "
    SELECT request_digest, outcome
    FROM idempotency
    WHERE key_hash = $1 AND person_id = $2";
