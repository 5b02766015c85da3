-- Issuers are whom officers' acts name, and no table; with each consent the key that it was taken in under; and what a legal clock or
-- a lawful delay runs for, to be counted.

DROP TABLE consent_issuer;

-- RFC 7638 thumbprint of the key that signed the artefact; NULL for consents that were granted before it was kept.
ALTER TABLE consent ADD COLUMN issuer_key text;

-- Objections that are neither decided nor lifted.
CREATE TABLE consent_objected (
  receipt_id  bytea PRIMARY KEY REFERENCES consent_matter,
  scope_no    bigint NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX consent_objected_by_scope ON consent_objected (scope_no);
INSERT INTO consent_objected (receipt_id, scope_no, recorded_at)
SELECT m.receipt_id, m.scope_no, m.recorded_at FROM consent_matter m
WHERE m.kind = 3 AND NOT EXISTS (
  SELECT FROM consent_matter l WHERE l.scope_no = m.scope_no AND l.kind = 4 AND l.recorded_at > m.recorded_at);

-- Derived with the index of accesses: uses that the person is not to be told of yet, by the moment (unix seconds) from which they are.
CREATE TABLE access_delayed (
  until  bigint PRIMARY KEY,
  leaves bigint NOT NULL
);

GRANT SELECT, INSERT, DELETE ON consent_objected TO lienthong_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON access_delayed TO lienthong_worker;
