/** Later imports, second half, as statements over the staging tables of merge-stage.ts. */
import { RELATIONS } from '../columns.ts';
import { insertMatches } from './match-rows.ts';
import type { ImportPlan } from './plan.ts';

/** A field of `person` that the file speaks of. */
interface Compared {
  readonly id: number;
  readonly column: string;
}

/** Columns compared one by one. Without a status column the file says nothing of number and life. */
export function comparedColumns(plan: ImportPlan): Compared[] {
  const compared = plan.columns.map(({ field }) => ({ id: field.id, column: field.column }));
  if (plan.status >= 0) compared.push({ id: 44, column: 'life_status' });
  if (plan.status >= 0 || plan.idStatus >= 0) compared.push({ id: 1, column: 'id_status' });
  return compared;
}

/** Later lines of a personal ID; their identifiers and relatives go with them. */
export const REMOVE_REPEATED = `DELETE FROM stage_person s USING
    (SELECT line, row_number() OVER (PARTITION BY personal_id ORDER BY line) AS nth FROM stage_person) d
  WHERE s.line = d.line AND d.nth > 1 RETURNING s.line, s.person_no, s.is_new`;

/** Persons with the ids of the fields that differ. */
export function findChanged(compared: readonly Compared[]): string {
  const cases = compared.map(({ id, column }) => `CASE WHEN p.${column} IS DISTINCT FROM s.${column} THEN ${id} END`);
  return `CREATE TEMP TABLE changed ON COMMIT DROP AS SELECT * FROM (
      SELECT s.person_no, array_remove(ARRAY[${cases.join(', ')}]::smallint[], NULL)
        || CASE WHEN s.sensitive_changed = '' THEN '{}'::smallint[] ELSE s.sensitive_changed::smallint[] END AS fields
      FROM stage_person s JOIN person p USING (person_no) WHERE NOT s.is_new) each
    WHERE fields <> '{}'`;
}

/** The values that are about to be replaced. A sealed record is kept sealed, once for each of its fields that changes. */
export function keepHistory(compared: readonly Compared[], importNo: number): string {
  const values = compared.map(({ id, column }) => `(${id}::smallint, p.${column}::text, NULL::bytea, NULL::text)`);
  const sealed = [9, 10, 12].map((id) => `(${id}::smallint, NULL, p.sealed, p.sealed_key)`);
  return `INSERT INTO value_history (person_no, field_id, import_no, value, sealed, sealed_key)
    SELECT c.person_no, v.field_id, ${importNo}, v.value, v.sealed, v.sealed_key FROM changed c JOIN person p USING (person_no),
      LATERAL (VALUES ${[...values, ...sealed].join(', ')}) AS v (field_id, value, sealed, sealed_key)
    WHERE v.field_id = ANY (c.fields) AND (v.value IS NOT NULL OR v.sealed IS NOT NULL)`;
}

export function applyChanges(compared: readonly Compared[], importNo: number): string {
  const sets = compared.map(({ column }) => `${column} = s.${column}`);
  return `UPDATE person p SET ${sets.join(', ')},
      sealed = CASE WHEN s.sensitive_changed = '' THEN p.sealed ELSE s.sealed END,
      sealed_key = CASE WHEN s.sensitive_changed = '' THEN p.sealed_key ELSE s.sealed_key END,
      exceptions = put_exceptions(coalesce(p.exceptions, ''), c.fields, ${importNo})
    FROM changed c JOIN stage_person s USING (person_no) WHERE p.person_no = c.person_no`;
}

export function insertNew(columns: readonly string[]): string {
  const list = columns.join(', ');
  return `INSERT INTO person (${list}) SELECT ${list} FROM stage_person WHERE is_new ORDER BY person_no`;
}

/**
 * Numbers of old cards that known persons no longer have, or newly have. With a new number, somebody loses none of those that the
 * record of their old one had.
 */
export const CARD_CHANGES = `
  CREATE TEMP TABLE card_gone ON COMMIT DROP AS
    SELECT i.value, i.person_no FROM stage_person s JOIN identifier i USING (person_no)
    WHERE NOT s.is_new AND i.kind = 2 AND NOT EXISTS (SELECT FROM reissued r WHERE r.person_no = s.person_no)
      AND NOT EXISTS (SELECT FROM stage_identifier n WHERE n.person_no = i.person_no AND n.value = i.value AND n.kind = 2);
  CREATE TEMP TABLE card_added ON COMMIT DROP AS
    SELECT n.value, n.person_no FROM stage_person s JOIN stage_identifier n USING (person_no)
    WHERE NOT s.is_new AND n.kind = 2
      AND NOT EXISTS (SELECT FROM identifier i WHERE i.person_no = n.person_no AND i.value = n.value AND i.kind = 2)`;

export function applyCards(importNo: number): string[] {
  return [
    `INSERT INTO value_history (person_no, field_id, import_no, value) SELECT person_no, 13, ${importNo}, value::text FROM card_gone`,
    'DELETE FROM identifier i USING card_gone g WHERE i.person_no = g.person_no AND i.value = g.value AND i.kind = 2',
    'INSERT INTO identifier (value, person_no, kind, status) SELECT value, person_no, 2, 1 FROM card_added',
  ];
}

/** Numbers of new persons, and the status of known persons' own numbers. */
export const APPLY_OWN_NUMBERS = [
  `INSERT INTO identifier (value, person_no, kind, status)
     SELECT n.value, n.person_no, n.kind, n.status FROM stage_identifier n JOIN stage_person s USING (person_no) WHERE s.is_new`,
  `UPDATE identifier i SET status = p.id_status FROM changed c JOIN person p USING (person_no)
     WHERE i.person_no = c.person_no AND i.kind = 1 AND i.value = p.personal_id AND i.status <> p.id_status`,
];

/** Known persons and kinds of relatives where the file says otherwise than the table. */
export function findRelationChanges(plan: ImportPlan): string {
  const kinds = plan.relations.map(({ kind }) => kind).join(', ') || 'NULL';
  const now = `SELECT r.person_no, r.relative_id, r.kind, r.ordinal, r.name FROM relation r JOIN stage_person s USING (person_no)
    WHERE NOT s.is_new AND r.kind IN (${kinds})`;
  const then = `SELECT r.person_no, r.relative_id, r.kind, r.ordinal, r.name FROM stage_relation r JOIN stage_person s USING (person_no) WHERE NOT s.is_new`;
  return `CREATE TEMP TABLE relation_changed ON COMMIT DROP AS
    SELECT DISTINCT person_no, kind FROM (((${now}) EXCEPT (${then})) UNION ALL ((${then}) EXCEPT (${now}))) each`;
}

export function applyRelations(importNo: number): string[] {
  const fields = RELATIONS.flatMap(({ kind, nameId, numberId }) => [
    `(${kind}, ${nameId}, 'name')`,
    ...(numberId > 0 ? [`(${kind}, ${numberId}, 'number')`] : []),
  ]);
  return [
    `INSERT INTO value_history (person_no, field_id, import_no, value)
       SELECT r.person_no, f.field_id, ${importNo}, string_agg(CASE f.part WHEN 'name' THEN r.name ELSE r.relative_id::text END, ';' ORDER BY r.ordinal)
       FROM relation r JOIN relation_changed USING (person_no, kind) JOIN (VALUES ${fields.join(', ')}) AS f (kind, field_id, part) USING (kind)
       GROUP BY r.person_no, f.field_id HAVING count(CASE f.part WHEN 'name' THEN r.name ELSE r.relative_id::text END) > 0`,
    'DELETE FROM relation r USING relation_changed c WHERE r.person_no = c.person_no AND r.kind = c.kind',
    `INSERT INTO relation (person_no, relative_id, kind, ordinal, name)
       SELECT r.person_no, r.relative_id, r.kind, r.ordinal, r.name FROM stage_relation r JOIN stage_person s USING (person_no)
       WHERE s.is_new OR EXISTS (SELECT FROM relation_changed c WHERE c.person_no = r.person_no AND c.kind = r.kind)`,
  ];
}

/** Who a number that is no longer current belonged to until now; NULL for nobody. `was_own`: as the own number of another person. */
export const NUMBER_CHANGES = `CREATE TEMP TABLE number_change ON COMMIT DROP AS
  SELECT t.value, t.person_no, t.id_status, i.person_no AS before,
    p.personal_id = t.value AND p.person_no <> t.person_no AS was_own
  FROM number_target t
    LEFT JOIN person_match m ON m.value = t.value AND m.kind = 1
    LEFT JOIN identifier i ON i.person_no = m.person_no AND i.value = t.value AND i.kind = 1
    LEFT JOIN person p ON p.person_no = i.person_no
  WHERE i.person_no IS DISTINCT FROM t.person_no OR i.status IS DISTINCT FROM t.id_status`;

/** A person whose own number turns out to be another's earlier one is that person: its numbers move over. */
export const APPLY_NUMBERS = [
  `UPDATE person p SET merged_into = n.person_no FROM number_change n
     WHERE p.person_no = n.before AND n.was_own AND n.before <> n.person_no`,
  `DELETE FROM identifier i USING number_change n WHERE n.was_own AND i.person_no = n.before AND i.kind = 2
     AND EXISTS (SELECT FROM identifier o WHERE o.person_no = n.person_no AND o.kind = 2 AND o.value = i.value)`,
  `UPDATE identifier i SET person_no = n.person_no FROM number_change n WHERE n.was_own AND i.person_no = n.before AND i.value <> n.value`,
  `UPDATE identifier i SET person_no = n.person_no, status = n.id_status FROM number_change n
     WHERE i.person_no = n.before AND i.value = n.value AND i.kind = 1`,
  `INSERT INTO identifier (value, person_no, kind, status) SELECT value, person_no, 1, id_status FROM number_change WHERE before IS NULL`,
];

/** Persons whom other records turned out to be. */
export const MERGED = 'SELECT DISTINCT person_no FROM number_change WHERE was_own';

/** Everybody whose rows of \`person_match\` have to be made again. */
export const FIND_AFFECTED = `
  CREATE TEMP TABLE affected ON COMMIT DROP AS
    SELECT person_no FROM stage_person WHERE is_new UNION SELECT person_no FROM changed UNION SELECT person_no FROM card_gone
    UNION SELECT person_no FROM card_added UNION SELECT person_no FROM number_change
    UNION SELECT before FROM number_change WHERE before IS NOT NULL UNION SELECT person_no FROM reissued;
  CREATE UNIQUE INDEX ON affected (person_no);
  ANALYZE affected;
  DELETE FROM person_match m USING identifier i JOIN affected a USING (person_no) WHERE m.value = i.value AND m.person_no = i.person_no`;

export const INSERT_AFFECTED = insertMatches(
  'FROM affected a JOIN identifier i USING (person_no) JOIN person p USING (person_no)',
);

/** All persons of whom something changed, for the count. */
export const COUNT_CHANGED = `SELECT count(*) AS changed, (SELECT count(*) FROM stage_person WHERE is_new) AS created
  FROM (SELECT person_no FROM affected UNION SELECT person_no FROM relation_changed) each`;
