-- Heads of the log that witnesses are asked to cosign, one at a time, and what they signed.

CREATE TABLE offered_head (
  size       bigint PRIMARY KEY CHECK (size > 0),
  root       bytea NOT NULL,                -- what is cosigned; compared with the log's own each time it is given out
  offered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One of an agency and head. Organisations are counted, not agencies: two of one organisation are one witness.
CREATE TABLE cosignature (
  size         bigint NOT NULL REFERENCES offered_head ON DELETE CASCADE,
  agency       text NOT NULL,
  legal_entity text NOT NULL,
  line         text NOT NULL,               -- signature line of a C2SP note, without its line feed
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (size, agency)
);

GRANT SELECT, INSERT ON offered_head, cosignature TO lienthong_worker;
-- Those that were replaced by later ones and have had their time.
GRANT DELETE ON offered_head TO lienthong_worker;
