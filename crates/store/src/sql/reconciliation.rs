pub(crate) const READ: &str = "
    SELECT inventory_import_id, espa_import_id, stamp, compared_at
    FROM reconciliation
    WHERE owner_id = $1";

pub(crate) const SAVE: &str = "
    INSERT INTO reconciliation (owner_id, inventory_import_id, espa_import_id, stamp, compared_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (owner_id) DO UPDATE
    SET inventory_import_id = excluded.inventory_import_id, espa_import_id = excluded.espa_import_id,
        stamp = excluded.stamp, compared_at = excluded.compared_at";

/// Sums that change with everything that a comparison rests on.
pub(crate) const COMPUTER_SUMS: &str = "
    SELECT COUNT(*) AS total, CAST(COALESCE(SUM(version), 0) AS BIGINT) AS versions,
        CAST(COALESCE(SUM(CAST(REPLACE(due_on, '-', '') AS BIGINT)), 0) AS BIGINT) AS more
    FROM computer
    WHERE owner_id = $1";

pub(crate) const FACILITY_SUMS: &str = "
    SELECT COUNT(*) AS total, CAST(COALESCE(SUM(f.version), 0) AS BIGINT) AS versions, MAX(o.version) AS more
    FROM organisation o
    LEFT JOIN facility f ON f.owner_id = o.id
    WHERE o.id = $1";

pub(crate) const IMPORT_SUMS: &str = "
    SELECT COUNT(*) AS total, CAST(COALESCE(SUM(i.version), 0) AS BIGINT) AS versions,
        (SELECT COUNT(*) FROM learned_name n WHERE n.owner_id = $1 AND n.undone_at IS NULL) AS more
    FROM asset_import i
    JOIN reconciliation r ON r.inventory_import_id = i.id OR r.espa_import_id = i.id
    WHERE r.owner_id = $1";

pub(crate) const LAST_NAME: &str = "
    SELECT COALESCE(MAX(learned_at), 0)
    FROM learned_name
    WHERE owner_id = $1";

pub(crate) const COMPUTERS: &str = "
    SELECT c.id, c.phase, c.due_on, c.retired_on, c.match_key, c.facility_id, f.name AS facility_name, r.body,
        n.body AS notified_body
    FROM computer c
    JOIN computer_revision r ON r.id = c.revision_id
    JOIN facility f ON f.id = c.facility_id
    LEFT JOIN computer_revision n ON n.id = c.notified_revision_id
    WHERE c.owner_id = $1
    ORDER BY c.id";

pub(crate) const IMPORTED: &str = "
    SELECT w.computer_id, w.import_id
    FROM asset_import_row w
    JOIN asset_import i ON i.id = w.import_id
    WHERE i.owner_id = $1 AND w.computer_id IS NOT NULL
    ORDER BY w.computer_id, w.import_id";

pub(crate) const INSERT_TASK: &str = "
    INSERT INTO reconciliation_task (id, owner_id, kind, task_key, computer_id, other_computer_id, import_id, place,
        product, maker, facility, field, before_text, after_text, counts_by, counted_from, day_known, facility_id,
        due_on, found_at, state, closed_why, closed_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24)";

/// What may change of a task while its difference stands.
pub(crate) const UPDATE_TASK: &str = "
    UPDATE reconciliation_task
    SET place = $3, import_id = $4, counts_by = $5, counted_from = $6, due_on = $7, state = $8, closed_why = $9,
        closed_at = $10, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const STANDING: &str = "
    SELECT id, owner_id, kind, task_key, computer_id, other_computer_id, import_id, place, product, maker, facility,
        field, before_text, after_text, counts_by, counted_from, day_known, facility_id, due_on, found_at, state,
        closed_why, closed_at, version
    FROM reconciliation_task
    WHERE owner_id = $1 AND state <> 'closed'
    ORDER BY id";

pub(crate) const TASK: &str = "
    SELECT id, owner_id, kind, task_key, computer_id, other_computer_id, import_id, place, product, maker, facility,
        field, before_text, after_text, counts_by, counted_from, day_known, facility_id, due_on, found_at, state,
        closed_why, closed_at, version
    FROM reconciliation_task
    WHERE id = $1";

/// Those without a limit come last.
pub(crate) const PAGE: &str = "
    SELECT id, owner_id, kind, task_key, computer_id, other_computer_id, import_id, place, product, maker, facility,
        field, before_text, after_text, counts_by, counted_from, day_known, facility_id, due_on, found_at, state,
        closed_why, closed_at, version
    FROM reconciliation_task
    WHERE owner_id = $1 AND state = $2 AND (kind = $3 OR $3 IS NULL)
    ORDER BY COALESCE(due_on, '9999-12-31'), kind, product, COALESCE(field, ''), id
    LIMIT $4 OFFSET $5";

pub(crate) const COUNTS: &str = "
    SELECT kind, state, COUNT(*) AS total, COUNT(CASE WHEN due_on < $2 THEN 1 END) AS overdue,
        COUNT(CASE WHEN due_on >= $2 AND due_on <= $3 THEN 1 END) AS soon, MIN(due_on) AS first_due_on
    FROM reconciliation_task
    WHERE owner_id = $1
    GROUP BY kind, state
    ORDER BY kind, state";

/// The limits of computers themselves are told apart from these.
pub(crate) const DUE_DAYS: &str = "
    SELECT DISTINCT due_on
    FROM reconciliation_task
    WHERE owner_id = $1 AND state = 'open' AND due_on IS NOT NULL
        AND kind NOT IN ('not_notified', 'changed', 'ended')
    ORDER BY due_on
    LIMIT $2";

pub(crate) const INSERT_DECISION: &str = "
    INSERT INTO reconciliation_decision (id, task_id, decision, reason, decided_by, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const DECISIONS: &str = "
    SELECT d.decision, d.reason, p.name AS decided_by_name, d.decided_at
    FROM reconciliation_decision d
    JOIN person p ON p.id = d.decided_by
    WHERE d.task_id = $1
    ORDER BY d.decided_at DESC, d.id DESC";
