CREATE TABLE ledger_leaf (
  id UUID NOT NULL PRIMARY KEY,
  log TEXT COLLATE "C" NOT NULL,
  act TEXT NOT NULL,
  subject_id UUID,
  salt BYTEA NOT NULL,
  record TEXT NOT NULL,
  commitment BYTEA NOT NULL,
  recorded_at BIGINT NOT NULL
);

CREATE INDEX ledger_leaf_subject ON ledger_leaf (subject_id);

CREATE TABLE ledger_pending (
  leaf_id UUID NOT NULL PRIMARY KEY REFERENCES ledger_leaf (id),
  log TEXT COLLATE "C" NOT NULL
);

CREATE INDEX ledger_pending_log ON ledger_pending (log, leaf_id);

CREATE TABLE ledger_sequence (
  log TEXT COLLATE "C" NOT NULL,
  leaf_index BIGINT NOT NULL,
  leaf_id UUID NOT NULL UNIQUE REFERENCES ledger_leaf (id),
  PRIMARY KEY (log, leaf_index)
);

CREATE TABLE ledger_checkpoint (
  log TEXT COLLATE "C" NOT NULL,
  tree_size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (log, tree_size)
);

CREATE TABLE ledger_cosignature (
  log TEXT COLLATE "C" NOT NULL,
  tree_size BIGINT NOT NULL,
  witness TEXT COLLATE "C" NOT NULL,
  line TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (log, tree_size, witness)
);
