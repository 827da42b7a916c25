-- Rollouts: where they stand, what their guards said, who is to be asked or told. No secret is in here: webhooks name variables.

CREATE TABLE crossfade_control.rollout (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration      text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  file_hash      text NOT NULL,                     -- of the file whose plan it follows
  started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_by     text NOT NULL,
  state          text NOT NULL,
  step           integer NOT NULL,
  reason         text NOT NULL,
  since          timestamptz NOT NULL,
  watched        boolean NOT NULL,
  stage          text NOT NULL,                     -- where the migration is by the rollout's own doing
  read_buckets   integer NOT NULL,
  move           bigint NOT NULL DEFAULT 0,
  job            bigint NOT NULL DEFAULT 0,
  confirmed      boolean NOT NULL DEFAULT false,
  baseline       bytea NOT NULL,                    -- where the step's counting begins; see store.Baselines
  broken         jsonb NOT NULL DEFAULT '{}',       -- since when guards have been broken, in milliseconds, by name
  waits          text NOT NULL DEFAULT '',
  ended_at       timestamptz
);
CREATE UNIQUE INDEX rollout_open ON crossfade_control.rollout (migration) WHERE ended_at IS NULL;
CREATE INDEX rollout_of_migration ON crossfade_control.rollout (migration, id DESC);

CREATE TABLE crossfade_control.rollout_sample (
  number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollout   bigint NOT NULL REFERENCES crossfade_control.rollout (id) ON DELETE CASCADE,
  step      integer NOT NULL,
  guard     text NOT NULL,
  at        timestamptz NOT NULL,
  outcome   text NOT NULL,
  reason    text NOT NULL,
  value     double precision NOT NULL,
  bound     double precision NOT NULL,
  samples   bigint NOT NULL,
  dry_run   boolean NOT NULL
);
CREATE INDEX rollout_sample_of ON crossfade_control.rollout_sample (rollout, number DESC);

-- The latest result of each name; earlier ones are in the audit log.
CREATE TABLE crossfade_control.rollout_evidence (
  migration text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  name      text COLLATE "C" NOT NULL,
  value     double precision NOT NULL,
  at        timestamptz NOT NULL,
  actor     text NOT NULL,
  PRIMARY KEY (migration, name)
);

-- Calls of webhooks, written in the transaction of what they ask or tell about.
CREATE TABLE crossfade_control.rollout_call (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollout    bigint NOT NULL REFERENCES crossfade_control.rollout (id) ON DELETE CASCADE,
  webhook    text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('CONFIRM', 'NOTIFY')),
  body       text NOT NULL,
  created_at timestamptz NOT NULL,
  state      text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'DONE', 'FAILED', 'OBSOLETE')),
  attempts   integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  result     text NOT NULL DEFAULT ''
);
CREATE INDEX rollout_call_open ON crossfade_control.rollout_call (next_at) WHERE state = 'OPEN';
CREATE INDEX rollout_call_of ON crossfade_control.rollout_call (rollout, id DESC);

-- One control plane works on rollouts; whoever writes with an older term does so no more.
CREATE TABLE crossfade_control.rollout_lead (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  owner       text NOT NULL,
  term        bigint NOT NULL,
  lease_until timestamptz NOT NULL
);
INSERT INTO crossfade_control.rollout_lead (owner, term, lease_until) VALUES ('', 0, '-infinity');
