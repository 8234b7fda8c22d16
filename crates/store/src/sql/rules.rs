pub(crate) const INSERT_PACK: &str = "
    INSERT INTO rule_pack (id, number, name, issued_on, digest, body, note, proposed_by, proposed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(crate) const APPROVE_PACK: &str = "
    INSERT INTO rule_pack_approval (pack_id, number, approved_by, approved_at)
    VALUES ($1, $2, $3, $4)";

pub(crate) const PACK: &str = "
    SELECT p.id, p.number, p.name, p.issued_on, p.digest, p.body, p.note, p.proposed_by, p.proposed_at,
        a.approved_by, a.approved_at
    FROM rule_pack p
    LEFT JOIN rule_pack_approval a ON a.pack_id = p.id
    WHERE p.id = $1";

pub(crate) const PACKS: &str = "
    SELECT p.id, p.number, p.name, p.issued_on, p.digest, p.body, p.note, p.proposed_by, p.proposed_at,
        a.approved_by, a.approved_at
    FROM rule_pack p
    LEFT JOIN rule_pack_approval a ON a.pack_id = p.id
    ORDER BY p.proposed_at DESC, p.id DESC
    LIMIT $1";

pub(crate) const PACK_IN_FORCE: &str = "
    SELECT p.id, p.number, p.name, p.issued_on, p.digest, p.body, p.note, p.proposed_by, p.proposed_at,
        a.approved_by, a.approved_at
    FROM rule_pack_approval a
    JOIN rule_pack p ON p.id = a.pack_id
    ORDER BY a.number DESC
    LIMIT 1";

pub(crate) const LIMITS_OF_OWNER: &str = "
    SELECT id, due_on, version
    FROM computer
    WHERE owner_id = $1 AND id > $2
    ORDER BY id
    LIMIT $3";

pub(crate) const MOVE_LIMIT: &str = "
    UPDATE computer
    SET due_on = $3
    WHERE id = $1 AND version = $2";

pub(crate) const INSERT_LIMIT_CHANGE: &str = "
    INSERT INTO limit_change (id, computer_id, before_on, after_on, before_rules, after_rules, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const LIMIT_CHANGES: &str = "
    SELECT id, computer_id, before_on, after_on, before_rules, after_rules, recorded_at
    FROM limit_change
    WHERE computer_id = $1
    ORDER BY recorded_at DESC, id DESC";
