CREATE TABLE instance (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE organisation (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('operator', 'ministry', 'regional_office', 'cabinet_office', 'committee', 'contractor')),
  name_ja TEXT NOT NULL,
  name_en TEXT NOT NULL,
  desk_code TEXT UNIQUE,
  corporate_number TEXT UNIQUE,
  sector TEXT,
  prefecture TEXT,
  parent_id BLOB REFERENCES organisation (id),
  designated_on TEXT,
  designation_cause TEXT CHECK (designation_cause IN ('ordinary', 'succession')),
  prompt_target_hours INTEGER,
  full_target_days_before INTEGER,
  version INTEGER NOT NULL,
  CHECK ((designated_on IS NULL) = (designation_cause IS NULL)),
  CHECK (kind <> 'operator' OR (sector IS NOT NULL AND designated_on IS NOT NULL))
) STRICT;

CREATE TABLE person (
  id BLOB NOT NULL PRIMARY KEY,
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  locale TEXT NOT NULL CHECK (locale IN ('ja', 'en')),
  password_hash TEXT NOT NULL,
  totp_sealed BLOB,
  totp_last_step INTEGER,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX person_organisation ON person (organisation_id);

CREATE TABLE person_role (
  person_id BLOB NOT NULL REFERENCES person (id),
  role TEXT NOT NULL,
  PRIMARY KEY (person_id, role)
) STRICT;

CREATE TABLE session (
  id BLOB NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  person_id BLOB NOT NULL REFERENCES person (id),
  assurance TEXT NOT NULL CHECK (assurance IN ('password', 'second_factor')),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  stepped_up_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX session_person ON session (person_id);

CREATE TABLE api_token (
  id BLOB NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  person_id BLOB NOT NULL REFERENCES person (id),
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX api_token_person ON api_token (person_id);

CREATE TABLE enrolment (
  secret_hash BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('invitation', 'second_factor')),
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;

CREATE INDEX enrolment_person ON enrolment (person_id);

CREATE TABLE recovery_code (
  person_id BLOB NOT NULL REFERENCES person (id),
  code_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (person_id, code_hash)
) STRICT;

CREATE TABLE login_attempt (
  subject_hash BLOB NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  window_started_at INTEGER NOT NULL,
  locked_until INTEGER
) STRICT;
