/** The statements of limits in the append transaction. Each is prepared once a connection under its name. */

import { RETENTION } from '../retention/table.ts';

/** Kinds of `limit_counter`. */
export const KINDS = { calls: 1, rows: 2, subjects: 3, excess: 4, guesses: 9 } as const;

const DAY_S = 86_400;
/** Days that a wrong value counts. */
export const GUESS_DAYS = RETENTION.guesses.seconds / DAY_S;
/** Days that it stands who was asked about in one, that one included. */
export const SUBJECT_DAYS = RETENTION.subjects.seconds / DAY_S;

type Clock = 'now()' | 'clock_timestamp()';

/**
 * The day of Viet Nam that runs: its beginning, its date, and its number since 1970. By `now()` where a statement is to find by index:
 * a time that may change while it runs finds nothing so.
 */
export const dayStart = (at: Clock): string =>
  `date_trunc('day', ${at} AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'`;
export const dateToday = (at: Clock): string => `(${at} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`;
export const dayNumber = (at: Clock): string => `(${dateToday(at)} - DATE '1970-01-01')`;

export const DAY = dayStart('clock_timestamp()');
const TODAY = dayNumber('clock_timestamp()');

/**
 * What adding to a counter of windows sets. A window that is over begins anew; a clock set back leaves the one that comes next, so that
 * nobody has two of it. One further off was begun by a clock that ran ahead: the one that runs takes its place, with all that was
 * used, or it would be the counter's until its own time comes.
 */
const inItsWindow = (length: string): string => `
  used = CASE WHEN c.window_start < excluded.window_start THEN 0 ELSE c.used END + excluded.used,
  window_start = CASE WHEN c.window_start > excluded.window_start + ${length} THEN excluded.window_start
    ELSE greatest(c.window_start, excluded.window_start) END`;

/** Of misses beyond the share that count today: as {@link inItsWindow} has it, the window that comes next included. */
export const inDay = (at: string): string => `${at} >= ${DAY} AND ${at} <= (${DAY}) + interval '1 day'`;

/** Adds to counters and holds their rows until the commit, in the order of their keys. */
export const TAKE_LIMITS = {
  name: 'limits-take',
  text: `
INSERT INTO limit_counter AS c (party, purpose, kind, window_start, used)
SELECT party, purpose, kind,
  CASE kind WHEN ${KINDS.calls} THEN date_trunc('minute', clock_timestamp()) WHEN ${KINDS.guesses} THEN 'epoch' ELSE ${DAY} END, add
FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[]) AS t (party, purpose, kind, add)
ORDER BY party COLLATE "C", purpose COLLATE "C", kind
ON CONFLICT (party, purpose, kind) DO UPDATE SET ${inItsWindow(`CASE c.kind WHEN ${KINDS.calls} THEN interval '1 minute' ELSE interval '1 day' END`)}
RETURNING party, purpose, kind, used::float8 AS used, extract(epoch FROM window_start)::float8 AS since,
  extract(epoch FROM clock_timestamp())::float8 AS now`,
} as const;

/** Gives back, or adds to, counters that this transaction holds. */
export const CORRECT_LIMITS = {
  name: 'limits-correct',
  text: `
UPDATE limit_counter AS c SET used = c.used + t.add
FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[]) AS t (party, purpose, kind, add)
WHERE c.party = t.party AND c.purpose = t.purpose AND c.kind = t.kind`,
} as const;

/**
 * Misses beyond the share of the jobs of a legal entity, of this day. Whoever adds to one holds the entity's counter of guesses: no two
 * groups wait for each other here.
 */
export const ADD_EXCESS = {
  name: 'limits-add-excess',
  text: `
INSERT INTO limit_counter AS c (party, purpose, kind, window_start, used)
SELECT party, '', ${KINDS.excess}, ${DAY}, add FROM unnest($1::text[], $2::bigint[]) AS t (party, add) ORDER BY party COLLATE "C"
ON CONFLICT (party, purpose, kind) DO UPDATE SET ${inItsWindow("interval '1 day'")}`,
} as const;

/** Those of the people who were not asked about today. */
export const NEW_SUBJECTS = {
  name: 'limits-new-subjects',
  text: `
SELECT DISTINCT subject::text AS subject FROM unnest($1::bigint[]) AS t (subject)
WHERE NOT EXISTS (SELECT FROM subject_seen s WHERE s.subject = t.subject)`,
} as const;

export const ADD_SUBJECTS = {
  name: 'limits-add-subjects',
  text: `INSERT INTO subject_seen (subject, day) SELECT subject, (${DAY})::date FROM unnest($1::bigint[]) AS t (subject) ORDER BY subject ON CONFLICT DO NOTHING`,
} as const;

/** What came near its bound since a revision. */
export const NEAR_SINCE = {
  name: 'limits-near-since',
  text: `
SELECT n.unit::text AS unit, n.count, n.field, n.entity FROM unnest($1::text[], $2::bigint[]) AS t (entity, since)
JOIN guess_near n ON n.entity = t.entity AND n.revision > t.since`,
} as const;

/** Values of these units whose days are not over, unit and value in turn; of nearly all there are none. */
export const READ_GUESSES = {
  name: 'limits-read-guesses',
  text: `
SELECT string_agg(int8send(unit) || int8send(value), '') AS held FROM guess
WHERE unit = ANY($1::bigint[]) AND day > (SELECT ${TODAY}) - ${GUESS_DAYS}`,
} as const;

/** Adds wrong values that are not there: whoever adds holds the counters of the units' legal entity and has looked. */
export const ADD_GUESSES = {
  name: 'limits-add-guesses',
  text: `
INSERT INTO guess (unit, value, day)
SELECT unit, value, (SELECT ${TODAY}) FROM unnest($1::bigint[], $2::bigint[]) AS t (unit, value)`,
} as const;

export const PUT_NEAR = {
  name: 'limits-put-near',
  text: `
INSERT INTO guess_near (unit, entity, field, count, revision)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::integer[], $5::bigint[]) AS t (unit, entity, field, count, revision)
ORDER BY unit
ON CONFLICT (unit) DO UPDATE SET count = excluded.count, revision = excluded.revision`,
} as const;

/** So many legal entities near the bound of one field of one person are an alarm. */
export const CROSSING_ENTITIES = 3;

/** Legal entities that came near; returns the fields of people that are an alarm with this one. */
export const ADD_CROSSINGS = {
  name: 'limits-add-crossings',
  text: `
WITH came AS (
  INSERT INTO guess_crossing AS c (unit, entity, day)
  SELECT DISTINCT unit, entity, ${TODAY} FROM unnest($1::bigint[], $2::text[]) AS t (unit, entity) ORDER BY unit, entity
  ON CONFLICT (unit, entity) DO UPDATE SET day = excluded.day RETURNING unit, entity, xmax = 0 AS fresh)
SELECT came.unit FROM came WHERE fresh GROUP BY came.unit
HAVING count(*) + (SELECT count(*) FROM guess_crossing o WHERE o.unit = came.unit AND o.day > ${TODAY} - ${GUESS_DAYS}) >= ${CROSSING_ENTITIES}`,
} as const;
