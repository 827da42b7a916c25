-- Which statements the sidecars see. No literal of a statement is in here.

-- Sums of two lists of counts, place by place; the shorter one counts as zeros.
CREATE FUNCTION crossfade_control.added(bigint[], bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY place), '{}')
  FROM unnest($1, $2) WITH ORDINALITY AS counts (a, b, place)
$$;

-- One statement of one service on the tables of one migration, over all sidecars of the service.
CREATE TABLE crossfade_control.query (
  migration   text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  service     text COLLATE "C" NOT NULL,
  fingerprint bytea NOT NULL,              -- SHA-256 of the text
  text        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('READ', 'WRITE', 'OTHER')),
  translation text NOT NULL CHECK (translation IN ('PENDING', 'TRANSLATED', 'REFUSED')),
  code        text NOT NULL,
  position    integer NOT NULL,            -- -1: concerns the whole text
  detail      text NOT NULL,
  scans       bytea NOT NULL,              -- a crossfade.v1.SeenQuery with nothing but scans
  executions  bigint NOT NULL,
  on_old      bigint[] NOT NULL,           -- executions by step of latency; empty: none
  on_new      bigint[] NOT NULL,
  first_seen  timestamptz NOT NULL,
  last_seen   timestamptz NOT NULL,
  PRIMARY KEY (migration, service, fingerprint)
);
CREATE INDEX query_by_age ON crossfade_control.query (migration, last_seen);

-- How many statements of a migration made room for others.
CREATE TABLE crossfade_control.query_eviction (
  migration text COLLATE "C" PRIMARY KEY REFERENCES crossfade_control.migration (name),
  evicted   bigint NOT NULL
);

-- What a service sends besides.
CREATE TABLE crossfade_control.query_service (
  service  text COLLATE "C" PRIMARY KEY,
  unmapped bigint NOT NULL,
  unlisted bigint NOT NULL
);

-- The last page of each sidecar's process: what comes again is not counted again.
CREATE TABLE crossfade_control.query_sender (
  service     text COLLATE "C" NOT NULL,
  instance    text COLLATE "C" NOT NULL,
  incarnation text COLLATE "C" NOT NULL,
  page        bigint NOT NULL,
  seen_at     timestamptz NOT NULL,
  PRIMARY KEY (service, instance)
);
