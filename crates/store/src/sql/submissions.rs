pub(crate) const INSERT: &str = "
    INSERT INTO submission (id, owner_id, case_id, addressee, desk, address, stage, channel, body, body_digest, rules_digest,
        filing_id, note, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

pub(crate) const INSERT_FILE: &str = "
    INSERT INTO submission_file (submission_id, position, digest, file_name, size, media_type)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const INSERT_EVENT: &str = "
    INSERT INTO submission_event (id, submission_id, kind, happened_at, number, note, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const READ: &str = "
    SELECT id, owner_id, case_id, addressee, desk, address, stage, channel, body, body_digest, rules_digest, filing_id, note,
        recorded_by, recorded_at
    FROM submission
    WHERE id = $1";

pub(crate) const OF_CASE: &str = "
    SELECT id, owner_id, case_id, addressee, desk, address, stage, channel, body, body_digest, rules_digest, filing_id, note,
        recorded_by, recorded_at
    FROM submission
    WHERE case_id = $1
    ORDER BY recorded_at, id
    LIMIT $2";

pub(crate) const FILES: &str = "
    SELECT digest, file_name, size, media_type
    FROM submission_file
    WHERE submission_id = $1
    ORDER BY position";

pub(crate) const EVENTS: &str = "
    SELECT id, submission_id, kind, happened_at, number, note, recorded_by, recorded_at
    FROM submission_event
    WHERE submission_id = $1
    ORDER BY recorded_at, id";

pub(crate) const ANSWER: &str = "
    INSERT INTO submission_answer (case_id, name, value, answered_by, answered_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (case_id, name) DO UPDATE
    SET value = excluded.value, answered_by = excluded.answered_by, answered_at = excluded.answered_at";

pub(crate) const ANSWERS: &str = "
    SELECT name, value
    FROM submission_answer
    WHERE case_id = $1
    ORDER BY name";
