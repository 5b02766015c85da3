-- What agencies have used of their limits, and what they guessed wrong. Written in the transaction that adds the answer to the log.

-- The present window of each limit. `party` is an agency with a purpose, or a legal entity with none.
CREATE TABLE limit_counter (
  party        text COLLATE "C" NOT NULL,
  purpose      text COLLATE "C" NOT NULL,   -- '' for a legal entity
  kind         smallint NOT NULL,           -- 1 calls of the minute, 2 rows of the day, 3 people of the day, 9 revision of `guess`
  window_start timestamptz NOT NULL,
  used         bigint NOT NULL,
  PRIMARY KEY (party, purpose, kind)
);

-- People asked about today under agreements that bound their number. The key is keyed (agency, purpose, day, person): it says
-- nothing to whoever has only the database.
CREATE TABLE subject_seen (
  subject bigint PRIMARY KEY,
  day     date NOT NULL
);
CREATE INDEX subject_seen_day ON subject_seen USING brin (day);

-- Different values that were asked and did not match, by unit: keyed (legal entity, person or unknown number, field), or keyed
-- (legal entity, name, date) with the numbers tried for it as values. Whoever adds a value holds the legal entity's counter of kind 9
-- and has looked whether it is there: no index has to say so once more.
CREATE TABLE guess (
  unit  bigint NOT NULL,
  value bigint NOT NULL,                    -- keyed hash
  day   smallint NOT NULL                   -- when it was first asked, days since 1970 in Viet Nam
);
CREATE INDEX guess_unit ON guess (unit);

-- Of them, those whose bound may be near: gateways have these in memory.
CREATE TABLE guess_near (
  unit     bigint PRIMARY KEY,
  entity   text NOT NULL,
  field    smallint NOT NULL,               -- 1 number, 2 name, 3 date of birth
  count    integer NOT NULL,
  revision bigint NOT NULL                  -- of the entity's counter of kind 9
);
CREATE INDEX guess_near_revision ON guess_near (entity, revision);

-- Legal entities near their bound of one field of one person, under a name that no entity's own units have: an alarm, never a refusal.
CREATE TABLE guess_crossing (
  unit   bigint NOT NULL,
  entity text NOT NULL,
  day    integer NOT NULL,
  PRIMARY KEY (unit, entity)
);

-- Officers' agreement that a paused job goes on. It counts with the valid signatures of two of them over `body`; each gateway looks
-- itself, so a state that somebody wrote into `job` opens nothing.
CREATE TABLE job_release (
  job_id     bytea NOT NULL REFERENCES job,
  judged     bigint NOT NULL,               -- rows judged when it was paused
  body       bytea NOT NULL,
  signatures text[] NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (job_id, judged)
);
GRANT SELECT ON job_release TO lienthong_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON limit_counter, subject_seen, guess, guess_near, guess_crossing TO lienthong_worker;
