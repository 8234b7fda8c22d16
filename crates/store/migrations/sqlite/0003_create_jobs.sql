CREATE TABLE job (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'done', 'dead')),
  attempts INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  locked_until INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE idempotency (
  key_hash BLOB NOT NULL,
  person_id BLOB NOT NULL REFERENCES person (id),
  request_digest BLOB NOT NULL,
  outcome TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key_hash, person_id)
) STRICT;

CREATE TABLE draft (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  subject_id BLOB,
  form_version TEXT NOT NULL,
  body TEXT NOT NULL,
  updated_by BLOB NOT NULL REFERENCES person (id),
  updated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX draft_owner ON draft (owner_id, kind);
CREATE INDEX draft_subject ON draft (subject_id);
