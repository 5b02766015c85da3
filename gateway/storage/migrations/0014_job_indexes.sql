-- Jobs are kept for ever, and counted: those that an agency has open whenever it starts one, those of the last days by their state.

CREATE INDEX CONCURRENTLY IF NOT EXISTS job_open ON job (agency, active_at) WHERE state IN (1, 2, 3);
CREATE INDEX CONCURRENTLY IF NOT EXISTS job_ended ON job (active_at) INCLUDE (state) WHERE state NOT IN (1, 2, 3);
