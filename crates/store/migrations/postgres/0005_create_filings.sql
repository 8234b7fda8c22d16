CREATE TABLE attachment (
  digest BYTEA NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  created_by UUID NOT NULL REFERENCES person (id),
  owner_id UUID NOT NULL REFERENCES organisation (id),
  created_at BIGINT NOT NULL
);

CREATE TABLE filing (
  id UUID NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('asset_notification', 'asset_change', 'asset_retirement', 'incident_prompt', 'incident_update', 'incident_full', 'incident_correction', 'incident_withdrawal')),
  owner_id UUID NOT NULL REFERENCES organisation (id),
  case_id UUID REFERENCES incident_case (id),
  supersedes_id UUID REFERENCES filing (id),
  sequence BIGINT NOT NULL,
  form_version TEXT NOT NULL,
  body TEXT NOT NULL,
  body_digest BYTEA NOT NULL,
  rules_digest BYTEA NOT NULL,
  filed_by UUID NOT NULL REFERENCES person (id),
  filed_at BIGINT NOT NULL
);

CREATE INDEX filing_owner ON filing (owner_id, filed_at);
CREATE INDEX filing_case ON filing (case_id, sequence);
CREATE INDEX filing_supersedes ON filing (supersedes_id);

-- A version is corrected once: of two corrections at the same time the second is refused. A report may still follow it.
CREATE UNIQUE INDEX filing_corrected_once ON filing (supersedes_id)
  WHERE kind IN ('asset_notification', 'asset_change', 'asset_retirement', 'incident_correction');

CREATE TABLE filing_attachment (
  filing_id UUID NOT NULL REFERENCES filing (id),
  position BIGINT NOT NULL,
  digest BYTEA NOT NULL REFERENCES attachment (digest),
  file_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (filing_id, position)
);

CREATE TABLE filing_addressee (
  filing_id UUID NOT NULL REFERENCES filing (id),
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  role TEXT COLLATE "C" NOT NULL CHECK (role IN ('minister', 'regional_head', 'prime_minister', 'prime_minister_forwarded')),
  basis TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (filing_id, organisation_id)
);

CREATE INDEX filing_addressee_organisation ON filing_addressee (organisation_id, since_at);

-- Which records of awareness a report speaks of; its body says the same.
CREATE TABLE filing_awareness (
  filing_id UUID NOT NULL REFERENCES filing (id),
  awareness_id UUID NOT NULL REFERENCES awareness (id),
  PRIMARY KEY (filing_id, awareness_id)
);

CREATE TABLE filing_search (
  filing_id UUID NOT NULL PRIMARY KEY REFERENCES filing (id),
  text TEXT NOT NULL
);

CREATE TABLE delivery (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'opened', 'dead')),
  attempts BIGINT NOT NULL,
  next_attempt_at BIGINT,
  delivered_at BIGINT,
  opened_at BIGINT,
  last_error TEXT,
  version BIGINT NOT NULL,
  UNIQUE (filing_id, organisation_id)
);

CREATE INDEX delivery_state ON delivery (state, next_attempt_at);

CREATE TABLE formal_check (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  result TEXT NOT NULL CHECK (result IN ('meets', 'lacks')),
  note TEXT NOT NULL,
  checked_by UUID NOT NULL REFERENCES person (id),
  checked_at BIGINT NOT NULL
);

CREATE INDEX formal_check_filing ON formal_check (filing_id);

CREATE TABLE correction_request (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  wanted_by_on TEXT,
  requested_by UUID REFERENCES person (id),
  requested_at BIGINT NOT NULL
);

CREATE INDEX correction_request_filing ON correction_request (filing_id);

CREATE TABLE correction_answer (
  request_id UUID NOT NULL PRIMARY KEY REFERENCES correction_request (id),
  answer_filing_id UUID REFERENCES filing (id),
  text TEXT NOT NULL,
  answered_by UUID NOT NULL REFERENCES person (id),
  answered_at BIGINT NOT NULL
);

CREATE INDEX correction_answer_filing ON correction_answer (answer_filing_id);

CREATE TABLE forwarding (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  from_id UUID NOT NULL REFERENCES organisation (id),
  to_id UUID NOT NULL REFERENCES organisation (id),
  forwarded_by UUID NOT NULL REFERENCES person (id),
  forwarded_at BIGINT NOT NULL,
  UNIQUE (filing_id, to_id)
);
