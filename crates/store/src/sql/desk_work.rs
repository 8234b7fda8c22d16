pub(crate) const INSERT_ASSIGNMENT: &str = "
    INSERT INTO assignment (id, filing_id, desk_id, person_id, assigned_by, assigned_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const ASSIGNMENTS: &str = "
    SELECT id, filing_id, desk_id, person_id, assigned_by, assigned_at
    FROM assignment
    WHERE filing_id = $1 AND desk_id = $2
    ORDER BY assigned_at DESC, id DESC
    LIMIT $3";

pub(crate) const INSERT_TRANSFER: &str = "
    INSERT INTO desk_transfer (id, filing_id, from_id, to_id, reason, transferred_by, transferred_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const TRANSFERS: &str = "
    SELECT id, filing_id, from_id, to_id, reason, transferred_by, transferred_at
    FROM desk_transfer
    WHERE filing_id = $1
    ORDER BY transferred_at, id";

pub(crate) const SAVE_FILTER: &str = "
    INSERT INTO saved_filter (id, person_id, name, state, kind, assignee, saved_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (person_id, name)
    DO UPDATE SET state = excluded.state, kind = excluded.kind, assignee = excluded.assignee,
        saved_at = excluded.saved_at";

pub(crate) const FILTERS: &str = "
    SELECT id, name, state, kind, assignee
    FROM saved_filter
    WHERE person_id = $1
    ORDER BY name, id";

pub(crate) const FORGET_FILTER: &str = "
    DELETE FROM saved_filter
    WHERE id = $1 AND person_id = $2";
