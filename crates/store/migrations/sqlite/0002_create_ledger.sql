CREATE TABLE ledger_leaf (
  id BLOB NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  act TEXT NOT NULL,
  subject_id BLOB,
  salt BLOB NOT NULL,
  record TEXT NOT NULL,
  commitment BLOB NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX ledger_leaf_subject ON ledger_leaf (subject_id);

CREATE TABLE ledger_pending (
  leaf_id BLOB NOT NULL PRIMARY KEY REFERENCES ledger_leaf (id),
  log TEXT NOT NULL
) STRICT;

CREATE INDEX ledger_pending_log ON ledger_pending (log, leaf_id);

CREATE TABLE ledger_sequence (
  log TEXT NOT NULL,
  leaf_index INTEGER NOT NULL,
  leaf_id BLOB NOT NULL UNIQUE REFERENCES ledger_leaf (id),
  PRIMARY KEY (log, leaf_index)
) STRICT;

CREATE TABLE ledger_checkpoint (
  log TEXT NOT NULL,
  tree_size INTEGER NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (log, tree_size)
) STRICT;

CREATE TABLE ledger_cosignature (
  log TEXT NOT NULL,
  tree_size INTEGER NOT NULL,
  witness TEXT NOT NULL,
  line TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (log, tree_size, witness)
) STRICT;
