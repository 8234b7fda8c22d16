pub(crate) const INSERT_FACILITY: &str = "
    INSERT INTO facility (id, owner_id, name, category, installed_on, version)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const UPDATE_FACILITY: &str = "
    UPDATE facility
    SET name = $3, category = $4, installed_on = $5, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const FACILITY: &str = "
    SELECT id, owner_id, name, category, installed_on, version
    FROM facility
    WHERE id = $1";

pub(crate) const FACILITIES: &str = "
    SELECT f.id, f.owner_id, f.name, f.category, f.installed_on, f.version,
        (SELECT COUNT(*) FROM computer c WHERE c.facility_id = f.id) AS computers
    FROM facility f
    WHERE f.owner_id = $1 AND (f.id > $2 OR $2 IS NULL)
    ORDER BY f.id
    LIMIT $3";

pub(crate) const INSERT_COMPUTER: &str = "
    INSERT INTO computer (id, owner_id, facility_id, phase, revision_id, exemption, notified_revision_id,
        notified_filing_id, changed_on, retired_on, retirement_filing_id, due_on, match_key, created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL, $7, NULL, $8, $9, $10, 1)";

pub(crate) const UPDATE_COMPUTER: &str = "
    UPDATE computer
    SET facility_id = $3, phase = $4, revision_id = $5, exemption = $6, notified_revision_id = $7,
        notified_filing_id = $8, changed_on = $9, retired_on = $10, retirement_filing_id = $11, due_on = $12,
        match_key = $13, version = version + 1
    WHERE id = $1 AND version = $2";

/// As [`UPDATE_COMPUTER`], in the form in which many rows can be written at once; the row is always known.
pub(crate) const SAVE_COMPUTER: &str = "
    INSERT INTO computer (id, owner_id, facility_id, phase, revision_id, exemption, notified_revision_id,
        notified_filing_id, changed_on, retired_on, retirement_filing_id, due_on, match_key, created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (id) DO UPDATE
    SET facility_id = excluded.facility_id, phase = excluded.phase, revision_id = excluded.revision_id,
        exemption = excluded.exemption, notified_revision_id = excluded.notified_revision_id,
        notified_filing_id = excluded.notified_filing_id, changed_on = excluded.changed_on,
        retired_on = excluded.retired_on, retirement_filing_id = excluded.retirement_filing_id,
        due_on = excluded.due_on, match_key = excluded.match_key, version = computer.version + 1
    WHERE computer.version = excluded.version";

pub(crate) const SET_DUE: &str = "
    UPDATE computer
    SET due_on = $2
    WHERE id = $1";

pub(crate) const COMPUTER: &str = "
    SELECT c.id, c.owner_id, c.phase, c.notified_revision_id, c.notified_filing_id, n.filed_at AS notified_at,
        c.changed_on, c.retired_on, c.retirement_filing_id, c.version
    FROM computer c
    LEFT JOIN filing n ON n.id = c.notified_filing_id
    WHERE c.id = $1";

pub(crate) const COMPUTERS_BETWEEN: &str = "
    SELECT c.id, c.owner_id, c.phase, c.notified_revision_id, c.notified_filing_id, n.filed_at AS notified_at,
        c.changed_on, c.retired_on, c.retirement_filing_id, c.version
    FROM computer c
    LEFT JOIN filing n ON n.id = c.notified_filing_id
    WHERE c.owner_id = $1 AND c.id >= $2 AND c.id <= $3
    ORDER BY c.id";

pub(crate) const COMPUTERS_OF_FACILITY: &str = "
    SELECT id
    FROM computer
    WHERE facility_id = $1
    ORDER BY id";

pub(crate) const INSERT_REVISION: &str = "
    INSERT INTO computer_revision (id, computer_id, number, body, reason, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const REVISIONS: &str = "
    SELECT id, number, body, reason, recorded_by, recorded_at
    FROM computer_revision
    WHERE computer_id = $1
    ORDER BY number";

pub(crate) const REVISIONS_BETWEEN: &str = "
    SELECT r.computer_id, r.id, r.number, r.body, r.reason, r.recorded_by, r.recorded_at
    FROM computer_revision r
    JOIN computer c ON c.id = r.computer_id
    WHERE c.owner_id = $1 AND r.computer_id >= $2 AND r.computer_id <= $3
    ORDER BY r.computer_id, r.number";

pub(crate) const HEADS: &str = "
    SELECT c.id, c.phase, c.exemption, c.due_on, c.version, r.number, r.body, f.name AS facility_name
    FROM computer c
    JOIN computer_revision r ON r.id = c.revision_id
    JOIN facility f ON f.id = c.facility_id
    WHERE c.owner_id = $1
        AND (c.phase = $2 OR $2 IS NULL)
        AND (c.facility_id = $3 OR $3 IS NULL)
        AND (c.match_key LIKE $4 ESCAPE '!' OR c.match_key LIKE $5 ESCAPE '!' OR $4 IS NULL)
        AND (c.id < $6 OR $6 IS NULL)
    ORDER BY c.id DESC
    LIMIT $7";

pub(crate) const COUNT_HEADS: &str = "
    SELECT COUNT(*)
    FROM computer c
    WHERE c.owner_id = $1
        AND (c.phase = $2 OR $2 IS NULL)
        AND (c.facility_id = $3 OR $3 IS NULL)
        AND (c.match_key LIKE $4 ESCAPE '!' OR c.match_key LIKE $5 ESCAPE '!' OR $4 IS NULL)";

pub(crate) const DUE: &str = "
    SELECT c.id, c.phase, c.exemption, c.due_on, c.version, r.number, r.body, f.name AS facility_name
    FROM computer c
    JOIN computer_revision r ON r.id = c.revision_id
    JOIN facility f ON f.id = c.facility_id
    WHERE c.owner_id = $1 AND c.phase = $2 AND c.due_on IS NOT NULL
    ORDER BY c.due_on, c.id
    LIMIT $3";

pub(crate) const UNDATED: &str = "
    SELECT c.id, c.phase, c.exemption, c.due_on, c.version, r.number, r.body, f.name AS facility_name
    FROM computer c
    JOIN computer_revision r ON r.id = c.revision_id
    JOIN facility f ON f.id = c.facility_id
    WHERE c.owner_id = $1 AND c.phase = $2 AND c.due_on IS NULL
    ORDER BY c.id
    LIMIT $3";

pub(crate) const DUE_COUNTS: &str = "
    SELECT phase, COUNT(*) AS total, COUNT(CASE WHEN due_on < $2 THEN 1 END) AS overdue,
        COUNT(CASE WHEN due_on >= $2 AND due_on <= $3 THEN 1 END) AS soon, MIN(due_on) AS first_due_on
    FROM computer
    WHERE owner_id = $1
    GROUP BY phase";

pub(crate) const INSERT_FILING_COMPUTER: &str = "
    INSERT INTO filing_computer (filing_id, position, computer_id, revision_id)
    VALUES ($1, $2, $3, $4)";

pub(crate) const FILINGS_OF_COMPUTER: &str = "
    SELECT f.id, f.number, f.kind, f.filed_at, f.supersedes_id, m.revision_id
    FROM filing_computer m
    JOIN filing f ON f.id = m.filing_id
    WHERE m.computer_id = $1
    ORDER BY f.filed_at, f.id";

pub(crate) const FILING_COMPUTERS: &str = "
    SELECT position, computer_id, revision_id
    FROM filing_computer
    WHERE filing_id = $1
    ORDER BY position";
