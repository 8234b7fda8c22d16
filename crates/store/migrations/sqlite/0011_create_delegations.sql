-- What a person of a contractor may see or fill in, until when.
CREATE TABLE delegation (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  contractor_id BLOB NOT NULL REFERENCES organisation (id),
  person_id BLOB NOT NULL REFERENCES person (id),
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  sections TEXT NOT NULL,
  extent TEXT NOT NULL,
  reason TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  given_by BLOB NOT NULL REFERENCES person (id),
  given_at INTEGER NOT NULL
) STRICT;

CREATE INDEX delegation_owner ON delegation (owner_id, given_at);
CREATE INDEX delegation_person ON delegation (person_id, given_at);

-- That it ended before its time.
CREATE TABLE delegation_end (
  delegation_id BLOB NOT NULL PRIMARY KEY REFERENCES delegation (id),
  ended_by BLOB NOT NULL REFERENCES person (id),
  ended_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER delegation_refuses_update BEFORE UPDATE ON delegation
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER delegation_refuses_delete BEFORE DELETE ON delegation
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER delegation_end_refuses_update BEFORE UPDATE ON delegation_end
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER delegation_end_refuses_delete BEFORE DELETE ON delegation_end
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
