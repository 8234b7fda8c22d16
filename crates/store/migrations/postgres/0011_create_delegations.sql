-- What a person of a contractor may see or fill in, until when.
CREATE TABLE delegation (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  contractor_id UUID NOT NULL REFERENCES organisation (id),
  person_id UUID NOT NULL REFERENCES person (id),
  case_id UUID NOT NULL REFERENCES incident_case (id),
  sections TEXT NOT NULL,
  extent TEXT NOT NULL,
  reason TEXT NOT NULL,
  until_at BIGINT NOT NULL,
  given_by UUID NOT NULL REFERENCES person (id),
  given_at BIGINT NOT NULL
);

CREATE INDEX delegation_owner ON delegation (owner_id, given_at);
CREATE INDEX delegation_person ON delegation (person_id, given_at);

-- That it ended before its time.
CREATE TABLE delegation_end (
  delegation_id UUID NOT NULL PRIMARY KEY REFERENCES delegation (id),
  ended_by UUID NOT NULL REFERENCES person (id),
  ended_at BIGINT NOT NULL
);

CREATE TRIGGER delegation_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delegation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delegation_end_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delegation_end
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
