-- What persons ask of the register itself, and what officers decided of persons' matters.

-- Matters that wait for an officer: objections that are neither decided nor lifted, and requests that are not decided. Derived.
CREATE TABLE matter_open (
  receipt_id  bytea PRIMARY KEY REFERENCES consent_matter,
  scope_no    bigint NOT NULL,
  kind        smallint NOT NULL, -- lienthong.consent.v1.MatterKind
  recorded_at timestamptz NOT NULL,
  extended    boolean NOT NULL DEFAULT false
);
CREATE INDEX matter_open_by_scope ON matter_open (scope_no);
INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
SELECT receipt_id, scope_no, 3, recorded_at FROM consent_objected;
DROP TABLE consent_objected;

-- Fields that a request is about. Its scope is the person's with no recipient and no purpose: the register itself.
ALTER TABLE consent_matter ADD COLUMN field_ids integer[] NOT NULL DEFAULT '{}';
CREATE INDEX consent_matter_decided ON consent_matter (recorded_at) WHERE kind IN (3, 5, 6, 7);

-- Decisions and extensions. Rows are only ever added, and one counts by its signature alone: what somebody writes here by SQL is
-- ignored and reported.
CREATE TABLE matter_act (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest     text NOT NULL UNIQUE,          -- SHA-256 of the act's bytes, base64url
  receipt_id bytea NOT NULL REFERENCES consent_matter,
  body       bytea NOT NULL,                -- the act's bytes, sealed under the digest
  officer    text NOT NULL,
  signature  text NOT NULL,
  entry_id   bytea NOT NULL,                -- of the log
  at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX matter_act_by_matter ON matter_act (receipt_id);

GRANT SELECT, INSERT ON matter_act TO lienthong_worker;
GRANT SELECT, INSERT, DELETE, UPDATE (extended) ON matter_open TO lienthong_worker;
