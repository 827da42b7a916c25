-- What sidecars say that a person should know.

ALTER TABLE crossfade_control.sidecar
  ADD COLUMN notices text[] NOT NULL DEFAULT '{}';                -- of each: code, migration, message
