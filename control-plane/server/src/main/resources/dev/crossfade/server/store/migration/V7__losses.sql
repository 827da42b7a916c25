-- What would be lost on the way back and is lost by the lens, who has accepted it, and rollbacks that wait for a move to end.

ALTER TABLE crossfade_control.job
  DROP CONSTRAINT job_kind_check,
  ADD CONSTRAINT job_kind_check CHECK (
    kind IN ('BACKFILL', 'VERIFY', 'REPAIR', 'CONTINUOUS_VERIFY', 'APPLY', 'ROLLBACK_LOSS', 'LENS_CHECK'));

-- The latest measurement of what the authority's way back would lose that came to its end.
CREATE TABLE crossfade_control.rollback_loss (
  migration text COLLATE "C" PRIMARY KEY REFERENCES crossfade_control.migration (name),
  began_at  timestamptz NOT NULL,
  ended_at  timestamptz NOT NULL,
  epoch     bigint NOT NULL,     -- of the fence; with another one it says nothing
  rows      bigint NOT NULL,
  lost      bigint NOT NULL,     -- entities
  undecided bigint NOT NULL,     -- entities that were on their way
  examples  text[] NOT NULL
);

-- The latest check of a lens on data that came to its end.
CREATE TABLE crossfade_control.lens_check (
  migration text COLLATE "C" PRIMARY KEY REFERENCES crossfade_control.migration (name),
  began_at  timestamptz NOT NULL,
  ended_at  timestamptz NOT NULL,
  file_hash text NOT NULL,       -- SHA-256 of the migration file, in lower-case hex
  rows      bigint NOT NULL,     -- of old
  lost      bigint NOT NULL,     -- rows and values that do not come back
  findings  text[] NOT NULL,
  examples  text[] NOT NULL
);

ALTER TABLE crossfade_control.change ADD COLUMN accepts_loss boolean NOT NULL DEFAULT false;

ALTER TABLE crossfade_control.move
  ADD COLUMN accepts_loss boolean NOT NULL DEFAULT false,
  ADD COLUMN then_to text,               -- a rollback that begins when this has ended; null for none
  ADD COLUMN then_actor text,
  ADD COLUMN then_reason text,
  ADD COLUMN then_max_pause_millis bigint,
  ADD COLUMN then_accepts_loss boolean,
  ADD CONSTRAINT move_then_whole CHECK (
    num_nulls(then_to, then_actor, then_reason, then_max_pause_millis, then_accepts_loss) IN (0, 5));
