pub(crate) const INSERT: &str = "
    INSERT INTO filing (id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest,
        rules_digest, filed_by, filed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

pub(crate) const READ: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE id = $1";

pub(crate) const READ_BY_NUMBER: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE number = $1";

pub(crate) const OF_CASE: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE case_id = $1
    ORDER BY filed_at, id";

pub(crate) const SUCCESSOR: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE supersedes_id = $1
    ORDER BY filed_at DESC, id DESC
    LIMIT 1";

pub(crate) const SUCCESSORS: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE supersedes_id = $1
    ORDER BY filed_at, id";

pub(crate) const LIST: &str = "
    SELECT f.id, f.number, f.kind, f.owner_id, f.case_id, f.supersedes_id, f.sequence, f.form_version, f.body_digest,
        f.filed_by, f.filed_at
    FROM filing f
    WHERE ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee a WHERE a.filing_id = f.id AND a.organisation_id = $3)))
        AND (f.kind = $5 OR $5 IS NULL)
        AND (f.filed_at < $6 OR (f.filed_at = $6 AND f.id < $7) OR $6 IS NULL)
    ORDER BY f.filed_at DESC, f.id DESC
    LIMIT $8";

pub(crate) const COUNT: &str = "
    SELECT COUNT(*)
    FROM filing f
    WHERE ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee a WHERE a.filing_id = f.id AND a.organisation_id = $3)))
        AND (f.kind = $5 OR $5 IS NULL)";

pub(crate) const SEARCH: &str = "
    SELECT f.id, f.number, f.kind, f.owner_id, f.case_id, f.supersedes_id, f.sequence, f.form_version, f.body_digest,
        f.filed_by, f.filed_at
    FROM filing f
    JOIN filing_search t ON t.filing_id = f.id
    WHERE ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee a WHERE a.filing_id = f.id AND a.organisation_id = $3)))
        AND t.text LIKE $5 ESCAPE '!'
        AND (f.filed_at < $6 OR (f.filed_at = $6 AND f.id < $7) OR $6 IS NULL)
    ORDER BY f.filed_at DESC, f.id DESC
    LIMIT $8";

/// `$7` to `$9` say which entries count as open: all of them (0), those a desk has to check (1) and to forward (1), or,
/// for a desk that only reads, those that nobody there has opened.
pub(crate) const QUEUE: &str = "
    SELECT f.id, f.number, f.kind, f.owner_id, f.case_id, f.supersedes_id, f.sequence, f.form_version, f.body_digest,
        f.filed_by, f.filed_at, f.body,
        d.state AS delivery_state, d.delivered_at, d.opened_at,
        (SELECT c.result FROM formal_check c WHERE c.filing_id = f.id ORDER BY c.checked_at DESC, c.id DESC LIMIT 1)
            AS check_result,
        (SELECT COUNT(*) FROM correction_request r
            LEFT JOIN correction_answer n ON n.request_id = r.id
            WHERE r.filing_id = f.id AND n.request_id IS NULL) AS open_requests,
        (SELECT COUNT(*) FROM forwarding w WHERE w.filing_id = f.id)
            + (SELECT COUNT(*) FROM filing_addressee w
                WHERE w.filing_id = f.id AND w.role = 'prime_minister_forwarded') AS forwardings,
        (SELECT COUNT(*) FROM filing s WHERE s.supersedes_id = f.id) AS successors,
        (SELECT MIN(x.filed_at) FROM filing x
            LEFT JOIN filing_addressee xa ON xa.filing_id = x.id AND xa.organisation_id = $3
            WHERE x.case_id = f.case_id AND (x.owner_id = $1 OR xa.filing_id IS NOT NULL)
                AND x.kind = 'incident_full' AND x.filed_at >= f.filed_at) AS full_filed_at,
        (SELECT MAX(x.filed_at) FROM filing x
            LEFT JOIN filing_addressee xa ON xa.filing_id = x.id AND xa.organisation_id = $3
            WHERE x.case_id = f.case_id AND (x.owner_id = $1 OR xa.filing_id IS NOT NULL)
                AND x.kind = 'incident_full' AND x.filed_at < f.filed_at) AS earlier_full_at,
        (SELECT MAX(x.filed_at) FROM filing x
            LEFT JOIN filing_addressee xa ON xa.filing_id = x.id AND xa.organisation_id = $3
            WHERE x.case_id = f.case_id AND (x.owner_id = $1 OR xa.filing_id IS NOT NULL)
                AND x.kind = 'incident_withdrawal') AS withdrawn_at,
        (SELECT s.person_id FROM assignment s WHERE s.filing_id = f.id AND s.desk_id = $3
            ORDER BY s.assigned_at DESC, s.id DESC LIMIT 1) AS assignee_id,
        (SELECT COUNT(*) FROM desk_transfer h WHERE h.filing_id = f.id AND h.from_id = $3) AS transfers
    FROM filing f
    LEFT JOIN delivery d ON d.filing_id = f.id AND d.organisation_id = $3
    WHERE ((f.owner_id = $1 AND $2 LIKE '%,' || f.kind || ',%')
            OR ($4 LIKE '%,' || f.kind || ',%'
                AND EXISTS (SELECT 1 FROM filing_addressee a WHERE a.filing_id = f.id AND a.organisation_id = $3)))
        AND (f.filed_at < $5 OR (f.filed_at = $5 AND f.id < $6) OR $5 IS NULL)
        AND (CAST($7 AS BIGINT) = 0
            OR (CAST($8 AS BIGINT) = 1 AND NOT EXISTS (SELECT 1 FROM formal_check c WHERE c.filing_id = f.id))
            OR (CAST($8 AS BIGINT) = 0 AND d.state IN ('pending', 'delivered'))
            OR (CAST($9 AS BIGINT) = 1 AND f.kind LIKE 'asset_%'
                AND NOT EXISTS (SELECT 1 FROM filing s WHERE s.supersedes_id = f.id)
                AND NOT EXISTS (SELECT 1 FROM forwarding w WHERE w.filing_id = f.id)
                AND NOT EXISTS (SELECT 1 FROM filing_addressee w
                    WHERE w.filing_id = f.id AND w.role = 'prime_minister_forwarded'))
            OR EXISTS (SELECT 1 FROM correction_request r
                LEFT JOIN correction_answer n ON n.request_id = r.id
                WHERE r.filing_id = f.id AND n.request_id IS NULL)
            OR (f.case_id IS NOT NULL
                AND f.kind NOT IN ('incident_full', 'incident_withdrawal')
                AND NOT EXISTS (SELECT 1 FROM filing x
                    JOIN filing_addressee xa ON xa.filing_id = x.id AND xa.organisation_id = $3
                    WHERE x.case_id = f.case_id
                        AND (x.filed_at > f.filed_at OR (x.filed_at = f.filed_at AND x.id > f.id)))))
        AND (CAST($7 AS BIGINT) = 0
            OR NOT EXISTS (SELECT 1 FROM desk_transfer h WHERE h.filing_id = f.id AND h.from_id = $3))
        AND (f.kind = $10 OR $10 IS NULL)
        AND (CAST($11 AS BIGINT) = 0
            OR (CAST($11 AS BIGINT) = 1 AND (SELECT s.person_id FROM assignment s
                WHERE s.filing_id = f.id AND s.desk_id = $3
                ORDER BY s.assigned_at DESC, s.id DESC LIMIT 1) IS NULL)
            OR (CAST($11 AS BIGINT) = 2 AND (SELECT s.person_id FROM assignment s
                WHERE s.filing_id = f.id AND s.desk_id = $3
                ORDER BY s.assigned_at DESC, s.id DESC LIMIT 1) = $12))
    ORDER BY f.filed_at DESC, f.id DESC
    LIMIT $13";

pub(crate) const INSERT_SEARCH: &str = "
    INSERT INTO filing_search (filing_id, text)
    VALUES ($1, $2)";

pub(crate) const INSERT_ATTACHMENT: &str = "
    INSERT INTO filing_attachment (filing_id, position, digest, file_name, size, media_type)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const ATTACHMENTS: &str = "
    SELECT digest, file_name, size, media_type
    FROM filing_attachment
    WHERE filing_id = $1
    ORDER BY position";

pub(crate) const INSERT_OBJECT: &str = "
    INSERT INTO attachment (digest, size, media_type, created_by, owner_id, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (digest) DO NOTHING";

pub(crate) const OBJECT: &str = "
    SELECT digest, size, media_type
    FROM attachment
    WHERE digest = $1";

pub(crate) const OBJECTS: &str = "
    SELECT digest, size, media_type
    FROM attachment
    ORDER BY digest";

pub(crate) const INSERT_ADDRESSEE: &str = "
    INSERT INTO filing_addressee (filing_id, organisation_id, role, basis, since_at)
    VALUES ($1, $2, $3, $4, $5)";

pub(crate) const ADDRESSEES: &str = "
    SELECT organisation_id, role, basis, since_at
    FROM filing_addressee
    WHERE filing_id = $1
    ORDER BY since_at, role, organisation_id";

pub(crate) const INSERT_DELIVERY: &str = "
    INSERT INTO delivery (id, filing_id, organisation_id, state, attempts, next_attempt_at, delivered_at, opened_at,
        last_error, version)
    VALUES ($1, $2, $3, 'pending', 0, $4, NULL, NULL, NULL, 1)";

pub(crate) const DELIVERY: &str = "
    SELECT id, filing_id, organisation_id, state, attempts, next_attempt_at, delivered_at, opened_at, last_error, version
    FROM delivery
    WHERE id = $1";

pub(crate) const DELIVERIES: &str = "
    SELECT id, filing_id, organisation_id, state, attempts, next_attempt_at, delivered_at, opened_at, last_error, version
    FROM delivery
    WHERE filing_id = $1
    ORDER BY id";

pub(crate) const OUTBOX: &str = "
    SELECT d.id, d.state, d.attempts, d.next_attempt_at, d.delivered_at, d.last_error, f.filed_at, o.name_ja, o.name_en
    FROM delivery d
    JOIN filing f ON f.id = d.filing_id
    JOIN organisation o ON o.id = d.organisation_id
    WHERE (d.state = $1 OR (d.state = 'opened' AND $1 = 'delivered'))
        AND (d.id < $2 OR $2 IS NULL)
    ORDER BY d.id DESC
    LIMIT $3";

pub(crate) const OUTBOX_ENTRY: &str = "
    SELECT d.id, d.state, d.attempts, d.next_attempt_at, d.delivered_at, d.last_error, f.filed_at, o.name_ja, o.name_en
    FROM delivery d
    JOIN filing f ON f.id = d.filing_id
    JOIN organisation o ON o.id = d.organisation_id
    WHERE d.id = $1";

pub(crate) const OUTBOX_COUNTS: &str = "
    SELECT state, COUNT(*)
    FROM delivery
    GROUP BY state
    ORDER BY state";

pub(crate) const UPDATE_DELIVERY: &str = "
    UPDATE delivery
    SET state = $3, attempts = $4, next_attempt_at = $5, delivered_at = $6, opened_at = $7, last_error = $8,
        version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const MARK_OPENED: &str = "
    UPDATE delivery
    SET state = 'opened', opened_at = $3, version = version + 1
    WHERE filing_id = $1 AND organisation_id = $2 AND state = 'delivered'";
