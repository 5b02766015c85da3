import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { statementsOf } from './raw-sql.ts';

it('splits a script at semicolons that end a line, and drops comments', () => {
  const script = "-- one; two;\nSELECT ';' ||\n  'x;y';\n\nCOPY t FROM STDIN; \n-- end\n";
  expect(statementsOf(script)).toEqual(["SELECT ';' ||\n  'x;y'", 'COPY t FROM STDIN']);
});

it('raw.sql loads, analyses, joins the very table of the gateway, and gives out', () => {
  const statements = statementsOf(readFileSync(new URL('raw.sql', import.meta.url), 'utf8'));
  expect(statements.map((statement) => statement.split(/\s+/, 2).join(' '))).toEqual([
    'CREATE TEMPORARY',
    'COPY subscriber',
    'ANALYZE subscriber',
    'COPY (',
    'DROP TABLE',
  ]);
  expect(statements[3]).toMatch(/JOIN person_match\b/);
});
