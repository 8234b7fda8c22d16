CREATE TABLE incident_case (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  title TEXT NOT NULL,
  phase TEXT NOT NULL,
  event_code TEXT,
  form TEXT,
  prompt_filed_at INTEGER,
  full_filed_at INTEGER,
  closed_at INTEGER,
  close_reason TEXT,
  leading_aware_at INTEGER,
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX incident_case_owner ON incident_case (owner_id, created_at);
CREATE INDEX incident_case_leading ON incident_case (owner_id, phase, leading_aware_at);

CREATE TABLE awareness (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  kind TEXT NOT NULL CHECK (kind IN ('near_miss', 'incident')),
  aware_at INTEGER NOT NULL,
  approximate INTEGER NOT NULL CHECK (approximate IN (0, 1)),
  source TEXT NOT NULL,
  corrects_id BLOB REFERENCES awareness (id),
  reason TEXT,
  recorded_by BLOB NOT NULL REFERENCES person (id),
  recorded_at INTEGER NOT NULL,
  CHECK ((corrects_id IS NULL) = (reason IS NULL))
) STRICT;

CREATE INDEX awareness_case ON awareness (case_id);

CREATE TABLE no_report_decision (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  case_id BLOB REFERENCES incident_case (id),
  summary TEXT NOT NULL,
  answers TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  recheck_on TEXT NOT NULL,
  rules_digest BLOB NOT NULL,
  decided_by BLOB NOT NULL REFERENCES person (id),
  decided_at INTEGER NOT NULL
) STRICT;

CREATE INDEX no_report_decision_owner ON no_report_decision (owner_id, recheck_on);

CREATE TABLE case_judgement (
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  number INTEGER NOT NULL,
  event_code TEXT NOT NULL,
  report_group TEXT NOT NULL,
  answers TEXT NOT NULL,
  rules_digest BLOB NOT NULL,
  judged_by BLOB NOT NULL REFERENCES person (id),
  judged_at INTEGER NOT NULL,
  PRIMARY KEY (case_id, number)
) STRICT;
