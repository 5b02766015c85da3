-- Who looked at a person: an index derived from the log, made anew by `lienthong accesses rebuild`. It holds no person: a keyed
-- tag stands for each, and every block is sealed.

-- How far the index has come: every entry of the log below `position` is in it.
CREATE TABLE access_index (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  position   bigint NOT NULL,
  generation integer NOT NULL                -- rises when the index is made anew: what a gateway remembers of it is then void
);
INSERT INTO access_index (position, generation) VALUES (0, 1);

-- A run: postings that were written at once, cut into 2^bits blocks by the first bits of the tag. Never changed; several are
-- merged into a larger one.
CREATE TABLE access_run (
  run      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  level    smallint NOT NULL,               -- by its size
  bits     smallint NOT NULL,
  postings bigint NOT NULL
);
CREATE TABLE access_block (
  run    bigint NOT NULL,
  block  integer NOT NULL,
  sealed bytea NOT NULL,                    -- postings of 20 bytes
  PRIMARY KEY (run, block)
);
-- Blocks of some kilobytes stay in the row, and ciphertext does not compress.
ALTER TABLE access_block ALTER COLUMN sealed SET STORAGE EXTERNAL, SET (toast_tuple_target = 8160);

-- What leaves say, each once: outcome, basis, delay and fields, of nobody.
CREATE TABLE access_body (
  id   integer PRIMARY KEY,
  body bytea NOT NULL UNIQUE
);

-- Answers that were given again: the entry that says so, by the entry of the first time.
CREATE TABLE access_again (
  position bigint PRIMARY KEY,
  entry_id bytea NOT NULL                   -- of the first time
);
CREATE INDEX access_again_entry ON access_again (entry_id);

GRANT SELECT, INSERT, DELETE ON access_run, access_block, access_body, access_again TO lienthong_worker;
GRANT SELECT, UPDATE ON access_index TO lienthong_worker;
