-- The catalog of migrations, its history, and the sidecars that follow it.

-- One row: its lock orders all changes, its version is theirs.
CREATE TABLE crossfade_control.catalog (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  bigint NOT NULL CHECK (version >= 0)
);
INSERT INTO crossfade_control.catalog (version) VALUES (0);

CREATE TABLE crossfade_control.migration (
  name         text COLLATE "C" PRIMARY KEY,
  version      bigint NOT NULL UNIQUE,
  yaml         text NOT NULL,
  source       text NOT NULL,
  stage        text NOT NULL
    CHECK (stage IN ('OFF', 'DUAL_WRITE', 'SHADOW', 'RAMP', 'LIVE', 'RAMPDOWN', 'COMPLETE')),
  read_buckets integer NOT NULL CHECK (read_buckets BETWEEN 0 AND 100000),
  stickiness   text NOT NULL CHECK (stickiness IN ('SESSION', 'ENTITY', 'USER', 'RANDOM')),
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL
);

-- Append-only: rows are never updated, and leave only when a migration has more than a thousand.
CREATE TABLE crossfade_control.change (
  version           bigint PRIMARY KEY,
  migration         text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  at                timestamptz NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('CREATED', 'REPLACED', 'STAGE', 'READS', 'ROLLBACK')),
  actor             text NOT NULL,
  reason            text NOT NULL,
  from_stage        text,
  from_read_buckets integer,
  from_stickiness   text,
  to_stage          text NOT NULL,
  to_read_buckets   integer NOT NULL,
  to_stickiness     text NOT NULL,
  CHECK (num_nulls(from_stage, from_read_buckets, from_stickiness) IN (0, 3))
);
CREATE INDEX change_of_migration ON crossfade_control.change (migration, version DESC);

CREATE FUNCTION crossfade_control.refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of changes is append-only';
END $$;
CREATE TRIGGER change_is_append_only BEFORE UPDATE ON crossfade_control.change
  FOR EACH STATEMENT EXECUTE FUNCTION crossfade_control.refuse_update();

CREATE TABLE crossfade_control.sidecar (
  service        text COLLATE "C" NOT NULL,
  instance       text COLLATE "C" NOT NULL,
  build_version  text NOT NULL,
  connected_at   timestamptz NOT NULL,
  connected      boolean NOT NULL,
  acked_version  bigint NOT NULL,
  nacked_version bigint NOT NULL,
  nack_reason    text NOT NULL,
  last_seen      timestamptz NOT NULL,
  sessions       integer NOT NULL,
  circuit        text NOT NULL,
  routed_old     bigint NOT NULL,
  routed_new     bigint NOT NULL,
  fallbacks      bigint NOT NULL,
  PRIMARY KEY (service, instance)
);
