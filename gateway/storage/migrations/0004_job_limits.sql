-- What a job is judged by: the share of misses counts rows that could be judged, and a job that is closing takes only the
-- chunks that its close named missing.

ALTER TABLE job
  ADD COLUMN judged bigint NOT NULL DEFAULT 0,
  ADD COLUMN expected_chunks integer;       -- set with state CLOSING

-- Until now every row counted as one that could be judged.
UPDATE job SET judged = rows;
