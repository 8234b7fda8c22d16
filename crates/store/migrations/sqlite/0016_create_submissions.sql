-- What was handed to each addressee of a case besides the filing itself, and what became of it.
CREATE TABLE submission (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  addressee TEXT NOT NULL,
  desk TEXT NOT NULL,
  address TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('prompt', 'full')),
  channel TEXT NOT NULL CHECK (channel IN ('manual', 'mail')),
  body TEXT NOT NULL,
  body_digest BLOB NOT NULL,
  rules_digest BLOB NOT NULL,
  filing_id BLOB REFERENCES filing (id),
  note TEXT NOT NULL,
  recorded_by BLOB NOT NULL REFERENCES person (id),
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX submission_case ON submission (case_id, recorded_at);

CREATE TABLE submission_file (
  submission_id BLOB NOT NULL REFERENCES submission (id),
  position INTEGER NOT NULL,
  digest BLOB NOT NULL REFERENCES attachment (digest),
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (submission_id, position)
) STRICT;

CREATE TABLE submission_event (
  id BLOB NOT NULL PRIMARY KEY,
  submission_id BLOB NOT NULL REFERENCES submission (id),
  kind TEXT NOT NULL CHECK (kind IN ('queued', 'sent', 'delivered', 'opened', 'checked', 'failed')),
  happened_at INTEGER NOT NULL,
  number TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_by BLOB REFERENCES person (id),
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX submission_event_submission ON submission_event (submission_id, recorded_at);

-- What only some addressees want to know; kept for the case until it is frozen in a submission.
CREATE TABLE submission_answer (
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  answered_by BLOB NOT NULL REFERENCES person (id),
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (case_id, name)
) STRICT;

CREATE TRIGGER submission_refuses_update BEFORE UPDATE ON submission
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER submission_refuses_delete BEFORE DELETE ON submission
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER submission_file_refuses_update BEFORE UPDATE ON submission_file
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER submission_file_refuses_delete BEFORE DELETE ON submission_file
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER submission_event_refuses_update BEFORE UPDATE ON submission_event
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER submission_event_refuses_delete BEFORE DELETE ON submission_event
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
