pub(crate) const FILED_OBJECTS: &str = "
    SELECT f.source, f.digest, f.record_id, f.position, f.size, a.size AS stored_size
    FROM (
        SELECT 'filing_attachment' AS source, digest, filing_id AS record_id, position, size
        FROM filing_attachment
        UNION ALL
        SELECT 'submission_file' AS source, digest, submission_id AS record_id, position, size
        FROM submission_file
    ) f
    LEFT JOIN attachment a ON a.digest = f.digest
    WHERE f.digest IN (
        SELECT digest
        FROM filing_attachment
        WHERE digest > $1
        UNION
        SELECT digest
        FROM submission_file
        WHERE digest > $1
        ORDER BY digest
        LIMIT $2
    )
    ORDER BY f.digest, f.source, f.record_id, f.position";

pub(crate) const STRAY_LEAVES: &str = "
    SELECT l.id
    FROM ledger_leaf l
    LEFT JOIN ledger_sequence s ON s.leaf_id = l.id
    LEFT JOIN ledger_pending p ON p.leaf_id = l.id
    WHERE s.leaf_id IS NULL AND p.leaf_id IS NULL
    ORDER BY l.id
    LIMIT $1";

pub(crate) const LOST_LEAVES: &str = "
    SELECT s.log, s.leaf_index
    FROM ledger_sequence s
    LEFT JOIN ledger_leaf l ON l.id = s.leaf_id
    WHERE l.id IS NULL
    ORDER BY s.log, s.leaf_index
    LIMIT $1";
