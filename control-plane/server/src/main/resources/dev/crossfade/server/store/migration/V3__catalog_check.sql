-- Whether the catalogs of both databases were compared for the file that a migration has, as its author said.

ALTER TABLE crossfade_control.migration
  ADD COLUMN checked_at          timestamptz,
  ADD COLUMN checked_by          text,
  ADD COLUMN checked_old         text,
  ADD COLUMN checked_new         text,
  ADD COLUMN checked_fingerprint text,
  ADD COLUMN checked_warnings    integer CHECK (checked_warnings >= 0),
  ADD CONSTRAINT migration_checked_whole CHECK (
    num_nulls(checked_at, checked_by, checked_old, checked_new, checked_fingerprint, checked_warnings) IN (0, 6));

ALTER TABLE crossfade_control.change
  DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check
    CHECK (kind IN ('CREATED', 'REPLACED', 'STAGE', 'READS', 'ROLLBACK', 'CHECKED'));
