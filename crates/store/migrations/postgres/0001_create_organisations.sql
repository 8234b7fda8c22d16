CREATE TABLE instance (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE organisation (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('operator', 'ministry', 'regional_office', 'cabinet_office', 'committee', 'contractor')),
  name_ja TEXT COLLATE "C" NOT NULL,
  name_en TEXT NOT NULL,
  desk_code TEXT UNIQUE,
  corporate_number TEXT UNIQUE,
  sector TEXT,
  prefecture TEXT,
  parent_id UUID REFERENCES organisation (id),
  designated_on TEXT,
  designation_cause TEXT CHECK (designation_cause IN ('ordinary', 'succession')),
  prompt_target_hours BIGINT,
  full_target_days_before BIGINT,
  version BIGINT NOT NULL,
  CHECK ((designated_on IS NULL) = (designation_cause IS NULL)),
  CHECK (kind <> 'operator' OR (sector IS NOT NULL AND designated_on IS NOT NULL))
);

CREATE TABLE person (
  id UUID NOT NULL PRIMARY KEY,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  login TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT NOT NULL,
  locale TEXT NOT NULL CHECK (locale IN ('ja', 'en')),
  password_hash TEXT NOT NULL,
  totp_sealed BYTEA,
  totp_last_step BIGINT,
  enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX person_organisation ON person (organisation_id);

CREATE TABLE person_role (
  person_id UUID NOT NULL REFERENCES person (id),
  role TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (person_id, role)
);

CREATE TABLE session (
  id UUID NOT NULL PRIMARY KEY,
  token_hash BYTEA NOT NULL UNIQUE,
  person_id UUID NOT NULL REFERENCES person (id),
  assurance TEXT NOT NULL CHECK (assurance IN ('password', 'second_factor')),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  stepped_up_at BIGINT,
  revoked_at BIGINT
);

CREATE INDEX session_person ON session (person_id);

CREATE TABLE api_token (
  id UUID NOT NULL PRIMARY KEY,
  token_hash BYTEA NOT NULL UNIQUE,
  person_id UUID NOT NULL REFERENCES person (id),
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT
);

CREATE INDEX api_token_person ON api_token (person_id);

CREATE TABLE enrolment (
  secret_hash BYTEA NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('invitation', 'second_factor')),
  created_by UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT
);

CREATE INDEX enrolment_person ON enrolment (person_id);

CREATE TABLE recovery_code (
  person_id UUID NOT NULL REFERENCES person (id),
  code_hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE login_attempt (
  subject_hash BYTEA NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  window_started_at BIGINT NOT NULL,
  locked_until BIGINT
);
