-- Ways of migrations to other stages that take their time: written down before they are begun. No login to a database is in here.

CREATE TABLE crossfade_control.move (
  id               bigint PRIMARY KEY,                 -- the catalog's version that its beginning made
  migration        text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  transition       text NOT NULL,
  actor            text NOT NULL,
  reason           text NOT NULL,
  max_pause_millis bigint NOT NULL,
  begun_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  state            text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'DONE', 'FAILED')),
  step             text NOT NULL DEFAULT 'BEGUN',     -- from READY on only who knows what became of it ends it
  waits            text NOT NULL DEFAULT '',
  owner            text NOT NULL DEFAULT '',
  term             bigint NOT NULL DEFAULT 0,          -- grows with each owner; who writes with an older one owns it no more
  lease_until      timestamptz,
  ended_at         timestamptz,
  outcome          text NOT NULL DEFAULT '',
  epoch            bigint NOT NULL DEFAULT 0,          -- 0: the authority was not moved
  pause_micros     bigint NOT NULL DEFAULT 0,          -- 0: not known
  CHECK ((state = 'OPEN') = (ended_at IS NULL)),
  CHECK (state = 'OPEN' OR lease_until IS NULL)
);
CREATE UNIQUE INDEX move_open ON crossfade_control.move (migration) WHERE state = 'OPEN';
CREATE INDEX move_of_migration ON crossfade_control.move (migration, id DESC);

ALTER TABLE crossfade_control.change
  DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check
    CHECK (kind IN ('CREATED', 'REPLACED', 'STAGE', 'READS', 'ROLLBACK', 'CHECKED', 'MOVE_BEGUN', 'MOVE_FAILED'));
