import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { periodText, retentionTable } from './page.ts';
import { RETENTION, type RetentionRow } from './table.ts';

test('the page says what the jobs do', () => {
  const page = readFileSync(new URL('../docs/retention.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n${retentionTable()}\n`);
});

test('what ends has somebody who ends it, and what does not end says why', () => {
  for (const row of Object.values<RetentionRow>(RETENTION)) {
    expect(row.by === undefined).toBe(row.seconds === undefined);
    expect(row.source).not.toBe('');
  }
});

test('a period is told in the unit that people would use', () => {
  expect([300, 72 * 3600, 10 * 365 * 86_400, undefined].map(periodText)).toEqual([
    '5 minutes',
    '72 hours',
    '10 years',
    'kept',
  ]);
});
