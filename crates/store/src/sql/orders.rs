pub(crate) const INSERT: &str = "
    INSERT INTO directive (id, number, kind, duty, issuer_id, addressee_id, operator_id, filing_id, text, grounds,
        hearing, due_on, rules_digest, issued_by, issued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

pub(crate) const INSERT_OPENING: &str = "
    INSERT INTO directive_opening (directive_id, opened_by, opened_at)
    VALUES ($1, $2, $3)";

pub(crate) const INSERT_REPLY: &str = "
    INSERT INTO directive_reply (id, directive_id, text, filing_id, replied_by, replied_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const INSERT_CLOSING: &str = "
    INSERT INTO directive_closing (directive_id, outcome, note, closed_by, closed_at)
    VALUES ($1, $2, $3, $4, $5)";

pub(crate) const READ: &str = "
    SELECT d.id, d.number, d.kind, d.duty, d.issuer_id, d.addressee_id, d.operator_id, d.filing_id, d.text, d.grounds,
        d.hearing, d.due_on, d.issued_by, d.issued_at, o.opened_by, o.opened_at, c.outcome, c.note, c.closed_by,
        c.closed_at
    FROM directive d
    LEFT JOIN directive_opening o ON o.directive_id = d.id
    LEFT JOIN directive_closing c ON c.directive_id = d.id
    WHERE d.id = $1";

pub(crate) const REPLIES: &str = "
    SELECT id, directive_id, text, filing_id, replied_by, replied_at
    FROM directive_reply
    WHERE directive_id = $1
    ORDER BY replied_at, id";

// $1 issuer and $2 what of it, $3 addressee and $4 what of it, $5 only open ones, $6 and $7 the cursor.
pub(crate) const LIST: &str = "
    SELECT d.id, d.number, d.kind, d.duty, d.issuer_id, d.addressee_id, d.operator_id, d.filing_id, d.text, d.grounds,
        d.hearing, d.due_on, d.issued_by, d.issued_at, o.opened_by, o.opened_at, c.outcome, c.note, c.closed_by,
        c.closed_at
    FROM directive d
    LEFT JOIN directive_opening o ON o.directive_id = d.id
    LEFT JOIN directive_closing c ON c.directive_id = d.id
    WHERE ((d.issuer_id = $1 AND $2 LIKE '%,' || d.kind || '.' || d.duty || ',%')
            OR (d.addressee_id = $3 AND $4 LIKE '%,' || d.kind || '.' || d.duty || ',%'))
        AND ($5 = 0 OR c.directive_id IS NULL)
        AND ((d.issued_at, d.id) < ($6, $7) OR $6 IS NULL)
    ORDER BY d.issued_at DESC, d.id DESC
    LIMIT $8";

pub(crate) const OF_FILING: &str = "
    SELECT d.id, d.number, d.kind, d.duty, d.issuer_id, d.addressee_id, d.operator_id, d.filing_id, d.text, d.grounds,
        d.hearing, d.due_on, d.issued_by, d.issued_at, o.opened_by, o.opened_at, c.outcome, c.note, c.closed_by,
        c.closed_at
    FROM directive d
    LEFT JOIN directive_opening o ON o.directive_id = d.id
    LEFT JOIN directive_closing c ON c.directive_id = d.id
    WHERE d.filing_id = $1
        AND ((d.issuer_id = $2 AND $3 LIKE '%,' || d.kind || '.' || d.duty || ',%')
            OR (d.addressee_id = $4 AND $5 LIKE '%,' || d.kind || '.' || d.duty || ',%'))
    ORDER BY d.issued_at DESC, d.id DESC
    LIMIT $6";
