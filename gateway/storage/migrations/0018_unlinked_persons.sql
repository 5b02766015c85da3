-- The day on which somebody was last unlinked from the log, so that their list of accesses says that it goes no further back. Of what
-- was unlinked it holds nothing.
CREATE TABLE person_unlinked (
  person_no bigint PRIMARY KEY,
  day       integer NOT NULL                -- since 1970, as days are counted in Viet Nam
);
GRANT SELECT ON person_unlinked TO lienthong_worker;
