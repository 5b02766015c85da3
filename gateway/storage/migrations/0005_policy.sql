-- Rules that were ever in use, so that no gateway goes back to older ones, not even after a restart with older files.

CREATE TABLE policy_bundle (
  revision      integer PRIMARY KEY CHECK (revision > 0),
  digest        text NOT NULL,              -- SHA-256 of policy.wasm, lower-case hex
  first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- To add, never to change or remove: who forges a row can only keep rules from being used.
GRANT SELECT, INSERT ON policy_bundle TO lienthong_worker;
