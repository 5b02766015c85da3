-- Jobs that an agency has open are counted whenever it starts one.
CREATE INDEX job_open ON job (agency, active_at) WHERE state IN (1, 2, 3);
