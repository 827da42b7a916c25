-- Verifications that go on, files of statements that are applied, and what the last pass over all of a migration's entities came to.

ALTER TABLE crossfade_control.job
  DROP CONSTRAINT job_kind_check,
  ADD CONSTRAINT job_kind_check CHECK (kind IN ('BACKFILL', 'VERIFY', 'REPAIR', 'CONTINUOUS_VERIFY', 'APPLY')),
  ADD COLUMN rows_per_second integer NOT NULL DEFAULT 0,          -- 0: as fast as it can
  ADD COLUMN slowdown double precision NOT NULL DEFAULT 3,        -- of reads on old, above which it goes slower
  ADD COLUMN passes bigint NOT NULL DEFAULT 0,                    -- over all entities, that have come to their end
  ADD COLUMN pass_began_at timestamptz,                           -- of the pass that is under way
  ADD COLUMN pass_authority text CHECK (pass_authority IN ('OLD', 'NEW')),
  ADD COLUMN pass_epoch bigint NOT NULL DEFAULT 0,                -- of the fence; when that has moved the pass is worth nothing
  ADD COLUMN script_side text CHECK (script_side IN ('OLD', 'NEW')),  -- null for all but APPLY
  ADD COLUMN script_source text NOT NULL DEFAULT '',
  ADD COLUMN script text NOT NULL DEFAULT '',
  ADD CONSTRAINT job_script_check CHECK ((kind = 'APPLY') = (script_side IS NOT NULL));

-- The latest pass that came to its end: everything that was committed before it began has been compared.
CREATE TABLE crossfade_control.verification (
  migration  text COLLATE "C" PRIMARY KEY REFERENCES crossfade_control.migration (name),
  began_at   timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  authority  text NOT NULL CHECK (authority IN ('OLD', 'NEW')),
  epoch      bigint NOT NULL,
  rows       bigint NOT NULL,
  drifted    bigint NOT NULL,     -- entities that were not repaired either
  restless   bigint NOT NULL,
  examples   text[] NOT NULL,
  backfilled boolean NOT NULL     -- no backfill had stopped before its end
);
