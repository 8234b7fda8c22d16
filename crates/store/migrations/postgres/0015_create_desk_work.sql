-- Who at a desk handles a filing; the newest line counts, and one without a person means nobody.
CREATE TABLE assignment (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  desk_id UUID NOT NULL REFERENCES organisation (id),
  person_id UUID REFERENCES person (id),
  assigned_by UUID NOT NULL REFERENCES person (id),
  assigned_at BIGINT NOT NULL
);

CREATE INDEX assignment_filing ON assignment (filing_id, desk_id, assigned_at);

-- A filing that one desk of a Minister gave to another (回付).
CREATE TABLE desk_transfer (
  id UUID NOT NULL PRIMARY KEY,
  filing_id UUID NOT NULL REFERENCES filing (id),
  from_id UUID NOT NULL REFERENCES organisation (id),
  to_id UUID NOT NULL REFERENCES organisation (id),
  reason TEXT NOT NULL,
  transferred_by UUID NOT NULL REFERENCES person (id),
  transferred_at BIGINT NOT NULL,
  UNIQUE (filing_id, from_id)
);

-- What a person wants to see of the queue, by a name of its own.
CREATE TABLE saved_filter (
  id UUID NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  kind TEXT,
  assignee TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  UNIQUE (person_id, name)
);

CREATE TRIGGER assignment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assignment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER desk_transfer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
