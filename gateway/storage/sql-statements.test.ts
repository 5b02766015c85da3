import { expect, test } from 'vitest';
import { readMigrations } from './migrate.ts';
import { leadingComment, splitStatements } from './sql-statements.ts';

test('splits where a statement ends, and nowhere else', () => {
  const sql = `-- One; two.
CREATE TABLE a (x text DEFAULT 'a;b''c', "q;r" int); /* ; */ SELECT E'\\';';
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1; SELECT 2 $body$;
DO $$ BEGIN NULL; END $$;
`;
  expect(splitStatements(sql)).toEqual([
    `CREATE TABLE a (x text DEFAULT 'a;b''c', "q;r" int)`,
    `SELECT E'\\';'`,
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1; SELECT 2 $body$',
    'DO $$ BEGIN NULL; END $$',
  ]);
  expect(leadingComment(sql)).toBe('One; two.');
});

test("each of the project's files says what it does", () => {
  for (const { name, sql } of readMigrations()) expect(leadingComment(sql), name).toMatch(/^.{20,}\.$/);
});
