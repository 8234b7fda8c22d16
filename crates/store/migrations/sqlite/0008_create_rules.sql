-- Rule packs from outside the program: proposed by one person, in force once another has approved.
CREATE TABLE rule_pack (
  id BLOB NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  digest BLOB NOT NULL,
  body TEXT NOT NULL,
  note TEXT NOT NULL,
  proposed_by BLOB NOT NULL REFERENCES person (id),
  proposed_at INTEGER NOT NULL
) STRICT;

-- A number is in force once: of two approvals at the same time the second is refused.
CREATE TABLE rule_pack_approval (
  pack_id BLOB NOT NULL PRIMARY KEY REFERENCES rule_pack (id),
  number INTEGER NOT NULL UNIQUE,
  approved_by BLOB NOT NULL REFERENCES person (id),
  approved_at INTEGER NOT NULL
) STRICT;

-- Limits of computers that moved because the rule book changed; the computer holds the newest.
CREATE TABLE limit_change (
  id BLOB NOT NULL PRIMARY KEY,
  computer_id BLOB NOT NULL REFERENCES computer (id),
  before_on TEXT,
  after_on TEXT,
  before_rules BLOB NOT NULL,
  after_rules BLOB NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX limit_change_computer ON limit_change (computer_id, recorded_at);

CREATE TRIGGER rule_pack_refuses_update BEFORE UPDATE ON rule_pack
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER rule_pack_refuses_delete BEFORE DELETE ON rule_pack
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER rule_pack_approval_refuses_update BEFORE UPDATE ON rule_pack_approval
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER rule_pack_approval_refuses_delete BEFORE DELETE ON rule_pack_approval
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER limit_change_refuses_update BEFORE UPDATE ON limit_change
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER limit_change_refuses_delete BEFORE DELETE ON limit_change
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
