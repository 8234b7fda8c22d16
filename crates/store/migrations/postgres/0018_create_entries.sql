-- A report that a desk takes down for an operator; removed when it is filed or given up.
CREATE TABLE entry_draft (
  id UUID NOT NULL PRIMARY KEY,
  desk_id UUID NOT NULL REFERENCES organisation (id),
  operator_id UUID NOT NULL REFERENCES organisation (id),
  case_id UUID NOT NULL,
  body TEXT NOT NULL,
  begun_by UUID NOT NULL REFERENCES person (id),
  begun_at BIGINT NOT NULL,
  updated_by UUID NOT NULL REFERENCES person (id),
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX entry_draft_desk ON entry_draft (desk_id, begun_at);

-- That a desk took a filing down, from whom, and when it was told.
CREATE TABLE filing_entry (
  filing_id UUID NOT NULL PRIMARY KEY REFERENCES filing (id),
  desk_id UUID NOT NULL REFERENCES organisation (id),
  way TEXT NOT NULL CHECK (way IN ('oral', 'paper', 'mail')),
  received_at BIGINT NOT NULL,
  caller_name TEXT NOT NULL,
  caller_department TEXT NOT NULL,
  caller_phone TEXT NOT NULL,
  identified TEXT NOT NULL CHECK (identified IN ('code', 'callback', 'contact', 'none')),
  code_owner_id UUID REFERENCES person (id),
  entered_by UUID NOT NULL REFERENCES person (id),
  entered_at BIGINT NOT NULL
);

-- What the operator says of it.
CREATE TABLE filing_entry_answer (
  filing_id UUID NOT NULL PRIMARY KEY REFERENCES filing (id),
  answer TEXT NOT NULL CHECK (answer IN ('recognised', 'to_correct', 'not_ours')),
  note TEXT NOT NULL,
  answered_by UUID NOT NULL REFERENCES person (id),
  answered_at BIGINT NOT NULL
);

-- One-time codes by which a caller shows who speaks when neither network nor mail works.
CREATE TABLE telephone_code (
  code_hash BYTEA NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE INDEX telephone_code_person ON telephone_code (person_id);

CREATE TRIGGER filing_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER filing_entry_answer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing_entry_answer
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
