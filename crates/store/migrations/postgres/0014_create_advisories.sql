-- Files of published vulnerability information that were found in the folder of the instance.
CREATE TABLE advisory_file (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  digest BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('read', 'set_aside')),
  reason TEXT,
  entries BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  CHECK ((state = 'set_aside') = (reason IS NOT NULL)),
  UNIQUE (digest, name)
);

CREATE INDEX advisory_file_received ON advisory_file (received_at);

-- One published piece of information, as its newest file says it.
CREATE TABLE advisory (
  id UUID NOT NULL PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('kev', 'csaf', 'jvn')),
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  published_on TEXT,
  cves TEXT NOT NULL,
  link TEXT,
  digest BYTEA NOT NULL,
  file_id UUID NOT NULL REFERENCES advisory_file (id),
  changed_at BIGINT NOT NULL,
  UNIQUE (source, number)
);

CREATE INDEX advisory_changed ON advisory (changed_at);

-- What it names as affected, with the product of the master that the name was taken for.
CREATE TABLE advisory_product (
  advisory_id UUID NOT NULL REFERENCES advisory (id),
  position BIGINT NOT NULL,
  maker TEXT NOT NULL,
  product TEXT NOT NULL,
  versions TEXT NOT NULL,
  product_key TEXT NOT NULL,
  maker_key TEXT NOT NULL,
  meant_product TEXT,
  PRIMARY KEY (advisory_id, position)
);

CREATE INDEX advisory_product_meant ON advisory_product (meant_product);

CREATE INDEX advisory_product_key ON advisory_product (product_key);

-- Which revision of a computer was compared with everything published up to which moment.
CREATE TABLE advisory_compared (
  computer_id UUID NOT NULL PRIMARY KEY REFERENCES computer (id),
  revision_id UUID NOT NULL,
  published_up_to BIGINT NOT NULL
);

-- A published piece of information that may concern a computer. A person decides.
CREATE TABLE advisory_candidate (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  computer_id UUID NOT NULL REFERENCES computer (id),
  advisory_id UUID NOT NULL REFERENCES advisory (id),
  position BIGINT NOT NULL,
  reason TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  decision TEXT CHECK (decision IN ('concerns', 'does_not', 'later')),
  decided_at BIGINT,
  version BIGINT NOT NULL,
  CHECK ((decision IS NULL) = (decided_at IS NULL)),
  UNIQUE (computer_id, advisory_id)
);

CREATE INDEX advisory_candidate_owner ON advisory_candidate (owner_id, decision);

-- Every decision on a candidate, the earlier ones too.
CREATE TABLE advisory_decision (
  id UUID NOT NULL PRIMARY KEY,
  candidate_id UUID NOT NULL REFERENCES advisory_candidate (id),
  decision TEXT NOT NULL CHECK (decision IN ('concerns', 'does_not', 'later')),
  reason TEXT,
  decided_by UUID NOT NULL REFERENCES person (id),
  decided_at BIGINT NOT NULL,
  CHECK (decision <> 'does_not' OR reason IS NOT NULL)
);

CREATE INDEX advisory_decision_candidate ON advisory_decision (candidate_id, decided_at);
