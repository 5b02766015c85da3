-- Consent: what persons gave and took back. Consents, and what became of them, are only ever added; what covers now is derived.

-- Issuers of a development deployment. Elsewhere officers' acts name them, and this table counts for nothing.
CREATE TABLE consent_issuer (
  kid          text PRIMARY KEY,            -- RFC 7638 thumbprint
  code         text NOT NULL,
  legal_entity text NOT NULL,
  jwk          text NOT NULL,               -- public key
  state        text NOT NULL CHECK (state IN ('active', 'retired', 'barred'))
);

-- One recipient and one purpose.
CREATE TABLE consent_use (
  use_no    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient text NOT NULL,
  purpose   text NOT NULL,
  UNIQUE (recipient, purpose)
);

-- One person's relation to one use. A change names this number and so no person.
CREATE TABLE consent_scope (
  scope_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_no bigint NOT NULL,
  use_no    integer NOT NULL REFERENCES consent_use,
  UNIQUE (person_no, use_no)
);

CREATE TABLE consent (
  consent_no         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consent_id         bytea NOT NULL UNIQUE, -- 16 random bytes, the artefact's
  scope_no           bigint NOT NULL REFERENCES consent_scope,
  field_ids          integer[] NOT NULL,
  vocabulary_version integer NOT NULL,
  valid_from         bigint NOT NULL,       -- unix seconds
  expires_at         bigint NOT NULL,
  use_quota          integer NOT NULL,      -- 0 for no bound
  issuer             text NOT NULL,
  issued_at          bigint NOT NULL,
  granted_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  entry_id           bytea NOT NULL,        -- of the log
  artefact           bytea NOT NULL         -- as the issuer signed it, sealed under consent_id
);
CREATE INDEX consent_by_scope ON consent (scope_no);

-- A withdrawal, restriction, objection, or the end of a restriction.
CREATE TABLE consent_matter (
  receipt_id     bytea PRIMARY KEY,         -- 16 random bytes
  request_digest bytea NOT NULL UNIQUE,     -- the same request again is the same matter
  kind           smallint NOT NULL,         -- lienthong.consent.v1.MatterKind
  scope_no       bigint NOT NULL REFERENCES consent_scope,
  consent_nos    bigint[] NOT NULL,
  revision       bigint NOT NULL,           -- of `change`
  about_entry    bytea,                     -- the access objected to
  entry_id       bytea NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX consent_matter_by_scope ON consent_matter (scope_no);
CREATE TABLE consent_acknowledgement (
  receipt_id      bytea PRIMARY KEY REFERENCES consent_matter,
  entry_id        bytea NOT NULL,
  acknowledged_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Matters that nobody has acknowledged yet.
CREATE TABLE consent_pending (
  receipt_id bytea PRIMARY KEY REFERENCES consent_matter,
  revision   bigint NOT NULL
);
CREATE TABLE consent_ended (
  consent_no bigint PRIMARY KEY REFERENCES consent,
  receipt_id bytea NOT NULL
);

-- Derived: what covers now. One keyed look-up finds the consents of a chunk's people.
CREATE TABLE consent_in_force (
  use_no     integer NOT NULL,
  person_no  bigint NOT NULL,
  consent_no bigint NOT NULL,
  scope_no   bigint NOT NULL,
  field_ids  integer[] NOT NULL,
  valid_from bigint NOT NULL,
  expires_at bigint NOT NULL,
  use_quota  integer NOT NULL,
  PRIMARY KEY (use_no, person_no, consent_no)
);
-- How many answers stand on a consent that bounds them.
CREATE TABLE consent_uses (
  consent_no bigint PRIMARY KEY,
  use_quota  integer NOT NULL,
  uses       integer NOT NULL
) WITH (fillfactor = 50);

ALTER TABLE change DROP CONSTRAINT change_kind_check;
ALTER TABLE change ADD CONSTRAINT change_kind_check
  CHECK (kind IN ('agency', 'certificate', 'key', 'officer', 'agreement', 'consent'));
-- Most changes are withdrawals, which tell nobody who may call.
CREATE INDEX change_not_consent ON change (revision) WHERE kind <> 'consent';
CREATE INDEX change_consent ON change (revision) WHERE kind = 'consent';

-- Up to which change nothing that a gateway read before is on its way any more; NULL for writers that answer nobody. Where it runs,
-- so that a frozen one can be ended.
ALTER TABLE worker ADD COLUMN settled bigint, ADD COLUMN host text, ADD COLUMN pid integer, ADD COLUMN process_start text;

GRANT SELECT ON consent_issuer TO lienthong_worker;
GRANT SELECT, INSERT ON consent_use, consent_scope, consent, consent_matter, consent_acknowledgement, consent_ended TO lienthong_worker;
GRANT SELECT, INSERT, DELETE ON consent_in_force, consent_pending TO lienthong_worker;
GRANT SELECT, INSERT, UPDATE ON consent_uses TO lienthong_worker;
-- A chunk given again without what was withdrawn since has another root.
GRANT UPDATE (row_root) ON job_chunk TO lienthong_worker;
