-- What officers did: proposals and decisions over them, each with its signature over the digest of the exact bytes. Rows are
-- only ever added, and one counts by its signatures alone: what somebody writes here by SQL is ignored and reported.

CREATE TABLE act (
  digest    text PRIMARY KEY,               -- SHA-256 of `body`, base64url: the name of a proposal
  kind      text NOT NULL CHECK (kind IN ('act', 'agreement')),
  body      bytea NOT NULL,
  officer   text NOT NULL,                  -- who proposed
  signature text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE act_decision (
  seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest    text NOT NULL UNIQUE REFERENCES act,
  outcome   text NOT NULL CHECK (outcome IN ('approved', 'alone', 'rejected')),
  officer   text NOT NULL,
  signature text,                           -- of an approval
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Decisions whose change was written: calls in flight have been told.
CREATE TABLE act_applied (
  digest text PRIMARY KEY REFERENCES act_decision (digest),
  at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Agencies admitted by officers stand in their acts and not in the table.
ALTER TABLE job DROP CONSTRAINT job_agency_fkey;

GRANT SELECT, INSERT ON act, act_decision, act_applied TO lienthong_worker;
-- A change only makes gateways look again at what is signed.
GRANT INSERT ON change TO lienthong_worker;
