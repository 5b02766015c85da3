import { expect, test } from 'vitest';
import { readMigrations } from './migrate.ts';
import { planMigrations } from './migration-steps.ts';

const stepsOf = (sql: string) => planMigrations([{ name: 'x', sql }])[0]?.steps ?? [];

test.each([
  ['CREATE TABLE t (x int)', 'CREATE TABLE', 't', 'NONE'],
  ['CREATE INDEX i ON t (x)', 'CREATE INDEX', 't', 'BLOCKS_WRITES'],
  ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i\n  ON public.t (x)', 'CREATE INDEX CONCURRENTLY', 't', 'ONLINE'],
  ['ALTER TABLE t ADD COLUMN y bigint NOT NULL DEFAULT 0, ADD COLUMN z int', 'ALTER TABLE', 't', 'SHORT'],
  ['ALTER TABLE t ADD COLUMN y timestamptz DEFAULT now()', 'ALTER TABLE', 't', 'SHORT'],
  ['ALTER TABLE t ADD COLUMN y timestamptz DEFAULT clock_timestamp()', 'ALTER TABLE', 't', 'BLOCKS_ALL'],
  ['ALTER TABLE t ADD COLUMN y int GENERATED ALWAYS AS IDENTITY', 'ALTER TABLE', 't', 'BLOCKS_ALL'],
  ['ALTER TABLE t ALTER COLUMN x TYPE bigint', 'ALTER TABLE', 't', 'BLOCKS_ALL'],
  ['ALTER TABLE t ALTER COLUMN x SET NOT NULL', 'ALTER TABLE', 't', 'BLOCKS_ALL'],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0)', 'ALTER TABLE', 't', 'BLOCKS_ALL'],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0) NOT VALID', 'ALTER TABLE', 't', 'SHORT'],
  ['ALTER TABLE t VALIDATE CONSTRAINT c', 'VALIDATE CONSTRAINT', 't', 'ONLINE'],
  ['UPDATE t SET x = 1', 'UPDATE', 't', 'ROWS'],
  ['DROP TABLE t', 'DROP TABLE', 't', 'BREAKS'],
  ['DROP TABLE IF EXISTS public.t CASCADE', 'DROP TABLE', 't', 'BREAKS'],
  ['DROP VIEW v', 'DROP VIEW', 'v', 'BREAKS'],
  ['DROP INDEX i', 'DROP', '', 'SHORT'],
  ['ALTER TABLE t DROP COLUMN y', 'ALTER TABLE', 't', 'BREAKS'],
  ['ALTER TABLE t ADD COLUMN z int, DROP y', 'ALTER TABLE', 't', 'BREAKS'],
  ['ALTER TABLE t RENAME COLUMN y TO z', 'ALTER TABLE', 't', 'BREAKS'],
  ['ALTER TABLE t RENAME TO u', 'ALTER TABLE', 't', 'BREAKS'],
  ['ALTER TABLE t DROP CONSTRAINT c', 'ALTER TABLE', 't', 'SHORT'],
  ['ALTER TABLE t ALTER COLUMN y DROP NOT NULL', 'ALTER TABLE', 't', 'SHORT'],
  ['ALTER TABLE t ALTER y DROP DEFAULT', 'ALTER TABLE', 't', 'SHORT'],
  ['GRANT SELECT ON t TO r', 'GRANT', '', 'NONE'],
  ['CLUSTER t', 'CLUSTER', '', 'UNKNOWN'],
])('%s', (sql, statement, table, risk) => {
  expect(stepsOf(sql)).toEqual([{ statement, table, risk }]);
});

test('a table that the same run makes is nobody’s yet, whatever is done with it', () => {
  const plan = planMigrations([
    { name: 'a', sql: 'CREATE TABLE t (x int); CREATE INDEX i ON t (x)' },
    { name: 'b', sql: 'ALTER TABLE t ALTER COLUMN x TYPE bigint; CREATE INDEX j ON other (x)' },
  ]);
  expect(plan.flatMap(({ steps }) => steps.map(({ risk }) => risk))).toEqual(['NONE', 'NONE', 'NONE', 'BLOCKS_WRITES']);
});

test('a table that an earlier run made is somebody’s: gateways of before may read it', () => {
  const [dropping] = readMigrations().filter(({ version }) => version === 12);
  const steps = dropping === undefined ? [] : (planMigrations([dropping])[0]?.steps ?? []);
  expect(steps[0]).toEqual({ statement: 'DROP TABLE', table: 'consent_issuer', risk: 'BREAKS' });
});

test("the project's own files, on a database that is empty, hold nobody up; each statement is judged but a role's", () => {
  const steps = planMigrations(readMigrations()).flatMap((plan) => plan.steps);
  expect(steps.filter(({ risk }) => risk !== 'NONE')).toEqual([{ statement: 'DO', table: '', risk: 'UNKNOWN' }]);
});
