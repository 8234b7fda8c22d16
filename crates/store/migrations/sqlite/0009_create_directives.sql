-- Orders, opinions, demands and guidance of the authorities (Act Arts 6, 7, 9, 10), and what came of them.
CREATE TABLE directive (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('order', 'opinion', 'demand', 'guidance')),
  duty TEXT NOT NULL CHECK (duty IN ('notification', 'change', 'report')),
  issuer_id BLOB NOT NULL REFERENCES organisation (id),
  addressee_id BLOB NOT NULL REFERENCES organisation (id),
  operator_id BLOB NOT NULL REFERENCES organisation (id),
  filing_id BLOB REFERENCES filing (id),
  text TEXT NOT NULL,
  grounds TEXT NOT NULL,
  hearing TEXT NOT NULL,
  due_on TEXT,
  rules_digest BLOB NOT NULL,
  issued_by BLOB NOT NULL REFERENCES person (id),
  issued_at INTEGER NOT NULL
) STRICT;

CREATE INDEX directive_issuer ON directive (issuer_id, issued_at);
CREATE INDEX directive_addressee ON directive (addressee_id, issued_at);
CREATE INDEX directive_filing ON directive (filing_id);

CREATE TABLE directive_opening (
  directive_id BLOB NOT NULL PRIMARY KEY REFERENCES directive (id),
  opened_by BLOB NOT NULL REFERENCES person (id),
  opened_at INTEGER NOT NULL
) STRICT;

CREATE TABLE directive_reply (
  id BLOB NOT NULL PRIMARY KEY,
  directive_id BLOB NOT NULL REFERENCES directive (id),
  text TEXT NOT NULL,
  filing_id BLOB REFERENCES filing (id),
  replied_by BLOB NOT NULL REFERENCES person (id),
  replied_at INTEGER NOT NULL
) STRICT;

CREATE INDEX directive_reply_directive ON directive_reply (directive_id, replied_at);

CREATE TABLE directive_closing (
  directive_id BLOB NOT NULL PRIMARY KEY REFERENCES directive (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('fulfilled', 'not_fulfilled', 'withdrawn')),
  note TEXT NOT NULL,
  closed_by BLOB NOT NULL REFERENCES person (id),
  closed_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER directive_refuses_update BEFORE UPDATE ON directive
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_refuses_delete BEFORE DELETE ON directive
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_opening_refuses_update BEFORE UPDATE ON directive_opening
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_opening_refuses_delete BEFORE DELETE ON directive_opening
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_reply_refuses_update BEFORE UPDATE ON directive_reply
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_reply_refuses_delete BEFORE DELETE ON directive_reply
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_closing_refuses_update BEFORE UPDATE ON directive_closing
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER directive_closing_refuses_delete BEFORE DELETE ON directive_closing
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
