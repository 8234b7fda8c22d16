-- What people of an operator confirmed a written maker and product to mean. Nothing filed is changed by it.
CREATE TABLE learned_name (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL REFERENCES organisation (id),
  maker TEXT NOT NULL,
  product TEXT NOT NULL,
  maker_key TEXT NOT NULL,
  product_key TEXT NOT NULL,
  meant_maker TEXT NOT NULL,
  meant_product TEXT,
  learned_by UUID NOT NULL REFERENCES person (id),
  learned_at BIGINT NOT NULL,
  undone_by UUID REFERENCES person (id),
  undone_at BIGINT,
  CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);

CREATE UNIQUE INDEX learned_name_in_force ON learned_name (owner_id, maker_key, product_key) WHERE undone_at IS NULL;

CREATE INDEX learned_name_owner ON learned_name (owner_id, learned_at);
