-- Long work on the databases of migrations. No login to them is in here.

CREATE TABLE crossfade_control.job (
  id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration              text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  kind                   text NOT NULL CHECK (kind IN ('BACKFILL', 'VERIFY', 'REPAIR')),
  state                  text NOT NULL DEFAULT 'QUEUED'
    CHECK (state IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELLED')),
  wanted                 text NOT NULL DEFAULT 'RUN' CHECK (wanted IN ('RUN', 'PAUSE', 'CANCEL')),
  chunk                  integer NOT NULL,
  most_pending           integer NOT NULL,
  replication_lag_millis bigint NOT NULL,
  replication_bytes      bigint NOT NULL,
  again                  boolean NOT NULL,
  created_at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at             timestamptz,
  ended_at               timestamptz,
  owner                  text NOT NULL DEFAULT '',
  term                   bigint NOT NULL DEFAULT 0,    -- grows with each owner; who writes with an older one owns it no more
  lease_until            timestamptz,
  step                   text NOT NULL DEFAULT '',
  done                   bigint NOT NULL DEFAULT 0,
  total                  bigint NOT NULL DEFAULT 0,    -- 0: not known
  rate                   double precision NOT NULL DEFAULT 0,
  failed                 bigint NOT NULL DEFAULT 0,
  drifted                bigint NOT NULL DEFAULT 0,
  repaired               bigint NOT NULL DEFAULT 0,
  restless               bigint NOT NULL DEFAULT 0,
  examples               text[] NOT NULL DEFAULT '{}',
  at_group               text NOT NULL DEFAULT '',     -- where a verification stands; a backfill's place is kept on the authority
  at_list                integer NOT NULL DEFAULT 0,
  at_key                 text[],
  waits                  text NOT NULL DEFAULT '',
  error                  text NOT NULL DEFAULT '',
  CHECK ((state = 'RUNNING') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('DONE', 'FAILED', 'CANCELLED')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX job_open ON crossfade_control.job (migration, kind)
  WHERE state IN ('QUEUED', 'RUNNING', 'PAUSED');
CREATE INDEX job_of_migration ON crossfade_control.job (migration, id DESC);

-- What people did to a job. Append-only; leaves with the job.
CREATE TABLE crossfade_control.job_event (
  job    bigint NOT NULL REFERENCES crossfade_control.job (id) ON DELETE CASCADE,
  number bigint GENERATED ALWAYS AS IDENTITY,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind   text NOT NULL CHECK (kind IN ('STARTED', 'PAUSED', 'RESUMED', 'CANCELLED')),
  actor  text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (job, number)
);
CREATE TRIGGER job_event_is_append_only BEFORE UPDATE ON crossfade_control.job_event
  FOR EACH STATEMENT EXECUTE FUNCTION crossfade_control.refuse_update();
