pub(crate) const INSERT: &str = "
    INSERT INTO peer_filing (filing_id, case_id, peer, place, state, attempts, next_attempt_at, created_at)
    VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5)";

pub(crate) const READ: &str = "
    SELECT filing_id, case_id, peer, place, state, attempts, next_attempt_at, last_error, last_detail, remote_case,
        remote_filing, remote_number, remote_filed_at, delivered_at, opened_at, checked_at, looked_at, created_at
    FROM peer_filing
    WHERE filing_id = $1";

pub(crate) const OF_CASE: &str = "
    SELECT filing_id, case_id, peer, place, state, attempts, next_attempt_at, last_error, last_detail, remote_case,
        remote_filing, remote_number, remote_filed_at, delivered_at, opened_at, checked_at, looked_at, created_at
    FROM peer_filing
    WHERE case_id = $1
    ORDER BY place";

// A later report of a case waits until the earlier ones are there.
pub(crate) const DUE: &str = "
    SELECT p.filing_id, p.case_id, p.peer, p.place, p.state, p.attempts, p.next_attempt_at, p.last_error, p.last_detail,
        p.remote_case, p.remote_filing, p.remote_number, p.remote_filed_at, p.delivered_at, p.opened_at, p.checked_at, p.looked_at,
        p.created_at
    FROM peer_filing p
    WHERE p.next_attempt_at <= $1
        AND NOT EXISTS (
            SELECT 1
            FROM peer_filing e
            WHERE e.case_id = p.case_id AND e.place < p.place AND e.state <> 'filed')
    ORDER BY p.state DESC, p.next_attempt_at, p.filing_id
    LIMIT $2";

// Whoever moves the next attempt makes this one.
pub(crate) const CLAIM: &str = "
    UPDATE peer_filing
    SET next_attempt_at = $4
    WHERE filing_id = $1 AND attempts = $2 AND next_attempt_at = $3";

pub(crate) const SETTLE: &str = "
    UPDATE peer_filing
    SET state = $2, attempts = $3, next_attempt_at = $4, last_error = $5, last_detail = $6, remote_case = $7,
        remote_filing = $8, remote_number = $9, remote_filed_at = $10, delivered_at = $11, opened_at = $12,
        checked_at = $13, looked_at = $14
    WHERE filing_id = $1";

// A receipt that was verified stays as it is.
pub(crate) const KEEP_RECEIPT: &str = "
    INSERT INTO peer_receipt (filing_id, log, receipt, verdict, witnesses, judged_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (filing_id, log) DO UPDATE
    SET receipt = excluded.receipt, verdict = excluded.verdict, witnesses = excluded.witnesses,
        judged_at = excluded.judged_at
    WHERE peer_receipt.verdict <> 'verified'";

pub(crate) const RECEIPTS: &str = "
    SELECT log, receipt, verdict, witnesses, judged_at
    FROM peer_receipt
    WHERE filing_id = $1
    ORDER BY log";
