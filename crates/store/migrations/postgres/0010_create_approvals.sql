-- Which stages a kind of document passes inside an organisation; the highest number is in force, no stages mean none.
CREATE TABLE approval_route (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  number BIGINT NOT NULL,
  separation TEXT NOT NULL,
  stages TEXT NOT NULL,
  set_by UUID NOT NULL REFERENCES person (id),
  set_at BIGINT NOT NULL,
  UNIQUE (owner_id, kind, number)
);

-- A request for approval with the document as it was frozen.
CREATE TABLE approval_request (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  purpose TEXT NOT NULL,
  kind TEXT NOT NULL,
  case_id UUID REFERENCES incident_case (id),
  filing_id UUID REFERENCES filing (id),
  replaces_id UUID REFERENCES approval_request (id),
  separation TEXT NOT NULL,
  stages TEXT NOT NULL,
  body TEXT NOT NULL,
  body_digest BYTEA NOT NULL,
  wanted TEXT NOT NULL,
  drafters TEXT NOT NULL,
  note TEXT NOT NULL,
  requested_by UUID NOT NULL REFERENCES person (id),
  requested_at BIGINT NOT NULL
);

CREATE INDEX approval_request_case ON approval_request (case_id, kind, requested_at);
CREATE INDEX approval_request_kind ON approval_request (owner_id, kind, requested_at);

-- What was done with it; of two people who decide at the same moment the second is refused.
CREATE TABLE approval_step (
  id UUID NOT NULL PRIMARY KEY,
  request_id UUID NOT NULL REFERENCES approval_request (id),
  number BIGINT NOT NULL,
  step TEXT NOT NULL,
  stage BIGINT NOT NULL,
  comment TEXT NOT NULL,
  behalf_id UUID REFERENCES person (id),
  filing_id UUID REFERENCES filing (id),
  taken_by UUID NOT NULL REFERENCES person (id),
  taken_at BIGINT NOT NULL,
  UNIQUE (request_id, number)
);

-- Who stands in for whom, from and until which day.
CREATE TABLE approval_deputy (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  person_id UUID NOT NULL REFERENCES person (id),
  deputy_id UUID NOT NULL REFERENCES person (id),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_by UUID NOT NULL REFERENCES person (id),
  set_at BIGINT NOT NULL
);

CREATE INDEX approval_deputy_owner ON approval_deputy (owner_id, until_on);

-- That it ended before its last day.
CREATE TABLE approval_deputy_end (
  record_id UUID NOT NULL PRIMARY KEY REFERENCES approval_deputy (id),
  ended_by UUID NOT NULL REFERENCES person (id),
  ended_at BIGINT NOT NULL
);

-- Where a request stands, for lists; the steps are what counts.
CREATE TABLE approval_standing (
  request_id UUID NOT NULL PRIMARY KEY REFERENCES approval_request (id),
  owner_id UUID NOT NULL REFERENCES organisation (id),
  phase TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE INDEX approval_standing_owner ON approval_standing (owner_id, phase);

-- Which requests a person has looked at, to show what changed since.
CREATE TABLE approval_look (
  person_id UUID NOT NULL REFERENCES person (id),
  request_id UUID NOT NULL REFERENCES approval_request (id),
  looked_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, request_id)
);

CREATE TRIGGER approval_route_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_route
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_request_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_request
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_step
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_deputy_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_deputy
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_deputy_end_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_deputy_end
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
