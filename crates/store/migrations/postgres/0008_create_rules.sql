-- Rule packs from outside the program: proposed by one person, in force once another has approved.
CREATE TABLE rule_pack (
  id UUID NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  digest BYTEA NOT NULL,
  body TEXT NOT NULL,
  note TEXT NOT NULL,
  proposed_by UUID NOT NULL REFERENCES person (id),
  proposed_at BIGINT NOT NULL
);

-- A number is in force once: of two approvals at the same time the second is refused.
CREATE TABLE rule_pack_approval (
  pack_id UUID NOT NULL PRIMARY KEY REFERENCES rule_pack (id),
  number BIGINT NOT NULL UNIQUE,
  approved_by UUID NOT NULL REFERENCES person (id),
  approved_at BIGINT NOT NULL
);

-- Limits of computers that moved because the rule book changed; the computer holds the newest.
CREATE TABLE limit_change (
  id UUID NOT NULL PRIMARY KEY,
  computer_id UUID NOT NULL REFERENCES computer (id),
  before_on TEXT,
  after_on TEXT,
  before_rules BYTEA NOT NULL,
  after_rules BYTEA NOT NULL,
  recorded_at BIGINT NOT NULL
);

CREATE INDEX limit_change_computer ON limit_change (computer_id, recorded_at);

CREATE TRIGGER rule_pack_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_pack
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER rule_pack_approval_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_pack_approval
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER limit_change_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON limit_change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
