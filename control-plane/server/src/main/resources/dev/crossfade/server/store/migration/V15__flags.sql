-- Flags of Unleash that migrations follow.
ALTER TABLE crossfade_control.migration
  ADD COLUMN bucket_group text NOT NULL DEFAULT '',
  -- Which flag the file names, and who has taken the share of reads over from it.
  ADD COLUMN flag text,
  ADD COLUMN flag_taken_by text,
  ADD COLUMN flag_taken_at timestamptz,
  ADD CONSTRAINT flag_is_taken_by_somebody CHECK (num_nulls(flag_taken_by, flag_taken_at) IN (0, 2)),
  ADD CONSTRAINT only_a_flag_is_taken CHECK (flag IS NOT NULL OR flag_taken_by IS NULL);

-- The kinds are the program's: a list of them here would have to be the same in every version.
ALTER TABLE crossfade_control.change
  ADD COLUMN from_bucket_group text DEFAULT '',
  ADD COLUMN to_bucket_group text NOT NULL DEFAULT '',
  DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check CHECK (kind ~ '^[A-Z_]{1,40}$');

-- One row: the control plane that asks Unleash for all of them, for the time of a lease.
CREATE TABLE crossfade_control.flag_follower (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  owner       text NOT NULL DEFAULT '',
  term        bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  -- When Unleash last answered, and after which time without an answer what is known is stale.
  heard_at    timestamptz,
  stale_after interval NOT NULL DEFAULT '15 s',
  problem     text NOT NULL DEFAULT ''
);
INSERT INTO crossfade_control.flag_follower DEFAULT VALUES;

-- What was last read of a migration's flag.
CREATE TABLE crossfade_control.flag_reading (
  migration    text COLLATE "C" PRIMARY KEY REFERENCES crossfade_control.migration (name),
  flag         text NOT NULL,
  read_buckets integer CHECK (read_buckets BETWEEN 0 AND 100000),
  origin       text NOT NULL,
  since        timestamptz,
  problem      text NOT NULL,
  CHECK (num_nulls(read_buckets, since) IN (0, 2))
);
