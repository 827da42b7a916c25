-- What clients are promised about the two sides: freshness of reads, as it is typed, and acknowledgement of writes.
ALTER TABLE crossfade_control.migration
  ADD COLUMN freshness text NOT NULL DEFAULT 'read-your-writes',
  ADD COLUMN ack text NOT NULL DEFAULT 'async' CHECK (ack IN ('async', 'mirrored'));

ALTER TABLE crossfade_control.change
  ADD COLUMN from_freshness text DEFAULT 'read-your-writes',
  ADD COLUMN from_ack text DEFAULT 'async',
  ADD COLUMN to_freshness text NOT NULL DEFAULT 'read-your-writes',
  ADD COLUMN to_ack text NOT NULL DEFAULT 'async',
  DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check
    CHECK (kind IN ('CREATED', 'REPLACED', 'STAGE', 'READS', 'ROLLBACK', 'CHECKED', 'MOVE_BEGUN', 'MOVE_FAILED', 'CONSISTENCY'));
