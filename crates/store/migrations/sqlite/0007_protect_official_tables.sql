-- Official tables only grow: what was filed, decided and logged is never overwritten (DESIGN invariant 4).

CREATE TRIGGER ledger_leaf_refuses_update BEFORE UPDATE ON ledger_leaf
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_leaf_refuses_delete BEFORE DELETE ON ledger_leaf
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_sequence_refuses_update BEFORE UPDATE ON ledger_sequence
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_sequence_refuses_delete BEFORE DELETE ON ledger_sequence
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_checkpoint_refuses_update BEFORE UPDATE ON ledger_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_checkpoint_refuses_delete BEFORE DELETE ON ledger_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_cosignature_refuses_update BEFORE UPDATE ON ledger_cosignature
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER ledger_cosignature_refuses_delete BEFORE DELETE ON ledger_cosignature
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER awareness_refuses_update BEFORE UPDATE ON awareness
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER awareness_refuses_delete BEFORE DELETE ON awareness
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER no_report_decision_refuses_update BEFORE UPDATE ON no_report_decision
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER no_report_decision_refuses_delete BEFORE DELETE ON no_report_decision
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER attachment_refuses_update BEFORE UPDATE ON attachment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER attachment_refuses_delete BEFORE DELETE ON attachment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_refuses_update BEFORE UPDATE ON filing
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_refuses_delete BEFORE DELETE ON filing
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_attachment_refuses_update BEFORE UPDATE ON filing_attachment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_attachment_refuses_delete BEFORE DELETE ON filing_attachment
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_addressee_refuses_update BEFORE UPDATE ON filing_addressee
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_addressee_refuses_delete BEFORE DELETE ON filing_addressee
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER formal_check_refuses_update BEFORE UPDATE ON formal_check
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER formal_check_refuses_delete BEFORE DELETE ON formal_check
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER correction_request_refuses_update BEFORE UPDATE ON correction_request
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER correction_request_refuses_delete BEFORE DELETE ON correction_request
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER correction_answer_refuses_update BEFORE UPDATE ON correction_answer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER correction_answer_refuses_delete BEFORE DELETE ON correction_answer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER forwarding_refuses_update BEFORE UPDATE ON forwarding
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER forwarding_refuses_delete BEFORE DELETE ON forwarding
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER computer_revision_refuses_update BEFORE UPDATE ON computer_revision
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER computer_revision_refuses_delete BEFORE DELETE ON computer_revision
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_computer_refuses_update BEFORE UPDATE ON filing_computer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;

CREATE TRIGGER filing_computer_refuses_delete BEFORE DELETE ON filing_computer
BEGIN
  SELECT RAISE(ABORT, 'official table is append-only');
END;
