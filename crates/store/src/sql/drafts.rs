pub(crate) const INSERT: &str = "
    INSERT INTO draft (id, owner_id, kind, subject_id, form_version, body, updated_by, updated_at, created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";

pub(crate) const UPDATE: &str = "
    UPDATE draft
    SET body = $3, form_version = $4, updated_by = $5, updated_at = $6, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const READ: &str = "
    SELECT id, owner_id, kind, subject_id, form_version, body, updated_by, updated_at, created_at, version
    FROM draft
    WHERE id = $1";

pub(crate) const OF_SUBJECT: &str = "
    SELECT id, owner_id, kind, subject_id, form_version, body, updated_by, updated_at, created_at, version
    FROM draft
    WHERE subject_id = $1 AND kind = $2
    ORDER BY created_at DESC, id DESC
    LIMIT 1";

pub(crate) const OF_OWNER: &str = "
    SELECT id, owner_id, kind, subject_id, form_version, body, updated_by, updated_at, created_at, version
    FROM draft
    WHERE owner_id = $1 AND $2 LIKE '%,' || kind || ',%'
    ORDER BY updated_at DESC, id
    LIMIT $3";

pub(crate) const DELETE: &str = "
    DELETE FROM draft
    WHERE id = $1 AND version = $2";
