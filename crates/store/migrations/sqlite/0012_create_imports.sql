CREATE TABLE asset_import (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  phase TEXT NOT NULL CHECK (phase IN ('open', 'registered', 'filed', 'dropped')),
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  filing_id BLOB REFERENCES filing (id),
  version INTEGER NOT NULL,
  CHECK ((phase = 'filed') = (filing_id IS NOT NULL))
) STRICT;

CREATE INDEX asset_import_owner ON asset_import (owner_id, id);

CREATE TABLE asset_import_sheet (
  import_id BLOB NOT NULL REFERENCES asset_import (id),
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  sheet_name TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('xlsx', 'csv', 'bom')),
  body TEXT NOT NULL,
  PRIMARY KEY (import_id, position)
) STRICT;

CREATE TABLE asset_import_row (
  import_id BLOB NOT NULL REFERENCES asset_import (id),
  sheet INTEGER NOT NULL,
  position INTEGER NOT NULL,
  place TEXT NOT NULL,
  cells TEXT NOT NULL,
  decided TEXT,
  state TEXT NOT NULL CHECK (state IN ('heading', 'blank', 'ready', 'exempt', 'problem', 'duplicate', 'left_out', 'registered')),
  finding TEXT,
  computer_id BLOB REFERENCES computer (id),
  PRIMARY KEY (import_id, sheet, position),
  CHECK ((state = 'registered') = (computer_id IS NOT NULL))
) STRICT;

CREATE INDEX asset_import_row_state ON asset_import_row (import_id, state, sheet, position);

CREATE TABLE asset_import_word (
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('column', 'class')),
  word TEXT NOT NULL,
  meaning TEXT NOT NULL,
  PRIMARY KEY (owner_id, kind, word)
) STRICT;
