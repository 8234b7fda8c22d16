CREATE TABLE facility (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  installed_on TEXT,
  version BIGINT NOT NULL
);

CREATE INDEX facility_owner ON facility (owner_id);

CREATE TABLE computer (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  facility_id UUID NOT NULL REFERENCES facility (id),
  phase TEXT NOT NULL,
  revision_id UUID NOT NULL,
  notified_revision_id UUID,
  notified_filing_id UUID REFERENCES filing (id),
  retired_on TEXT,
  due_on TEXT,
  match_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX computer_owner ON computer (owner_id, phase, due_on);
CREATE INDEX computer_match_key ON computer (match_key);

CREATE TABLE computer_revision (
  id UUID NOT NULL PRIMARY KEY,
  computer_id UUID NOT NULL REFERENCES computer (id),
  number BIGINT NOT NULL,
  body TEXT NOT NULL,
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES person (id),
  recorded_at BIGINT NOT NULL,
  UNIQUE (computer_id, number)
);

CREATE TABLE filing_computer (
  filing_id UUID NOT NULL REFERENCES filing (id),
  position BIGINT NOT NULL,
  computer_id UUID NOT NULL REFERENCES computer (id),
  revision_id UUID NOT NULL REFERENCES computer_revision (id),
  PRIMARY KEY (filing_id, position)
);

CREATE INDEX filing_computer_computer ON filing_computer (computer_id);

CREATE TABLE case_computer (
  case_id UUID NOT NULL REFERENCES incident_case (id),
  computer_id UUID NOT NULL REFERENCES computer (id),
  PRIMARY KEY (case_id, computer_id)
);
