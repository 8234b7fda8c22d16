pub(crate) const INSERT_LEAF: &str = "
    INSERT INTO ledger_leaf (id, log, act, subject_id, salt, record, commitment, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const INSERT_PENDING: &str = "
    INSERT INTO ledger_pending (leaf_id, log)
    VALUES ($1, $2)";

pub(crate) const PENDING_LOGS: &str = "
    SELECT DISTINCT log
    FROM ledger_pending
    ORDER BY log";

pub(crate) const PENDING: &str = "
    SELECT p.leaf_id, l.commitment
    FROM ledger_pending p
    JOIN ledger_leaf l ON l.id = p.leaf_id
    WHERE p.log = $1
    ORDER BY p.leaf_id
    LIMIT $2";

pub(crate) const REMOVE_PENDING: &str = "
    DELETE FROM ledger_pending
    WHERE leaf_id = $1 AND log = $2";

pub(crate) const INSERT_SEQUENCE: &str = "
    INSERT INTO ledger_sequence (log, leaf_index, leaf_id)
    VALUES ($1, $2, $3)";

pub(crate) const SIZE: &str = "
    SELECT COALESCE(MAX(leaf_index) + 1, 0)
    FROM ledger_sequence
    WHERE log = $1";

pub(crate) const COMMITMENTS_FROM: &str = "
    SELECT s.leaf_index, l.commitment
    FROM ledger_sequence s
    JOIN ledger_leaf l ON l.id = s.leaf_id
    WHERE s.log = $1 AND s.leaf_index >= $2
    ORDER BY s.leaf_index
    LIMIT $3";

pub(crate) const LEAVES_FROM: &str = "
    SELECT l.id, l.log, l.act, l.subject_id, l.salt, l.record, l.commitment, l.recorded_at, s.leaf_index
    FROM ledger_sequence s
    JOIN ledger_leaf l ON l.id = s.leaf_id
    WHERE s.log = $1 AND s.leaf_index >= $2
    ORDER BY s.leaf_index
    LIMIT $3";

pub(crate) const LEAVES_BEFORE: &str = "
    SELECT l.id, l.log, l.act, l.subject_id, l.salt, l.record, l.commitment, l.recorded_at, s.leaf_index
    FROM ledger_sequence s
    JOIN ledger_leaf l ON l.id = s.leaf_id
    WHERE s.log = $1 AND s.leaf_index < $2
    ORDER BY s.leaf_index DESC
    LIMIT $3";

pub(crate) const LEAF: &str = "
    SELECT l.id, l.log, l.act, l.subject_id, l.salt, l.record, l.commitment, l.recorded_at, s.leaf_index
    FROM ledger_leaf l
    LEFT JOIN ledger_sequence s ON s.leaf_id = l.id
    WHERE l.id = $1";

pub(crate) const LEAVES_OF_SUBJECT: &str = "
    SELECT l.id, l.log, l.act, l.subject_id, l.salt, l.record, l.commitment, l.recorded_at, s.leaf_index
    FROM ledger_leaf l
    LEFT JOIN ledger_sequence s ON s.leaf_id = l.id
    WHERE l.subject_id = $1
    ORDER BY l.recorded_at, l.id
    LIMIT $2";

pub(crate) const UNSEQUENCED: &str = "
    SELECT COUNT(*)
    FROM ledger_leaf l
    LEFT JOIN ledger_sequence s ON s.leaf_id = l.id
    LEFT JOIN ledger_pending p ON p.leaf_id = l.id
    WHERE s.leaf_id IS NULL AND p.leaf_id IS NULL";

pub(crate) const INSERT_CHECKPOINT: &str = "
    INSERT INTO ledger_checkpoint (log, tree_size, root, note, created_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (log, tree_size) DO NOTHING";

pub(crate) const LATEST_CHECKPOINT: &str = "
    SELECT log, tree_size, root, note, created_at
    FROM ledger_checkpoint
    WHERE log = $1
    ORDER BY tree_size DESC
    LIMIT 1";

pub(crate) const CHECKPOINT_COVERING: &str = "
    SELECT log, tree_size, root, note, created_at
    FROM ledger_checkpoint
    WHERE log = $1 AND tree_size > $2
    ORDER BY tree_size DESC
    LIMIT 1";

pub(crate) const COSIGNED_CHECKPOINT_COVERING: &str = "
    SELECT c.log, c.tree_size, c.root, c.note, c.created_at
    FROM ledger_checkpoint c
    WHERE c.log = $1 AND c.tree_size > $2
        AND EXISTS (SELECT 1 FROM ledger_cosignature s WHERE s.log = c.log AND s.tree_size = c.tree_size)
    ORDER BY c.tree_size DESC
    LIMIT 1";

pub(crate) const CHECKPOINTS_FROM: &str = "
    SELECT log, tree_size, root, note, created_at
    FROM ledger_checkpoint
    WHERE log = $1 AND tree_size >= $2
    ORDER BY tree_size
    LIMIT $3";

// One step through the index for each log: a log has a row for each leaf, and this is asked every moment.
pub(crate) const LOGS: &str = "
    WITH RECURSIVE known (log) AS (
        SELECT MIN(log) FROM ledger_sequence
        UNION ALL
        SELECT (SELECT MIN(s.log) FROM ledger_sequence s WHERE s.log > k.log)
        FROM known k
        WHERE k.log IS NOT NULL)
    SELECT log
    FROM known
    WHERE log IS NOT NULL
    ORDER BY log";

pub(crate) const INSERT_COSIGNATURE: &str = "
    INSERT INTO ledger_cosignature (log, tree_size, witness, line, created_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (log, tree_size, witness) DO NOTHING";

pub(crate) const COSIGNATURES: &str = "
    SELECT line
    FROM ledger_cosignature
    WHERE log = $1 AND tree_size = $2
    ORDER BY witness";
