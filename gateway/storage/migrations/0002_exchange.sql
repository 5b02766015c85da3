-- Who may call, under which agreement; the log; the keys that make everything happen once; jobs.

CREATE TABLE agency (
  code         text PRIMARY KEY,
  legal_entity text NOT NULL,
  name_vi      text NOT NULL,
  name_en      text NOT NULL,
  status       text NOT NULL CHECK (status IN ('active', 'barred'))
);

CREATE TABLE agency_certificate (
  fingerprint text PRIMARY KEY,             -- SHA-256 of the DER, lower-case hex
  agency      text NOT NULL REFERENCES agency,
  not_after   timestamptz NOT NULL,
  status      text NOT NULL CHECK (status IN ('active', 'barred'))
);

CREATE TABLE agency_key (
  kid              text PRIMARY KEY,        -- RFC 7638 thumbprint
  agency           text NOT NULL REFERENCES agency,
  jwk              text NOT NULL,           -- public key
  state            text NOT NULL CHECK (state IN ('active', 'retired', 'barred')),
  compromised_from timestamptz
);

CREATE TABLE officer (
  code   text PRIMARY KEY,
  kid    text NOT NULL UNIQUE,
  jwk    text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'barred'))
);

-- An agreement counts only with two valid signatures of different officers over the digest of `body`.
CREATE TABLE agreement (
  id         text NOT NULL,
  version    integer NOT NULL,
  agency     text NOT NULL REFERENCES agency,
  purpose    text NOT NULL,
  body       bytea NOT NULL,
  signatures text[] NOT NULL,
  PRIMARY KEY (id, version)
);

-- Whatever must reach calls in flight. Written under the advisory lock CHANGES taken exclusively, so that revisions
-- become visible in their order.
CREATE TABLE change (
  revision bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('agency', 'certificate', 'key', 'officer', 'agreement')),
  subject  text NOT NULL,                   -- agency code, certificate fingerprint, kid, officer code, agreement id
  at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Tokens seen. At or below the floor everything is refused, so that purging cannot bring a token back to life.
CREATE TABLE used_token (
  issuer text NOT NULL,
  jti    bytea NOT NULL,
  iat    bigint NOT NULL,
  PRIMARY KEY (issuer, jti)
);
CREATE INDEX used_token_iat ON used_token (iat);
CREATE TABLE token_floor (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  iat_floor bigint NOT NULL
);
INSERT INTO token_floor (iat_floor) VALUES (0);

-- Unary requests: same id and digest within ten minutes is the same request.
CREATE TABLE request_key (
  agency     text NOT NULL,
  request_id text NOT NULL,
  digest     bytea NOT NULL,
  entry_id   bytea NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (agency, request_id)
);
CREATE INDEX request_key_at ON request_key (at);

CREATE TABLE job (
  job_id         bytea PRIMARY KEY,         -- 16 random bytes
  agency         text NOT NULL REFERENCES agency,
  purpose        text NOT NULL,
  opening        bytea NOT NULL,            -- StartJobRequest as received, sealed
  opening_digest bytea NOT NULL,
  match_fields   integer[] NOT NULL,
  chunk_rows     integer NOT NULL,
  state          smallint NOT NULL,         -- lienthong.verification.v1.JobState
  chunks         bigint NOT NULL DEFAULT 0,
  rows           bigint NOT NULL DEFAULT 0,
  misses         bigint NOT NULL DEFAULT 0,
  totals         bigint[] NOT NULL,         -- by verdict code, from 1
  acked_through  integer NOT NULL DEFAULT 0,
  started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  active_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  receipt        text,
  checkpoint     text
);
CREATE INDEX job_agency ON job (agency, started_at DESC, job_id);

CREATE TABLE job_chunk (
  job_id   bytea NOT NULL REFERENCES job,
  num      integer NOT NULL,
  digest   bytea NOT NULL,
  entry_id bytea NOT NULL,
  rows     integer NOT NULL DEFAULT 0,
  row_root bytea,
  PRIMARY KEY (job_id, num)
);

-- Answers kept for a retry: sealed, deleted once acknowledged or old.
CREATE TABLE stored_answer (
  entry_id bytea PRIMARY KEY,
  sealed   bytea NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE stored_answer ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX stored_answer_at ON stored_answer (at);

-- The log. One row an entry; what stands in `entry` was hashed as it is. Who the people were stands sealed beside it.
CREATE TABLE log_entry (
  entry_id      bytea PRIMARY KEY,
  salt          bytea NOT NULL,
  entry         bytea NOT NULL,
  agency        text NOT NULL,
  decision      bytea,                      -- sealed
  persons       bytea,                      -- sealed: person numbers of the leaves, in order
  person_bodies bytea,                      -- packed: u16 length, body
  person_leaves bytea                       -- packed: 32 bytes a person
);
ALTER TABLE log_entry ALTER COLUMN persons SET STORAGE EXTERNAL;
ALTER TABLE log_entry ALTER COLUMN person_bodies SET STORAGE EXTERNAL;
ALTER TABLE log_entry ALTER COLUMN person_leaves SET STORAGE EXTERNAL;

CREATE TABLE log_index (
  idx      bigint PRIMARY KEY,
  entry_id bytea NOT NULL UNIQUE,
  leaf     bytea NOT NULL
);

-- Roots of full subtrees of 256, 65,536, … entries: enough to prove anything with two reads a level.
CREATE TABLE log_tile (
  level integer NOT NULL,                   -- 8, 16, 24, …
  pos   bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, pos)
);

-- The one row that gives the log its order. The frontier (roots of the full subtrees on the right edge) lives in it.
CREATE TABLE log_head (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  log_id   text NOT NULL,
  epoch    bigint NOT NULL,                 -- highest epoch given to a worker
  size     bigint NOT NULL,
  root     bytea NOT NULL,
  frontier bytea NOT NULL
);

-- One gateway process, its epoch and the length of its lease.
CREATE TABLE worker (
  worker_id   uuid PRIMARY KEY,
  epoch       bigint NOT NULL UNIQUE,
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until timestamptz NOT NULL
);
