pub(crate) const INSERT_DRAFT: &str = "
    INSERT INTO entry_draft (id, desk_id, operator_id, case_id, body, begun_by, begun_at, updated_by, updated_at,
        version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";

pub(crate) const UPDATE_DRAFT: &str = "
    UPDATE entry_draft
    SET operator_id = $2, body = $3, updated_by = $4, updated_at = $5, version = version + 1
    WHERE id = $1 AND version = $6";

pub(crate) const DRAFT: &str = "
    SELECT id, desk_id, operator_id, case_id, body, begun_by, begun_at, updated_by, updated_at, version
    FROM entry_draft
    WHERE id = $1";

pub(crate) const DRAFTS: &str = "
    SELECT id, desk_id, operator_id, case_id, body, begun_by, begun_at, updated_by, updated_at, version
    FROM entry_draft
    WHERE desk_id = $1
    ORDER BY begun_at DESC, id
    LIMIT $2";

pub(crate) const DELETE_DRAFT: &str = "
    DELETE FROM entry_draft
    WHERE id = $1 AND version = $2";

pub(crate) const INSERT: &str = "
    INSERT INTO filing_entry (filing_id, desk_id, way, received_at, caller_name, caller_department, caller_phone,
        identified, code_owner_id, entered_by, entered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(crate) const READ: &str = "
    SELECT entry.filing_id, entry.desk_id, entry.way, entry.received_at, entry.caller_name, entry.caller_department,
        entry.caller_phone, entry.identified, entry.code_owner_id, entry.entered_by, entry.entered_at,
        said.answer, said.note, said.answered_by, said.answered_at
    FROM filing_entry AS entry
    LEFT JOIN filing_entry_answer AS said ON said.filing_id = entry.filing_id
    WHERE entry.filing_id = $1";

pub(crate) const OF_DESK: &str = "
    SELECT entry.filing_id, entry.desk_id, entry.way, entry.received_at, entry.caller_name, entry.caller_department,
        entry.caller_phone, entry.identified, entry.code_owner_id, entry.entered_by, entry.entered_at,
        said.answer, said.note, said.answered_by, said.answered_at
    FROM filing_entry AS entry
    LEFT JOIN filing_entry_answer AS said ON said.filing_id = entry.filing_id
    WHERE entry.desk_id = $1
    ORDER BY entry.entered_at DESC, entry.filing_id
    LIMIT $2";

pub(crate) const OPEN_OF_OPERATOR: &str = "
    SELECT entry.filing_id, entry.desk_id, entry.received_at
    FROM filing_entry AS entry
    JOIN filing ON filing.id = entry.filing_id
    LEFT JOIN filing_entry_answer AS said ON said.filing_id = entry.filing_id
    WHERE filing.owner_id = $1 AND said.filing_id IS NULL
    ORDER BY entry.received_at, entry.filing_id
    LIMIT $2";

pub(crate) const INSERT_ANSWER: &str = "
    INSERT INTO filing_entry_answer (filing_id, answer, note, answered_by, answered_at)
    VALUES ($1, $2, $3, $4, $5)";

pub(crate) const FORGET_CODES: &str = "
    DELETE FROM telephone_code
    WHERE person_id = $1";

pub(crate) const INSERT_CODE: &str = "
    INSERT INTO telephone_code (code_hash, person_id, created_at, used_at)
    VALUES ($1, $2, $3, NULL)";

pub(crate) const CODE: &str = "
    SELECT person_id
    FROM telephone_code
    WHERE code_hash = $1 AND used_at IS NULL";

pub(crate) const SPEND_CODE: &str = "
    UPDATE telephone_code
    SET used_at = $2
    WHERE code_hash = $1 AND used_at IS NULL";

pub(crate) const COUNT_CODES: &str = "
    SELECT COUNT(*)
    FROM telephone_code
    WHERE person_id = $1 AND used_at IS NULL";
