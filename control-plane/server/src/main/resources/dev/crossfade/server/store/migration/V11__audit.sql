-- Every change that anybody makes, in a chain of hashes. What a record is made of is in engine.audit.AuditRecord.

CREATE TABLE crossfade_control.audit (
  number    bigint PRIMARY KEY,
  at        timestamptz NOT NULL,
  action    text COLLATE "C" NOT NULL,
  migration text COLLATE "C" NOT NULL,   -- no reference: the log outlives what it tells of
  actor     text COLLATE "C" NOT NULL,
  reason    text NOT NULL,
  before    text NOT NULL,
  after     text NOT NULL,
  hash      text COLLATE "C" NOT NULL
);
CREATE INDEX audit_of_migration ON crossfade_control.audit (migration, number DESC);
CREATE INDEX audit_of_actor ON crossfade_control.audit (actor, number DESC);

CREATE FUNCTION crossfade_control.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON crossfade_control.audit
  FOR EACH STATEMENT EXECUTE FUNCTION crossfade_control.refuse_audit_change();

-- The log's end, in the row that whoever changes anything has locked: records that are gone from the end are missed by it.
ALTER TABLE crossfade_control.catalog
  ADD COLUMN audit_number bigint NOT NULL DEFAULT 0,
  ADD COLUMN audit_hash text NOT NULL DEFAULT repeat('0', 64);
