-- How many workers a job has side by side; those that are there already go on with one.
ALTER TABLE crossfade_control.job
  ADD COLUMN workers integer NOT NULL DEFAULT 1 CHECK (workers BETWEEN 1 AND 16);
