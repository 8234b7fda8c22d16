CREATE TABLE attachment (
  digest BLOB NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  created_by BLOB NOT NULL REFERENCES person (id),
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE filing (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('asset_notification', 'asset_change', 'asset_retirement', 'incident_prompt', 'incident_update', 'incident_full', 'incident_correction', 'incident_withdrawal')),
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  case_id BLOB REFERENCES incident_case (id),
  supersedes_id BLOB REFERENCES filing (id),
  sequence INTEGER NOT NULL,
  form_version TEXT NOT NULL,
  body TEXT NOT NULL,
  body_digest BLOB NOT NULL,
  rules_digest BLOB NOT NULL,
  filed_by BLOB NOT NULL REFERENCES person (id),
  filed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX filing_owner ON filing (owner_id, filed_at);
CREATE INDEX filing_case ON filing (case_id, sequence);
CREATE INDEX filing_supersedes ON filing (supersedes_id);

-- A version is corrected once: of two corrections at the same time the second is refused. A report may still follow it.
CREATE UNIQUE INDEX filing_corrected_once ON filing (supersedes_id)
  WHERE kind IN ('asset_notification', 'asset_change', 'asset_retirement', 'incident_correction');

CREATE TABLE filing_attachment (
  filing_id BLOB NOT NULL REFERENCES filing (id),
  position INTEGER NOT NULL,
  digest BLOB NOT NULL REFERENCES attachment (digest),
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (filing_id, position)
) STRICT;

CREATE TABLE filing_addressee (
  filing_id BLOB NOT NULL REFERENCES filing (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  role TEXT NOT NULL CHECK (role IN ('minister', 'regional_head', 'prime_minister', 'prime_minister_forwarded')),
  basis TEXT NOT NULL,
  since_at INTEGER NOT NULL,
  PRIMARY KEY (filing_id, organisation_id)
) STRICT;

CREATE INDEX filing_addressee_organisation ON filing_addressee (organisation_id, since_at);

-- Which records of awareness a report speaks of; its body says the same.
CREATE TABLE filing_awareness (
  filing_id BLOB NOT NULL REFERENCES filing (id),
  awareness_id BLOB NOT NULL REFERENCES awareness (id),
  PRIMARY KEY (filing_id, awareness_id)
) STRICT;

CREATE TABLE filing_search (
  filing_id BLOB NOT NULL PRIMARY KEY REFERENCES filing (id),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE delivery (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'opened', 'dead')),
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER,
  delivered_at INTEGER,
  opened_at INTEGER,
  last_error TEXT,
  version INTEGER NOT NULL,
  UNIQUE (filing_id, organisation_id)
) STRICT;

CREATE INDEX delivery_state ON delivery (state, next_attempt_at);

CREATE TABLE formal_check (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  result TEXT NOT NULL CHECK (result IN ('meets', 'lacks')),
  note TEXT NOT NULL,
  checked_by BLOB NOT NULL REFERENCES person (id),
  checked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX formal_check_filing ON formal_check (filing_id);

CREATE TABLE correction_request (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  wanted_by_on TEXT,
  requested_by BLOB REFERENCES person (id),
  requested_at INTEGER NOT NULL
) STRICT;

CREATE INDEX correction_request_filing ON correction_request (filing_id);

CREATE TABLE correction_answer (
  request_id BLOB NOT NULL PRIMARY KEY REFERENCES correction_request (id),
  answer_filing_id BLOB REFERENCES filing (id),
  text TEXT NOT NULL,
  answered_by BLOB NOT NULL REFERENCES person (id),
  answered_at INTEGER NOT NULL
) STRICT;

CREATE INDEX correction_answer_filing ON correction_answer (answer_filing_id);

CREATE TABLE forwarding (
  id BLOB NOT NULL PRIMARY KEY,
  filing_id BLOB NOT NULL REFERENCES filing (id),
  from_id BLOB NOT NULL REFERENCES organisation (id),
  to_id BLOB NOT NULL REFERENCES organisation (id),
  forwarded_by BLOB NOT NULL REFERENCES person (id),
  forwarded_at INTEGER NOT NULL,
  UNIQUE (filing_id, to_id)
) STRICT;
