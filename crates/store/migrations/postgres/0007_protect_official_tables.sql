-- Official tables only grow: what was filed, decided and logged is never overwritten (DESIGN invariant 4).

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'official table is append-only';
END;
$$;

CREATE TRIGGER ledger_leaf_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_sequence_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_sequence
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_checkpoint_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_cosignature_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_cosignature
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER awareness_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON awareness
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER no_report_decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON no_report_decision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER attachment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attachment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER filing_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER filing_attachment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing_attachment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER filing_addressee_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing_addressee
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER formal_check_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON formal_check
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER correction_request_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON correction_request
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER correction_answer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON correction_answer
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER forwarding_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON forwarding
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER computer_revision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON computer_revision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER filing_computer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filing_computer
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
