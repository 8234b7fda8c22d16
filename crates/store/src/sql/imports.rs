pub(crate) const INSERT: &str = "
    INSERT INTO asset_import (id, owner_id, phase, created_by, created_at, updated_at, filing_id, version)
    VALUES ($1, $2, 'open', $3, $4, $4, NULL, 1)";

pub(crate) const UPDATE: &str = "
    UPDATE asset_import
    SET phase = $3, updated_at = $4, filing_id = $5, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const READ: &str = "
    SELECT id, owner_id, phase, created_by, created_at, updated_at, filing_id, version
    FROM asset_import
    WHERE id = $1";

pub(crate) const OF_OWNER: &str = "
    SELECT id, owner_id, phase, created_by, created_at, updated_at, filing_id, version
    FROM asset_import
    WHERE owner_id = $1 AND (id < $2 OR $2 IS NULL)
    ORDER BY id DESC
    LIMIT $3";

pub(crate) const INSERT_SHEET: &str = "
    INSERT INTO asset_import_sheet (import_id, position, file_name, sheet_name, format, body)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const UPDATE_SHEET: &str = "
    UPDATE asset_import_sheet
    SET body = $3
    WHERE import_id = $1 AND position = $2";

pub(crate) const SHEETS: &str = "
    SELECT position, file_name, sheet_name, format, body
    FROM asset_import_sheet
    WHERE import_id = $1
    ORDER BY position";

/// Place and cells of a row that is known stay as they came in.
pub(crate) const SAVE_ROW: &str = "
    INSERT INTO asset_import_row (import_id, sheet, position, place, cells, decided, state, finding, computer_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (import_id, sheet, position) DO UPDATE
    SET decided = excluded.decided, state = excluded.state, finding = excluded.finding,
        computer_id = excluded.computer_id";

pub(crate) const ROWS: &str = "
    SELECT sheet, position, place, cells, decided, state, finding, computer_id
    FROM asset_import_row
    WHERE import_id = $1
    ORDER BY sheet, position";

pub(crate) const PAGE: &str = "
    SELECT sheet, position, place, cells, decided, state, finding, computer_id
    FROM asset_import_row
    WHERE import_id = $1
        AND state NOT IN ('heading', 'blank')
        AND (state = $2 OR $2 IS NULL)
    ORDER BY sheet, position
    LIMIT $3 OFFSET $4";

pub(crate) const COUNTS: &str = "
    SELECT state, COUNT(*) AS total
    FROM asset_import_row
    WHERE import_id = $1
    GROUP BY state";

pub(crate) const FORGET_ROWS: &str = "
    DELETE FROM asset_import_row
    WHERE import_id = $1";

pub(crate) const FORGET_SHEETS: &str = "
    DELETE FROM asset_import_sheet
    WHERE import_id = $1";

pub(crate) const LEARN: &str = "
    INSERT INTO asset_import_word (owner_id, kind, word, meaning)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (owner_id, kind, word) DO UPDATE SET meaning = excluded.meaning";

pub(crate) const LEARNT: &str = "
    SELECT word, meaning
    FROM asset_import_word
    WHERE owner_id = $1 AND kind = $2";

pub(crate) const REGISTER_KEYS: &str = "
    SELECT id, facility_id, match_key
    FROM computer
    WHERE owner_id = $1 AND phase NOT IN ('retired')
    ORDER BY id";
