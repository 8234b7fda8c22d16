-- Orders, opinions, demands and guidance of the authorities (Act Arts 6, 7, 9, 10), and what came of them.
CREATE TABLE directive (
  id UUID NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('order', 'opinion', 'demand', 'guidance')),
  duty TEXT NOT NULL CHECK (duty IN ('notification', 'change', 'report')),
  issuer_id UUID NOT NULL REFERENCES organisation (id),
  addressee_id UUID NOT NULL REFERENCES organisation (id),
  operator_id UUID NOT NULL REFERENCES organisation (id),
  filing_id UUID REFERENCES filing (id),
  text TEXT NOT NULL,
  grounds TEXT NOT NULL,
  hearing TEXT NOT NULL,
  due_on TEXT,
  rules_digest BYTEA NOT NULL,
  issued_by UUID NOT NULL REFERENCES person (id),
  issued_at BIGINT NOT NULL
);

CREATE INDEX directive_issuer ON directive (issuer_id, issued_at);
CREATE INDEX directive_addressee ON directive (addressee_id, issued_at);
CREATE INDEX directive_filing ON directive (filing_id);

CREATE TABLE directive_opening (
  directive_id UUID NOT NULL PRIMARY KEY REFERENCES directive (id),
  opened_by UUID NOT NULL REFERENCES person (id),
  opened_at BIGINT NOT NULL
);

CREATE TABLE directive_reply (
  id UUID NOT NULL PRIMARY KEY,
  directive_id UUID NOT NULL REFERENCES directive (id),
  text TEXT NOT NULL,
  filing_id UUID REFERENCES filing (id),
  replied_by UUID NOT NULL REFERENCES person (id),
  replied_at BIGINT NOT NULL
);

CREATE INDEX directive_reply_directive ON directive_reply (directive_id, replied_at);

CREATE TABLE directive_closing (
  directive_id UUID NOT NULL PRIMARY KEY REFERENCES directive (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('fulfilled', 'not_fulfilled', 'withdrawn')),
  note TEXT NOT NULL,
  closed_by UUID NOT NULL REFERENCES person (id),
  closed_at BIGINT NOT NULL
);

CREATE TRIGGER directive_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON directive
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER directive_opening_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON directive_opening
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER directive_reply_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON directive_reply
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER directive_closing_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON directive_closing
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
