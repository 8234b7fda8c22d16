-- What was handed to each addressee of a case besides the filing itself, and what became of it.
CREATE TABLE submission (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  case_id UUID NOT NULL REFERENCES incident_case (id),
  addressee TEXT NOT NULL,
  desk TEXT NOT NULL,
  address TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('prompt', 'full')),
  channel TEXT NOT NULL CHECK (channel IN ('manual', 'mail')),
  body TEXT NOT NULL,
  body_digest BYTEA NOT NULL,
  rules_digest BYTEA NOT NULL,
  filing_id UUID REFERENCES filing (id),
  note TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES person (id),
  recorded_at BIGINT NOT NULL
);

CREATE INDEX submission_case ON submission (case_id, recorded_at);

CREATE TABLE submission_file (
  submission_id UUID NOT NULL REFERENCES submission (id),
  position BIGINT NOT NULL,
  digest BYTEA NOT NULL REFERENCES attachment (digest),
  file_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (submission_id, position)
);

CREATE TABLE submission_event (
  id UUID NOT NULL PRIMARY KEY,
  submission_id UUID NOT NULL REFERENCES submission (id),
  kind TEXT NOT NULL CHECK (kind IN ('queued', 'sent', 'delivered', 'opened', 'checked', 'failed')),
  happened_at BIGINT NOT NULL,
  number TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_by UUID REFERENCES person (id),
  recorded_at BIGINT NOT NULL
);

CREATE INDEX submission_event_submission ON submission_event (submission_id, recorded_at);

-- What only some addressees want to know; kept for the case until it is frozen in a submission.
CREATE TABLE submission_answer (
  case_id UUID NOT NULL REFERENCES incident_case (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  answered_by UUID NOT NULL REFERENCES person (id),
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (case_id, name)
);

CREATE TRIGGER submission_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON submission
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER submission_file_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON submission_file
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER submission_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON submission_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
