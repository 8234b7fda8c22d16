pub(crate) const INSERT: &str = "
    INSERT INTO delegation (id, owner_id, contractor_id, person_id, case_id, sections, extent, reason, until_at, given_by,
        given_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(crate) const END: &str = "
    INSERT INTO delegation_end (delegation_id, ended_by, ended_at)
    VALUES ($1, $2, $3)";

pub(crate) const READ: &str = "
    SELECT d.id, d.owner_id, d.contractor_id, d.person_id, d.case_id, d.sections, d.extent, d.reason, d.until_at, d.given_by,
        d.given_at, e.ended_at
    FROM delegation d
    LEFT JOIN delegation_end e ON e.delegation_id = d.id
    WHERE d.id = $1";

pub(crate) const OF_OWNER: &str = "
    SELECT d.id, d.owner_id, d.contractor_id, d.person_id, d.case_id, d.sections, d.extent, d.reason, d.until_at, d.given_by,
        d.given_at, e.ended_at
    FROM delegation d
    LEFT JOIN delegation_end e ON e.delegation_id = d.id
    WHERE d.owner_id = $1
    ORDER BY d.given_at DESC, d.id DESC
    LIMIT $2";

pub(crate) const TITLES_OF_CASES: &str = "
    SELECT id, title
    FROM incident_case
    WHERE owner_id = $1 AND closed_at IS NULL
    ORDER BY created_at DESC, id DESC
    LIMIT $2";

pub(crate) const IN_FORCE_OF_PERSON: &str = "
    SELECT d.id, d.owner_id, d.contractor_id, d.person_id, d.case_id, d.sections, d.extent, d.reason, d.until_at, d.given_by,
        d.given_at, e.ended_at
    FROM delegation d
    LEFT JOIN delegation_end e ON e.delegation_id = d.id
    WHERE d.person_id = $1 AND d.until_at > $2 AND e.ended_at IS NULL
    ORDER BY d.until_at, d.id
    LIMIT $3";
