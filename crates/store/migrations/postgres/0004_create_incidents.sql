CREATE TABLE incident_case (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  title TEXT NOT NULL,
  phase TEXT NOT NULL,
  event_code TEXT,
  form TEXT,
  prompt_filed_at BIGINT,
  full_filed_at BIGINT,
  closed_at BIGINT,
  close_reason TEXT,
  leading_aware_at BIGINT,
  created_by UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX incident_case_owner ON incident_case (owner_id, created_at);
CREATE INDEX incident_case_leading ON incident_case (owner_id, phase, leading_aware_at);

CREATE TABLE awareness (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES incident_case (id),
  kind TEXT NOT NULL CHECK (kind IN ('near_miss', 'incident')),
  aware_at BIGINT NOT NULL,
  approximate BIGINT NOT NULL CHECK (approximate IN (0, 1)),
  source TEXT NOT NULL,
  corrects_id UUID REFERENCES awareness (id),
  reason TEXT,
  recorded_by UUID NOT NULL REFERENCES person (id),
  recorded_at BIGINT NOT NULL,
  CHECK ((corrects_id IS NULL) = (reason IS NULL))
);

CREATE INDEX awareness_case ON awareness (case_id);

CREATE TABLE no_report_decision (
  id UUID NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  case_id UUID REFERENCES incident_case (id),
  summary TEXT NOT NULL,
  answers TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  recheck_on TEXT NOT NULL,
  rules_digest BYTEA NOT NULL,
  decided_by UUID NOT NULL REFERENCES person (id),
  decided_at BIGINT NOT NULL
);

CREATE INDEX no_report_decision_owner ON no_report_decision (owner_id, recheck_on);

CREATE TABLE case_judgement (
  case_id UUID NOT NULL REFERENCES incident_case (id),
  number BIGINT NOT NULL,
  event_code TEXT NOT NULL,
  report_group TEXT NOT NULL,
  answers TEXT NOT NULL,
  rules_digest BYTEA NOT NULL,
  judged_by UUID NOT NULL REFERENCES person (id),
  judged_at BIGINT NOT NULL,
  PRIMARY KEY (case_id, number)
);
