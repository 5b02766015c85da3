/** The statements of limits in the append transaction. Each is prepared once a connection under its name. */

/** Kinds of `limit_counter`. */
export const KINDS = { calls: 1, rows: 2, subjects: 3, guesses: 9 } as const;

/** Days that a wrong value counts. */
export const GUESS_DAYS = 30;

const DAY = `date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'`;
const TODAY = `((clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - DATE '1970-01-01')`;

/**
 * Adds to counters and holds their rows until the commit, in the order of their keys. A window that is over begins anew; a clock set
 * back leaves the one that there is.
 */
export const TAKE_LIMITS = {
  name: 'limits-take',
  text: `
INSERT INTO limit_counter AS c (party, purpose, kind, window_start, used)
SELECT party, purpose, kind,
  CASE kind WHEN ${KINDS.calls} THEN date_trunc('minute', clock_timestamp()) WHEN ${KINDS.guesses} THEN 'epoch' ELSE ${DAY} END, add
FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[]) AS t (party, purpose, kind, add)
ORDER BY party COLLATE "C", purpose COLLATE "C", kind
ON CONFLICT (party, purpose, kind) DO UPDATE SET
  used = CASE WHEN c.window_start < excluded.window_start THEN 0 ELSE c.used END + excluded.used,
  window_start = greatest(c.window_start, excluded.window_start)
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
SELECT g.unit::text AS unit, cardinality(g.vals) AS count, g.field, g.entity FROM unnest($1::text[], $2::bigint[]) AS t (entity, since)
JOIN guess g ON g.entity = t.entity AND g.revision > t.since AND g.revision > 0`,
} as const;

/**
 * Adds wrong values. A value that is there already changes nothing; those whose days are over go. From $6 values on a unit is near,
 * which the given revision tells everybody who looks.
 */
export const ADD_GUESSES = {
  name: 'limits-add-guesses',
  text: `
INSERT INTO guess AS g (unit, entity, field, vals, days, newest, revision)
SELECT unit, min(entity), min(field), array_agg(DISTINCT value),
  array_fill((SELECT ${TODAY}), ARRAY[count(DISTINCT value)::integer]), (SELECT ${TODAY}),
  CASE WHEN count(DISTINCT value) >= $6 THEN min(revision) ELSE - min(revision) END
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::bigint[]) AS t (unit, value, field, entity, revision)
GROUP BY unit ORDER BY unit
ON CONFLICT (unit) DO UPDATE SET
  newest = excluded.newest,
  (vals, days, revision) = (
    SELECT array_agg(value ORDER BY day, value), array_agg(day ORDER BY day, value),
      CASE WHEN count(*) >= $6 THEN abs(excluded.revision) ELSE - abs(excluded.revision) END
    FROM (SELECT value, min(day) AS day
      FROM (SELECT * FROM unnest(g.vals, g.days) UNION ALL SELECT * FROM unnest(excluded.vals, excluded.days)) AS both_sides (value, day)
      WHERE day > excluded.newest - ${GUESS_DAYS} GROUP BY value) AS merged)
WHERE NOT g.vals @> excluded.vals
RETURNING unit::text AS unit, cardinality(vals) AS count, field, entity`,
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

export const READ_GUESSES = {
  name: 'limits-read-guesses',
  text: `
SELECT unit::text AS unit,
  ARRAY(SELECT value::text FROM unnest(vals, days) AS t (value, day) WHERE day > ${TODAY} - ${GUESS_DAYS}) AS vals
FROM guess WHERE unit = ANY($1::bigint[])`,
} as const;
