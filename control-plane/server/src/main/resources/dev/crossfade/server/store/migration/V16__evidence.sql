-- What benchmarks before a rollout came to. The latest of a migration counts, if its file still is the one that was measured.

CREATE TABLE crossfade_control.evidence (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration    text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  file_hash    text NOT NULL,
  is_go        boolean NOT NULL,
  reason       text NOT NULL,                       -- the first one; empty when it is a go
  measured_at  timestamptz NOT NULL,
  submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor        text NOT NULL,
  document     bytea NOT NULL                       -- a crossfade.v1.BenchmarkVerdict
);
CREATE INDEX evidence_of_migration ON crossfade_control.evidence (migration, id DESC);
