pub(crate) const INSERT_LEARNED: &str = "
    INSERT INTO learned_name (id, owner_id, maker, product, maker_key, product_key, meant_maker, meant_product,
        learned_by, learned_at, undone_by, undone_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL)";

pub(crate) const UNDO_LEARNED: &str = "
    UPDATE learned_name
    SET undone_by = $3, undone_at = $4
    WHERE id = $1 AND owner_id = $2 AND undone_at IS NULL";

pub(crate) const REPLACE_LEARNED: &str = "
    UPDATE learned_name
    SET undone_by = $4, undone_at = $5
    WHERE owner_id = $1 AND maker_key = $2 AND product_key = $3 AND undone_at IS NULL";

pub(crate) const IN_FORCE: &str = "
    SELECT n.id, n.maker, n.product, n.meant_maker, n.meant_product, n.learned_at, p.name AS learned_by_name,
        n.undone_at, NULL AS undone_by_name
    FROM learned_name n
    JOIN person p ON p.id = n.learned_by
    WHERE n.owner_id = $1 AND n.undone_at IS NULL
    ORDER BY n.id
    LIMIT $2";

pub(crate) const PAGE: &str = "
    SELECT n.id, n.maker, n.product, n.meant_maker, n.meant_product, n.learned_at, p.name AS learned_by_name,
        n.undone_at, u.name AS undone_by_name
    FROM learned_name n
    JOIN person p ON p.id = n.learned_by
    LEFT JOIN person u ON u.id = n.undone_by
    WHERE n.owner_id = $1 AND (n.id < $2 OR $2 IS NULL)
    ORDER BY n.id DESC
    LIMIT $3";
