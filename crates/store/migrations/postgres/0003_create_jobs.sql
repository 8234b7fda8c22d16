CREATE TABLE job (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'done', 'dead')),
  attempts BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  locked_until BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);

CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE idempotency (
  key_hash BYTEA NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id),
  request_digest BYTEA NOT NULL,
  outcome TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (key_hash, person_id)
);

CREATE TABLE draft (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  subject_id UUID,
  form_version TEXT NOT NULL,
  body TEXT NOT NULL,
  updated_by UUID NOT NULL REFERENCES person (id),
  updated_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX draft_owner ON draft (owner_id, kind);
CREATE INDEX draft_subject ON draft (subject_id);
