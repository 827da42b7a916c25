-- Who may call: tokens, of which only a hash is kept.
CREATE TABLE crossfade_control.access_token (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash       text COLLATE "C" NOT NULL UNIQUE,  -- SHA-256 of the secret, in lower-case hex
  name       text NOT NULL,
  role       text NOT NULL CHECK (role IN ('VIEWER', 'OPERATOR', 'ADMIN', 'SIDECAR')),
  service    text NOT NULL,                     -- of a sidecar's token: its service; empty for any
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  CHECK (num_nulls(revoked_at, revoked_by) IN (0, 2))
);

-- Goes up with every change of the tokens, so that replicas notice it by reading one row.
CREATE TABLE crossfade_control.access_version (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  version  bigint NOT NULL
);
INSERT INTO crossfade_control.access_version (version) VALUES (0);
