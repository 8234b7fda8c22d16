-- Which stages a kind of document passes inside an organisation; the highest number is in force, no stages mean none.
CREATE TABLE approval_route (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  separation TEXT NOT NULL,
  stages TEXT NOT NULL,
  set_by BLOB NOT NULL REFERENCES person (id),
  set_at INTEGER NOT NULL,
  UNIQUE (owner_id, kind, number)
) STRICT;

-- A request for approval with the document as it was frozen.
CREATE TABLE approval_request (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  purpose TEXT NOT NULL,
  kind TEXT NOT NULL,
  case_id BLOB REFERENCES incident_case (id),
  filing_id BLOB REFERENCES filing (id),
  replaces_id BLOB REFERENCES approval_request (id),
  separation TEXT NOT NULL,
  stages TEXT NOT NULL,
  body TEXT NOT NULL,
  body_digest BLOB NOT NULL,
  wanted TEXT NOT NULL,
  drafters TEXT NOT NULL,
  note TEXT NOT NULL,
  requested_by BLOB NOT NULL REFERENCES person (id),
  requested_at INTEGER NOT NULL
) STRICT;

CREATE INDEX approval_request_case ON approval_request (case_id, kind, requested_at);
CREATE INDEX approval_request_kind ON approval_request (owner_id, kind, requested_at);

-- What was done with it; of two people who decide at the same moment the second is refused.
CREATE TABLE approval_step (
  id BLOB NOT NULL PRIMARY KEY,
  request_id BLOB NOT NULL REFERENCES approval_request (id),
  number INTEGER NOT NULL,
  step TEXT NOT NULL,
  stage INTEGER NOT NULL,
  comment TEXT NOT NULL,
  behalf_id BLOB REFERENCES person (id),
  filing_id BLOB REFERENCES filing (id),
  taken_by BLOB NOT NULL REFERENCES person (id),
  taken_at INTEGER NOT NULL,
  UNIQUE (request_id, number)
) STRICT;

-- Who stands in for whom, from and until which day.
CREATE TABLE approval_deputy (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  person_id BLOB NOT NULL REFERENCES person (id),
  deputy_id BLOB NOT NULL REFERENCES person (id),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_by BLOB NOT NULL REFERENCES person (id),
  set_at INTEGER NOT NULL
) STRICT;

CREATE INDEX approval_deputy_owner ON approval_deputy (owner_id, until_on);

-- That it ended before its last day.
CREATE TABLE approval_deputy_end (
  record_id BLOB NOT NULL PRIMARY KEY REFERENCES approval_deputy (id),
  ended_by BLOB NOT NULL REFERENCES person (id),
  ended_at INTEGER NOT NULL
) STRICT;

-- Where a request stands, for lists; the steps are what counts.
CREATE TABLE approval_standing (
  request_id BLOB NOT NULL PRIMARY KEY REFERENCES approval_request (id),
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  phase TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX approval_standing_owner ON approval_standing (owner_id, phase);

-- Which requests a person has looked at, to show what changed since.
CREATE TABLE approval_look (
  person_id BLOB NOT NULL REFERENCES person (id),
  request_id BLOB NOT NULL REFERENCES approval_request (id),
  looked_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, request_id)
) STRICT;

CREATE TRIGGER approval_route_refuses_update BEFORE UPDATE ON approval_route
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_route_refuses_delete BEFORE DELETE ON approval_route
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_request_refuses_update BEFORE UPDATE ON approval_request
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_request_refuses_delete BEFORE DELETE ON approval_request
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_step_refuses_update BEFORE UPDATE ON approval_step
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_step_refuses_delete BEFORE DELETE ON approval_step
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_deputy_refuses_update BEFORE UPDATE ON approval_deputy
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_deputy_refuses_delete BEFORE DELETE ON approval_deputy
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_deputy_end_refuses_update BEFORE UPDATE ON approval_deputy_end
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER approval_deputy_end_refuses_delete BEFORE DELETE ON approval_deputy_end
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
