-- A report that a desk takes down for an operator; removed when it is filed or given up.
CREATE TABLE entry_draft (
  id BLOB NOT NULL PRIMARY KEY,
  desk_id BLOB NOT NULL REFERENCES organisation (id),
  operator_id BLOB NOT NULL REFERENCES organisation (id),
  case_id BLOB NOT NULL,
  body TEXT NOT NULL,
  begun_by BLOB NOT NULL REFERENCES person (id),
  begun_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL REFERENCES person (id),
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX entry_draft_desk ON entry_draft (desk_id, begun_at);

-- That a desk took a filing down, from whom, and when it was told.
CREATE TABLE filing_entry (
  filing_id BLOB NOT NULL PRIMARY KEY REFERENCES filing (id),
  desk_id BLOB NOT NULL REFERENCES organisation (id),
  way TEXT NOT NULL CHECK (way IN ('oral', 'paper', 'mail')),
  received_at INTEGER NOT NULL,
  caller_name TEXT NOT NULL,
  caller_department TEXT NOT NULL,
  caller_phone TEXT NOT NULL,
  identified TEXT NOT NULL CHECK (identified IN ('code', 'callback', 'contact', 'none')),
  code_owner_id BLOB REFERENCES person (id),
  entered_by BLOB NOT NULL REFERENCES person (id),
  entered_at INTEGER NOT NULL
) STRICT;

-- What the operator says of it.
CREATE TABLE filing_entry_answer (
  filing_id BLOB NOT NULL PRIMARY KEY REFERENCES filing (id),
  answer TEXT NOT NULL CHECK (answer IN ('recognised', 'to_correct', 'not_ours')),
  note TEXT NOT NULL,
  answered_by BLOB NOT NULL REFERENCES person (id),
  answered_at INTEGER NOT NULL
) STRICT;

-- One-time codes by which a caller shows who speaks when neither network nor mail works.
CREATE TABLE telephone_code (
  code_hash BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX telephone_code_person ON telephone_code (person_id);

CREATE TRIGGER filing_entry_refuses_update BEFORE UPDATE ON filing_entry
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_entry_refuses_delete BEFORE DELETE ON filing_entry
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_entry_answer_refuses_update BEFORE UPDATE ON filing_entry_answer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_entry_answer_refuses_delete BEFORE DELETE ON filing_entry_answer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
