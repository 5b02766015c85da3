-- What tells whether a chunk can still belong to its job: every chunk but the last is full, so the short one is the last. Kept in
-- the job's row, which the appending transaction holds: a look at the chunks themselves would miss those of another worker.

ALTER TABLE job
  ADD COLUMN highest_chunk integer NOT NULL DEFAULT -1,  -- highest number answered
  ADD COLUMN short_chunk integer;                        -- number of the chunk with fewer than chunk_rows rows, once it is answered

UPDATE job j SET highest_chunk = c.highest, short_chunk = c.short
FROM (
  SELECT k.job_id, max(k.num) AS highest, min(k.num) FILTER (WHERE k.rows < o.chunk_rows) AS short
  FROM job o JOIN job_chunk k ON k.job_id = o.job_id
  WHERE o.state IN (1, 2, 3)
  GROUP BY k.job_id
) c
WHERE j.job_id = c.job_id;
