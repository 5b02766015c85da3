-- What a gateway process may do, and nothing else: whoever gets hold of its connection cannot rewrite the log, make an
-- officer or sign an agreement. Roles belong to the whole cluster, so the role may be there already.

DO $$
BEGIN
  CREATE ROLE lienthong_worker NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;

GRANT USAGE ON SCHEMA public TO lienthong_worker;

-- The register, agencies, officers and agreements: to read.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO lienthong_worker;

-- Entries, positions and tiles of the log: to add, never to change or remove. The head: to move on.
GRANT INSERT ON log_entry, log_index, log_tile, log_head TO lienthong_worker;
GRANT UPDATE ON log_head TO lienthong_worker;
GRANT INSERT, UPDATE, DELETE ON worker TO lienthong_worker;

-- Keys that make things happen once, and answers kept for a retry: these have their time.
GRANT INSERT, DELETE ON used_token, request_key, stored_answer, job_chunk TO lienthong_worker;
GRANT UPDATE ON token_floor TO lienthong_worker;

GRANT INSERT, UPDATE ON job TO lienthong_worker;
