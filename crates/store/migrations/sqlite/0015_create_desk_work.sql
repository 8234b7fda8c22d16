-- Who at a desk handles a filing; the newest line counts, and one without a person means nobody.
CREATE TABLE assignment (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  desk_id BLOB NOT NULL REFERENCES organisation (id),
  person_id BLOB REFERENCES person (id),
  assigned_by BLOB NOT NULL REFERENCES person (id),
  assigned_at INTEGER NOT NULL
) STRICT;

CREATE INDEX assignment_filing ON assignment (filing_id, desk_id, assigned_at);

-- A filing that one desk of a Minister gave to another (回付).
CREATE TABLE desk_transfer (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  from_id BLOB NOT NULL REFERENCES organisation (id),
  to_id BLOB NOT NULL REFERENCES organisation (id),
  reason TEXT NOT NULL,
  transferred_by BLOB NOT NULL REFERENCES person (id),
  transferred_at INTEGER NOT NULL,
  UNIQUE (filing_id, from_id)
) STRICT;

-- What a person wants to see of the queue, by a name of its own.
CREATE TABLE saved_filter (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  kind TEXT,
  assignee TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  UNIQUE (person_id, name)
) STRICT;

CREATE TRIGGER assignment_refuses_update BEFORE UPDATE ON assignment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER assignment_refuses_delete BEFORE DELETE ON assignment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER desk_transfer_refuses_update BEFORE UPDATE ON desk_transfer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER desk_transfer_refuses_delete BEFORE DELETE ON desk_transfer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
