-- Filings that travel on to another instance: how far each came. The filing itself and what it binds stand elsewhere.
CREATE TABLE peer_filing (
  filing_id UUID NOT NULL PRIMARY KEY REFERENCES filing (id),
  case_id UUID NOT NULL REFERENCES incident_case (id),
  peer TEXT NOT NULL,
  place BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'filed', 'refused')),
  attempts BIGINT NOT NULL,
  next_attempt_at BIGINT,
  last_error TEXT,
  last_detail TEXT,
  remote_case UUID,
  remote_filing UUID,
  remote_number TEXT,
  remote_filed_at BIGINT,
  delivered_at BIGINT,
  opened_at BIGINT,
  checked_at BIGINT,
  looked_at BIGINT,
  created_at BIGINT NOT NULL,
  CHECK ((state = 'refused') = (next_attempt_at IS NULL)),
  CHECK (state <> 'filed' OR (remote_case IS NOT NULL AND remote_filing IS NOT NULL AND remote_number IS NOT NULL AND remote_filed_at IS NOT NULL))
);

CREATE INDEX peer_filing_next ON peer_filing (next_attempt_at);
CREATE INDEX peer_filing_case ON peer_filing (case_id, place);

-- Receipts from the logs of the other instance, as they came, and what came of verifying them.
CREATE TABLE peer_receipt (
  filing_id UUID NOT NULL REFERENCES peer_filing (filing_id),
  log TEXT NOT NULL,
  receipt TEXT NOT NULL,
  verdict TEXT NOT NULL,
  witnesses BIGINT NOT NULL,
  judged_at BIGINT NOT NULL,
  PRIMARY KEY (filing_id, log)
);
