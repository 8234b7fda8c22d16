pub(crate) const INSERT_CASE: &str = "
    INSERT INTO incident_case (id, owner_id, title, phase, event_code, form, prompt_filed_at, full_filed_at, closed_at,
        close_reason, leading_aware_at, created_by, created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)";

pub(crate) const UPDATE_CASE: &str = "
    UPDATE incident_case
    SET title = $3, phase = $4, event_code = $5, form = $6, prompt_filed_at = $7, full_filed_at = $8, closed_at = $9,
        close_reason = $10, leading_aware_at = $11, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const CASE: &str = "
    SELECT id, owner_id, title, phase, event_code, form, prompt_filed_at, full_filed_at, closed_at, close_reason,
        leading_aware_at, created_by, created_at, version
    FROM incident_case
    WHERE id = $1";

pub(crate) const CASES: &str = "
    SELECT id, owner_id, title, phase, event_code, form, prompt_filed_at, full_filed_at, closed_at, close_reason,
        leading_aware_at, created_by, created_at, version
    FROM incident_case
    WHERE owner_id = $1
        AND (created_at < $2 OR (created_at = $2 AND id < $3) OR $2 IS NULL)
    ORDER BY created_at DESC, id DESC
    LIMIT $4";

pub(crate) const OPEN_CASES: &str = "
    SELECT id, owner_id, title, phase, event_code, form, prompt_filed_at, full_filed_at, closed_at, close_reason,
        leading_aware_at, created_by, created_at, version
    FROM incident_case
    WHERE owner_id = $1 AND phase IN ('open', 'prompt_filed', 'extended')
    ORDER BY leading_aware_at, id
    LIMIT $2";

pub(crate) const COUNT_OPEN_CASES: &str = "
    SELECT COUNT(*)
    FROM incident_case
    WHERE owner_id = $1 AND phase IN ('open', 'prompt_filed', 'extended')";

pub(crate) const INSERT_AWARENESS: &str = "
    INSERT INTO awareness (id, case_id, kind, aware_at, approximate, source, corrects_id, reason, recorded_by,
        recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(crate) const AWARENESS: &str = "
    SELECT id, kind, aware_at, approximate, source, corrects_id, reason, recorded_by, recorded_at
    FROM awareness
    WHERE case_id = $1
    ORDER BY recorded_at, id";

pub(crate) const INSERT_JUDGEMENT: &str = "
    INSERT INTO case_judgement (case_id, number, event_code, report_group, answers, rules_digest, judged_by, judged_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const JUDGEMENTS: &str = "
    SELECT number, event_code, report_group, answers, rules_digest, judged_by, judged_at
    FROM case_judgement
    WHERE case_id = $1
    ORDER BY number";

pub(crate) const INSERT_DECISION: &str = "
    INSERT INTO no_report_decision (id, number, owner_id, case_id, summary, answers, outcome, reason, recheck_on,
        rules_digest, decided_by, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(crate) const DECISIONS_OF_CASE: &str = "
    SELECT id, number, owner_id, case_id, summary, answers, outcome, reason, recheck_on, rules_digest, decided_by,
        decided_at
    FROM no_report_decision
    WHERE case_id = $1
    ORDER BY decided_at, id";

pub(crate) const DECISION: &str = "
    SELECT id, number, owner_id, case_id, summary, answers, outcome, reason, recheck_on, rules_digest, decided_by,
        decided_at
    FROM no_report_decision
    WHERE id = $1";

/// Decisions that stand before those that were taken back or renewed; then the nearest day to look again.
pub(crate) const DECISIONS: &str = "
    SELECT id, number, owner_id, case_id, summary, answers, outcome, reason, recheck_on, rules_digest, decided_by,
        decided_at, settled
    FROM (
        SELECT d.id, d.number, d.owner_id, d.case_id, d.summary, d.answers, d.outcome, d.reason, d.recheck_on,
            d.rules_digest, d.decided_by, d.decided_at,
            CASE WHEN c.phase = 'decided_not_to_report' AND NOT EXISTS (
                SELECT 1
                FROM no_report_decision n
                WHERE n.case_id = d.case_id
                    AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id))
            ) THEN 0 ELSE 1 END AS settled
        FROM no_report_decision d
        JOIN incident_case c ON c.id = d.case_id
        WHERE d.owner_id = $1
    ) listed
    WHERE (settled, recheck_on, id) > ($2, $3, $4) OR $2 IS NULL
    ORDER BY settled, recheck_on, id
    LIMIT $5";

/// Decisions that stand and whose day to look again has come.
pub(crate) const COUNT_RECHECKS_DUE: &str = "
    SELECT COUNT(*)
    FROM no_report_decision d
    JOIN incident_case c ON c.id = d.case_id
    WHERE d.owner_id = $1 AND c.phase = 'decided_not_to_report' AND d.recheck_on <= $2
        AND NOT EXISTS (
            SELECT 1
            FROM no_report_decision n
            WHERE n.case_id = d.case_id
                AND (n.decided_at > d.decided_at OR (n.decided_at = d.decided_at AND n.id > d.id))
        )";

pub(crate) const INSERT_FILING_AWARENESS: &str = "
    INSERT INTO filing_awareness (filing_id, awareness_id)
    VALUES ($1, $2)";

pub(crate) const FILING_AWARENESS_OF_CASE: &str = "
    SELECT a.filing_id, a.awareness_id
    FROM filing_awareness a
    JOIN filing f ON f.id = a.filing_id
    WHERE f.case_id = $1";

pub(crate) const FILINGS_OF_CASE: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body_digest, filed_by, filed_at
    FROM filing
    WHERE case_id = $1
    ORDER BY sequence, filed_at, id";

pub(crate) const LAST_FILING_OF: &str = "
    SELECT id, number, kind, owner_id, case_id, supersedes_id, sequence, form_version, body, body_digest, rules_digest,
        filed_by, filed_at
    FROM filing
    WHERE owner_id = $1 AND kind = $2
    ORDER BY filed_at DESC, id DESC
    LIMIT 1";
