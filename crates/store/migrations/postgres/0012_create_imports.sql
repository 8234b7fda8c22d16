CREATE TABLE asset_import (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  phase TEXT NOT NULL CHECK (phase IN ('open', 'registered', 'filed', 'dropped')),
  created_by UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  filing_id UUID REFERENCES filing (id),
  version BIGINT NOT NULL,
  CHECK ((phase = 'filed') = (filing_id IS NOT NULL))
);

CREATE INDEX asset_import_owner ON asset_import (owner_id, id);

CREATE TABLE asset_import_sheet (
  import_id UUID NOT NULL REFERENCES asset_import (id),
  position BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  sheet_name TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('xlsx', 'csv', 'bom')),
  body TEXT NOT NULL,
  PRIMARY KEY (import_id, position)
);

CREATE TABLE asset_import_row (
  import_id UUID NOT NULL REFERENCES asset_import (id),
  sheet BIGINT NOT NULL,
  position BIGINT NOT NULL,
  place TEXT NOT NULL,
  cells TEXT NOT NULL,
  decided TEXT,
  state TEXT NOT NULL CHECK (state IN ('heading', 'blank', 'ready', 'exempt', 'problem', 'duplicate', 'left_out', 'registered')),
  finding TEXT,
  computer_id UUID REFERENCES computer (id),
  PRIMARY KEY (import_id, sheet, position),
  CHECK ((state = 'registered') = (computer_id IS NOT NULL))
);

CREATE INDEX asset_import_row_state ON asset_import_row (import_id, state, sheet, position);

CREATE TABLE asset_import_word (
  owner_id UUID NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('column', 'class')),
  word TEXT NOT NULL,
  meaning TEXT NOT NULL,
  PRIMARY KEY (owner_id, kind, word)
);
