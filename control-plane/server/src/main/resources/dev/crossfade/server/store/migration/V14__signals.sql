-- What the sidecars measure. No literal of a statement and no value of a row is in here, unless a migration file asks for values.

-- What the reports that came to one replica add up to, since that process began. Each process writes rows of its own, whole,
-- so nothing is doubled by writing it again; the totals of a migration are the sum of its rows.
CREATE TABLE crossfade_control.signal (
  migration    text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  replica      text COLLATE "C" NOT NULL,    -- names the process; empty: all that are gone
  totals       bytea NOT NULL,               -- a crossfade.v1.MigrationSignals
  reads        bigint NOT NULL,              -- that either side could have answered
  reads_on_new bigint NOT NULL,
  reporting    integer NOT NULL,             -- sidecars, when it was written
  silent       integer NOT NULL,
  pending      bigint NOT NULL,              -- -1: not known
  lag_millis   bigint NOT NULL,              -- -1: not known
  dead_letters bigint NOT NULL,              -- -1: not known
  reported_at  timestamptz NOT NULL,         -- the newest report in it
  written_at   timestamptz NOT NULL,
  PRIMARY KEY (migration, replica)
) WITH (fillfactor = 50);

-- The same of single statements.
CREATE TABLE crossfade_control.signal_query (
  migration  text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  replica    text COLLATE "C" NOT NULL,
  query      text COLLATE "C" NOT NULL,      -- 16 hexadecimal digits
  text       text NOT NULL,                  -- normalised
  totals     bytea NOT NULL,                 -- a crossfade.v1.MigrationSignals
  written_at timestamptz NOT NULL,
  PRIMARY KEY (migration, replica, query)
) WITH (fillfactor = 50);

-- Confirmed differences: of each statement, verdict and set of columns the newest one.
CREATE TABLE crossfade_control.mismatch (
  migration  text COLLATE "C" NOT NULL REFERENCES crossfade_control.migration (name),
  query      text COLLATE "C" NOT NULL,
  verdict    text COLLATE "C" NOT NULL,
  columns    text COLLATE "C" NOT NULL,      -- hash of their names
  sample     bytea NOT NULL,                 -- a crossfade.v1.Mismatch
  count      bigint NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen  timestamptz NOT NULL,
  PRIMARY KEY (migration, query, verdict, columns)
);
