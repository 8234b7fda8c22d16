pub(crate) const INSERT_CHECK: &str = "
    INSERT INTO formal_check (id, filing_id, organisation_id, result, note, checked_by, checked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const CHECKS: &str = "
    SELECT id, filing_id, organisation_id, result, note, checked_by, checked_at
    FROM formal_check
    WHERE filing_id = $1
    ORDER BY checked_at, id";

pub(crate) const INSERT_REQUEST: &str = "
    INSERT INTO correction_request (id, filing_id, organisation_id, field, text, wanted_by_on, requested_by, requested_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const INSERT_ANSWER: &str = "
    INSERT INTO correction_answer (request_id, answer_filing_id, text, answered_by, answered_at)
    VALUES ($1, $2, $3, $4, $5)";

pub(crate) const IS_ANSWER: &str = "
    SELECT COUNT(*)
    FROM correction_answer
    WHERE answer_filing_id = $1";

pub(crate) const REQUEST: &str = "
    SELECT r.id, r.filing_id, r.organisation_id, r.field, r.text, r.wanted_by_on, r.requested_by, r.requested_at,
        a.answer_filing_id, a.text AS answer_text, a.answered_by, a.answered_at
    FROM correction_request r
    LEFT JOIN correction_answer a ON a.request_id = r.id
    WHERE r.id = $1";

pub(crate) const REQUESTS_OF_FILING: &str = "
    SELECT r.id, r.filing_id, r.organisation_id, r.field, r.text, r.wanted_by_on, r.requested_by, r.requested_at,
        a.answer_filing_id, a.text AS answer_text, a.answered_by, a.answered_at
    FROM correction_request r
    LEFT JOIN correction_answer a ON a.request_id = r.id
    WHERE r.filing_id = $1
    ORDER BY r.requested_at, r.id";

pub(crate) const OPEN_REQUESTS: &str = "
    SELECT r.id, r.filing_id, r.organisation_id, r.field, r.text, r.wanted_by_on, r.requested_by, r.requested_at,
        a.answer_filing_id, a.text AS answer_text, a.answered_by, a.answered_at
    FROM correction_request r
    JOIN filing f ON f.id = r.filing_id
    LEFT JOIN correction_answer a ON a.request_id = r.id
    WHERE a.request_id IS NULL
        AND ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee d WHERE d.filing_id = f.id AND d.organisation_id = $3)))
        AND ((r.requested_at, r.id) > ($5, $6) OR $5 IS NULL)
    ORDER BY r.requested_at, r.id
    LIMIT $7";

pub(crate) const INSERT_FORWARDING: &str = "
    INSERT INTO forwarding (id, filing_id, from_id, to_id, forwarded_by, forwarded_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const FORWARDINGS: &str = "
    SELECT id, filing_id, from_id, to_id, forwarded_by, forwarded_at
    FROM forwarding
    WHERE filing_id = $1
    ORDER BY forwarded_at, id";

// Filings of a scope that arrived in a period, with the earliest moment of awareness that each speaks of.
pub(crate) const ARRIVED: &str = "
    SELECT f.kind, f.filed_at, o.sector, MIN(w.aware_at) AS aware_at
    FROM filing f
    JOIN organisation o ON o.id = f.owner_id
    LEFT JOIN filing_awareness fa ON fa.filing_id = f.id
    LEFT JOIN awareness w ON w.id = fa.awareness_id
    WHERE ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee a WHERE a.filing_id = f.id AND a.organisation_id = $3)))
        AND f.filed_at >= $5 AND f.filed_at < $6
    GROUP BY f.id, f.kind, f.filed_at, o.sector
    ORDER BY f.filed_at, f.id
    LIMIT $7";
