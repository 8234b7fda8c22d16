pub(crate) const INSERT_ROUTE: &str = "
    INSERT INTO approval_route (id, owner_id, kind, number, separation, stages, set_by, set_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const ROUTE: &str = "
    SELECT id, owner_id, kind, number, separation, stages, set_by, set_at
    FROM approval_route
    WHERE owner_id = $1 AND kind = $2
    ORDER BY number DESC
    LIMIT 1";

pub(crate) const INSERT_REQUEST: &str = "
    INSERT INTO approval_request (id, owner_id, purpose, kind, case_id, filing_id, replaces_id, separation, stages, body, body_digest, wanted,
        drafters, note, requested_by, requested_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

pub(crate) const INSERT_STANDING: &str = "
    INSERT INTO approval_standing (request_id, owner_id, phase, changed_at)
    VALUES ($1, $2, $3, $4)";

pub(crate) const UPDATE_STANDING: &str = "
    UPDATE approval_standing
    SET phase = $2, changed_at = $3
    WHERE request_id = $1";

pub(crate) const REQUEST: &str = "
    SELECT id, owner_id, purpose, kind, case_id, filing_id, replaces_id, separation, stages, body, body_digest, wanted,
        drafters, note, requested_by, requested_at
    FROM approval_request
    WHERE id = $1";

pub(crate) const REQUESTS_OF_CASE: &str = "
    SELECT id, owner_id, purpose, kind, case_id, filing_id, replaces_id, separation, stages, body, body_digest, wanted,
        drafters, note, requested_by, requested_at
    FROM approval_request
    WHERE case_id = $1
    ORDER BY requested_at DESC, id DESC
    LIMIT $2";

pub(crate) const REQUESTS_OF_KIND: &str = "
    SELECT id, owner_id, purpose, kind, case_id, filing_id, replaces_id, separation, stages, body, body_digest, wanted,
        drafters, note, requested_by, requested_at
    FROM approval_request
    WHERE owner_id = $1 AND kind = $2
    ORDER BY requested_at DESC, id DESC
    LIMIT $3";

pub(crate) const REQUESTS_IN_PHASE: &str = "
    SELECT r.id, r.owner_id, r.purpose, r.kind, r.case_id, r.filing_id, r.replaces_id, r.separation, r.stages, r.body, r.body_digest, r.wanted,
        r.drafters, r.note, r.requested_by, r.requested_at
    FROM approval_standing s
    JOIN approval_request r ON r.id = s.request_id
    WHERE s.owner_id = $1 AND s.phase = $2
        AND NOT EXISTS (SELECT 1 FROM approval_request n WHERE n.replaces_id = r.id)
    ORDER BY r.requested_at, r.id
    LIMIT $3";

pub(crate) const INSERT_STEP: &str = "
    INSERT INTO approval_step (id, request_id, number, step, stage, comment, behalf_id, filing_id, taken_by, taken_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(crate) const STEPS: &str = "
    SELECT id, request_id, number, step, stage, comment, behalf_id, filing_id, taken_by, taken_at
    FROM approval_step
    WHERE request_id = $1
    ORDER BY number";

pub(crate) const INSERT_DEPUTY: &str = "
    INSERT INTO approval_deputy (id, owner_id, person_id, deputy_id, from_on, until_on, reason, set_by, set_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(crate) const END_DEPUTY: &str = "
    INSERT INTO approval_deputy_end (record_id, ended_by, ended_at)
    VALUES ($1, $2, $3)";

pub(crate) const DEPUTIES: &str = "
    SELECT d.id, d.owner_id, d.person_id, d.deputy_id, d.from_on, d.until_on, d.reason, d.set_by, d.set_at
    FROM approval_deputy d
    WHERE d.owner_id = $1 AND d.until_on >= $2
        AND NOT EXISTS (SELECT 1 FROM approval_deputy_end e WHERE e.record_id = d.id)
    ORDER BY d.from_on, d.id
    LIMIT 500";

pub(crate) const COLLEAGUES: &str = "
    SELECT p.id, p.name, r.role
    FROM person p
    JOIN person_role r ON r.person_id = p.id
    WHERE p.organisation_id = $1 AND p.enabled = 1
    ORDER BY p.name, p.id, r.role";

pub(crate) const LOOK: &str = "
    INSERT INTO approval_look (person_id, request_id, looked_at)
    VALUES ($1, $2, $3)
    ON CONFLICT (person_id, request_id) DO NOTHING";

pub(crate) const LOOKED_AT: &str = "
    SELECT request_id
    FROM approval_look
    WHERE person_id = $1 AND request_id = $2";
