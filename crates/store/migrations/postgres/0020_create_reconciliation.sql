-- What the register of an operator is compared with, and when that was done last. The stamp says of which state.
CREATE TABLE reconciliation (
  owner_id UUID NOT NULL PRIMARY KEY REFERENCES organisation (id),
  inventory_import_id UUID REFERENCES asset_import (id),
  espa_import_id UUID REFERENCES asset_import (id),
  stamp TEXT,
  compared_at BIGINT,
  CHECK ((stamp IS NULL) = (compared_at IS NULL))
);

-- Differences that were found, each a task. One that went away is closed and says why; it never opens again.
CREATE TABLE reconciliation_task (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('not_notified', 'changed', 'ended', 'inventory_only', 'inventory_missing', 'inventory_differs', 'espa_only', 'espa_missing', 'espa_differs', 'twice')),
  task_key TEXT NOT NULL,
  computer_id UUID REFERENCES computer (id),
  other_computer_id UUID REFERENCES computer (id),
  import_id UUID REFERENCES asset_import (id),
  place TEXT,
  product TEXT NOT NULL,
  maker TEXT NOT NULL,
  facility TEXT NOT NULL,
  field TEXT,
  before_text TEXT,
  after_text TEXT,
  counts_by TEXT CHECK (counts_by IN ('duty', 'introduction', 'change')),
  counted_from TEXT,
  day_known BIGINT NOT NULL CHECK (day_known IN (0, 1)),
  facility_id UUID REFERENCES facility (id),
  due_on TEXT,
  found_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'set_aside', 'closed')),
  closed_why TEXT CHECK (closed_why IN ('notified', 'exempt', 'out_of_use', 'changed_again', 'source_changed', 'agrees')),
  closed_at BIGINT,
  version BIGINT NOT NULL,
  CHECK ((state = 'closed') = (closed_why IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);

CREATE UNIQUE INDEX reconciliation_task_standing ON reconciliation_task (owner_id, task_key) WHERE state <> 'closed';
CREATE INDEX reconciliation_task_owner ON reconciliation_task (owner_id, state, due_on, id);

-- What people decided on them, the earlier decisions too.
CREATE TABLE reconciliation_decision (
  id UUID NOT NULL PRIMARY KEY,
  task_id UUID NOT NULL REFERENCES reconciliation_task (id),
  decision TEXT NOT NULL CHECK (decision IN ('set_aside', 'reopened')),
  reason TEXT NOT NULL,
  decided_by UUID NOT NULL REFERENCES person (id),
  decided_at BIGINT NOT NULL
);

CREATE INDEX reconciliation_decision_task ON reconciliation_decision (task_id, decided_at);
