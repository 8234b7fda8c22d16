pub(crate) const INSERT_FILE: &str = "
    INSERT INTO advisory_file (id, name, digest, state, reason, entries, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const FILE_KNOWN: &str = "
    SELECT COUNT(*)
    FROM advisory_file
    WHERE digest = $1 AND name = $2";

pub(crate) const FILES: &str = "
    SELECT id, name, state, reason, entries, received_at
    FROM advisory_file
    WHERE id < $1 OR $1 IS NULL
    ORDER BY id DESC
    LIMIT $2";

pub(crate) const KNOWN: &str = "
    SELECT id, digest
    FROM advisory
    WHERE source = $1 AND number = $2";

pub(crate) const INSERT: &str = "
    INSERT INTO advisory (id, source, number, title, published_on, cves, link, digest, file_id, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(crate) const UPDATE: &str = "
    UPDATE advisory
    SET title = $2, published_on = $3, cves = $4, link = $5, digest = $6, file_id = $7, changed_at = $8
    WHERE id = $1";

pub(crate) const FORGET_PRODUCTS: &str = "
    DELETE FROM advisory_product
    WHERE advisory_id = $1";

pub(crate) const INSERT_PRODUCT: &str = "
    INSERT INTO advisory_product (advisory_id, position, maker, product, versions, product_key, maker_key,
        meant_product)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const LAST_CHANGE: &str = "
    SELECT COALESCE(MAX(changed_at), 0)
    FROM advisory";

pub(crate) const TO_COMPARE: &str = "
    SELECT c.id, c.owner_id, r.id AS revision_id, r.body
    FROM computer c
    JOIN computer_revision r ON r.id = c.revision_id
    LEFT JOIN advisory_compared d ON d.computer_id = c.id
    WHERE c.phase <> 'retired'
        AND (d.computer_id IS NULL OR d.revision_id <> c.revision_id OR d.published_up_to < $1)
    ORDER BY c.owner_id, c.id
    LIMIT $2";

pub(crate) const COMPARED: &str = "
    INSERT INTO advisory_compared (computer_id, revision_id, published_up_to)
    VALUES ($1, $2, $3)
    ON CONFLICT (computer_id) DO UPDATE SET revision_id = excluded.revision_id,
        published_up_to = excluded.published_up_to";

pub(crate) const COMPARE_AGAIN: &str = "
    DELETE FROM advisory_compared
    WHERE computer_id IN (SELECT c.id FROM computer c WHERE c.owner_id = $1)";

pub(crate) const OF_PRODUCT: &str = "
    SELECT advisory_id, position
    FROM advisory_product
    WHERE meant_product = $1
    ORDER BY advisory_id, position";

pub(crate) const OF_NAME: &str = "
    SELECT advisory_id, position
    FROM advisory_product
    WHERE product_key = $1 AND maker_key = $2
    ORDER BY advisory_id, position";

pub(crate) const INSERT_CANDIDATE: &str = "
    INSERT INTO advisory_candidate (id, owner_id, computer_id, advisory_id, position, reason, found_at, decision,
        decided_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, 1)
    ON CONFLICT (computer_id, advisory_id) DO UPDATE SET position = excluded.position, reason = excluded.reason";

pub(crate) const UNDECIDED_OF_COMPUTER: &str = "
    SELECT id, advisory_id
    FROM advisory_candidate
    WHERE computer_id = $1 AND decision IS NULL";

pub(crate) const FORGET_CANDIDATE: &str = "
    DELETE FROM advisory_candidate
    WHERE id = $1 AND decision IS NULL";

pub(crate) const CANDIDATES: &str = "
    SELECT k.id, k.owner_id, k.computer_id, k.reason, k.found_at, k.decision, k.decided_at, k.version,
        a.source, a.number, a.title, a.published_on, a.cves, a.link, a.changed_at,
        p.maker, p.product, p.versions, r.body
    FROM advisory_candidate k
    JOIN advisory a ON a.id = k.advisory_id
    JOIN computer c ON c.id = k.computer_id
    JOIN computer_revision r ON r.id = c.revision_id
    LEFT JOIN advisory_product p ON p.advisory_id = k.advisory_id AND p.position = k.position
    WHERE k.owner_id = $1
        AND (k.computer_id = $2 OR $2 IS NULL)
        AND (k.decision = $3 OR ($3 = 'open' AND k.decision IS NULL) OR $3 IS NULL)
        AND (k.id < $4 OR $4 IS NULL)
    ORDER BY k.id DESC
    LIMIT $5";

pub(crate) const COUNT_CANDIDATES: &str = "
    SELECT COUNT(*)
    FROM advisory_candidate k
    WHERE k.owner_id = $1
        AND (k.computer_id = $2 OR $2 IS NULL)
        AND (k.decision = $3 OR ($3 = 'open' AND k.decision IS NULL) OR $3 IS NULL)";

pub(crate) const CANDIDATE: &str = "
    SELECT k.id, k.owner_id, k.computer_id, k.reason, k.found_at, k.decision, k.decided_at, k.version,
        a.source, a.number, a.title, a.published_on, a.cves, a.link, a.changed_at,
        p.maker, p.product, p.versions, r.body
    FROM advisory_candidate k
    JOIN advisory a ON a.id = k.advisory_id
    JOIN computer c ON c.id = k.computer_id
    JOIN computer_revision r ON r.id = c.revision_id
    LEFT JOIN advisory_product p ON p.advisory_id = k.advisory_id AND p.position = k.position
    WHERE k.id = $1";

pub(crate) const DECIDE: &str = "
    UPDATE advisory_candidate
    SET decision = $3, decided_at = $4, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const INSERT_DECISION: &str = "
    INSERT INTO advisory_decision (id, candidate_id, decision, reason, decided_by, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const DECISIONS: &str = "
    SELECT d.decision, d.reason, d.decided_at, p.name AS decided_by_name
    FROM advisory_decision d
    JOIN person p ON p.id = d.decided_by
    WHERE d.candidate_id = $1
    ORDER BY d.decided_at DESC, d.id DESC";
