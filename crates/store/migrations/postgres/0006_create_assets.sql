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
  phase TEXT NOT NULL CHECK (phase IN ('draft', 'exempt', 'notified', 'changed_since_notified', 'retirement_due', 'retired')),
  revision_id UUID NOT NULL,
  exemption TEXT,
  notified_revision_id UUID,
  notified_filing_id UUID REFERENCES filing (id),
  changed_on TEXT,
  retired_on TEXT,
  retirement_filing_id UUID REFERENCES filing (id),
  due_on TEXT,
  match_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CHECK ((phase = 'exempt') = (exemption IS NOT NULL)),
  CHECK ((phase IN ('notified', 'changed_since_notified', 'retirement_due')) = (notified_revision_id IS NOT NULL)),
  CHECK ((notified_revision_id IS NULL) = (notified_filing_id IS NULL)),
  CHECK ((phase = 'changed_since_notified') = (changed_on IS NOT NULL)),
  CHECK ((phase IN ('retirement_due', 'retired')) = (retired_on IS NOT NULL)),
  CHECK (retirement_filing_id IS NULL OR phase = 'retired'),
  CHECK (due_on IS NULL OR phase IN ('draft', 'changed_since_notified', 'retirement_due'))
);

CREATE INDEX computer_owner ON computer (owner_id, phase, due_on, id);
CREATE INDEX computer_facility ON computer (facility_id);
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
