-- Filings that travel on to another instance: how far each came. The filing itself and what it binds stand elsewhere.
CREATE TABLE peer_filing (
  filing_id BLOB NOT NULL PRIMARY KEY REFERENCES filing (id),
  case_id BLOB NOT NULL REFERENCES incident_case (id),
  peer TEXT NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'filed', 'refused')),
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER,
  last_error TEXT,
  last_detail TEXT,
  remote_case BLOB,
  remote_filing BLOB,
  remote_number TEXT,
  remote_filed_at INTEGER,
  delivered_at INTEGER,
  opened_at INTEGER,
  checked_at INTEGER,
  looked_at INTEGER,
  created_at INTEGER NOT NULL,
  CHECK ((state = 'refused') = (next_attempt_at IS NULL)),
  CHECK (state <> 'filed' OR (remote_case IS NOT NULL AND remote_filing IS NOT NULL AND remote_number IS NOT NULL AND remote_filed_at IS NOT NULL))
) STRICT;

CREATE INDEX peer_filing_next ON peer_filing (next_attempt_at);
CREATE INDEX peer_filing_case ON peer_filing (case_id, place);

-- Receipts from the logs of the other instance, as they came, and what came of verifying them.
CREATE TABLE peer_receipt (
  filing_id BLOB NOT NULL REFERENCES peer_filing (filing_id),
  log TEXT NOT NULL,
  receipt TEXT NOT NULL,
  verdict TEXT NOT NULL,
  witnesses INTEGER NOT NULL,
  judged_at INTEGER NOT NULL,
  PRIMARY KEY (filing_id, log)
) STRICT;
